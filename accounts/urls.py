from collections.abc import Callable

from allauth.account.views import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import acces, creation, signalements
from accounts.views import compte as views


def _vers(nom: str) -> Callable[..., HttpResponseBase]:
    return login_not_required(RedirectView.as_view(pattern_name=nom, query_string=True))


etapes = creation.CreationView.as_view(url_name="creation_etape")

# allauth's own addresses lead to ours. A name given twice is resolved by its last address: ours come after.
urlpatterns = [
    path("compte/login/", _vers("account_login")),
    path("compte/logout/", _vers("account_logout")),
    path("compte/signup/", _vers("account_signup")),
    path("compte/", include("allauth.account.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("compte/", views.compte, name="compte"),
    path("compte/creer/", etapes, name="account_signup"),
    path("compte/creer/envoye/", creation.envoyee, name="creation_envoyee"),
    path("compte/creer/renvoyer/", creation.renvoyer, name="creation_renvoyer"),
    path("compte/creer/<slug:step>/", etapes, name="creation_etape"),
    path("compte/activer/<str:jeton>/", creation.activer, name="compte_activer"),
    path("compte/acces/", acces.acces, name="compte_acces"),
    path("compte/acces/<int:rattachement_id>/fermer/", acces.fermer_acces, name="compte_fermer_acces"),
    path("signalements/", signalements.signalements, name="signalements"),
    path("signalements/ouvrir/<str:jeton>/", signalements.ouvrir, name="signalement_ouvrir"),
    path("signalements/suivi/<str:jeton>/", signalements.suivi, name="signalement_suivi"),
    path("conditions-d-utilisation/", creation.conditions, name="conditions"),
    path("connexion/", login, name="account_login"),
    path("deconnexion/", views.deconnexion, name="account_logout"),
    path("franceconnect/connexion/", views.franceconnect_connexion, name="franceconnect_connexion"),
]
