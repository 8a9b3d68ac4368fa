"""A signalement: opened by the link of a mail, followed with its reference and the same mailbox, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.courriels import SIGNALER, SUIVI, lire_lien, signer_lien
from accounts.limites import MESSAGE, RENVOI, consommer
from accounts.selectors import get_demande, get_signalement, list_messages, list_signalements
from accounts.services import demander_lien
from accounts.signalements.forms import MessageForm, NouveauSignalementForm, SignalementForm, SuiviForm
from accounts.signalements.presenters import echange, saisie_du_signalement, signalements_suivis
from accounts.signalements.services import (
    DejaOuvert,
    ecrire_message,
    ouvrir_signalement,
    ouvrir_signalement_du_dossier,
)
from mespoints.lib.http import keep_private, trop_d_essais
from mespoints.lib.visiteur import avec_dossier


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


@require_http_methods(["GET", "HEAD", "POST"])
@avec_dossier
def nouveau(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What is wrong in one's own dossier, told signed in."""
    form = NouveauSignalementForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        if (attente := consommer(MESSAGE, request, f"compte-{request.user.pk}")) is not None:
            return trop_d_essais(request, attente)
        try:
            signalement = ouvrir_signalement_du_dossier(
                user_id=request.user.pk or 0, dossier_id=dossier_id, **form.cleaned_data
            )
        except DejaOuvert:
            form.add_error("motif", "Vous avez déjà un signalement ouvert sur ce sujet : écrivez-y plutôt.")
        else:
            return redirect("signalement_suivi", signer_lien(SUIVI, signalement.pk))
    return render(request, "account/signalements/nouveau.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def suivi(request: HttpRequest, jeton: str) -> HttpResponse:
    """Where a signalement stands, what was said on both sides, and a word to add."""
    signalement = get_signalement(lire_lien(SUIVI, jeton))
    if signalement is None:
        return render(request, "account/signalements/lien_perime.html", status=410)
    if signalement.motif in signalement.DU_DOSSIER and signalement.user_id != request.user.pk:
        return redirect_to_login(request.path)  # what is said there is of a dossier: a mailbox is not enough
    form = MessageForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        if (attente := consommer(MESSAGE, request, f"signalement-{signalement.pk}")) is not None:
            return trop_d_essais(request, attente)
        try:
            ecrire_message(signalement_id=signalement.pk, **form.cleaned_data)
            return redirect("signalement_suivi", jeton)
        except DejaOuvert:
            form.add_error(None, "Ce signalement est clos, et vous en avez un autre sur ce sujet : écrivez-y plutôt.")
    contexte = {"signalement": signalement, "echange": echange(list_messages(signalement)), "form": form}
    response = render(request, "account/signalements/suivi.html", contexte)
    keep_private(response)
    return response
