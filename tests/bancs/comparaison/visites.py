"""Somebody who comes, by a door or by none: the pages that links lead to, the forms they send, the files they take."""

import re
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple
from urllib.parse import urldefrag, urlencode, urljoin

from demo.codes import code
from tests.bancs.comparaison.lecture import decrire, elements, formulaires
from tests.bancs.mesures.parcours import REPONSES, SORTIES, remplir
from tests.franceconnect import choisir
from tests.visiteur import Reponse, Visiteur

MOT_DE_PASSE = "demonstration-2026"
#: Where a link leads to no other page: files, elsewhere, the same choice offered on every page.
AILLEURS = ("/static/", "//", "/affichage/?")
_reseaux, _servis = count(1), set[tuple[str, str]]()


class Note(NamedTuple):
    """What was seen: its kind, who saw it and where, and its text."""

    genre: str
    cle: str
    texte: str


class Manque(Exception):
    """What a visitor needed to go on is not there."""


@contextmanager
def tenter(notes: list[Note], quoi: str) -> Iterator[None]:
    """Go as far as one can: a journey that cannot be ended is noted, and the others go on."""
    try:
        yield
    except Manque as manque:
        notes.append(Note("gestes", f"{quoi} n'a pas abouti", str(manque)))


class Passant(Visiteur):
    """A visitor with a network of their own, whatever they see noted."""

    def __init__(self, port: int, qui: str, notes: list[Note]) -> None:
        rang = next(_reseaux)
        super().__init__("127.0.0.1", port, nom=f"localhost:{port}", ip=f"10.0.{rang >> 8}.{rang & 255}")
        self.qui, self.notes = qui, notes

    def noter(self, genre: str, ou: str, reponse: Reponse) -> Reponse:
        self.notes.append(Note(genre, f"{self.qui} {ou}", decrire(reponse)))
        return reponse

    def remplir(self, chemin: str, vers: str = "", presser: str = "", **saisie: str) -> None:
        """Open a page and send one of its forms."""
        self.ouvrir(chemin)
        self.envoyer(chemin, vers, presser, **saisie)

    def envoyer(self, chemin: str, vers: str = "", presser: str = "", **saisie: str) -> None:
        """Send, of the page where one is, the form that goes to ``vers`` and has the fields typed; note what came."""
        voulus = {*saisie, *([presser] if presser else [])}
        for forme in formulaires(self.page):
            if (vers or chemin) in (forme.action or chemin) and voulus <= forme.noms:
                break
        else:
            raise Manque(f"{self.qui} : {chemin} ({self.page.statut}) n'a pas de formulaire {vers} {voulus}")
        presse = {presser: forme.boutons[presser]} if presser else {}
        self.page = self.aller("POST", forme.action or chemin, forme.champs | presse | saisie)
        self.noter("gestes", f"envoie {forme.action or chemin} {sorted(voulus)}", self.page)
        if self.page.statut == 302 and (ou := self.ici(self.page)):
            self.noter("gestes", f"arrive à {ou}", self.ouvrir(ou))

    def etats(self, chemins: Iterable[str]) -> None:
        """What each form of these pages answers to nothing, to nonsense, and to sense where asking changes nothing."""
        vus = set()
        for chemin in chemins:
            for forme in elements(self.aller("GET", chemin), "form"):
                ou, poste = urljoin(chemin, forme.get("action") or ""), (forme.get("method") or "").lower() == "post"
                champs = {etat: remplir(forme, valeurs) for etat, valeurs in REPONSES.items()}
                if ou.startswith(SORTIES) or "effacer" in champs["vide"] or (ou, *champs["vide"]) in vus:
                    continue
                vus.add((ou, *champs["vide"]))
                for etat, saisie in champs.items():
                    if poste and etat != "rempli":
                        self.noter("états", f"{ou} {sorted(saisie)} {etat}", self.aller("POST", ou, saisie))
                    elif not poste:
                        self.noter("états", f"{ou} {etat}", self.aller("GET", f"{ou}?{urlencode(saisie)}"))

    def entrer(self, email: str, mot_de_passe: str = MOT_DE_PASSE, secret: str = "") -> "Passant":
        """By address and password, then by the code of the moment when there is a secret to make it of."""
        with tenter(self.notes, f"{self.qui} : entrer"):
            self.remplir("/connexion/", login=email, password=mot_de_passe)
            if secret:
                self.remplir("/compte/double-authentification/authenticate/", code=code_neuf(secret))
        return self

    def venir_de_franceconnect(self, citoyen: str) -> None:
        """As one of the stand-in's citizens; whose dossier it is is not said yet."""
        self.ouvrir("/franceconnect/connexion/")
        depart = self.poster("/franceconnect/connexion/")
        self.noter("gestes", "revient de FranceConnect", self.ouvrir(choisir(depart.entetes["Location"], citoyen)))

    def ouvrir_le_dossier(self, neph: str) -> str:
        """As an agent does, by its number and for a reason: the address of its page."""
        with tenter(self.notes, f"{self.qui} : ouvrir un dossier"):
            self.remplir("/admin/dossier/dossier/", neph=neph, motif="guichet", precision="demande au guichet")
            return self.trouver(r'href="(/admin/dossier/dossier/\d+/)')
        return "/admin/dossier/dossier/"

    def parcourir(self, departs: Iterable[str], genre: str = "pages") -> list[str]:
        """Follow every link of the site from ``departs``, and from a page without a query those with one."""
        a_lire, lus = deque(departs), set[str]()
        while a_lire:
            chemin = a_lire.popleft()
            if chemin not in lus:
                lus.add(chemin)
                reponse = self.noter(genre, chemin, self.aller("GET", chemin))
                suites = [self.ici(reponse)] if reponse.statut in {301, 302, 303} else _liens(reponse)
                a_lire += (suite for suite in suites if suite and ("?" not in suite or "?" not in chemin))
        return sorted(lus)

    def trouver(self, forme: str) -> str:
        """What the page where one is says first of that shape."""
        if trouve := re.search(forme, self.page.texte):
            return trouve[1]
        raise Manque(f"{self.qui} : rien comme {forme} ({self.page.statut})")

    def prendre(self, *chemins: str) -> None:
        """Ask for files by POST: an attestation, a statement, a letter."""
        for chemin in chemins:
            self.ouvrir(chemin)
            self.noter("fichiers", chemin, self.poster(chemin))


def code_neuf(secret: str) -> str:
    """The code of the moment; each serves once, so the next one is waited for."""
    while (secret, neuf := code(secret, time.time())) in _servis:
        time.sleep(1)
    _servis.add((secret, neuf))
    return neuf


def _liens(page: Reponse) -> Iterator[str]:
    for element in elements(page, "a"):
        lien = urldefrag(element.get("href") or "").url
        if lien.startswith("/") and not lien.startswith(AILLEURS):
            yield lien
