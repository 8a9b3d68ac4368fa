"""The site as gunicorn runs it, by production's configuration: one process, four threads, real visitors at once."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import psutil
import pytest

from tests.bancs.load.visites import revenir_de_franceconnect
from tests.documents.dossiers import client_of, make_dossier
from tests.documents.pdf import text_of
from tests.mespoints.serveur import THREADS, Serveur, attendre, repond, servir
from tests.visiteur import Reponse, Visiteur

pytestmark = pytest.mark.usefixtures("base_du_fichier")

ADCS = "/mes-documents/adcs/"


# One server and its database for all these tests: each leaves it as it would find it, answering.
@pytest.fixture(scope="module")
def muet() -> Iterator[socket.socket]:
    """FranceConnect on a bad day: takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as ecoute:
        ecoute.settimeout(60)
        yield ecoute


@pytest.fixture(scope="module")
def serveur(base_du_fichier: None, tmp_path_factory: pytest.TempPathFactory, muet: socket.socket) -> Iterator[Serveur]:
    temporaire = tmp_path_factory.mktemp("serveur")
    with servir(temporaire, FRANCECONNECT_TOKEN_URL=f"http://127.0.0.1:{muet.getsockname()[1]}/token") as lance:
        yield lance


def demander(venu: Visiteur) -> Reponse:
    venu.ouvrir(ADCS)
    return venu.poster(ADCS)


def demander_jusqu_a_l_avoir(venu: Visiteur) -> Reponse:
    """As the page of who comes when it is full says: the same again, a moment later."""
    fin = time.monotonic() + 60
    while (reponse := demander(venu)).statut == 503 and time.monotonic() < fin:
        assert 1 <= int(reponse.entetes["Retry-After"]) <= 15
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
            attendre(lambda: serveur.occupes() > 0, "la demande n'est pas arrivée")
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


ENTETES = b"POST /connexion/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n"
FORMULAIRE = ENTETES + b"Content-Type: application/x-www-form-urlencoded\r\n"
LENTS = {
    "silencieux": [b""],
    "entêtes inachevés": [ENTETES[:30], ENTETES[30:]],
    "corps au goutte à goutte": [FORMULAIRE + b"Content-Length: 900\r\n\r\n", *[b"a"] * 5],
    "corps annoncé, et attendu": [FORMULAIRE + b"Expect: 100-continue\r\nContent-Length: 900\r\n\r\n", b"a"],
    "trop gros, et jamais envoyé": [FORMULAIRE + b"Content-Length: 900000000\r\n\r\n", b"a"],
    "répondu, et jamais refermé": [b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n"],
}


def test_qui_est_lent_ne_garde_aucun_fil_et_finit_par_etre_ferme(serveur: Serveur) -> None:
    """Many more than there are threads, of each kind; the others are answered while they are all there."""
    with ExitStack() as pile:
        lents = {genre: [pile.enter_context(serveur.prise()) for _ in range(3 * THREADS)] for genre in LENTS}
        for rang in range(max(map(len, LENTS.values()))):
            for genre, morceaux in LENTS.items():
                for lent in lents[genre]:
                    lent.sendall(morceaux[rang] if rang < len(morceaux) else b"")
            for page in ("/", "/livez", "/readyz", "/connexion/"):
                assert serveur.visiteur().aller("GET", page).statut == 200, page
        for lent in (lent for genre in lents.values() for lent in genre):
            with suppress(ConnectionResetError):
                while lent.recv(65536):
                    pass


def test_une_requete_en_morceaux_arrive_entiere(serveur: Serveur) -> None:
    venu = serveur.visiteur()
    page = venu.ouvrir("/connexion/")
    jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.texte)
    assert jeton
    corps = f"csrfmiddlewaretoken={jeton[1]}&login=a%40exemple.fr&password=faux&reste={'x' * 3000}".encode()
    temoins = "; ".join(f"{nom}={valeur}" for nom, valeur in venu.temoins.items())
    dites = f"Cookie: {temoins}\r\nReferer: https://localhost/\r\nContent-Length: {len(corps)}\r\n\r\n"
    entiere = FORMULAIRE + dites.encode() + corps
    with serveur.prise() as prise:
        for debut in range(0, len(entiere), 700):
            prise.sendall(entiere[debut : debut + 700])
            assert serveur.visiteur().aller("GET", "/livez").statut == 200
        recu = b""
        while morceau := prise.recv(65536):
            recu += morceau
    assert recu.startswith(b"HTTP/1.1 200 OK")
    assert "le mot de passe est incorrect" in recu.decode()


@pytest.mark.parametrize(
    "genre", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
def test_un_corps_demesure_est_refuse_avant_d_etre_lu(serveur: Serveur, genre: str) -> None:
    """Answered while its sender still sends, and nothing of it is on a disk."""
    tete = (
        ENTETES
        + f"Content-Type: {genre}\r\nCookie: csrf={'a' * 32}\r\nContent-Length: {500 * 1024**2}\r\n\r\n".encode()
    )
    with serveur.prise() as prise:
        prise.sendall(tete + b"--x\r\n" + b"a" * 65536)
        recu = prise.recv(65536)
    assert recu.startswith(b"HTTP/1.1 400 ")
    assert not list(serveur.temporaire.rglob("*.upload*"))


def test_un_processus_remplace_compte_ou_l_autre_s_est_arrete(serveur: Serveur) -> None:
    def fichiers() -> list[str]:
        return sorted(f.name for f in serveur.temporaire.glob("mespoints-metrics-*/*.db"))

    def comptees() -> int:
        dites = Visiteur("127.0.0.1", serveur.mesures).aller("GET", "/metrics").texte
        return sum(
            int(float(n)) for n in re.findall(r'mespoints_requests_total{[^}]*route="accueil"[^}]*} (\S+)', dites)
        )

    deja = comptees()
    for _ in range(3):
        assert serveur.visiteur().aller("GET", "/").statut == 200
    assert comptees() == deja + 3
    avant, ancien = fichiers(), serveur.ouvrier().pid
    assert avant == ["counter_1.db", "histogram_1.db"]
    os.kill(ancien, signal.SIGTERM)
    attendre(lambda: not psutil.pid_exists(ancien) and repond(serveur.port), "il n'est pas remplacé")
    assert comptees() == deja + 3
    assert serveur.visiteur().aller("GET", "/").statut == 200
    assert comptees() == deja + 4
    assert fichiers() == avant


CACHEE = b"GET /nexiste/cachee/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
DEUX_FINS = [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    b"Transfer-Encoding: x, chunked\r\nContent-Length: 5\r\n",
    b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
    b"Content-Length: 5\r\nContent-Length: 0\r\n",
    b"Content-Length: +5\r\n",
    b"Content-Length: 5, 0\r\n",
    b"Content-Length: 0\r\n",
    b"Transfer-Encoding: chunked\r\n",
]


def test_une_requete_n_en_cache_pas_une_autre(serveur: Serveur) -> None:
    """Two ends that disagree on where a request ends: one answer, and what follows is never read as a request."""
    debut, fin = b"POST /connexion/ HTTP/1.1\r\nHost: localhost\r\n", b"\r\n0\r\n\r\n" + CACHEE
    for entetes in DEUX_FINS:
        with socket.create_connection(("127.0.0.1", serveur.port), timeout=60) as prise:
            prise.sendall(debut + entetes + fin)
            recu = b"".join(iter(lambda prise=prise: prise.recv(65_536), b""))
        assert recu.count(b"HTTP/1.1 ") == 1, entetes
        statut = int(recu.split(b" ", 2)[1])
        assert statut in {400, 403, 501}, "refused by the server, or by the form that has no token"
        assert b"nexiste" not in recu, entetes
