"""One visitor, or a crowd of them, tries to stop the others: what those saw meanwhile."""

import os
import select
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from tests.bancs.load.visites import MOT_DE_PASSE, Carnet, Habitues, revenir_de_franceconnect, visiteur
from tests.bancs.production.table import Table
from tests.visiteur import Visiteur

#: As many sign-ins at the same moment, each tried again when the page says so, and until when.
CONNEXIONS, PATIENCE, P95_CONNEXIONS = 200, 120.0, 1000.0  # seconds, ms
#: FranceConnect muet: visitors who come back; how long; what the others may see.
RETOURS, LENTEUR, P95_MUET = 16, 12.0, 100.0
ENVOI, REPONSE = 500 * 1024**2, 100.0  # bytes, ms
PAGES = ("public", "connecté")

COMPTES = """
import django; django.setup()
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from accounts.models import User
hache = make_password({mot_de_passe!r})
for rang in range({combien}):
    user, _ = User.objects.get_or_create(email=f"affluence-{{rang}}@exemple.fr", defaults={{"password": hache}})
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={{"verified": True, "primary": True}})
"""

Dire = Callable[..., bool]


def connexions(dresse: Table, port: int, dire: Dire) -> bool:
    """Two hundred right passwords at the same moment, from two hundred addresses; three others read their pages."""
    dresse.jouer("worker", "python", "-c", COMPTES.format(mot_de_passe=MOT_DE_PASSE, combien=CONNEXIONS))
    venus = [visiteur(port) for _ in range(CONNEXIONS)]
    for venu in venus:
        venu.ouvrir("/connexion/")
    depart, renvois, entres = threading.Barrier(CONNEXIONS), Counter[str](), list[float]()

    def entrer(rang: int, venu: Visiteur) -> None:
        depart.wait()
        debut = time.monotonic()
        while time.monotonic() - debut < PATIENCE:
            try:
                reponse = venu.poster("/connexion/", login=f"affluence-{rang}@exemple.fr", password=MOT_DE_PASSE)
            except OSError as faute:
                renvois[type(faute).__name__] += 1
                return
            if reponse.statut == 302:
                entres.append(time.monotonic() - debut)
                return
            renvois[str(reponse.statut)] += 1
            time.sleep(float(reponse.entetes["Retry-After"] or 5))

    fils = [threading.Thread(target=entrer, args=(rang, venu)) for rang, venu in enumerate(venus)]
    with Habitues(port, arrivees=False) as habitues:
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
    pages, autres = habitues.carnet.p95(*PAGES), set(renvois) - {"503"}
    return dire(
        f"{CONNEXIONS} connexions à la fois, p95 des autres pages", pages, "ms", **_vues(habitues.carnet),
        connectes=len(entres), le_dernier_s=round(max(entres, default=0.0), 1), renvois=dict(renvois),
        exige=f"<= {P95_CONNEXIONS:.0f}, 0 erreur, toutes connectées",
        tenu=pages <= P95_CONNEXIONS and not habitues.carnet.erreurs and len(entres) == CONNEXIONS and not autres,
    )  # fmt: skip


def franceconnect_muet(dresse: Table, port: int, dire: Dire) -> bool:
    """Visitors come back from FranceConnect, which never answers us; those who are signed in read on."""
    assez, attentes = threading.Event(), list[float]()

    def revenir() -> None:
        while not assez.is_set():
            attentes.append(revenir_de_franceconnect(port, f"localhost:{dresse.ports['tls']}").secondes)
            assez.wait(1)

    fils = [threading.Thread(target=revenir) for _ in range(RETOURS)]
    with Habitues(port, arrivees=False) as habitues:
        for fil in fils:
            fil.start()
        time.sleep(LENTEUR)
        assez.set()
    for fil in fils:
        fil.join()
    pages = habitues.carnet.p95("connecté")
    return dire(
        "FranceConnect muet, p95 des pages connectées", pages, "ms", en_attente=RETOURS, retours=len(attentes),
        attente_mediane_s=round(statistics.median(attentes), 2), attente_la_plus_longue_s=round(max(attentes), 1),
        **_vues(habitues.carnet), exige=f"<= {P95_MUET:.0f}, 0 erreur, quelqu'un a attendu",
        tenu=pages <= P95_MUET and not habitues.carnet.erreurs and max(attentes) >= 4,
    )  # fmt: skip


def gros_envoi(dresse: Table, port: int, dire: Dire) -> bool:
    """A stranger sends 500 MB: when the answer comes, how much was sent by then, what was written on the disk."""
    tenus = []
    for genre in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"):
        duree, envoyes, statut, ecrits = _envoyer(port, genre, dresse)
        tenus.append(dire(
            f"500 Mo envoyés en {genre.partition(';')[0]}, réponse", duree * 1000, "ms", statut=statut,
            envoyes_mo=round(envoyes / 1024**2, 1), ecrits_sur_le_disque=ecrits,
            exige=f"<= {REPONSE:.0f}, 400, rien d'écrit", tenu=duree * 1000 <= REPONSE and statut == 400 and not ecrits,
        ))  # fmt: skip
    return all(tenus)


def _envoyer(port: int, genre: str, dresse: Table) -> tuple[float, int, int, int]:
    tete = (
        f"POST /connexion/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n"
        f"Cookie: __Host-csrf={'a' * 32}\r\nContent-Type: {genre}\r\nContent-Length: {ENVOI}\r\n\r\n--x\r\n"
        'Content-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    )
    envoyes, recu, morceau = 0, b"", b"a" * 1024**2
    with socket.create_connection(("127.0.0.1", port), timeout=60) as prise:
        depart = time.perf_counter()
        prise.sendall(tete.encode())
        prise.setblocking(False)
        while envoyes < ENVOI:
            lisible, inscriptible, _ = select.select([prise], [prise], [], 60)
            if lisible:
                recu = prise.recv(65536)
                break
            if inscriptible:
                with suppress(BlockingIOError):
                    envoyes += prise.send(morceau)
        duree = time.perf_counter() - depart
        ecrits = sum(f.stat().st_size for f in dresse.temporaire("web-a").rglob("*.upload*"))
    return duree, envoyes, int(recu.split(b" ", 2)[1]) if recu else 0, ecrits


def _vues(carnet: Carnet) -> dict[str, object]:
    """What the readers saw, and how busy the machine was with other things too."""
    durees = [note.secondes * 1000 for note in carnet.notes if note.genre in PAGES]
    return {
        "pages": len(durees), "mediane_ms": round(statistics.median(durees)), "la_plus_longue_ms": round(max(durees)),
        "plus_d_une_seconde": sum(duree > 1000 for duree in durees), "erreurs": dict(carnet.erreurs),
        "charge_de_la_machine": round(os.getloadavg()[0], 1),
    }  # fmt: skip
