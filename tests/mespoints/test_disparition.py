"""A machine that vanishes: nobody says so, nothing comes any more. The site answers, and says what it can."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.db.utils import OperationalError

from mespoints.lib import bornes, cache, worker
from mespoints.lib.cache import ForgetfulRedisCache
from mespoints.lib.postgresql import base
from mespoints.lib.timeouts import within
from tests.coupure import cable
from tests.documents.dossiers import client_of, make_dossier
from tests.mespoints.serveur import THREADS, attendre, repond, servir
from tests.visiteur import Visiteur


def postgres() -> tuple[Path, str]:
    """The socket of the tests' PostgreSQL, and who asks it for which database."""
    dite = urlsplit(os.environ["DATABASE_URL"])
    ou = parse_qs(dite.query)
    qui = f"{dite.username}@{{}}/{connection.settings_dict['NAME']}"
    return Path(ou["host"][0]) / f".s.PGSQL.{ou.get('port', ['5432'])[0]}", qui


@pytest.mark.django_db(transaction=True)
def test_postgresql_disparait_le_processus_vit_les_pages_le_disent_et_tout_revient(tmp_path: Path) -> None:
    prise, qui = postgres()
    client = client_of(make_dossier())
    with cable(prise) as fil:
        base = f"postgres://{qui.format(f'127.0.0.1:{fil.port}')}"
        delais = {"DB_STATEMENT_TIMEOUT_MS": "2000"}
        with servir(tmp_path, DATABASE_URL=base, **delais) as serveur, ThreadPoolExecutor(2 * THREADS) as fils:
            venus = [serveur.visiteur(client) for _ in range(2 * THREADS)]
            assert {venu.aller("GET", "/mes-points/").statut for venu in venus} == {200}
            fil.coupe.set()
            lectures = [fils.submit(venu.aller, "GET", "/mes-points/") for venu in venus]
            attendre(lambda: serveur.occupes() >= THREADS, "no thread waits: nothing was tried")
            for port in (serveur.port, serveur.mesures):
                vivant = Visiteur("127.0.0.1", port).aller("GET", "/livez")
                assert (vivant.statut, vivant.corps) == (200, b"ok\n")
            assert not any(lecture.done() for lecture in lectures), "it waited for the threads"
            refus = [lecture.result() for lecture in lectures]
            assert {refuse.statut for refuse in refus} == {503}
            assert all("Service momentanément indisponible" in refuse.texte for refuse in refus)
            assert serveur.visiteur().aller("GET", "/readyz").statut == 503
            assert serveur.visiteur().aller("GET", "/").statut == 200
            fil.coupe.clear()
            attendre(lambda: repond(serveur.port), "it does not come back")
            assert venus[0].aller("GET", "/mes-points/").statut == 200


@pytest.mark.django_db(transaction=True)
def test_une_connexion_dont_l_attente_a_fini_ne_sert_plus(settings: Any) -> None:
    """What the server was asked may still come: it would be the answer to another question."""
    connection.close()
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
        with pytest.raises(OperationalError), within(0.2):
            curseur.execute("SELECT pg_sleep(60)")
    assert connection.connection.closed
    connection.close()
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_sleep(0.01), 2")
        assert curseur.fetchone()[1] == 2


@pytest.mark.django_db
def test_ce_que_dit_chaque_connexion_a_postgresql() -> None:
    from mespoints.settings.environment import DB_CLIENT

    connection.ensure_connection()
    dits = connection.connection.info.get_parameters()
    assert {nom: str(valeur) for nom, valeur in DB_CLIENT.items()}.items() <= dits.items()


@pytest.fixture(autouse=True)
def parlant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was silent before the test."""
    monkeypatch.setattr(base, "SILENCE", bornes.Disjoncteur(echecs=1, repos=2.0))


def test_redis_se_tait_et_n_est_bientot_plus_demande(monkeypatch: pytest.MonkeyPatch) -> None:
    heure = [1000.0]
    monkeypatch.setattr(bornes, "monotonic", lambda: heure[0])
    monkeypatch.setattr(cache, "SILENCE", bornes.Disjoncteur(echecs=2, repos=5.0))
    prise = Path(urlsplit(os.environ["REDIS_URL"]).path)
    with cable(prise) as fil:
        adresse = f"redis://127.0.0.1:{fil.port}/3"
        memoire = ForgetfulRedisCache(adresse, {"OPTIONS": {"socket_timeout": 0.2, "socket_keepalive": True}})
        memoire.set("disparition", 7, 60)
        assert memoire.get("disparition") == 7
        fil.coupe.set()
        assert [memoire.get("disparition", "rien") for _ in range(2)] == ["rien", "rien"]
        fil.coupe.clear()
        passes = fil.passes
        assert memoire.get("disparition", "rien") == "rien", "it was asked again"
        heure[0] += 6
        assert memoire.get("disparition") == 7
        assert fil.passes > passes
        memoire.delete("disparition")
        memoire.close()
        memoire._cache.get_client().connection_pool.disconnect()


@pytest.mark.django_db(transaction=True)
def test_un_courtier_qui_se_tait_ne_fait_attendre_qu_un_visiteur(monkeypatch: pytest.MonkeyPatch) -> None:
    heure, demandes = [1000.0], list[str]()
    connection.ensure_connection()
    for module in (bornes, worker):
        monkeypatch.setattr(module, "monotonic", lambda: heure[0])
    monkeypatch.setattr(worker, "SILENCE", bornes.Disjoncteur(echecs=1, repos=30.0))

    def se_taire(tache: str, *_: Any, **__: Any) -> None:
        demandes.append(tache)
        heure[0] += 10
        raise OSError

    monkeypatch.setattr(worker.current_app, "send_task", se_taire)
    for tache in ("a", "b", "c"):
        worker.tell_worker(tache)
    assert demandes == ["a"]
    heure[0] += 31
    monkeypatch.setattr(worker.current_app, "send_task", lambda tache, *_, **__: demandes.append(tache))
    for tache in ("d", "e"):
        worker.tell_worker(tache)
    assert demandes == ["a", "d", "e"]
