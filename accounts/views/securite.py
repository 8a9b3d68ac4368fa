"""What the owner of an account may do when it is no more in their hands alone."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import compte as forms
from accounts.securite import contester, peut_contester
from accounts.securite import fermer_compte as fermer
from accounts.services import fermer_les_sessions
from mespoints.lib.session import renew_session


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
