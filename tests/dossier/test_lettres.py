"""Settling records the letters due: for what is posted after the first load, once, unless one is already known."""

from datetime import date

import pytest

from dossier import services
from dossier.models import Lettre
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
