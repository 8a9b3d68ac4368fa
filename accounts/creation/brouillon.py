"""The answers given so far, in the visitor's session: written by a POST alone, and never a password among them.

Each page also carries them, signed: a session that ended, or a cookie that was deleted, loses nothing of what the
visitor had typed. They show nothing that the page does not: it lists the answers.
"""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

_SIGNATURE = "accounts.creation.brouillon"
_UN_JOUR = 24 * 3600
#: In the session: ``reponses``, what was typed at each step, and ``cle``.
BROUILLON = "creation_brouillon"


class Brouillon:
    """The answers of a visitor; reading them leaves the session untouched."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session

    @property
    def reponses(self) -> dict[str, dict[str, list[str]]]:
        """What was typed, by step, as the fields of its form are named."""
        reponses: dict[str, dict[str, list[str]]] = self._session.get(BROUILLON, {}).get("reponses", {})
        return reponses

    def donnees(self, etape: str) -> MultiValueDict[str, str] | None:
        """What was typed at a step, as its form takes it; None where nothing was."""
        return MultiValueDict(self.reponses[etape]) if etape in self.reponses else None

    def reponse(self, etape: str, champ: str) -> str:
        """One value as it was typed, "" when there is none."""
        valeurs = self.reponses.get(etape, {}).get(f"{etape}-{champ}") or [""]
        return str(valeurs[-1])

    def repondre(self, etape: str, saisie: dict[str, list[str]]) -> None:
        """Keep the answer of a step, and a new key: what it makes is no longer what was sent before."""
        self._session[BROUILLON] = {"reponses": {**self.reponses, etape: saisie}, "cle": str(uuid.uuid4())}

    @property
    def cle(self) -> uuid.UUID:
        """The key of the answers as they stand."""
        return uuid.UUID(self._session[BROUILLON]["cle"])

    def signe(self) -> str:
        """The answers, for the page to carry."""
        return signing.dumps(self._session[BROUILLON], salt=_SIGNATURE, compress=True) if self.reponses else ""

    def reprendre(self, envoye: QueryDict) -> None:
        """Take back the answers that a page carried, when the session has lost them."""
        if self.reponses:
            return
        try:
            garde: dict[str, Any] = signing.loads(envoye.get("brouillon", ""), salt=_SIGNATURE, max_age=_UN_JOUR)
        except signing.BadSignature:
            return
        self._session[BROUILLON] = garde
