"""The account behind a session, read with the dossier attached to it: one query begins each private page."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.selectors import COMPTE_ET_TITULAIRE


class CompteBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in; only the way a session finds its account again is ours."""

    def get_user(self, user_id: Any) -> User | None:
        """The account, carrying what ``get_titulaire`` needs; None when it may no longer sign in."""
        for user in User.objects.raw(COMPTE_ET_TITULAIRE, [user_id]):
            return user if self.user_can_authenticate(user) else None
        return None
