"""« Mes documents »: what there is, the ADCS as a page and as a file, and so the RII, for who came by FranceConnect."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from documents import selectors, services
from documents.contenus import RenduImpossible, SansPermis
from mespoints.lib.http import keep_private, readonly_view
from mespoints.lib.session import NIVEAU_FC, avec_dossier, niveau_requis, onglet_du_dossier


@require_safe
@readonly_view
@onglet_du_dossier
def documents(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The documents of the visitor, each with what it is for and who may ask for it."""
    return render(request, "documents/documents.html", {"section": "documents"})


@require_http_methods(["GET", "HEAD", "POST"])
@readonly_view
@avec_dossier
def adcs(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The ADCS: a GET shows what it says, a POST issues it. Without a licence, why there is none."""
    try:
        return (_issue if request.method == "POST" else _show)(request, dossier_id)
    except SansPermis:
        statut = 409 if request.method == "POST" else 200
        return render(request, "documents/sans_permis.html", {"section": "documents"}, status=statut)


def _show(request: HttpRequest, dossier_id: int) -> HttpResponse:
    attestation = selectors.get_attestation(dossier_id, now=timezone.now())
    return render(request, "documents/adcs.html", {"section": "documents", "adcs": attestation})


def _issue(request: HttpRequest, dossier_id: int) -> HttpResponse:
    return _remettre(request, services.issue_adcs, dossier_id)


def _remettre(request: HttpRequest, issue: Callable[..., services.Fichier], dossier_id: int) -> HttpResponse:
    """A file to keep, that no cache keeps; or the page that says it could not be made."""
    try:
        emis = issue(dossier_id, now=timezone.now())
    except RenduImpossible:
        return render(request, "documents/echec.html", {"section": "documents"}, status=503)
    response = HttpResponse(emis.contenu, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, emis.nom_fichier)
    keep_private(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@readonly_view
@niveau_requis(NIVEAU_FC)
@avec_dossier
def rii(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The RII, for a FranceConnect session only: a GET shows what it says, a POST issues it."""
    if request.method == "POST":
        return _remettre(request, services.issue_rii, dossier_id)
    releve = selectors.get_releve(dossier_id, now=timezone.now())
    return render(request, "documents/rii.html", {"section": "documents", "rii": releve})
