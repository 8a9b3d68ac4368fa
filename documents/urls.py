from django.urls import path

from documents import views
from documents.verification import views as verification

app_name = "documents"
urlpatterns = [
    path("mes-documents/", views.documents, name="documents"),
    path("mes-documents/adcs/", views.adcs, name="adcs"),
    path("mes-documents/rir/", views.rir, name="rir"),
    path("mes-documents/courriers/", views.courriers, name="courriers"),
    path("mes-documents/courriers/<str:numero>/", views.courrier, name="courrier"),
    path("mes-documents/rii/", views.rii, name="rii"),
    path("mes-documents/verifications/", verification.mes_verifications, name="mes_verifications"),
    path("mes-documents/verifications/retirer/", verification.retirer, name="retirer"),
    path("verification/", verification.verification, name="verification"),
    path("verification/statuts", verification.liste_des_statuts, name="statuts"),
    path("verification/cles", verification.liste_des_cles, name="cles"),
]
