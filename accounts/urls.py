from collections.abc import Callable
from functools import wraps

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import include, path, re_path
from django.views.generic import RedirectView


def _vers(nom: str) -> Callable[..., HttpResponseBase]:
    return login_not_required(RedirectView.as_view(pattern_name=nom, query_string=True))


def _avec_adresse(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refuse an account that FranceConnect opens: an address or a password of its own is a second, weaker door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.email:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


# allauth's own addresses lead to ours. A name given twice is resolved by its last address: ours come after.
urlpatterns = [
    path("compte/login/", _vers("account_login")),
    path("compte/logout/", _vers("account_logout")),
    path("compte/signup/", _vers("account_signup")),
    # Closed to the accounts that FranceConnect opens: the first pattern that matches an address answers. What changes
    # the account and the mail that tells it are one transaction.
    path("compte/email/", _avec_adresse(transaction.atomic(allauth.email)), name="account_email"),
    path(
        "compte/password/change/",
        _avec_adresse(transaction.atomic(allauth.password_change)),
        name="account_change_password",
    ),
    path("compte/password/set/", _avec_adresse(allauth.password_set), name="account_set_password"),
    path("compte/reauthenticate/", _avec_adresse(allauth.reauthenticate), name="account_reauthenticate"),
    re_path(
        r"^compte/confirm-email/(?P<key>[-:\w]+)/$",
        transaction.atomic(allauth.confirm_email),
        name="account_confirm_email",
    ),
    re_path(
        r"^compte/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        transaction.atomic(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("compte/", include("allauth.account.urls")),
    path("compte/double-authentification/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("", include("accounts.compte.urls")),
    path("", include("accounts.creation.urls")),
    path("", include("accounts.signalements.urls")),
    path("", include("accounts.franceconnect.urls")),
]
