"""« Mes points »: the solde with its history, what is to come, and who looked at the dossier."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from dossier import presenters, selectors
from mespoints.lib.http import readonly_view
from mespoints.lib.visiteur import avec_dossier, onglet_du_dossier


@require_safe
@readonly_view
@onglet_du_dossier
def historique(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The solde, the état, what to do, and every movement of the last ten years with its story."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    corrections = selectors.list_corrections(dossier_id) if situation.a_des_corrections else []
    contexte = presenters.page_historique(situation, corrections=corrections, page=request.GET.get("page", ""))
    return render(request, "dossier/historique.html", contexte)


@require_safe
@readonly_view
@onglet_du_dossier
def previsionnel(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What comes back, when, why that day, and on which condition."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    return render(request, "dossier/previsionnel.html", presenters.page_previsionnel(situation))


@require_safe
@readonly_view
@avec_dossier
def retrouver(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The way back to a licence, step by step; who has one is sent back to their points."""
    page = presenters.retrouver(selectors.get_situation(dossier_id, au=localdate()))
    if page is None:
        return redirect("dossier:historique")
    return render(request, "dossier/retrouver.html", {"section": "points", "page": page})


@require_safe
@readonly_view
@avec_dossier
def consultations(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Every look of an agent, by service and reason."""
    lignes = presenters.consultations(selectors.list_consultations(dossier_id))
    return render(request, "dossier/consultations.html", {"section": "points", "consultations": lignes})
