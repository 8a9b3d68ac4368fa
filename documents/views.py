"""« Mes documents »: what there is; each as a page (GET) and as a file (POST), the RII by FranceConnect only."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from documents import services
from documents.contenus import CachetIndisponible, DecisionAttendue, RenduImpossible, SansPermis, TropDeDocuments
from documents.courriers import services as courriers_emis
from documents.courriers.contenu import relire
from documents.courriers.selectors import get_courrier, list_courriers
from documents.rules.refus import expliquer, refus
from documents.services import ADCS, RII, RIR, Modele
from dossier.presenters import alerte_48si
from dossier.selectors import Situation, get_situation
from mespoints.lib.http import duree_en_mots, keep_private, readonly_view
from mespoints.lib.visiteur import NIVEAU_FC, avec_dossier, get_niveau, niveau_requis, onglet_du_dossier

#: GET shows, POST issues.
page_et_fichier = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@readonly_view
@onglet_du_dossier
def documents(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The documents of the visitor, each with what it is for and who may ask for it."""
    situation = _situation(dossier_id)
    pourquoi = refus(situation.replay)
    contexte = {
        "section": "documents",
        "alertes": alerte_48si(situation),
        "refus": expliquer(pourquoi) if pourquoi else None,
        "indisponible": not services.can_issue(ADCS, now=timezone.now()),
        "titre_tient": situation.titre_tient,
    }
    return render(request, "documents/documents.html", contexte)


def _situation(dossier_id: int) -> Situation:
    return get_situation(dossier_id, au=timezone.localdate())


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
    except SansPermis as sans:
        contexte: dict[str, Any] = {"explication": expliquer(sans.pourquoi)}
        gabarit = "documents/sans_permis.html"
    except DecisionAttendue:
        contexte = {"alertes": alerte_48si(_situation(dossier_id))}
        gabarit = "documents/decision_attendue.html"
    contexte |= {"section": "documents", "genre": modele.genre}
    return render(request, gabarit, contexte, status=409 if request.method == "POST" else 200)


@readonly_view
def _montrer(request: HttpRequest, modele: Modele, dossier_id: int) -> HttpResponse:
    now = timezone.now()
    contenu = modele.lire(dossier_id, now=now)
    contexte = {"section": "documents", "document": contenu, "indisponible": not services.can_issue(modele, now=now)}
    if contexte["indisponible"] or modele is RII:
        situation = _situation(dossier_id)
        contexte |= {"titre_tient": situation.titre_tient, "alertes": alerte_48si(situation)}
    return render(request, modele.page, contexte)


def _remettre(request: HttpRequest, modele: Modele, dossier_id: int, now: datetime) -> HttpResponse:
    """A file to keep, that no cache keeps; or the page that says why there is none."""
    contexte = {"section": "documents"}
    try:
        emis = services.issue_document(modele, dossier_id, now=now, niveau=get_niveau(request))
    except CachetIndisponible:
        return _panne(request, dossier_id, "documents/sans_cachet.html")
    except RenduImpossible:
        return _panne(request, dossier_id, "documents/echec.html")
    except TropDeDocuments as refus:
        response = render(
            request, "documents/trop.html", contexte | {"attente": duree_en_mots(refus.attente)}, status=429
        )
        response["Retry-After"] = str(refus.attente)
        return response
    return _fichier(emis.nom_fichier, bytes(emis.octets))


def _panne(request: HttpRequest, dossier_id: int, gabarit: str) -> HttpResponse:
    """No file: what to do, and what the licence itself is worth meanwhile."""
    contexte = {"section": "documents", "titre_tient": _situation(dossier_id).titre_tient}
    return render(request, gabarit, contexte, status=503)


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
    situation = _situation(dossier_id)
    contexte = {"alertes": alerte_48si(situation), "courriers": list_courriers(situation)}
    return render(request, "documents/courriers.html", {"section": "documents"} | contexte)


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
    situation = _situation(dossier_id)
    contexte = {
        "section": "documents",
        "alertes": alerte_48si(situation),
        "document": relire(document.contenu),
        "courrier": next(courrier for courrier in list_courriers(situation) if courrier.numero == numero),
        "jour": document.jour,
        "ouverture": ouverture,
    }
    return render(request, "documents/courrier.html", contexte)
