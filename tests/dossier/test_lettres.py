"""Settling records the letters due: for what is posted after the first load, once, unless one is already known."""

from datetime import date

import pytest

from dossier import services
from dossier.models import Dossier, Lettre
from tests.dossier.lignes import AU, dossier, importer, infraction, ligne

pytestmark = pytest.mark.django_db

I2 = infraction("i2", "2026-09-01", "2026-11-10", 3)


def dues() -> list[tuple[str, date, str | None]]:
    return list(Lettre.objects.order_by("date", "reference").values_list("reference", "date", "fait"))


def test_le_premier_chargement_n_en_demande_pas() -> None:
    dossier(infraction("i1", "2026-01-01", "2026-02-01", 4))
    assert dues() == []


def test_un_retrait_appris_ensuite() -> None:
    pose = dossier()
    importer(ligne(I2))
    assert dues() == [("48", date(2026, 11, 10), "i2")]
    services.settle(dossier_ids=[pose.pk], au=AU)
    assert len(dues()) == 1


def test_une_lettre_deja_connue_dispense() -> None:
    dossier()
    lettre = {"id": "l1", "type": "lettre", "reference": "48M", "fait": "i2", "date_envoi": "2026-11-12"}
    importer(ligne(I2, lettre))
    assert dues() == []


def test_des_points_rendus_la_nuit() -> None:
    pose = dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=date(2026, 10, 31))
    services.settle(dossier_ids=[pose.pk], au=AU)
    assert dues() == [("46", date(2026, 11, 1), None)]


@pytest.mark.parametrize(("envoyee", "references"), [("2026-10-30", ["46"]), ("2026-11-01", [])])
def test_une_lettre_sans_cause_ne_dispense_que_d_un_mouvement_plus_ancien(envoyee: str, references: list[str]) -> None:
    """A reconstitution totale has no fact of its own: the letter of the one before says nothing of this one."""
    ancienne = {"id": "l1", "type": "lettre", "reference": "46", "date_envoi": envoyee}
    pose = dossier(infraction("i1", "2023-10-01", "2023-11-01", 4), ancienne, au=date(2026, 10, 31))
    services.settle(dossier_ids=[pose.pk], au=AU)
    assert [reference for reference, _, _ in dues()] == references


def test_un_mouvement_repris_n_en_demande_pas_une_seconde() -> None:
    """Given, taken back by a late offence, given again when that one is annulled: one letter 46."""
    dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=date(2026, 10, 31))
    importer(ligne(infraction("x", "2020-01-01", None, 1)), au=date(2026, 11, 2))
    importer(ligne(infraction("i3", "2026-08-01", "2026-11-03", 2)), au=date(2026, 11, 4))
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i3", "date_decision": "2026-11-05"}), au=AU)
    assert [reference for reference, _, _ in dues()].count("46") == 1


# --- The 48SI, and the solde of the day -------------------------------------------------------------------------------

SIX = infraction("i1", "2026-01-01", "2026-02-01", 6)
SIX_ENCORE = infraction("i6", "2026-08-01", "2026-09-20", 6)
STAGE = {"id": "s", "type": "stage", "date_debut": "2026-10-12", "date_fin": "2026-10-13", "nature": "volontaire"}
ANNULEE = {"id": "a", "type": "infraction_annulee", "infraction": "i6", "date_decision": "2026-11-01"}


def les_48si() -> list[tuple[str | None, bool]]:
    """The fact of each, and whether it has lost its ground."""
    lettres = Lettre.objects.filter(reference="48SI").order_by("pk")
    return [(lettre.fait, lettre.sans_objet_at is not None) for lettre in lettres]


def test_un_retrait_appris_apres_le_stage_ne_demande_pas_de_48si() -> None:
    """What was left on the day of the retrait is nothing; on the day it is told, four points."""
    dossier(SIX, STAGE)
    importer(ligne(SIX_ENCORE))
    assert dues() == [("48M", date(2026, 9, 20), "i6")]


def test_une_48si_en_attente_tombe_quand_un_stage_releve_le_solde() -> None:
    dossier(SIX, au=date(2026, 9, 1))
    importer(ligne(SIX_ENCORE), au=date(2026, 10, 1))
    assert les_48si() == [("i6", False)]
    importer(ligne(STAGE), au=date(2026, 10, 13))
    assert les_48si() == [("i6", False)], "the course gives its points on the morrow"
    services.settle(dossier_ids=list(Dossier.objects.values_list("pk", flat=True)), au=date(2026, 10, 14))
    assert les_48si() == [("i6", True)]


def test_une_48si_tombe_avec_son_retrait_et_redevient_due_avec_un_autre() -> None:
    dossier(SIX, au=date(2026, 9, 1))
    importer(ligne(SIX_ENCORE), au=date(2026, 10, 1))
    importer(ligne(ANNULEE), au=date(2026, 11, 1))
    assert les_48si() == [("i6", True)]
    importer(ligne(infraction("i7", "2026-08-02", "2026-11-02", 6)), au=date(2026, 11, 3))
    assert les_48si() == [("i6", True), ("i7", False)]


def test_une_48si_redevient_due_quand_ce_qui_relevait_le_solde_disparait() -> None:
    """An older offence is learnt: the same retrait leaves nothing again, its letter is due again."""
    dossier(SIX, infraction("i5", "2026-02-01", "2026-03-01", 3), au=date(2026, 9, 1))
    importer(ligne(SIX_ENCORE), au=date(2026, 10, 1))
    importer(ligne(ANNULEE | {"infraction": "i5"}), au=date(2026, 11, 1))
    assert les_48si() == [("i6", False)], "nothing is left by the two others"
    importer(ligne(ANNULEE | {"id": "a1", "infraction": "i1"}), au=date(2026, 11, 2))
    assert les_48si() == [("i6", True)], "six points are left"
    importer(ligne(infraction("i9", "2026-03-01", "2026-04-01", 6)), au=date(2026, 11, 3))
    assert les_48si() == [("i6", True), ("i6", False)], "the retrait of before leaves nothing again"


def test_une_48si_notifiee_ne_tombe_pas_d_elle_meme() -> None:
    dossier(SIX, au=date(2026, 9, 1))
    importer(ligne(SIX_ENCORE), au=date(2026, 10, 1))
    lettre = {"id": "l", "type": "lettre", "reference": "48SI", "fait": "i6", "date_notification": "2026-10-08"}
    importer(
        ligne(lettre, {"id": "n", "type": "invalidation", "date_notification": "2026-10-08"}), au=date(2026, 10, 9)
    )
    importer(ligne(ANNULEE), au=date(2026, 11, 1))
    assert les_48si() == [("i6", False)]


@pytest.mark.parametrize("arrivee", ["date_presentation", "date_avis"])
def test_une_48si_presentee_ne_tombe_pas_d_elle_meme(arrivee: str) -> None:
    """It may have ended the licence: « elle n'a pas été envoyée » would be false."""
    dossier(SIX, au=date(2026, 9, 1))
    importer(ligne(SIX_ENCORE), au=date(2026, 10, 1))
    importer(ligne({"id": "l", "type": "lettre", "reference": "48SI", "fait": "i6", arrivee: "2026-10-08"}))
    importer(ligne(ANNULEE), au=date(2026, 11, 1))
    assert les_48si() == [("i6", False)]


def test_aucune_48si_pour_un_permis_etranger() -> None:
    etranger = {"id": "e", "type": "permis_etranger", "date_debut": "2020-01-01", "pays": "99109"}
    dossier(etranger, permis=False, au=date(2026, 1, 1))
    importer(ligne(SIX, SIX_ENCORE), au=date(2026, 10, 1))
    assert les_48si() == []
    assert Dossier.objects.get().etat == "solde_nul"
