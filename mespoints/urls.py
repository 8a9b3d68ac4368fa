"""Every address of the site. The public ones are marked in their views; all others ask for a sign-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from mespoints.pages import affichage, comprendre
from mespoints.pages import views as pages

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.page, {"gabarit": "accueil.html"}, name="accueil"),
    path("aide/", pages.page, {"gabarit": "pages/aide.html"}, name="aide"),
    path("aide/numero-de-dossier/", pages.page, {"gabarit": "pages/numero_de_dossier.html"}, name="numero_de_dossier"),
    path("aide/documents/", pages.page, {"gabarit": "pages/documents.html"}, name="aide_documents"),
    path("aide/employeur/", pages.page, {"gabarit": "pages/employeur.html"}, name="employeur"),
    path("comprendre/", comprendre.comprendre, name="comprendre"),
    path("comprendre/lettre-48si/", comprendre.remise, name="comprendre_remise"),
    path("comprendre/retour-des-points/", comprendre.retour, name="comprendre_retour"),
    path("telepoints/", pages.page, {"gabarit": "pages/telepoints.html"}, name="telepoints"),
    path("plan-du-site/", pages.page, {"gabarit": "pages/plan_du_site.html"}, name="plan_du_site"),
    path("accessibilite/", pages.page, {"gabarit": "pages/accessibilite.html"}, name="accessibilite"),
    path("mentions-legales/", pages.page, {"gabarit": "pages/mentions_legales.html"}, name="mentions_legales"),
    path(
        "donnees-personnelles/", pages.page, {"gabarit": "pages/donnees_personnelles.html"}, name="donnees_personnelles"
    ),
    path("affichage/", affichage.affichage, name="affichage"),
    path("", include("accounts.urls")),
    path("", include("dossier.urls")),
    path("", include("documents.urls")),
    path("", include("stages.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "mespoints.errors.bad_request"
handler403 = "mespoints.errors.permission_denied"
handler404 = "mespoints.errors.page_not_found"
handler429 = "mespoints.errors.too_many_requests"  # allauth's name for it
handler500 = "mespoints.errors.server_error"
