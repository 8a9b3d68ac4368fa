from django.urls import path

from accounts.creation import views

etapes = views.CreationView.as_view()

urlpatterns = [
    path("compte/creer/", etapes, name="account_signup"),
    path("compte/creer/envoye/", views.envoyee, name="creation_envoyee"),
    path("compte/creer/renvoyer/", views.renvoyer, name="creation_renvoyer"),
    path("compte/creer/<slug:step>/", etapes, name="creation_etape"),
    path("compte/activer/<str:jeton>/", views.activer, name="compte_activer"),
    path("conditions-d-utilisation/", views.conditions, name="conditions"),
]
