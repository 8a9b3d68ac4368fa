"""The account's own page. What allauth does well is left to it."""

from http import HTTPStatus
from typing import Any

from allauth.account.views import login as allauth_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.compte import forms
from accounts.compte.presenters import acces as presenter
from accounts.compte.securite import contester, peut_contester
from accounts.compte.securite import fermer_acces as fermer_l_acces
from accounts.compte.securite import fermer_compte as fermer
from accounts.selectors import list_acces
from accounts.services import RattachementIntrouvable, fermer_les_sessions
from mespoints.lib.http import readonly_view
from mespoints.lib.session import renew_session
from mespoints.lib.visiteur import NIVEAU_FC, avec_dossier, get_niveau, niveau_requis


@require_safe
@readonly_view
def compte(request: HttpRequest) -> HttpResponse:
    """What the visitor may change of the account."""
    return render(request, "account/compte.html")


@login_not_required
def connexion(request: HttpRequest) -> HttpResponse:
    """Sign in by address and password; who must wait keeps the page, with the status and the delay that say so."""
    response: HttpResponse = allauth_login(request)
    if attente := getattr(request, "attente", None):
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response["Retry-After"] = str(attente)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("signature")
def pas_moi(request: HttpRequest, signature: str) -> HttpResponse:
    """« Ce n'était pas moi », from a mail: a GET explains (mail scanners open links), the button acts."""
    fait = request.method == "POST"
    porte = contester(signature) if fait else peut_contester(signature)
    etape = "perime" if not porte else "fait" if fait else "demande"
    return render(request, "account/pas_moi.html", {"etape": etape, "porte": porte})


@require_POST
def deconnecter_partout(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one too."""
    user: Any = request.user
    fermer_les_sessions(user)
    logout(request)
    return redirect("account_login")


@require_POST
def prolonger(request: HttpRequest) -> HttpResponse:
    """Stay signed in: asked by the script that warns of the end (204), or by its form without it (back to the page)."""
    renew_session(request)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("compte")


@require_http_methods(["GET", "HEAD", "POST"])
def fermer_compte(request: HttpRequest) -> HttpResponse:
    """Close the account, its password typed once more."""
    user: Any = request.user
    if user.is_staff:
        raise PermissionDenied
    form = forms.FermerForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        fermer(user, request=request)
        logout(request)
        return render(request, "account/ferme.html")
    return render(request, "account/fermer.html", {"form": form})


@require_safe
@readonly_view
@avec_dossier
def acces(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Each account by the way it was made and its day; the addresses of others stay theirs."""
    contexte = {
        "acces": presenter(list_acces(dossier_id), moi=request.user.pk),
        "peut_fermer": get_niveau(request) == NIVEAU_FC,
    }
    return render(request, "account/acces.html", contexte)


@require_POST
@avec_dossier
@niveau_requis(NIVEAU_FC)
def fermer_acces(request: HttpRequest, dossier_id: int, rattachement_id: int) -> HttpResponse:
    """Detach one of the other accounts of the visitor's own dossier."""
    try:
        fermer_l_acces(rattachement_id=rattachement_id, dossier_id=dossier_id, sauf=request.user.pk)
    except RattachementIntrouvable:
        raise Http404 from None
    messages.success(request, "Ce compte n'ouvre plus votre dossier.")
    return redirect("compte_acces")
