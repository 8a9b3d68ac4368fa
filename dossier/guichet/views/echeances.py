"""What the calendar makes due: a list of numbers, each opened for the reason that the list gives."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from dossier.guichet import echeances
from mespoints.lib.bureau import agent_de, page, pouvoir_requis, sans_confirmation
from mespoints.lib.session import LECTURE


@require_http_methods(["GET", "HEAD", "POST"])
@sans_confirmation
@pouvoir_requis(LECTURE)
def stages_attendus(request: HttpRequest) -> HttpResponse:
    """The 48N without their course. No name here: a POST opens one, and its page writes the look in the journal."""
    attendus = echeances.stages_attendus(agent_de(request).departement, au=localdate())
    if request.method == "POST":
        voulu = next((attendu for attendu in attendus if str(attendu.dossier_id) in request.POST), None)
        if voulu is None:
            raise PermissionDenied
        echeances.ouvrir_le_dossier(request, voulu)
        return redirect("admin:dossier_dossier_fiche", voulu.dossier_id)
    contexte = {"title": "Stages obligatoires attendus", "attendus": attendus}
    return page(request, "guichet/stages_attendus.html", contexte)
