"""« Mes points »: the solde with its history, and what is to come."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from dossier import presenters, selectors
from mespoints.lib.http import readonly_view
from mespoints.lib.session import onglet_du_dossier


@require_safe
@readonly_view
@onglet_du_dossier
def historique(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The solde, the état, and every movement of the last ten years with its story."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    contexte = {
        "section": "points",
        "onglet": "historique",
        "solde": presenters.solde(situation),
        "lignes": presenters.historique(situation),
        "depuis": presenters.debut_historique(situation.replay.au),
        "en_attente": presenters.en_attente(situation),
        "corrections": presenters.corrections(
            selectors.list_corrections(dossier_id) if situation.a_des_corrections else []
        ),
    }
    return render(request, "dossier/historique.html", contexte)


@require_safe
@readonly_view
@onglet_du_dossier
def previsionnel(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What comes back, when, and on which condition."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    contexte = {
        "section": "points",
        "onglet": "previsionnel",
        "solde": presenters.solde(situation),
        "lignes": presenters.prevision(situation),
    }
    return render(request, "dossier/previsionnel.html", contexte)
