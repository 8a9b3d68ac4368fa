"""Opening a dossier, reading it, seeing it as its driver does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from dossier import presenters, selectors
from dossier.bureau import acces, decisions, recherche
from dossier.bureau import presenters as bureau
from dossier.bureau.forms import RechercheForm
from dossier.journal import Acte, Pourquoi
from mespoints.lib.bureau import agent_de, page, pouvoir_requis, sans_confirmation
from mespoints.lib.http import readonly_view, trop_d_essais
from mespoints.lib.visiteur import LECTURE

OUVRIR = "Ouvrir un dossier"


@require_http_methods(["GET", "HEAD", "POST"])
@sans_confirmation
@pouvoir_requis(LECTURE)
def rechercher(request: HttpRequest) -> HttpResponse:
    """One dossier, by its number or a whole identity, with a reason. What was typed stays when it finds nothing."""
    form = RechercheForm(request.POST or None)
    statut = 200
    if request.method == "POST" and form.is_valid():
        saisie = form.cleaned_data
        pourquoi = Pourquoi(saisie.pop("motif"), saisie.pop("precision"))
        try:
            trouve = recherche.rechercher(agent_de(request), saisie, pourquoi)
            acces.ouvrir(request, trouve, pourquoi)
            return redirect("admin:dossier_dossier_fiche", trouve)
        except recherche.TropDeRecherches as refus:
            return trop_d_essais(request, refus.attente)
        except recherche.RechercheVaine as refus:
            form.add_error(None, refus.raison)
            statut = 403 if refus.refus else 200
    return page(request, "bureau/rechercher.html", {"title": OUVRIR, "form": form}, status=statut)


@require_safe
@readonly_view
@pouvoir_requis(LECTURE)
@acces.dossier_ouvert(Acte.CONSULTATION)
def fiche(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Who, which licence, how many points, every movement and every fact, and what may be recorded."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    return page(
        request, "bureau/fiche.html", bureau.fiche(situation, agent_de(request), decisions.du_dossier(dossier_id))
    )


@require_safe
@readonly_view
@pouvoir_requis(LECTURE)
@acces.dossier_ouvert(Acte.VUE)
def conducteur_historique(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """What the driver sees, in a frame that posts nothing: an agent on the telephone reads the same words."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    corrections = selectors.list_corrections(dossier_id) if situation.a_des_corrections else []
    contexte = presenters.page_historique(situation, corrections=corrections, page=request.GET.get("page", ""))
    return render(request, "dossier/historique.html", contexte | bureau.cadre_du_conducteur(situation))


@require_safe
@readonly_view
@pouvoir_requis(LECTURE)
@acces.dossier_ouvert(Acte.VUE)
def conducteur_previsionnel(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The same for what is to come."""
    situation = selectors.get_situation(dossier_id, au=localdate())
    contexte = presenters.page_previsionnel(situation) | bureau.cadre_du_conducteur(situation)
    return render(request, "dossier/previsionnel.html", contexte)
