from django.urls import path

from stages import views

app_name = "stages"
urlpatterns = [
    path("stages/", views.stages, name="stages"),
    path("stages/centres/", views.centres, name="centres"),
    path("stages/agrement/", views.agrement, name="agrement"),
    path("stages/annoncer/", views.annoncer, name="annoncer"),
    path("stages/annonces/<int:annonce_id>/retirer/", views.retirer, name="retirer"),
]
