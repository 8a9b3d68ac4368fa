"""FranceConnect's door: leaving, coming back, saying whose dossier it is, and the way out."""

import logging
from hmac import compare_digest
from urllib.parse import urlsplit

from allauth.account.utils import perform_login
from allauth.account.views import logout as allauth_logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.franceconnect import rattachement
from accounts.franceconnect.allers_retours import (
    JETON,
    PROPOSE,
    SUITE,
    Interrompu,
    jeton_scelle,
    lire_suite,
    nom_du_cookie,
    partir,
    revenir,
    sortir,
)
from accounts.franceconnect.coffre import ouvrir, sceller
from accounts.franceconnect.echange import Identite, Panne, Refus, echanger
from accounts.franceconnect.forms import NumeroForm
from accounts.franceconnect.presenters import apercu_du_dossier
from accounts.selectors import get_signalement_ouvert
from dossier.selectors import get_apercu
from mespoints.lib.http import keep_private, readonly_view, site_address
from mespoints.lib.metrics import FRANCECONNECT
from mespoints.lib.visiteur import NIVEAU_FC, niveau_requis

logger = logging.getLogger(__name__)

#: In the session: what the way back from FranceConnect's own way out must bring.
SORTIE = "fc_sortie"
DUREE_COOKIE = 600
#: What the page of a failure may say; the rest is in the journal.
ECHECS = ("interrompu", "indisponible", "recommencer")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    """A GET explains; a POST leaves for FranceConnect, so that no link and no prefetch does."""
    suite = lire_suite((request.POST if request.method == "POST" else request.GET).get("next", ""))
    ouverte = bool(settings.OIDC_RP_CLIENT_ID)
    ici = site_address("franceconnect_connexion")
    ailleurs = request.get_host() != urlsplit(ici).netloc  # the way back comes to the declared address alone
    if request.method != "POST" or not ouverte or ailleurs:
        contexte = {"suite": suite, "ouverte": ouverte, "ici": ici if ailleurs else ""}
        return render(request, "account/franceconnect/connexion.html", contexte)
    depart = partir(suite=suite)
    response = HttpResponseRedirect(depart.adresse)
    response.set_cookie(
        depart.cookie, depart.secret, max_age=DUREE_COOKIE, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip
    keep_private(response)
    return response


@login_not_required
@require_GET
def retour(request: HttpRequest) -> HttpResponse:
    """The way back: a redirection whatever came, so that this address stays neither shown nor in a Referer."""
    try:
        trajet = revenir(parametres=request.GET, cookies=request.COOKIES)
        venu = echanger(code=trajet.code, nonce=trajet.nonce, retour=site_address("franceconnect_retour"))
        response = _connecter(request, venu, rattachement.accueillir(venu), trajet.suite)
        FRANCECONNECT.labels("ouverte").inc()
    except Refus as refus:
        issue = "interrompu" if isinstance(refus, Interrompu) else _echec(refus)
        log = logger.error if refus.raison.startswith("our_request") else logger.warning
        log("franceconnect_refused", extra={"reason": refus.raison, "request": request})
        FRANCECONNECT.labels(issue).inc()
        response = redirect(f"{reverse('franceconnect_echec')}?motif={issue}")
    if (cookie := nom_du_cookie(request.GET.get("state", ""))) in request.COOKIES:
        response.delete_cookie(cookie)
    response["Referrer-Policy"] = "no-referrer"
    keep_private(response)
    return response


def _echec(refus: Refus) -> str:
    return "indisponible" if isinstance(refus, Panne) else "recommencer"


def _connecter(request: HttpRequest, venu: Identite, accueil: rattachement.Accueil, suite: str) -> HttpResponse:
    """Open a session that inherits nothing: neither another visitor's, nor one that somebody prepared."""
    logout(request)
    voulue = suite or settings.LOGIN_REDIRECT_URL
    vers = voulue if accueil.rattache else reverse("franceconnect_confirmation")
    apporte = {JETON: sceller(venu.id_token), SUITE: voulue, PROPOSE: accueil.propose}
    response: HttpResponse = perform_login(
        request, accueil.user, email_verification="none", redirect_url=vers, signal_kwargs={"franceconnect": apporte}
    )  # a second factor may still be asked for: accounts.signals opens the session, at once or then
    return response


@login_not_required
@require_safe
@readonly_view
def echec(request: HttpRequest) -> HttpResponse:
    """What happened, in three ways of saying it, and the other door."""
    dit = request.GET.get("motif", "")
    issue = dit if dit in ECHECS else "recommencer"
    return render(request, "account/franceconnect/echec.html", {"issue": issue})


@require_safe
@readonly_view
@niveau_requis(NIVEAU_FC)
def confirmation(request: HttpRequest) -> HttpResponse:
    """« Est-ce bien vous ? », or the number, or where the signalement stands."""
    if getattr(request.titulaire, "dossier_id", None):  # type: ignore[attr-defined]
        return redirect(request.session.get(SUITE) or settings.LOGIN_REDIRECT_URL)
    return _confirmation(request, NumeroForm())


def _confirmation(request: HttpRequest, form: NumeroForm, statut: int = 200) -> HttpResponse:
    propose = request.session.get(PROPOSE)
    contexte = {
        "form": form,
        "dossier": apercu_du_dossier(get_apercu(propose)) if propose else None,
        "ecarte": get_signalement_ouvert(request.user.pk, "pas_moi"),
        "examine": get_signalement_ouvert(request.user.pk, "introuve"),
    }
    return render(request, "account/franceconnect/confirmation.html", contexte, status=statut)


@require_POST
@niveau_requis(NIVEAU_FC)
def confirmer(request: HttpRequest) -> HttpResponse:
    """« Ces informations sont exactes » : the dossier proposed in this session, and no other."""
    propose = request.session.pop(PROPOSE, None)
    try:
        if propose is None or request.user.pk is None:
            raise rattachement.PasPropose
        rattachement.confirmer(user_id=request.user.pk, dossier_id=propose)
    except rattachement.PasPropose:
        if not getattr(request.titulaire, "dossier_id", None):  # type: ignore[attr-defined]  # pressed twice: linked
            messages.warning(request, "Ce dossier ne peut pas être relié à votre identité. Rien n'a été enregistré.")
        return redirect("franceconnect_confirmation")
    messages.success(request, "Votre dossier de permis est relié à votre identité FranceConnect.")
    return redirect(request.session.pop(SUITE, "") or settings.LOGIN_REDIRECT_URL)


@require_POST
@niveau_requis(NIVEAU_FC)
def ecarter(request: HttpRequest) -> HttpResponse:
    """« Ces informations ne me correspondent pas »."""
    if request.session.pop(PROPOSE, None) is not None and request.user.pk:
        rattachement.ecarter(user_id=request.user.pk)
    return redirect("franceconnect_confirmation")


@require_POST
@niveau_requis(NIVEAU_FC)
def numero(request: HttpRequest) -> HttpResponse:
    """The file number, where the identity alone does not lead to one dossier."""
    form = NumeroForm(request.POST)
    if not form.is_valid() or request.user.pk is None:
        return _confirmation(request, form, 422)
    try:
        issue, propose = rattachement.essayer_numero(user_id=request.user.pk, neph=form.cleaned_data["numero"])
    except rattachement.PasPropose:
        return redirect("franceconnect_confirmation")
    if issue is rattachement.Issue.TROP_D_ESSAIS:
        form.add_error("numero", "Trop d'essais aujourd'hui. Réessayez demain, ou créez un compte avec votre adresse.")
        return _confirmation(request, form, 429)
    request.session[PROPOSE] = propose
    return redirect("franceconnect_confirmation")


@login_not_required
@require_GET
def sortie(request: HttpRequest) -> HttpResponse:
    """Back from FranceConnect's own way out: a word if we sent the visitor there; nobody is ever signed out here."""
    attendu = request.session.get(SORTIE, "")
    if attendu and compare_digest(request.GET.get("state", "").encode(), attendu.encode()):
        del request.session[SORTIE]
        messages.success(request, "Vous êtes déconnecté de Mes Points Permis et de FranceConnect.")
    return redirect("accueil")


@login_not_required  # signing out twice is no error
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Sign out on POST, here first, then of FranceConnect when it opened the session; a GET asks first."""
    jeton = jeton_scelle(request) if request.method == "POST" else ""
    response: HttpResponse = allauth_logout(request)
    return _quitter_franceconnect(request, jeton, response) if jeton else response


def _quitter_franceconnect(request: HttpRequest, scelle: str, response: HttpResponse) -> HttpResponse:
    """To be called once the session is over: sends the browser to end FranceConnect's too."""
    id_token = ouvrir(scelle)
    if request.user.is_authenticated or not isinstance(id_token, str):
        return response
    list(messages.get_messages(request))  # « Vous êtes déconnecté » is said once, on the way back
    adresse, request.session[SORTIE] = sortir(id_token=id_token)
    response = HttpResponseRedirect(adresse)
    response["Referrer-Policy"] = "no-referrer"
    keep_private(response)
    return response
