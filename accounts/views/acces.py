"""The accounts that open the visitor's dossier. Seen by any of them; closed from a FranceConnect session alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.presenters import acces as presenter
from accounts.selectors import list_acces
from accounts.services import RattachementIntrouvable, revoke_rattachement
from mespoints.lib.http import readonly_view
from mespoints.lib.session import NIVEAU_FC, avec_dossier, get_niveau, niveau_requis


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
        revoke_rattachement(rattachement_id=rattachement_id, dossier_id=dossier_id, sauf=request.user.pk)
    except RattachementIntrouvable:
        raise Http404 from None
    messages.success(request, "Ce compte n'ouvre plus votre dossier.")
    return redirect("compte_acces")
