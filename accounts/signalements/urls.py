from django.urls import path

from accounts.signalements import views

urlpatterns = [
    path("signalements/", views.signalements, name="signalements"),
    path("signalements/nouveau/", views.nouveau, name="signalement_nouveau"),
    path("signalements/ouvrir/<str:jeton>/", views.ouvrir, name="signalement_ouvrir"),
    path("signalements/suivi/<str:jeton>/", views.suivi, name="signalement_suivi"),
]
