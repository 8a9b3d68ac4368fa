"""The read-only mode: pages are shown, what would change something is refused with a page that says so.

MESPOINTS_LECTURE_SEULE=1, for every web process; workers and beat are stopped beside. Signing in by password and
signing out go on, since a session is no fact about anybody: PostgreSQL must still take the sessions.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: What may still be posted: opening and ending a session, and the light or dark display.
ALLOWED = {
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "affichage",
    "prolonger",
    "documents:verification",
}
RETRY_AFTER = 15 * 60


class ReadOnlyMiddleware:
    """After the sign-in is known, so that the page has its menu."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse a POST, whatever it is about, unless it is allowed by name."""
        if not settings.MESPOINTS_LECTURE_SEULE or request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        if request.resolver_match and request.resolver_match.view_name in ALLOWED | {"admin:login"}:
            return None
        response = render(request, "503_lecture_seule.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
