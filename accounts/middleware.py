"""What each request carries about its visitor, and what each answer owes them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.selectors import get_titulaire
from mespoints.lib.http import keep_private
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
