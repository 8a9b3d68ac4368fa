"""The level of a session, in one place, and what the other apps may know of the visitor.

The level belongs to the session, not to the account: the same driver has one level by password and another one
through FranceConnect. What is not certain is the lowest level.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")

NIVEAU_MOT_DE_PASSE: Final = "password"
NIVEAU_FC: Final = "fc"
#: From the weakest to the strongest.
NIVEAUX: Final = (NIVEAU_MOT_DE_PASSE, NIVEAU_FC)

RENOUVELLEMENT: Final = 60  # seconds between two writes of a session that is only read

_CLE = "niveau"
_CLE_RENOUVELLEMENT = "renouvelee_a"


@dataclass(frozen=True, slots=True)
class Titulaire:
    """The driver behind the session. ``dossier_id`` is None for an account that no dossier is attached to."""

    dossier_id: int | None
    niveau: str
    nom_affiche: str


class NiveauInsuffisant(PermissionDenied):
    """The session is known, but too weak for what it asks; its 403 page offers the stronger door."""

    def __init__(self, requis: str) -> None:
        super().__init__(f"session level {requis} required")
        self.requis = requis


class SansDossier(PermissionDenied):
    """The visitor is signed in, but no dossier is attached to the account; its 403 page says what to do."""


def get_niveau(request: HttpRequest) -> str:
    """Give the level of this session; one that never got a known level has the lowest."""
    niveau = request.session.get(_CLE)
    return niveau if niveau in NIVEAUX else NIVEAU_MOT_DE_PASSE


def set_niveau(request: HttpRequest, niveau: str) -> None:
    """Record how this session was opened. To be called after the sign-in, which renews the session."""
    if niveau not in NIVEAUX:
        raise ValueError(f"unknown session level {niveau!r}")
    request.session[_CLE] = niveau


def renew_session(request: HttpRequest) -> None:
    """Start the idle time again, at the cost of one write a minute at most."""
    now = int(time.time())
    if now - request.session.get(_CLE_RENOUVELLEMENT, 0) >= RENOUVELLEMENT:
        request.session[_CLE_RENOUVELLEMENT] = now


def niveau_requis(
    niveau: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Let a view answer only to a session of at least this level; a weaker one gets ``NiveauInsuffisant``."""
    rang = NIVEAUX.index(niveau)

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if NIVEAUX.index(get_niveau(request)) < rang:
                raise NiveauInsuffisant(niveau)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def avec_dossier(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the visitor's own dossier id, the only one it may show; without one, ``SansDossier``."""

    @wraps(view)
    def attached(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        titulaire: Titulaire | None = getattr(request, "titulaire", None)
        if not titulaire or titulaire.dossier_id is None:  # a lazy object is never None, but may be false
            raise SansDossier
        return view(request, titulaire.dossier_id, *args, **kwargs)

    return attached
