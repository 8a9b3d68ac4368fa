"""A signalement: opened by the link of a mail, followed with its reference and the same mailbox, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.demandes import demander_lien
from accounts.forms.creation import SignalementForm, SuiviForm
from accounts.liens import SIGNALER, SUIVI, lire_lien, signer_lien
from accounts.limites import RENVOI, consommer
from accounts.presenters import saisie_du_signalement, signalements_suivis
from accounts.selectors import get_demande, get_signalement, list_signalements
from accounts.signalements import ouvrir_signalement
from mespoints.lib.http import keep_private, readonly_view, trop_d_essais


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def signalements(request: HttpRequest) -> HttpResponse:
    """Ask for the link of a signalement: the same answer whether it exists or not, the mail says the rest."""
    form = SuiviForm(request.POST if request.method == "POST" else None)
    envoye = form.is_valid()
    if envoye:
        attente = consommer(RENVOI, request, form.cleaned_data["email"])
        if attente is not None:
            return trop_d_essais(request, attente)
        demander_lien(email=form.cleaned_data["email"], reference=form.cleaned_data["reference"])
    contexte = {"form": form, "envoye": envoye, "siens": signalements_suivis(list_signalements(request.user.pk))}
    return render(request, "account/signalements/demander.html", contexte)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: HttpRequest, jeton: str) -> HttpResponse:
    """What will be told to a person, a word to add, and the button that sends it."""
    demande = get_demande(lire_lien(SIGNALER, jeton))
    if demande is None or not demande.a_un_motif:
        return render(request, "account/signalements/lien_perime.html", status=410)
    form = SignalementForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        signalement = ouvrir_signalement(demande_id=demande.pk, message=form.cleaned_data["message"])
        return redirect("signalement_suivi", signer_lien(SUIVI, signalement.pk))
    contexte = {"form": form, "saisie": saisie_du_signalement(demande)}
    response = render(request, "account/signalements/ouvrir.html", contexte)
    keep_private(response)
    return response


@login_not_required
@require_safe
@readonly_view
def suivi(request: HttpRequest, jeton: str) -> HttpResponse:
    """Where a signalement stands."""
    signalement = get_signalement(lire_lien(SUIVI, jeton))
    if signalement is None:
        return render(request, "account/signalements/lien_perime.html", status=410)
    response = render(request, "account/signalements/suivi.html", {"signalement": signalement})
    keep_private(response)
    return response
