"""The worked example of docs/architecture.md: a reform changes a figure, and every dossier is brought to it.

« From 1 January 2026, the single point comes back after three months »: a line in ``parametres``, then
``manage.py settle --tous``.
"""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from dossier.models import Dossier, Mouvement
from dossier.rules import reconstitution
from dossier.rules.parametres import UN_POINT_MOIS, Parametre
from dossier.selectors import get_situation
from tests.dossier.lignes import AU, dossier, importer, infraction, ligne

pytestmark = pytest.mark.django_db

REFORME = Parametre(UN_POINT_MOIS.source, (*UN_POINT_MOIS.valeurs, (date(2026, 1, 1), 3)))


def settle(*options: str) -> str:
    sortie = StringIO()
    call_command("settle", "--tous", "--au", AU.isoformat(), *options, stdout=sortie)
    return sortie.getvalue()


@pytest.fixture
def pose() -> Dossier:
    """A point lost on 1 July 2026: back on 1 January 2027 today, on 1 October 2026 after the reform."""
    return dossier(infraction("i1", "2026-06-10", "2026-07-01", 1, classe=3))


def test_la_reforme_rend_le_point_a_son_jour(pose: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pose.points == 11
    assert "changés: 0" in settle()
    monkeypatch.setattr(reconstitution, "UN_POINT_MOIS", REFORME)
    assert "changés: 1" in settle()
    pose.refresh_from_db()
    rendu = Mouvement.objects.order_by("pk").last()
    assert rendu is not None
    assert (pose.points, rendu.date, rendu.points) == (12, date(2026, 10, 1), 1)
    situation = get_situation(pose.pk, au=AU)
    (titre,) = [m.titre for m in situation.replay.mouvements if m.nature == rendu.nature]
    assert titre == "Restitution automatique d'un point à 3 mois"
    assert "Sans nouvelle infraction pendant 3\u00a0mois" in rendu.explication
    assert "changés: 0" in settle()


def test_ce_qui_precede_la_reforme_reste(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier(infraction("i1", "2025-06-10", "2025-07-01", 1, classe=3))
    avant = list(Mouvement.objects.order_by("pk").values_list("date", "nature", "points"))
    monkeypatch.setattr(reconstitution, "UN_POINT_MOIS", REFORME)
    assert "changés: 0" in settle()
    assert list(Mouvement.objects.order_by("pk").values_list("date", "nature", "points")) == avant


def test_un_livre_faux_est_laisse_et_dit(
    pose: Dossier, monkeypatch: pytest.MonkeyPatch, grand_livre_ouvert: Callable[..., int]
) -> None:
    importer(ligne({"id": "p1", "type": "permis_obtenu", "date_obtention": "1999-01-15", "filiere": "classique"},
                   infraction("i1", "2026-06-10", "2026-07-01", 1, classe=3), neph="990175100002"))  # fmt: skip
    faux = "UPDATE dossier_mouvement SET solde = 3 WHERE nature = 'retrait' AND dossier_id = %s"
    assert grand_livre_ouvert(faux, [pose.pk]) == 1
    monkeypatch.setattr(reconstitution, "UN_POINT_MOIS", REFORME)
    sortie = StringIO()
    with pytest.raises(SystemExit):
        call_command("settle", "--tous", "--au", AU.isoformat(), stdout=sortie)
    assert f"dossiers n° {pose.pk} :" in sortie.getvalue()
    assert "changés: 1, laissés: 1" in sortie.getvalue()
    assert Dossier.objects.get(neph="990175100002").points == 12


def test_on_reprend_apres_le_dernier_que_la_commande_a_dit(
    pose: Dossier, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reconstitution, "UN_POINT_MOIS", REFORME)
    assert "changés: 0" in settle("--apres", str(pose.pk))
    assert "changés: 1" in settle()
    assert f"--apres {pose.pk}" in capfd.readouterr().err, "without a terminal too"
