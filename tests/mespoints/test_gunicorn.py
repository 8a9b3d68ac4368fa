"""The site as gunicorn runs it, by production's configuration: one process, four threads, real visitors at once."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from django.test import Client

from mespoints.local.places import CHECKOUT
from tests import base_de_donnees
from tests.bancs.load.visites import revenir_de_franceconnect
from tests.documents.dossiers import client_of, make_dossier
from tests.documents.pdf import text_of
from tests.visiteur import Reponse, Visiteur

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4
ADCS = "/mes-documents/adcs/"


class Serveur(NamedTuple):
    """The server's process, where it answers, and the directory of its temporary files."""

    processus: psutil.Process
    port: int
    mesures: int
    temporaire: Path

    def visiteur(self, client: Client | None = None) -> Visiteur:
        """A browser, with the session of a test client."""
        venu = Visiteur("127.0.0.1", self.port)
        if client is not None:
            venu.temoins["sid"] = client.cookies["sid"].value
        return venu

    def ouvrier(self) -> psutil.Process:
        """The process that answers."""
        return next(un for un in self.processus.children() if un.name() != "sh")

    def atelier(self) -> psutil.Process:
        """The process that renders."""
        return next(un for un in self.processus.children(recursive=True) if "documents.pdf.atelier" in un.cmdline())


@pytest.fixture
def muet() -> Iterator[socket.socket]:
    """FranceConnect on a bad day: takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        ecoute.settimeout(60)
        yield ecoute


@pytest.fixture
def serveur(tmp_path: Path, muet: socket.socket) -> Iterator[Serveur]:
    prises = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    port, mesures = (int(prise.getsockname()[1]) for prise in prises)
    for prise in prises:
        prise.close()
    env = os.environ | base_de_donnees.environnement() | {"DJANGO_SETTINGS_MODULE": "mespoints.settings.test"}
    env |= {"WEB_BIND": f"127.0.0.1:{port}", "METRICS_BIND": f"127.0.0.1:{mesures}", "TMPDIR": str(tmp_path)}
    env |= {"WEB_CONCURRENCY": "1", "WEB_THREADS": str(THREADS)}
    env["MESPOINTS_DEMONSTRATION"] = "1"  # whose FranceConnect may be on this machine
    env["FRANCECONNECT_TOKEN_URL"] = f"http://127.0.0.1:{muet.getsockname()[1]}/token"
    commande = [sys.executable, "-m", "gunicorn", "--config", "python:mespoints.gunicorn", "mespoints.wsgi"]
    with (tmp_path / "journal").open("wb") as journal:
        lance = subprocess.Popen(commande, cwd=CHECKOUT, env=env, stdout=journal, stderr=subprocess.STDOUT)
    try:
        attendre(lambda: lance.poll() is not None or repond(port), "le serveur ne répond pas")
        assert lance.poll() is None, (tmp_path / "journal").read_text()
        yield Serveur(psutil.Process(lance.pid), port, mesures, tmp_path)
    finally:
        lance.terminate()
        lance.wait(60)


def repond(port: int) -> bool:
    try:
        return Visiteur("127.0.0.1", port).aller("GET", "/readyz").statut == 200
    except OSError:
        return False


def attendre(vrai: Callable[[], bool], sinon: str) -> None:
    fin = time.monotonic() + 60
    while not vrai():
        assert time.monotonic() < fin, sinon
        time.sleep(0.05)


def demander(venu: Visiteur) -> Reponse:
    venu.ouvrir(ADCS)
    return venu.poster(ADCS)


def demander_jusqu_a_l_avoir(venu: Visiteur) -> Reponse:
    """As the page of who comes when it is full says: the same again, a moment later."""
    fin = time.monotonic() + 60
    while (reponse := demander(venu)).statut == 503 and time.monotonic() < fin:
        assert 1 <= int(reponse.entetes["Retry-After"]) <= 10
        time.sleep(0.1)
    return reponse


def test_vingt_adcs_demandees_a_la_fois_arrivent_chacune_a_qui_l_a_demandee(serveur: Serveur) -> None:
    noms = [f"DUPRÉ {chr(ord('A') + rang) * 4}" for rang in range(20)]
    venus = [serveur.visiteur(client_of(make_dossier(nom_usage=nom))) for nom in noms]
    with ThreadPoolExecutor(len(noms)) as fils:
        reponses = list(fils.map(demander_jusqu_a_l_avoir, venus))
    assert [r.statut for r in reponses] == [200] * len(noms)
    for nom, reponse in zip(noms, reponses, strict=True):
        texte = text_of(reponse.corps)
        assert nom in texte
        assert not [autre for autre in noms if autre != nom and autre in texte], "two drivers were mixed"


def test_un_document_lent_n_empeche_pas_les_autres_pages_d_etre_servies(serveur: Serveur) -> None:
    client = client_of(make_dossier())
    lecteur, demandeur = serveur.visiteur(client), serveur.visiteur(client)
    demandeur.ouvrir(ADCS)
    atelier = serveur.atelier()
    atelier.suspend()
    with ThreadPoolExecutor(1) as fils:
        try:
            document = fils.submit(demandeur.poster, ADCS)
            attendre(lambda: occupes(serveur) > 0, "la demande n'est pas arrivée")
            for page in ("/", "/mes-points/", "/readyz", "/connexion/"):
                assert lecteur.aller("GET", page).statut in {200, 302}, page
            assert Visiteur("127.0.0.1", serveur.mesures).aller("GET", "/metrics").statut == 200
            assert not document.done(), "it was not slow: nothing was tried"
        finally:
            atelier.resume()
        assert document.result().corps.startswith(b"%PDF-")


def test_une_foule_de_documents_lents_laisse_un_fil_aux_pages(serveur: Serveur) -> None:
    """More drivers than threads: some wait for their document, the others are told at once, and the pages go on."""
    venus = [serveur.visiteur(client_of(make_dossier())) for _ in range(2 * THREADS)]
    for venu in venus:
        venu.ouvrir(ADCS)
    atelier = serveur.atelier()
    atelier.suspend()
    with ThreadPoolExecutor(len(venus)) as fils:
        try:
            documents = [fils.submit(venu.poster, ADCS) for venu in venus]
            attendre(lambda: sum(document.done() for document in documents) >= len(venus) - THREADS + 1, "personne")
            for page in ("/", "/readyz", "/livez", "/connexion/"):
                assert serveur.visiteur().aller("GET", page).statut == 200, page
            assert [d.result().statut for d in documents if d.done()] == [503] * sum(d.done() for d in documents)
            assert not all(document.done() for document in documents), "it was not slow: nothing was tried"
        finally:
            atelier.resume()
        rendus = [document.result() for document in documents]
    assert {r.statut for r in rendus} == {200, 503}
    assert all(r.corps.startswith(b"%PDF-") == (r.statut == 200) for r in rendus)
    assert all("Trop de monde" in r.texte and r.entetes["Retry-After"] for r in rendus if r.statut == 503)


def test_franceconnect_muet_laisse_un_fil_aux_pages(muet: socket.socket, serveur: Serveur) -> None:
    """Twice as many come back as there are threads; those who wait do so while the others are answered."""
    with ThreadPoolExecutor(2 * THREADS) as fils, ExitStack() as appels:
        venus = [fils.submit(revenir_de_franceconnect, serveur.port, "testserver") for _ in range(2 * THREADS)]
        for _ in range(THREADS // 2):
            appels.enter_context(muet.accept()[0]).recv(1)
        assert serveur.visiteur().aller("GET", "/").statut == 200
        assert not all(venu.done() for venu in venus), "nobody waited: nothing was tried"
        assert all("motif=indisponible" in venu.result().entetes["Location"] for venu in venus)


def occupes(serveur: Serveur) -> int:
    """Connections that the server has accepted and not answered."""
    return sum(c.status == "ESTABLISHED" and c.laddr.port == serveur.port for c in serveur.ouvrier().net_connections())


def test_un_processus_remplace_compte_ou_l_autre_s_est_arrete(serveur: Serveur) -> None:
    def fichiers() -> list[str]:
        return sorted(f.name for f in serveur.temporaire.glob("mespoints-metrics-*/*.db"))

    def comptees() -> int:
        dites = Visiteur("127.0.0.1", serveur.mesures).aller("GET", "/metrics").texte
        return sum(
            int(float(n)) for n in re.findall(r'mespoints_requests_total{[^}]*route="accueil"[^}]*} (\S+)', dites)
        )

    for _ in range(3):
        assert serveur.visiteur().aller("GET", "/").statut == 200
    assert comptees() == 3
    avant, ancien = fichiers(), serveur.ouvrier().pid
    assert avant == ["counter_1.db", "histogram_1.db"]
    os.kill(ancien, signal.SIGTERM)
    attendre(lambda: not psutil.pid_exists(ancien) and repond(serveur.port), "il n'est pas remplacé")
    assert comptees() == 3
    assert serveur.visiteur().aller("GET", "/").statut == 200
    assert comptees() == 4
    assert fichiers() == avant
