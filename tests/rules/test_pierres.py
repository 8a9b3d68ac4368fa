"""What is left of an annulled measure (L. 225-2 III) is enough: from its day both readings give what they gave."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.effacement import dit_le_meme, effacees, empreinte
from dossier.fabrique import FaitDit, parcours_de
from dossier.feed import lire_ligne
from dossier.replay import ecrire_replay
from dossier.rules.levee import mesures_effacees
from dossier.rules.solde import rejouer
from tests.dossier.lignes import octets
from tests.rules.lecture_naive import lire
from tests.rules.rejeu import nu
from tests.rules.strategies import dates_de_lecture, lignes
from tests.tirages import tirages

#: As ``dossier/sql/effacement.sql`` writes it; tests/dossier/test_mesures_annulees.py compares them.
GARDES = ["id", "type", "permis", "reference", "fait", "enregistre_le", "date_debut", "date_fin"]
GARDES += ["date_notification", "date_envoi", "date_presentation", "date_avis"]


def pierre(fait: FaitDit) -> FaitDit:
    """The tombstone of a fact."""
    return {cle: fait[cle] for cle in GARDES if cle in fait} | {"empreinte": empreinte(fait)}


def lisible(fait: FaitDit) -> FaitDit:
    """A fact of the feed with what its tombstone keeps, the rest null: of suspensions, only administrative ones go."""
    return {cle: valeur if cle in (*GARDES, "nature") else None for cle, valeur in fait.items()}


@st.composite
def histoires_levees(draw: st.DrawFn) -> dict[str, Any]:
    """A line with one more retroactive levée of one of its administrative measures, where it has one."""
    ligne: dict[str, Any] = draw(lignes())
    mesures = [
        f
        for f in ligne["faits"]
        if f["type"] in ("invalidation", "interdiction_circuler") or f.get("nature") == "administrative"
    ]
    if mesures:
        cible = draw(st.sampled_from(mesures))
        jour = cible.get("date_notification") or cible.get("date_debut")
        levee = {"id": "pierre", "type": "levee", "fait": cible["id"], "date_effet": jour, "portee": "retroactive"}
        ligne["faits"].append(levee)
    return ligne


@settings(max_examples=tirages(25))
@given(donnees=st.data(), ligne=histoires_levees())
def test_une_pierre_suffit_aux_deux_lectures(donnees: st.DataObject, ligne: dict[str, Any]) -> None:
    lue = lire_ligne(octets(ligne))
    efface_le, relu_le = sorted(donnees.draw(dates_de_lecture(ligne)))
    mesures = mesures_effacees(lue.parcours, efface_le)
    partis = effacees(lue.faits, mesures)
    tenus = [pierre(f) if f["id"] in partis else f for f in lue.faits]
    civil = lue.etat_civil
    pierres = parcours_de(tenus, civil["date_naissance"], civil.get("adresse"))
    attendu = ecrire_replay(lue.neph, rejouer(lue.parcours, relu_le))
    assert ecrire_replay(lue.neph, rejouer(pierres, relu_le)) == attendu
    assert mesures_effacees(pierres, efface_le) == mesures
    dits = [lisible(f) if f["id"] in partis else f for f in ligne["faits"] if f["id"] not in partis - mesures]
    naive = lire(ligne | {"faits": dits}, relu_le, relu_le, tous_les_jours=False)
    assert naive == nu(attendu)
    assert all(dit_le_meme(tenu, dit) for tenu, dit in zip(tenus, lue.faits, strict=True))
