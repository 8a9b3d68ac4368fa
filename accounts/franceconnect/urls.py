from django.urls import path

from accounts.franceconnect import views

urlpatterns = [
    path("deconnexion/", views.deconnexion, name="account_logout"),
    path("franceconnect/connexion/", views.connexion, name="franceconnect_connexion"),
    path("franceconnect/retour/", views.retour, name="franceconnect_retour"),
    path("franceconnect/echec/", views.echec, name="franceconnect_echec"),
    path("franceconnect/confirmation/", views.confirmation, name="franceconnect_confirmation"),
    path("franceconnect/confirmer/", views.confirmer, name="franceconnect_confirmer"),
    path("franceconnect/ecarter/", views.ecarter, name="franceconnect_ecarter"),
    path("franceconnect/numero/", views.numero, name="franceconnect_numero"),
    path("franceconnect/sortie/", views.sortie, name="franceconnect_sortie"),
]
