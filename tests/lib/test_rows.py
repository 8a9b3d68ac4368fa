"""What is read by a plan made once is what Django's ``raw`` reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossier.models import Dossier
from mespoints.lib.rows import select
from tests.dossier.lignes import dossier, infraction

pytestmark = pytest.mark.django_db

LIRE = "SELECT {columns}, d.neph || '!' AS crie FROM dossier_dossier d WHERE d.id = ANY(%s) ORDER BY d.id"


def test_un_modele_lu_par_une_requete_a_tout_ce_que_django_en_lit() -> None:
    tenus = [dossier(infraction("i1", "2024-03-01", "2024-04-01", 1, classe=3), neph=f"99017500000{n}") for n in "12"]
    cles = [tenu.pk for tenu in tenus]
    attendus = list(Dossier.objects.raw(LIRE.replace("{columns}", "d.*"), [cles]))
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        lus = select(Dossier, LIRE, [cles], alias="d", more=("crie",))
        champs = [champ.attname for champ in Dossier._meta.concrete_fields]
        for lu, attendu in zip(lus, attendus, strict=True):
            assert {champ: getattr(lu, champ) for champ in [*champs, "crie"]} == {
                champ: getattr(attendu, champ) for champ in [*champs, "crie"]
            }
            assert (lu._state.adding, lu._state.db, lu.get_deferred_fields()) == (False, "default", set())
    assert len(requetes) == 1


def test_rien_n_est_lu_ou_il_n_y_a_rien() -> None:
    assert select(Dossier, LIRE, [[0]], alias="d", more=("crie",)) == []
