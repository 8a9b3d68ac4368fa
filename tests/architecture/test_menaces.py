"""The threats and the requirements of an audit: each test that they name exists, each figure is the code's."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.conf import settings

from accounts import limites
from accounts.compte.mots_de_passe import MOTS_DU_SERVICE
from tests.architecture.arbre import RACINE, arbre
from tests.architecture.documents import lire
from tests.bancs.production import compose
from tests.bancs.production.table import DEMO, lire_env

MENACES, EXIGENCES = RACINE / "docs" / "menaces.md", RACINE / "docs" / "menaces-asvs.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)(?:\[[^`]*\])?`")
ETATS = ("held", "not applicable", "accepted", "left")


class Exigence(NamedTuple):
    """A row of the requirements."""

    numero: str
    niveau: str
    dit: str
    etat: str
    preuve: str


def table(texte: str) -> list[list[str]]:
    """The rows of the tables of a text, but their headers."""
    lignes = [ligne.strip("|").split("|") for ligne in texte.splitlines() if ligne.startswith("|")]
    cellules = [[cellule.strip() for cellule in ligne] for ligne in lignes]
    regles = [rang for rang, ligne in enumerate(cellules) if set("".join(ligne)) == {"-"}]
    return [ligne for rang, ligne in enumerate(cellules) if rang not in regles and rang + 1 not in regles]


def section(titre: str) -> list[list[str]]:
    return table(lire(MENACES).partition(f"\n## {titre}\n")[2].partition("\n## ")[0])


def exigences() -> list[Exigence]:
    return [Exigence(*ligne) for ligne in table(lire(EXIGENCES)) if re.match(r"V\d", ligne[0])]


@cache
def fonctions_de(chemin: str) -> frozenset[str]:
    """The functions and classes of a file of tests, by its tree."""
    if not (RACINE / chemin).is_file():
        return frozenset()
    noeuds = arbre(RACINE / chemin).body
    return frozenset(n.name for n in noeuds if isinstance(n, ast.FunctionDef | ast.ClassDef))


def absents(texte: str) -> list[str]:
    """The tests named in a text that are not in the tree; one that is written otherwise counts as such."""
    nommes = TEST.findall(texte)
    mal_ecrits = texte.count(".py::") - len(nommes)
    return [f"{chemin}::{nom}" for chemin, nom in nommes if nom not in fonctions_de(chemin)] + ["?"] * mal_ecrits


# --- The requirements -------------------------------------------------------------------------------------------------


def test_les_253_exigences_y_sont_une_fois() -> None:
    """As many as the standard has at levels 1 and 2, in its order."""
    lues = exigences()
    assert Counter(exigence.niveau for exigence in lues) == {"1": 70, "2": 183}
    numeros = [tuple(int(mot) for mot in exigence.numero.removeprefix("V").split(".")) for exigence in lues]
    assert {len(numero) for numero in numeros} == {3}
    assert numeros == sorted(set(numeros))
    assert {numero[0] for numero in numeros} == set(range(1, 18))


@pytest.mark.parametrize("exigence", exigences(), ids=lambda exigence: exigence.numero)
def test_une_exigence_a_un_test_qui_existe_ou_une_raison(exigence: Exigence) -> None:
    assert exigence.etat in ETATS
    assert 1 < len(exigence.dit.split()) <= 10
    assert absents(exigence.preuve) == []
    raison = TEST.sub("", exigence.preuve).replace("<br>", " ").split()
    if exigence.etat == "held":
        assert TEST.search(exigence.preuve), "nothing proves it"
    else:
        assert len(raison) > 1, "nothing says why"


def test_le_compte_des_etats_est_dit() -> None:
    dits = {ligne[0]: int(ligne[-1]) for ligne in table(lire(EXIGENCES)) if ligne[0] in ETATS}
    assert dits == Counter(exigence.etat for exigence in exigences())


def test_un_test_qui_n_est_pas_la_se_voit() -> None:
    assert absents("`tests/architecture/test_menaces.py::test_un_test_qui_n_est_pas_la_se_voit[x]`") == []
    assert absents("`tests/architecture/test_menaces.py::test_jamais`") == [
        "tests/architecture/test_menaces.py::test_jamais"
    ]
    assert absents("`tests/nulle_part.py::test_a`") == ["tests/nulle_part.py::test_a"]
    assert absents("tests/nulle_part.py::test_a") == ["?"]


# --- The threats ------------------------------------------------------------------------------------------------------


def test_chaque_menace_a_ses_tests() -> None:
    menaces = section("Who might")
    assert len(menaces) > 10
    for qui, *_, tests in menaces:
        assert TEST.search(tests), qui
        assert absents(tests) == [], qui


# --- What is written down is what the code has ------------------------------------------------------------------------


def en_mots(duree: timedelta | int) -> str:
    """``15 minutes``, ``48 hours``, ``1 day``: as the page writes it."""
    secondes = int(duree.total_seconds()) if isinstance(duree, timedelta) else duree
    for unite, valeur in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if secondes % valeur == 0 and (unite != "day" or secondes == valeur):
            return f"{secondes // valeur} {unite}{'s' if secondes > valeur else ''}"
    return f"{secondes} seconds"


def valeur_de(nom: str) -> Any:
    """A constant of a module, or a setting, by its dotted name."""
    module, _, mot = nom.rpartition(".")
    return getattr(settings if module == "settings" else importlib.import_module(module), mot)


def limites_du_code() -> Iterator[limites.Limite]:
    for objet in vars(limites).values():
        if isinstance(objet, limites.Porte):
            yield from (limite for champ in fields(objet) for limite in getattr(objet, champ.name))
        elif isinstance(objet, limites.Limite):
            yield objet


def test_les_limites_dites_sont_celles_du_code() -> None:
    dites = {nom.strip("`"): (int(essais), fenetre) for _, nom, essais, fenetre in section("Limits")}
    comptees = {limite.nom: (limite.essais, en_mots(limite.fenetre)) for limite in limites_du_code()}
    assert len(comptees) > 10
    assert {nom: dite for nom, dite in dites.items() if not re.search(r"\.[A-Z_]+$", nom)} == comptees
    constantes = {nom: essais for nom, (essais, _) in dites.items() if nom not in comptees}
    assert len(constantes) > 5
    assert constantes == {nom: valeur_de(nom) for nom in constantes}


def test_les_durees_dites_sont_celles_du_code() -> None:
    dites = {nom.strip("`"): duree for _, duree, nom in section("Sessions")}
    assert len(dites) > 8
    assert dites == {nom: en_mots(valeur_de(nom)) for nom in dites}


def test_les_mots_du_service_dits_sont_ceux_du_code() -> None:
    page = " ".join(lire(MENACES).partition("\n## The doors\n")[2].partition("\n## ")[0].split())
    assert page.endswith(f"or of the service: {', '.join(MOTS_DU_SERVICE)}.")


def test_chaque_cle_dite_est_un_reglage() -> None:
    """Each secret of production but the passwords of PostgreSQL's roles, which are in its two addresses."""
    dites = {nom for ligne in section("Keys and algorithms") for nom in re.findall(r"`([A-Z_]+)`", ligne[0])}
    services = compose.les_notres(compose.lire(lire_env(DEMO)))
    secrets = {nom.upper() for service in services.values() for nom in service.get("secrets", [])}
    assert dites == secrets


def test_chaque_table_du_site_a_sa_classe() -> None:
    dites = [nom for ligne in section("Data by class") for nom in re.findall(r"`(\w+)`", ligne[1])]
    assert len(dites) == len(set(dites))
    assert set(dites) == {modele._meta.db_table for modele in apps.get_models()}
