"""Visits: one journey, many at a rate, or a few that never stop; each request noted with its kind and its outcome."""

import http.client
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.visiteur import Reponse, Visiteur

MOT_DE_PASSE = "demonstration-2026"
CONDUCTEURS = cycle(
    f"{nom}@exemple.fr"
    for nom in ("camille.martin", "julien.lefevre", "ines.benali", "hugo.perrin", "manon.roche", "karim.haddad")
)
_rang = count(1)
_verrou = threading.Lock()
#: What a visitor does once signed in, in order.
PAGES = ("/mes-points/", "/mes-points/previsionnel/", "/mes-documents/")
#: The journey: a public page, the sign-in and its form, the pages, the way out.
REQUETES_PAR_VISITE = 4 + len(PAGES)


class Note(NamedTuple):
    """One request: when it was answered, what it was, how it ended (a status, or the error met), how long it took."""

    a: float
    genre: str
    issue: str
    secondes: float


@dataclass
class Carnet:
    """What is noted by many at once."""

    notes: list[Note] = field(default_factory=list)

    def demander(self, visiteur: Visiteur, genre: str, methode: str, chemin: str, **champs: str) -> bool:
        """One request, noted; whether it went as it should."""
        depart = time.perf_counter()
        try:
            reponse = visiteur.poster(chemin, **champs) if methode == "POST" else visiteur.aller("GET", chemin)
            if methode == "GET":
                visiteur.page = reponse
            issue = str(reponse.statut)
            if genre == "connecté" and reponse.statut == 302:
                issue = "déconnecté"  # a signed-in page that asks to sign in again
        except (OSError, http.client.HTTPException) as faute:
            issue = type(faute).__name__
        self.notes.append(Note(time.monotonic(), genre, issue, time.perf_counter() - depart))
        return bonne(issue, methode)

    def p95(self, *genres: str) -> float:
        """Milliseconds under which 95 of 100 requests were answered; of these kinds, or of all."""
        durees = [note.secondes * 1000 for note in self.notes if not genres or note.genre in genres]
        return statistics.quantiles(durees, n=20)[-1] if len(durees) > 1 else 0.0

    @property
    def erreurs(self) -> Counter[str]:
        return Counter(f"{note.genre} : {note.issue}" for note in self.notes if note.issue not in {"200", "302"})


def bonne(issue: str, methode: str = "GET") -> bool:
    return issue == ("302" if methode == "POST" else "200")


def visiteur(port: int) -> Visiteur:
    """Somebody new, from a network of their own."""
    with _verrou:
        rang = next(_rang)
    return Visiteur("127.0.0.1", port, ip=f"10.{rang >> 16 & 255}.{rang >> 8 & 255}.{rang & 255}")


def se_connecter(carnet: Carnet, venu: Visiteur) -> bool:
    with _verrou:
        email = next(CONDUCTEURS)
    return carnet.demander(venu, "public", "GET", "/connexion/") and carnet.demander(
        venu, "mot de passe", "POST", "/connexion/", login=email, password=MOT_DE_PASSE
    )


def revenir_de_franceconnect(port: int, nom: str) -> Reponse:
    """Leave for FranceConnect and come back at once with a code; what the way back answered.

    ``nom``: the declared address, the only one that it comes back to.
    """
    venu = visiteur(port)
    venu.nom = nom
    venu.ouvrir("/franceconnect/connexion/")
    issuer, _, demande = venu.poster("/franceconnect/connexion/").entetes["Location"].partition("/authorize?")
    dite = parse_qs(demande)
    reponse = urlencode({"state": dite["state"][0], "iss": issuer, "code": "lent"})
    return venu.aller("GET", f"{urlsplit(dite['redirect_uri'][0]).path}?{reponse}")


def visiter(carnet: Carnet, port: int) -> None:
    """The whole journey; cut short at its first error, as a visitor would."""
    venu = visiteur(port)
    if not (carnet.demander(venu, "public", "GET", "/") and se_connecter(carnet, venu)):
        return
    if all(carnet.demander(venu, "connecté", "GET", page) for page in PAGES):
        carnet.demander(venu, "déconnexion", "POST", "/deconnexion/")


def affluer(port: int, debit: float, secondes: float) -> Carnet:
    """Visits that begin at a steady rate, whether the ones before have ended or not: ``debit`` requests a second."""
    carnet, fils = Carnet(), []
    depart, ecart = time.monotonic(), REQUETES_PAR_VISITE / debit
    for rang in range(max(1, round(secondes / ecart))):
        time.sleep(max(0.0, depart + rang * ecart - time.monotonic()))
        fils.append(threading.Thread(target=visiter, args=(carnet, port)))
        fils[-1].start()
    for fil in fils:
        fil.join()
    return carnet


class Habitues:
    """Visitors who were signed in before, read on, and now and then a new one signs in."""

    def __init__(self, port: int, combien: int = 3, *, arrivees: bool = True) -> None:
        self.port, self.carnet, self.assez = port, Carnet(), threading.Event()
        self.venus = [visiteur(port) for _ in range(combien)]
        prets = [se_connecter(Carnet(), venu) for venu in self.venus]
        assert all(prets)
        self.fils = [threading.Thread(target=self._lire, args=(venu,)) for venu in self.venus]
        if arrivees:
            self.fils.append(threading.Thread(target=self._arriver))

    def __enter__(self) -> "Habitues":
        for fil in self.fils:
            fil.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.assez.set()
        for fil in self.fils:
            fil.join()

    def _lire(self, venu: Visiteur) -> None:
        for page in cycle(("/mes-points/", "/mes-points/previsionnel/", "/mes-documents/")):
            if self.assez.wait(0.15):
                return
            self.carnet.demander(venu, "connecté", "GET", page)

    def _arriver(self) -> None:
        while not self.assez.wait(0.8):
            venu = visiteur(self.port)
            self.carnet.demander(venu, "public", "GET", "/")
            se_connecter(self.carnet, venu)
