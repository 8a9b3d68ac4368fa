"""« Mes documents »: what there is; each as a page (GET) and as a file (POST), the RII by FranceConnect only."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from documents import services
from documents.contenus import CachetIndisponible, RenduImpossible, SansPermis, TropDeDocuments
from documents.courriers import services as courriers_emis
from documents.courriers.contenu import relire
from documents.courriers.selectors import get_courrier, list_courriers
from documents.services import ADCS, RII, RIR, Modele
from mespoints.lib.http import duree_en_mots, keep_private, readonly_view
from mespoints.lib.visiteur import NIVEAU_FC, avec_dossier, get_niveau, niveau_requis, onglet_du_dossier

#: GET shows, POST issues.
page_et_fichier = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@readonly_view
@onglet_du_dossier
def documents(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The documents of the visitor, each with what it is for and who may ask for it."""
    indisponible = not services.can_issue(ADCS, now=timezone.now())
    return render(request, "documents/documents.html", {"section": "documents", "indisponible": indisponible})


@page_et_fichier
@avec_dossier
def adcs(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The attestation of the right to drive."""
    return _document(request, ADCS, dossier_id)


@page_et_fichier
@avec_dossier
def rir(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The restricted statement, which the ADCS replaced."""
    return _document(request, RIR, dossier_id)


@page_et_fichier
@niveau_requis(NIVEAU_FC)
@avec_dossier
def rii(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The whole statement, for a FranceConnect session only."""
    return _document(request, RII, dossier_id)


def _document(request: HttpRequest, modele: Modele, dossier_id: int) -> HttpResponse:
    """The page or the file; without a licence to speak of, why there is neither."""
    try:
        if request.method == "POST":
            return _remettre(request, modele, dossier_id, timezone.now())
        return _montrer(request, modele, dossier_id)
    except SansPermis:
        statut = 409 if request.method == "POST" else 200
        contexte = {"section": "documents", "genre": modele.genre}
        return render(request, "documents/sans_permis.html", contexte, status=statut)


@readonly_view
def _montrer(request: HttpRequest, modele: Modele, dossier_id: int) -> HttpResponse:
    now = timezone.now()
    contenu = modele.lire(dossier_id, now=now)
    contexte = {"section": "documents", "document": contenu, "indisponible": not services.can_issue(modele, now=now)}
    return render(request, modele.page, contexte)


def _remettre(request: HttpRequest, modele: Modele, dossier_id: int, now: datetime) -> HttpResponse:
    """A file to keep, that no cache keeps; or the page that says why there is none."""
    contexte = {"section": "documents"}
    try:
        emis = services.issue_document(modele, dossier_id, now=now, niveau=get_niveau(request))
    except CachetIndisponible:
        return render(request, "documents/sans_cachet.html", contexte, status=503)
    except RenduImpossible:
        return render(request, "documents/echec.html", contexte, status=503)
    except TropDeDocuments as refus:
        response = render(
            request, "documents/trop.html", contexte | {"attente": duree_en_mots(refus.attente)}, status=429
        )
        response["Retry-After"] = str(refus.attente)
        return response
    return _fichier(emis.nom_fichier, bytes(emis.octets))


def _fichier(nom: str, octets: bytes) -> HttpResponse:
    """A PDF to keep, that no cache keeps."""
    response = HttpResponse(octets, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, nom)
    keep_private(response)
    return response


@require_safe
@readonly_view
@onglet_du_dossier
def courriers(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """« Mes courriers »: the letters, and until when each asks for something."""
    tous = list_courriers(dossier_id, au=timezone.localdate())
    return render(request, "documents/courriers.html", {"section": "documents", "courriers": tous})


@page_et_fichier
@avec_dossier
def courrier(request: HttpRequest, dossier_id: int, numero: str) -> HttpResponse:
    """A letter: a GET tells it once it was opened, a POST opens it and gives the file."""
    if request.method != "POST":
        return _annoncer(request, dossier_id, numero)
    document = courriers_emis.open_courrier(dossier_id=dossier_id, numero=numero, niveau=get_niveau(request))
    if document is None:
        raise Http404
    return _fichier(document.nom_fichier, bytes(document.octets))


@readonly_view
def _annoncer(request: HttpRequest, dossier_id: int, numero: str) -> HttpResponse:
    document = get_courrier(dossier_id, numero)
    if document is None:
        raise Http404
    ouverture = getattr(document, "ouverture", None)
    lettre = relire(document.contenu)
    contexte = {"section": "documents", "document": lettre, "jour": document.jour, "ouverture": ouverture}
    return render(request, "documents/courrier.html", contexte)
