"""What each request carries about its visitor, and what each answer owes them."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.limites import GESTE, OUBLI, Porte, consommer
from accounts.selectors import get_titulaire
from mespoints.lib.http import keep_private, trop_d_essais
from mespoints.lib.session import Titulaire, get_niveau, renew_session

GetResponse = Callable[[HttpRequest], HttpResponse]


class VisitorMiddleware:
    """Sets ``request.titulaire``, read from the database only if a view asks, and ``request.agent``."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.titulaire = SimpleLazyObject(lambda: _titulaire(request))  # type: ignore[attr-defined]
        request.agent = None  # type: ignore[attr-defined]
        return self.get_response(request)


def _titulaire(request: HttpRequest) -> Titulaire | None:
    return get_titulaire(request.user, niveau=get_niveau(request))


class SignedInMiddleware:
    """Keeps a visitor who is there signed in: the idle time starts again.

    Nothing a signed-in visitor receives may be kept by a cache, their browser's included.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            keep_private(response)
            renew_session(request)
        return response


def _adresse_tapee(request: HttpRequest) -> str:
    return request.POST.get("email", "")[:254]


def _compte(request: HttpRequest) -> str:
    return str(request.user.pk)


class LimitesMiddleware:
    """Counts, before allauth's views see them, the forms that they would take as often as one likes.

    The sign-in and the second factor are counted where the password and the code are looked at.
    """

    COMPTEES: ClassVar[dict[str, tuple[Porte, Callable[[HttpRequest], str]]]] = {
        "account_reset_password": (OUBLI, _adresse_tapee),
        **dict.fromkeys(("account_change_password", "account_email", "usersessions_list"), (GESTE, _compte)),
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "POST" or nom not in self.COMPTEES:
            return None
        porte, cible = self.COMPTEES[nom]
        attente = consommer(porte, request, cible(request))
        return None if attente is None else trop_d_essais(request, attente)
