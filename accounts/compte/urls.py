from django.urls import path

from accounts.compte import views

urlpatterns = [
    path("compte/", views.compte, name="compte"),
    path("compte/deconnecter-partout/", views.deconnecter_partout, name="deconnecter_partout"),
    path("compte/prolonger/", views.prolonger, name="prolonger"),
    path("compte/fermer/", views.fermer_compte, name="fermer_compte"),
    path("compte/pas-moi/<str:signature>/", views.pas_moi, name="pas_moi"),
    path("compte/acces/", views.acces, name="compte_acces"),
    path("compte/acces/<int:rattachement_id>/fermer/", views.fermer_acces, name="compte_fermer_acces"),
    path("connexion/", views.connexion, name="account_login"),
]
