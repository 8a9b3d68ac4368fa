"""The public page, the lists that verifiers keep, and the holder's own page. A check writes one row, by POST."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.code.code_court import CodeIllisible
from documents.contenus import CachetIndisponible
from documents.verification import presenters, statuts
from documents.verification import services as verifications
from documents.verification.forms import RetraitForm, VerificationForm
from dossier.presenters import alerte_48si
from dossier.selectors import get_situation
from mespoints.lib.http import duree_en_mots, keep_private, readonly_view
from mespoints.lib.visiteur import avec_dossier, onglet_du_dossier

LISTE = "application/cwt"
GARDER = 60  # seconds: a list may be a quarter of an hour old, a proxy adds a minute at most


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """Ask for a code (GET); answer in one screen (POST). A script sends what follows the # of a QR's address."""
    form = VerificationForm(request.POST if request.method == "POST" else None)
    contexte = {"form": form, "section": "verification"}
    if request.method == "POST" and form.is_valid():
        try:
            contexte["reponse"] = _repondre(request, form)
        except (CodeIllisible, verifications.AdresseIllisible) as raison:
            form.add_error("code", str(raison))
        except verifications.TropDeVerifications as trop:
            response = render(
                request, "documents/trop_de_verifications.html", {"attente": duree_en_mots(trop.attente)}, status=429
            )
            response["Retry-After"] = str(trop.attente)
            return response
    response = render(request, "documents/verification.html", contexte)
    keep_private(response)
    return response


def _repondre(request: HttpRequest, form: VerificationForm) -> presenters.Reponse:
    now, texte = timezone.now(), form.cleaned_data["code"]
    verifier = verifications.verifier_adresse if form.est_une_adresse() else verifications.verifier_code
    essayer = partial(request.essayer, "verification")  # type: ignore[attr-defined]
    return presenters.reponse(verifier(texte, now=now, essayer=essayer), now=now)


@login_not_required
@require_safe
@readonly_view
def liste_des_statuts(request: HttpRequest) -> HttpResponse:
    """What became of the ADCS issued, two bits each, signed."""
    return _liste(statuts.liste_signee)


@login_not_required
@require_safe
@readonly_view
def liste_des_cles(request: HttpRequest) -> HttpResponse:
    """The public keys of the codes, with their periods, signed by the one in use."""
    return _liste(statuts.cles_signees)


def _liste(faire: Callable[..., bytes]) -> HttpResponse:
    try:
        octets = faire(now=timezone.now())
    except CachetIndisponible:
        raise Http404 from None
    response = HttpResponse(octets, content_type=LISTE)
    response["Cache-Control"] = f"public, max-age={GARDER}"
    return response


@require_safe
@readonly_view
@onglet_du_dossier
def mes_verifications(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The ADCS of the visitor that can still be checked, and each check of them."""
    attestations = verifications.list_attestations(dossier_id, jour=timezone.localdate())
    alertes = alerte_48si(get_situation(dossier_id, au=timezone.localdate()))
    contexte = {
        "section": "documents",
        "alertes": alertes,
        "attestations": [presenters.suivi(a) for a in attestations],
    }
    return render(request, "documents/mes_verifications.html", contexte)


@require_POST
@avec_dossier
def retirer(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Withdraw one's own ADCS, named in the form: from then on nobody should accept it."""
    form = RetraitForm(request.POST)
    if form.is_valid():
        statuts.retirer(dossier_id=dossier_id, numero=form.cleaned_data["numero"])
    return redirect("documents:mes_verifications")
