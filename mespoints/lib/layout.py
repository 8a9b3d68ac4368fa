"""What the layout needs to know, without asking the database."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: The two displays that a visitor may ask for; without either, the page follows the device.
THEMES: Final = ("light", "dark")
UN_AN: Final = 365 * 24 * 3600


def layout(request: HttpRequest) -> dict[str, Any]:
    """Tell the templates which marks this instance bears, whether its drivers are invented, and the display chosen."""
    return {
        "marque_etat": settings.MESPOINTS_MARQUE_ETAT,
        "demonstration": settings.MESPOINTS_DEMONSTRATION,
        "theme": get_theme(request),
        "personas": personas,
        "page_presente": lambda: _page_presente(
            request
        ),  # who reads it asks who the visitor is: no page of a failure does
        "bureau": False,  # the desk says that it is (mespoints.bureau)
    }


def _page_presente(request: HttpRequest) -> str:
    """Where to come back after choosing a display: what FranceConnect adds to an address is written nowhere else.

    A page of somebody does not write back what its address asks: compressed beside a name, it would let who sees the
    sizes go by guess the name (BREACH).
    """
    if request.path.startswith("/franceconnect/"):
        return "/"
    return request.path if getattr(request, "user", None) and request.user.is_authenticated else request.get_full_path()


def get_theme(request: HttpRequest) -> str:
    """Give ``light`` or ``dark``, or nothing: whatever else the cookie says is no choice of ours."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return theme if theme in THEMES else ""


def set_theme(response: HttpResponse, theme: str) -> None:
    """Keep the display chosen for a year on this device, or forget it when none is."""
    if theme in THEMES:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        nom = settings.THEME_COOKIE_NAME
        response.set_cookie(nom, theme, max_age=UN_AN, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")


def personas() -> dict[str, Any]:
    """Give the invented drivers that one may sign in as: ``mot_de_passe`` and ``comptes``; nothing elsewhere."""
    return _lire_personas() if settings.MESPOINTS_DEMONSTRATION else {}


@cache
def _lire_personas() -> dict[str, Any]:
    contenu: dict[str, Any] = json.loads(Path(settings.BASE_DIR, "demo", "comptes.json").read_text(encoding="utf-8"))
    return contenu
