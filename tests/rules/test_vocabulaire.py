"""One vocabulary, one table of words a reader: what misses a word does not import."""

import pkgutil
from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from types import ModuleType

import pytest

from dossier.fabrique import parcours_de
from dossier.rules import mots, mouvements, vocabulaire
from dossier.rules.faits import Parcours
from dossier.rules.mots import complet
from dossier.rules.vocabulaire import HORS_CALCUL, Etat, Nature, TypeFait
from dossier.schema import FAITS

REGISTRES = [import_module(f"dossier.rules.mots.{m.name}") for m in pkgutil.iter_modules(mots.__path__)]


def test_un_mot_qui_manque_empeche_d_importer() -> None:
    dits = {etat: etat.value for etat in Etat}
    assert complet(Etat, dits) == dits
    del dits[Etat.SUSPENDU]
    with pytest.raises(LookupError, match="suspendu"):
        complet(Etat, dits)


@pytest.mark.parametrize("valeur", ["nouvelle"])
def test_une_valeur_de_plus_dans_le_vocabulaire_arrete_les_registres(
    valeur: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word added to an enumeration and to no table: the register that needs it no longer imports."""
    plus = StrEnum("Preuve", {preuve.name: preuve.value for preuve in vocabulaire.Preuve} | {"NOUVELLE": valeur})
    monkeypatch.setattr(vocabulaire, "Preuve", plus)
    for registre in REGISTRES:
        source = registre.__spec__.loader.get_source(registre.__name__)  # type: ignore[union-attr]
        with pytest.raises(LookupError, match=valeur):
            exec(compile(source, registre.__name__, "exec"), {"__name__": registre.__name__})  # noqa: S102


@pytest.mark.parametrize("registre", REGISTRES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_toutes_les_tables_d_un_registre_sont_completes(registre: ModuleType) -> None:
    tables = {nom: valeur for nom, valeur in vars(registre).items() if isinstance(valeur, Mapping) and nom.isupper()}
    assert len(tables) >= 8
    for nom, table in tables.items():
        (vocabulaire_de_la_table,) = {type(cle) for cle in table}
        assert issubclass(vocabulaire_de_la_table, StrEnum), nom
        assert nom in {"DEPLACE", "FAITS", "FINS_DITES"} or set(table) == set(vocabulaire_de_la_table), nom


def test_chaque_nature_a_sa_cause() -> None:
    assert sorted(mouvements.NATURE_DE.values()) == sorted(Nature)
    assert set(mouvements.NATURE_DE) == set(mouvements.Cause.__args__)


def test_les_faits_du_flux_sont_ceux_du_vocabulaire() -> None:
    """And the engine reads all of them, but those that touch neither points nor the right to drive."""
    assert set(FAITS) == set(TypeFait)
    tus = HORS_CALCUL - {TypeFait.LETTRE, TypeFait.VISITE_MEDICALE}  # these two raise doubts, or end a suspension
    assert all(parcours_de([{"id": "x", "type": type_}]) == Parcours() for type_ in tus)
