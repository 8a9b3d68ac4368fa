"""Who is behind a request, in one place for every app: a driver, an agent, and how strong the session's door was.

The level belongs to the session, not to the account: the same driver has one level by password and another one
through FranceConnect. What is not certain is the lowest level.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")

NIVEAU_MOT_DE_PASSE: Final = "password"
NIVEAU_FC: Final = "fc"
#: From the weakest to the strongest.
NIVEAUX: Final = (NIVEAU_MOT_DE_PASSE, NIVEAU_FC)

_CLE = "niveau"

#: What an agent may do. An administrator looks after the site and its journal, not after drivers.
LECTURE, INSTRUCTION, VALIDATION, ADMINISTRATION = "lecture", "instruction", "validation", "administration"
POUVOIRS: Final = {
    LECTURE: frozenset({LECTURE}),
    INSTRUCTION: frozenset({LECTURE, INSTRUCTION}),
    VALIDATION: frozenset({LECTURE, INSTRUCTION, VALIDATION}),
    ADMINISTRATION: frozenset({ADMINISTRATION}),
}


@dataclass(frozen=True, slots=True)
class Agent:
    """The prefecture's agent behind the session. ``departement`` is None for an administrator.

    ``numero`` is that of the account; ``dossier_id`` is the agent's own as a driver, which is closed to them;
    ``reseau`` is where they ask from, as the journal keeps it.
    """

    role: str
    departement: str | None
    numero: int
    dossier_id: int | None = None
    reseau: str = ""

    def peut(self, pouvoir: str) -> bool:
        """Whether the role gives this power."""
        return pouvoir in POUVOIRS[self.role]


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

    def refuse(request: HttpRequest) -> HttpResponse:
        raise SansDossier

    return _attach(view, refuse)


def onglet_du_dossier(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same for a tab of the menu: without a dossier it is no refusal but a page that says what to do."""
    return _attach(view, lambda request: render(request, "sans_dossier.html"))


def _attach(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponse], otherwise: Callable[[HttpRequest], HttpResponse]
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def attached(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        dossier_id = _dossier_id(request)
        return otherwise(request) if dossier_id is None else view(request, dossier_id, *args, **kwargs)

    return attached


def avec_ou_sans_dossier(
    view: Callable[Concatenate[HttpRequest, int | None, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give a public view the visitor's own dossier id, or None: such a page has something to say to everybody."""

    @wraps(view)
    def attached(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, _dossier_id(request), *args, **kwargs)

    return attached


def _dossier_id(request: HttpRequest) -> int | None:
    titulaire: Titulaire | None = getattr(request, "titulaire", None)
    return titulaire.dossier_id if titulaire else None  # a lazy object is never None, but may be false
