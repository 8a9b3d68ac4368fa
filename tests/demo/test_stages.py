"""The demonstration's centres and attestations, loaded by the commands: on any day, twice, nothing goes wrong."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

import pytest

from demo.identites import IDENTITES
from demo.personas import lignes
from demo.stages import charger
from dossier.feed import lire_ligne
from dossier.selectors import get_dossier_id
from dossier.services import import_lot
from stages import selectors
from stages.models import AnnonceStage, Attestation, Centre, Session

pytestmark = pytest.mark.django_db


def photo() -> Iterator[list[object]]:
    for modele in (Centre, Attestation, AnnonceStage):
        yield list(modele.objects.order_by("pk").values_list())


@pytest.mark.parametrize("au", [date(2026, 11, 21), date(2027, 1, 3), date(2028, 2, 29)], ids=str)
def test_le_jour_venu_et_le_lendemain(tmp_path: Path, au: date) -> None:
    for lot in lignes(au):
        import_lot(lignes=[lire_ligne(json.dumps(ligne).encode()) for ligne in lot], au=au)
    with redirect_stdout(io.StringIO()) as sortie:
        charger(tmp_path, au)
        assert "enregistrées: 3, refusées: 1, inchangées: 0, rejetées: 0" in sortie.getvalue()
        avant = list(photo())
        charger(tmp_path, date.fromordinal(au.toordinal() + 1))
    assert "inchangées: 4, rejetées: 0" in sortie.getvalue()
    if au.year == 2026:  # at the turn of the year, the lists are new ones
        assert list(photo()) == avant
    assert Centre.objects.filter(exemple=True).count() == Centre.objects.count() == 37
    assert Session.objects.exclude(places__in=(12, 20)).count() == 0
    gerard = get_dossier_id(IDENTITES["gerard"].neph)
    assert gerard is not None
    _, (refusee,) = selectors.list_annonces_et_attestations(gerard)
    assert "n'était pas agréé" in refusee.refus
    (retard,) = selectors.list_annonces_sans_attestation(au=au)
    assert (retard.nom.split()[0], retard.motif) == (IDENTITES["mohamed"].nom.upper(), "15 jours")
