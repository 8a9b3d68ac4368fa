"""The account behind a session, read with the dossier attached to it: one query begins each private page."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.selectors import get_compte, list_comptes_a_l_adresse


class CompteBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in; only the way a session finds its account again is ours."""

    def get_user(self, user_id: Any) -> User | None:
        """The account, carrying what ``get_titulaire`` needs; None when it may no longer sign in."""
        user = get_compte(user_id)
        return user if user and self.user_can_authenticate(user) else None

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """allauth's, which asks the database once more for an address that no account bears."""
        essais = (self._check_password(user, password) for user in list_comptes_a_l_adresse(email))
        return next((user for user in essais if user), None)
