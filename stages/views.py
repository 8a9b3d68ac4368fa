"""« Stage de sensibilisation à la sécurité routière »: the driver's own case, what the law says of it, the centres."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossier.presenters import alerte_48si
from dossier.selectors import get_situation
from mespoints.lib.http import readonly_view
from mespoints.lib.visiteur import avec_dossier, avec_ou_sans_dossier
from stages import presenters, selectors, services
from stages.forms import AgrementForm, AnnonceForm, RechercheForm, champs


@login_not_required
@require_safe
@readonly_view
@avec_ou_sans_dossier
def stages(request: HttpRequest, dossier_id: int | None) -> HttpResponse:
    """The driver's own case first, where there is one; then the rules, and the search of a centre."""
    contexte: dict[str, Any] = {"section": "stages", "alertes": [], "cas": None, "suivis": []}
    depuis = ""
    if dossier_id is not None:
        situation = get_situation(dossier_id, au=localdate())
        connus = situation, *selectors.list_annonces_et_attestations(dossier_id)
        contexte["alertes"] = alerte_48si(situation)
        contexte["cas"] = presenters.cas(situation, presenters.annonces_ouvertes(*connus))
        contexte["suivis"] = presenters.suivis(*connus)
        depuis = contexte["cas"].depuis
    contexte |= {"recherche": champs(RechercheForm, {"depuis": depuis}), "numero": champs(AgrementForm, {})}
    return render(request, "stages/stages.html", contexte)


@login_not_required
@require_safe
@readonly_view
def centres(request: HttpRequest) -> HttpResponse:
    """The centres of a département or a postcode: ``?ou=&depuis=&page=``."""
    form = RechercheForm(request.GET if "ou" in request.GET else None)
    resultats = None
    if form.is_valid():
        departement, code_postal = form.cleaned_data["ou"]
        depuis = form.cleaned_data["depuis"]
        lieu = {"departement": departement, "code_postal": code_postal, "depuis": depuis}
        numero = request.GET.get("page", "")
        page = int(numero) if numero.isascii() and numero.isdigit() and len(numero) < 6 else 1
        recherche = selectors.search_centres(au=localdate(), numero=page, **lieu)
        resultats = presenters.resultats(recherche, **lieu)
    saisie = champs(form, request.GET)
    contexte = {"section": "stages", "form": form, "recherche": saisie, "resultats": resultats}
    return render(request, "stages/centres.html", contexte)


@login_not_required
@require_safe
@readonly_view
def agrement(request: HttpRequest) -> HttpResponse:
    """« Ce centre est-il agréé ? »: ``?numero=``."""
    form = AgrementForm(request.GET if "numero" in request.GET else None)
    reponse = None
    if form.is_valid():
        numero = form.cleaned_data["numero"]
        reponse = presenters.reponse_agrement(selectors.get_centre(numero), numero=numero, au=localdate())
    contexte = {"section": "stages", "form": form, "numero": champs(form, request.GET), "reponse": reponse}
    return render(request, "stages/agrement.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@avec_dossier
def annoncer(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The driver says to have followed a course; only a POST keeps it."""
    form = AnnonceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.announce_stage(dossier_id=dossier_id, **form.cleaned_data)
        except services.AnnonceRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, "Votre stage est annoncé. Il ne rendra des points qu'avec l'attestation du centre."
            )
            return redirect("stages:stages")
    return render(request, "stages/annoncer.html", {"section": "stages", "form": form})


@require_POST
@avec_dossier
def retirer(request: HttpRequest, dossier_id: int, annonce_id: int) -> HttpResponse:
    """The driver takes an announcement back."""
    if services.withdraw_annonce(dossier_id=dossier_id, annonce_id=annonce_id):
        messages.success(request, "Cette annonce est retirée.")
    return redirect("stages:stages")
