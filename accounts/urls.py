from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import include, path
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
    path("compte/", include("allauth.account.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("compte/", views.compte, name="compte"),
    path("compte/pas-moi/<str:signature>/", securite.pas_moi, name="pas_moi"),
    path("compte/creer/", views.creer_compte, name="account_signup"),
    path("connexion/", views.connexion, name="account_login"),
    path("deconnexion/", views.deconnexion, name="account_logout"),
    path("franceconnect/connexion/", views.franceconnect_connexion, name="franceconnect_connexion"),
]
