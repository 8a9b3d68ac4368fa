from collections.abc import Callable

from allauth.account.views import confirm_email, email, password_change, password_reset_from_key
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.views import compte as views
from accounts.views import securite


def _vers(nom: str) -> Callable[..., HttpResponseBase]:
    return login_not_required(RedirectView.as_view(pattern_name=nom, query_string=True))


# allauth's own addresses lead to ours. A name given twice is resolved by its last address: ours come after.
urlpatterns = [
    path("compte/login/", _vers("account_login")),
    path("compte/logout/", _vers("account_logout")),
    path("compte/signup/", _vers("account_signup")),
    # What changes the account and the mail that tells it are one transaction.
    path("compte/password/change/", transaction.atomic(password_change), name="account_change_password"),
    path("compte/email/", transaction.atomic(email), name="account_email"),
    re_path(
        r"^compte/confirm-email/(?P<key>[-:\w]+)/$", transaction.atomic(confirm_email), name="account_confirm_email"
    ),
    re_path(
        r"^compte/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        transaction.atomic(password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("compte/", include("allauth.account.urls")),
    path("compte/double-authentification/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("compte/", views.compte, name="compte"),
    path("compte/deconnecter-partout/", securite.deconnecter_partout, name="deconnecter_partout"),
    path("compte/prolonger/", securite.prolonger, name="prolonger"),
    path("compte/fermer/", securite.fermer_compte, name="fermer_compte"),
    path("compte/pas-moi/<str:signature>/", securite.pas_moi, name="pas_moi"),
    path("compte/creer/", views.creer_compte, name="account_signup"),
    path("connexion/", views.connexion, name="account_login"),
    path("deconnexion/", views.deconnexion, name="account_logout"),
    path("franceconnect/connexion/", views.franceconnect_connexion, name="franceconnect_connexion"),
]
