"""What allauth asks us: who may sign up, whom to believe, where to send people back."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's adapter, with one answer for every sign-in that fails."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L'adresse électronique ou le mot de passe est incorrect.",
        "too_many_login_attempts": "Trop d'essais en peu de temps. Réessayez dans quelques minutes.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: an account is made by the steps of /compte/creer/, which prove whose dossier it is."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Treat a disabled account as one that does not exist."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def is_safe_url(self, url: str | None) -> bool:
        """Accept a path of this site only, never an address, be it ours."""
        return (url or "").startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
