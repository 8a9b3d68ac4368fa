from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("mes-documents/", views.documents, name="documents"),
    path("mes-documents/adcs/", views.adcs, name="adcs"),
    path("mes-documents/rir/", views.rir, name="rir"),
    path("mes-documents/courriers/", views.courriers, name="courriers"),
    path("mes-documents/courriers/<str:numero>/", views.courrier, name="courrier"),
    path("mes-documents/rii/", views.rii, name="rii"),
]
