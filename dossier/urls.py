from django.urls import path

from dossier import views

app_name = "dossier"
urlpatterns = [
    path("mes-points/", views.historique, name="historique"),
    path("mes-points/previsionnel/", views.previsionnel, name="previsionnel"),
    path("mes-points/retrouver/", views.retrouver, name="retrouver"),
    path("mes-points/consultations/", views.consultations, name="consultations"),
]
