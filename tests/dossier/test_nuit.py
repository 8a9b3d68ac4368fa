"""The nightly job: the due ones and they alone, once, whatever is cut, repeated or run at the same time."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from dossier import livre, nuit, services, tasks
from dossier.models import Dossier, Incident, Mouvement, Passage, PassageLot
from tests.accounts.agents import connecter_agent
from tests.dossier.lignes import AU, dossier, infraction

pytestmark = pytest.mark.django_db

AVANT = date(2026, 10, 31)
DU = infraction("i1", "2023-10-01", "2023-11-01", 3)  # back to 12 on 01/11/2026
PAS_DU = infraction("i1", "2026-10-01", "2026-10-15", 3)


def echus(combien: int) -> list[int]:
    return [dossier(DU, neph=f"9901751{n:05d}", au=AVANT).pk for n in range(combien)]


def test_les_echus_et_eux_seuls() -> None:
    dus = echus(3)
    dossier(PAS_DU, neph="990175200001", au=AVANT)
    passage = nuit.ouvrir_passage(jour=AU)
    assert nuit.compter_echus(AU) == 3
    assert nuit.settle_lot(passage=passage, combien=2) == (2, 2)
    assert nuit.settle_lot(passage=passage, combien=2) == (1, 1)
    assert nuit.settle_lot(passage=passage, combien=2) is None
    assert set(Dossier.objects.filter(points=12).values_list("pk", flat=True)) == set(dus)
    assert list(PassageLot.objects.order_by("pk").values_list("traites", "changes")) == [(2, 2), (1, 1)]


def test_un_passage_par_jour() -> None:
    assert nuit.ouvrir_passage(jour=AU) == nuit.ouvrir_passage(jour=AU)
    assert Passage.objects.count() == 1


def test_deux_fois_la_meme_nuit() -> None:
    echus(2)
    passage = nuit.ouvrir_passage(jour=AU)
    assert nuit.avancer(passage_id=passage.pk, secondes=10) is False
    passage.refresh_from_db()
    fini, lignes = passage.finished_at, Mouvement.objects.count()
    assert fini is not None
    assert nuit.avancer(passage_id=passage.pk, secondes=10) is False
    passage.refresh_from_db()
    assert (passage.finished_at, Mouvement.objects.count()) == (fini, lignes)


def test_trois_jours_de_retard_donnent_le_meme_livre() -> None:
    """Every night in turn, or one late: the same lines, on the same legal days."""
    livres = []
    for jours in ([date(2026, 11, 1), date(2026, 11, 2), AU], [AU]):
        with transaction.atomic():
            echus(2)
            for jour in jours:
                nuit.avancer(passage_id=nuit.ouvrir_passage(jour=jour).pk, secondes=10)
            lignes = Mouvement.objects.order_by("dossier__neph", "pk")
            livres.append(list(lignes.values_list("dossier__neph", "date", "nature", "points", "solde")))
            transaction.set_rollback(True)
    assert livres[0] == livres[1]


def test_un_dossier_malade_n_arrete_pas_les_autres(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left as it was, said once, and not claimed again in this run; the next run tries it again."""
    malade, *sains = echus(3)
    vrai = services._lignes_ecarts

    def plante(tenu: livre.Livre, *reste: Any) -> list[str]:
        if tenu.id == malade:
            raise services.GrandLivreIncoherent
        return vrai(tenu, *reste)

    monkeypatch.setattr(services, "_lignes_ecarts", plante)
    passage = nuit.ouvrir_passage(jour=AU)
    assert nuit.avancer(passage_id=passage.pk, secondes=10) is False
    assert set(Dossier.objects.filter(points=12).values_list("pk", flat=True)) == set(sains)
    assert list(Incident.objects.values_list("dossier_id", "raison")) == [(malade, "grand livre incohérent")]
    monkeypatch.undo()
    nuit.avancer(passage_id=nuit.ouvrir_passage(jour=AU + timedelta(days=1)).pk, secondes=10)
    assert Dossier.objects.get(pk=malade).points == 12


def test_le_balai_reprend_ce_qui_ne_bouge_plus(monkeypatch: pytest.MonkeyPatch) -> None:
    envoyes: list[int] = []
    monkeypatch.setattr(tasks.avancer_la_nuit, "delay", envoyes.append)
    mort, vivant, fini = (nuit.ouvrir_passage(jour=AU + timedelta(days=n)) for n in range(3))
    jadis = timezone.now() - timedelta(hours=1)
    Passage.objects.update(started_at=jadis)
    PassageLot.objects.create(passage=vivant, traites=1, changes=1)
    Passage.objects.filter(pk=fini.pk).update(finished_at=jadis)
    tasks.reprendre_les_nuits()
    assert envoyes == [mort.pk]


def test_la_tache_ouvre_et_partage(monkeypatch: pytest.MonkeyPatch) -> None:
    envoyes: list[int] = []
    monkeypatch.setattr(tasks.avancer_la_nuit, "delay", envoyes.append)
    tasks.ouvrir_la_nuit()
    tasks.ouvrir_la_nuit()
    assert envoyes == [Passage.objects.get().pk] * (2 * tasks.TRAVAILLEURS)


def test_une_longue_nuit_est_une_suite_de_taches_courtes(monkeypatch: pytest.MonkeyPatch) -> None:
    echus(1)
    envoyes: list[int] = []
    monkeypatch.setattr(tasks.avancer_la_nuit, "delay", envoyes.append)
    monkeypatch.setattr(tasks, "SECONDES", 0)
    passage = nuit.ouvrir_passage(jour=AU)
    tasks.avancer_la_nuit(passage.pk)
    assert envoyes == [passage.pk]


def test_la_commande(capsys: pytest.CaptureFixture[str]) -> None:
    echus(2)
    call_command("settle", "--au", AU.isoformat())
    assert capsys.readouterr().out == "réglés: 2, changés: 2, laissés: 0\n"
    call_command("settle", "--au", AU.isoformat())
    assert capsys.readouterr().out == "réglés: 0, changés: 0, laissés: 0\n"
    assert Passage.objects.get().finished_at is not None


def test_l_administrateur_voit_les_passages(client: Client) -> None:
    echus(2)
    nuit.avancer(passage_id=nuit.ouvrir_passage(jour=AU).pk, secondes=10)
    connecter_agent(client)
    reponse = client.get("/admin/dossier/passage/")
    assert reponse.status_code == 200
    page = reponse.content.decode()
    assert "21 novembre 2026" in page
    assert page.count('<td class="field-traites">2</td>') == 1


@pytest.mark.django_db(transaction=True)
def test_deux_processus_se_partagent_le_travail() -> None:
    """Two connections, the first holding its batch: the second takes the others, none twice."""
    echus(6)
    passage = nuit.ouvrir_passage(jour=AU)
    pris, lache = threading.Event(), threading.Event()

    def premier() -> None:
        try:
            with transaction.atomic():
                nuit.settle_lot(passage=passage, combien=3)
                pris.set()
                lache.wait(60)
        finally:
            connection.close()

    fil = threading.Thread(target=premier)
    fil.start()
    assert pris.wait(60)
    assert nuit.settle_lot(passage=passage, combien=10) == (3, 3)
    assert nuit.settle_lot(passage=passage, combien=10) is None
    assert nuit.terminer(passage) is False
    lache.set()
    fil.join()
    assert nuit.terminer(passage) is True
    assert Mouvement.objects.filter(nature="reconstitution_totale").count() == 6
    assert Dossier.objects.filter(points=12).count() == 6
