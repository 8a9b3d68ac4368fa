"""The desk's page of the courses. Under ``site.admin_view`` (``stages.admin``)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from dossier.bureau.acces import ouvrir
from mespoints.lib.bureau import agent_de, page, pouvoir_requis, sans_confirmation
from mespoints.lib.visiteur import LECTURE
from stages.bureau import retards


@require_http_methods(["GET", "HEAD", "POST"])
@sans_confirmation
@pouvoir_requis(LECTURE)
def a_verifier(request: HttpRequest) -> HttpResponse:
    """The courses that miss. No name here: a POST opens a dossier, and its page writes the look in the journal."""
    agent = agent_de(request)
    listes = retards.list_retards(agent, au=localdate())
    if request.method == "POST":
        tous = [*listes.ordonnes, *listes.annonces]
        voulu = next((r for r in tous if str(r.dossier_id) in request.POST and retards.est_ouvrable(agent, r)), None)
        if voulu is None:
            raise PermissionDenied
        ouvrir(request, voulu.dossier_id, retards.pourquoi(voulu))
        return redirect("admin:dossier_dossier_fiche", voulu.dossier_id)
    ordonnes, annonces = ([retards.ligne(agent, r) for r in liste] for liste in listes)
    contexte = {"title": "Stages à vérifier", "ordonnes": ordonnes, "annonces": annonces, "maximum": retards.COMBIEN}
    return page(request, "bureau/stages.html", contexte)
