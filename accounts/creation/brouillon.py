"""The answers given so far, in the visitor's session: written by a POST alone, and never a password among them.

Each page also carries them, signed: a session that ended, or a cookie that was deleted, loses nothing of what the
visitor had typed. They show nothing that the page does not: it lists the answers.
"""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from formtools.wizard.storage.base import BaseStorage
from formtools.wizard.storage.session import SessionStorage

_SIGNATURE = "accounts.creation.brouillon"
_UN_JOUR = 24 * 3600
_CLE = "cle"


class Brouillon(SessionStorage):  # type: ignore[misc]  # formtools has no types
    """formtools' session storage, which a GET leaves untouched: the current step is the address's, and is not kept."""

    def __init__(self, prefix: str, request: HttpRequest | None = None, file_storage: Any = None) -> None:
        BaseStorage.__init__(self, prefix, request, file_storage)
        self._etape: str | None = None

    def _get_data(self) -> dict[str, Any]:
        return self.request.session.get(self.prefix) or self._vide()

    def _set_data(self, value: dict[str, Any]) -> None:
        self.request.session[self.prefix] = value

    data = property(_get_data, _set_data)

    def _vide(self) -> dict[str, Any]:
        return {self.step_key: None, self.step_data_key: {}, self.step_files_key: {}, self.extra_data_key: {}}

    def _get_current_step(self) -> str | None:
        return self._etape

    def _set_current_step(self, step: str | None) -> None:
        self._etape = step

    current_step = property(_get_current_step, _set_current_step)

    def repondre(self, etape: str, saisie: dict[str, list[str]]) -> None:
        """Keep the answer of a step, and a new key: what it makes is no longer what was sent before."""
        data = self.data
        reponses = {**data[self.step_data_key], etape: saisie}
        self.data = {**data, self.step_data_key: reponses, self.extra_data_key: {_CLE: str(uuid.uuid4())}}

    def reponse(self, etape: str, champ: str) -> str:
        """One value as it was typed, "" when there is none."""
        valeurs = self.data[self.step_data_key].get(etape, {}).get(f"{etape}-{champ}") or [""]
        return str(valeurs[-1])

    @property
    def cle(self) -> uuid.UUID:
        """The key of the answers as they stand."""
        return uuid.UUID(self.extra_data[_CLE])

    def signe(self) -> str:
        """The answers, for the page to carry."""
        return signing.dumps(self.data, salt=_SIGNATURE, compress=True) if self.data[self.step_data_key] else ""

    def reprendre(self, envoye: QueryDict) -> None:
        """Take back the answers that a page carried, when the session has lost them."""
        if self.data[self.step_data_key]:
            return
        try:
            data = signing.loads(envoye.get("brouillon", ""), salt=_SIGNATURE, max_age=_UN_JOUR)
        except signing.BadSignature:
            return
        self.data = data
