"""The client that attacks and looks at what each of its requests did: answer, journal, writes, canary."""

import logging
import random
import re
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client, TestCase

from mespoints.lib.http import _LOCKS, _READS
from mespoints.lib.logs import JsonFormatter
from tests.bancs.attaques.bilan import Bilan, Faute
from tests.bancs.attaques.valeurs import Valeur, encoder, hostile, octets
from tests.bancs.attaques.visiteurs import CANARIS

LECTURES = {"GET", "HEAD", "OPTIONS", "TRACE"}
_TABLE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE(?: TABLE)?)\s+"?(\w+)', re.IGNORECASE)
#: What a GET may write, and why.
ADMIS = {
    "django_session": "a visitor who is there stays signed in; a word to say once",
    "usersessions_usersession": "allauth forgets the sessions that are over",
    "dossier_journal": "an agent who looks at a dossier is written down before the page is sent",
    "accounts_compteur": "a try is counted before it is looked at",
}
#: Where FranceConnect sends the browser back, by a GET: it signs in, once, by a state that this browser carries.
RETOUR = "franceconnect_retour"


class Demande(NamedTuple):
    """A request, as it can be sent again."""

    methode: str
    chemin: str
    demande: list[tuple[Valeur, Valeur]] = []
    champs: list[tuple[Valeur, Valeur]] = []
    type: str = "application/x-www-form-urlencoded"
    entetes: dict[str, str] = {}

    def __str__(self) -> str:
        return ascii(tuple(self))[:3000]


class Journal(logging.Handler):
    """Everything that is written down, as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lignes: list[str] = []
        self.erreurs: list[str] = []
        self.ecrire = JsonFormatter()

    def emit(self, record: logging.LogRecord) -> None:
        self.lignes.append(self.ecrire.format(record))
        grave = record.levelno >= logging.ERROR or record.name == "py.warnings"
        if grave and not record.name.startswith("django.security"):
            self.erreurs.append(_lieu(record.exc_info[1] if record.exc_info else None) or self.lignes[-1])


def _lieu(erreur: BaseException | None) -> str:
    """An exception's type, and the last line of ours and of all that it went through."""
    if erreur is None:
        return ""
    lieux = traceback.extract_tb(erreur.__traceback__)
    notres = [lieu for lieu in lieux if "site-packages" not in lieu.filename and "/tests/" not in lieu.filename]
    vus = [f"{lieu.filename.rpartition('/')[2]}:{lieu.lineno} {lieu.name}" for lieu in (notres[-1:] + lieux[-1:])]
    return f"{type(erreur).__name__}: {ascii(str(erreur))[:120]} ({' ; '.join(vus)})"


class Tombe(Exception):
    """Nothing more can be asked in this transaction: the walk ends there."""


class Garde(Client):
    """Django's client; each answer is judged. ``voit``: the canary may be in what this visitor reads."""

    def __init__(self, bilan: Bilan, journal: Journal, marche: int, visiteur: str, *, voit: bool) -> None:
        super().__init__(raise_request_exception=False)
        self.bilan, self.journal, self.marche, self.visiteur, self.voit = bilan, journal, marche, visiteur, voit
        self.ecrites: list[str] = []
        self.dits: set[str] = set()

    def demander(self, demande: Demande) -> Any:
        """Send a request, and judge it."""
        self.ecrites.clear()
        self.journal.lignes.clear()
        self.journal.erreurs.clear()
        self.bilan.requetes += 1
        with connection.execute_wrapper(self._noter), TestCase.captureOnCommitCallbacks(execute=True):
            try:
                reponse = self._envoyer(demande)
            except Exception as erreur:  # even the page that says sorry fell
                self.bilan.statuts[500] += 1
                self.noter_faute("panne", "aucune", _lieu(erreur), demande)
                raise Tombe from erreur
        self._juger(demande, reponse)
        if connection.needs_rollback:
            raise Tombe
        return reponse

    def _envoyer(self, demande: Demande) -> Any:
        adresse = demande.chemin + (f"?{encoder(demande.demande)}" if demande.demande else "")
        corps = encoder(demande.champs).encode() if demande.champs or demande.methode == "POST" else b""
        if demande.type.startswith("multipart"):
            corps = _en_parties(demande.champs)
        return self.generic(demande.methode, adresse, corps, demande.type, **demande.entetes)

    def _noter(self, executer: Callable[..., Any], sql: str, *reste: Any) -> Any:
        if not _READS.match(sql) or _LOCKS.search(sql):
            table = _TABLE.match(sql)
            self.ecrites.append(table[1] if table else sql[:60])
        return executer(sql, *reste)

    def _juger(self, demande: Demande, reponse: Any) -> None:
        trouvee = reponse.wsgi_request.resolver_match
        route = trouvee.view_name if trouvee else "aucune"
        self.bilan.statuts[reponse.status_code] += 1
        self.bilan.routes[route, reponse.status_code // 100] += 1
        erreurs = list(self.journal.erreurs)
        if reponse.status_code >= 500 or erreurs:
            self.noter_faute("panne", route, erreurs[0] if erreurs else str(reponse.status_code), demande)
        if demande.methode in LECTURES and route != RETOUR:
            for table in sorted(set(self.ecrites) - ADMIS.keys()):
                self.noter_faute("un GET écrit", route, table, demande)
        dit = ascii(tuple(demande)).lower()
        self.dits.update(mot for mot in CANARIS if mot in dit)  # what a visitor typed comes back to them
        for mot in CANARIS:
            if any(mot in ligne.lower() for ligne in self.journal.lignes):
                self.noter_faute("canari au journal", route, mot, demande)
            if not self.voit and mot not in self.dits and mot in _texte(reponse):
                self.noter_faute("canari montré", route, mot, demande)

    def noter_faute(self, quoi: str, route: str, detail: str, demande: Demande) -> None:
        faute = Faute(quoi, route, detail, self.marche, self.visiteur, str(demande))
        self.bilan.fautes.setdefault((quoi, route, detail), faute)


def _texte(reponse: Any) -> str:
    if reponse.streaming or "text/html" not in reponse.get("Content-Type", ""):
        return ""
    return str(reponse.content.decode(errors="replace").lower())


def _en_parties(champs: list[tuple[Valeur, Valeur]]) -> bytes:
    parties = [
        b'--b\r\nContent-Disposition: form-data; name="'
        + octets(nom).replace(b'"', b"")
        + b'"\r\n\r\n'
        + octets(valeur)
        for nom, valeur in champs
    ]
    return b"\r\n".join([*parties, b"--b--\r\n"])


def entete_hostile(hasard: random.Random) -> dict[str, str]:
    """One header, or a cookie, that nobody sends; as a server gives them: Latin-1, without the end of a line."""
    nom = hasard.choice(
        (
            *("HTTP_HOST", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN"),
            *("HTTP_X_FORWARDED_FOR", "HTTP_X_REQUESTED_WITH", "HTTP_ACCEPT", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"),
            *("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "HTTP_X_HTTP_METHOD_OVERRIDE", "CONTENT_TYPE", "HTTP_DATE"),
            *("HTTP_AUTHORIZATION", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"),
        )
    )
    valeur = octets(hostile(hasard)).decode("latin-1").replace("\r", " ").replace("\n", " ")[:4000]
    if nom == "HTTP_COOKIE":
        quoi = hasard.choice((valeur, f'"{valeur}"', '"\\000aaaaaaaaaaa"', '"\\012forged"', '"\\777"', "a" * 32))
        valeur = f"{hasard.choice(('sid', 'csrf', 'theme', 'messages', 'fc-a'))}={quoi}"
    if nom == "HTTP_X_REQUESTED_WITH":
        valeur = "XMLHttpRequest"
    return {nom: valeur}
