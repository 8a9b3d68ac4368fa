"""« Mes points »: the solde with its history, and what is to come."""

from typing import Any

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
    """The solde, the état, what to do, and every movement of the last ten years with its story."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    corrections = selectors.list_corrections(dossier_id) if situation.a_des_corrections else []
    contexte = _haut_de_page(situation, "historique") | {
        "page": presenters.historique(situation, corrections=corrections, page=_numero(request.GET.get("page", ""))),
        "depuis": presenters.debut_historique(situation.replay.au),
        "en_attente": presenters.en_attente(situation),
        "sans_effet": presenters.sans_effet(situation),
        "examens": presenters.examens(situation) if situation.replay.etat == "sans_permis" else [],
        "adresse": presenters.adresse_des_courriers(situation),
    }
    return render(request, "dossier/historique.html", contexte)


@require_safe
@readonly_view
@onglet_du_dossier
def previsionnel(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What comes back, when, why that day, and on which condition."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    contexte = _haut_de_page(situation, "previsionnel") | {"lignes": presenters.prevision(situation)}
    return render(request, "dossier/previsionnel.html", contexte)


def _haut_de_page(situation: selectors.Situation, onglet: str) -> dict[str, Any]:
    """What both pages begin with."""
    return {
        "section": "points",
        "onglet": onglet,
        "solde": presenters.solde(situation),
        "alertes": presenters.alertes(situation),
        "etapes": presenters.etapes(situation),
    }


def _numero(texte: str) -> int:
    """The part of the history that is asked for; anything that is no number is the first."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 6 else 1
