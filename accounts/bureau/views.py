"""The desk's pages about the signalements. Each is under ``site.admin_view`` (``accounts.admin``)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.bureau import acces, echange, presenters, propositions
from accounts.bureau.candidats import Candidat, rapprocher, traces
from accounts.bureau.forms import ComparerForm, PropositionForm, ReponseForm, VerdictForm
from dossier.bureau import acces as dossiers
from dossier.bureau import recherche
from mespoints.lib.bureau import agent_de, page, pouvoir_requis, sans_confirmation
from mespoints.lib.http import readonly_view, trop_d_essais
from mespoints.lib.visiteur import INSTRUCTION, VALIDATION

if TYPE_CHECKING:
    from accounts.models import Signalement

FICHE = "admin:accounts_signalement_fiche"


@require_safe
@readonly_view
@pouvoir_requis(INSTRUCTION)
def file(request: HttpRequest) -> HttpResponse:
    """The queue of this agent's département, oldest first."""
    agent = agent_de(request)
    etat = request.GET.get("etat", "")
    etat = etat if etat in acces.ETATS else "ouverts"
    genre = request.GET.get("genre", "")
    lignes = Paginator(acces.list_file(agent, statuts=acces.ETATS[etat][1], genre=genre), 50).get_page(
        request.GET.get("page")
    )
    contexte = {
        "title": "Signalements",
        "lignes": presenters.file(lignes, agent),
        "pages": lignes,
        "etat": etat,
        "genre": genre if genre in acces.GENRES else "",
        "etats": [(cle, libelle) for cle, (libelle, _) in acces.ETATS.items()],
        "genres": [("", "Tous"), *((cle, libelle) for cle, (libelle, _) in acces.GENRES.items())],
    }
    return page(request, "bureau/signalements/file.html", contexte)


@require_safe
@readonly_view
@pouvoir_requis(INSTRUCTION)
def fiche(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """One signalement: what the driver wrote, what we know, the exchange, what may be proposed."""
    return _fiche(request, acces.verifier(agent_de(request), signalement_id))


def _candidats(request: HttpRequest, signalement: "Signalement") -> list[Candidat]:
    """The dossiers to compare: one of them may be that which this session opened for this signalement."""
    ouvert = dossiers.get_acces(request)
    compare = ouvert.dossier_id if ouvert and ouvert.pourquoi == acces.pourquoi(signalement) else None
    return rapprocher(agent_de(request), signalement, compare=compare)


def _fiche(request: HttpRequest, signalement: "Signalement", faute: Form | None = None) -> HttpResponse:
    """The page, with the form that was refused as it was sent; the look is in the journal, dossier by dossier."""
    agent = agent_de(request)
    candidats = _candidats(request, signalement)
    lus = list(signalement.messages.all())
    proposees = propositions.list_propositions(signalement)
    formulaires: dict[str, Any] = {
        "reponse": ReponseForm(),
        "proposition": PropositionForm(possibles=propositions.list_choix(signalement, candidats)),
        "comparer": ComparerForm(),
        "verdict": VerdictForm(),
    }
    if faute is not None:
        formulaires[str(faute.prefix)] = faute
    contexte = presenters.fiche(signalement, agent) | {
        "candidats": presenters.candidats(candidats, signalement),
        "echange": presenters.echange(lus, agent),
        "vu": lus[-1].pk if lus else 0,
        "propositions": presenters.propositions(proposees, agent),
        "attend": any(p.statut == p.Statut.ATTENTE for p in proposees),
        "faute": faute,
        **formulaires,
    }
    request.consultation = traces(signalement, candidats)  # type: ignore[attr-defined]
    return page(request, "bureau/signalements/fiche.html", contexte, status=200 if faute is None else 422)


def _agir(request: HttpRequest, signalement_id: int, acte: Callable[["Signalement"], None], fait: str) -> HttpResponse:
    """Do it, and say that it is done or why it is not."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    try:
        acte(signalement)
    except echange.Refus as refus:
        messages.error(request, refus.raison)
    else:
        messages.success(request, fait)
    return redirect(FICHE, signalement_id)


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def prendre(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """« Je m'en charge »."""
    tenu_par = request.POST.get("tenu_par", "")
    return _agir(
        request,
        signalement_id,
        lambda s: echange.prendre(agent_de(request), s, tenu_par=tenu_par),
        "Ce signalement est à vous.",
    )


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def rendre(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """Back to the queue."""
    return _agir(
        request, signalement_id, lambda s: echange.rendre(agent_de(request), s), "Ce signalement est dans la file."
    )


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def clore(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """After an answer."""
    return _agir(request, signalement_id, lambda s: echange.clore(agent_de(request), s), "Ce signalement est clos.")


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def repondre(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """An answer to the driver; refused, it stays in its field."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    form = ReponseForm(request.POST)
    if form.is_valid():
        try:
            echange.repondre(agent_de(request), signalement, **form.cleaned_data)
        except echange.Refus as refus:
            form.add_error(None, refus.raison)
        else:
            messages.success(request, "Votre réponse est envoyée : le conducteur la lit sur le site.")
            return redirect(FICHE, signalement_id)
    return _fiche(request, signalement, form)


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def comparer(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """Another dossier beside the others: a search of the desk, counted and journaled as one."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    form = ComparerForm(request.POST)
    if form.is_valid():
        pourquoi = acces.pourquoi(signalement)
        try:
            trouve = recherche.rechercher(agent_de(request), form.cleaned_data, pourquoi)
            dossiers.ouvrir(request, trouve, pourquoi)
            return redirect(FICHE, signalement_id)
        except recherche.TropDeRecherches as refus:
            return trop_d_essais(request, refus.attente)
        except recherche.RechercheVaine as refus:
            form.add_error("neph", refus.raison)
    return _fiche(request, signalement, form)


@require_POST
@sans_confirmation
@pouvoir_requis(INSTRUCTION)
def ouvrir(request: HttpRequest, signalement_id: int, dossier_id: int) -> HttpResponse:
    """One of the dossiers shown, whole, for this signalement."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    if dossier_id not in {c.dossier_id for c in _candidats(request, signalement) if not c.refus}:
        raise Http404
    dossiers.ouvrir(request, dossier_id, acces.pourquoi(signalement))
    return redirect("admin:dossier_dossier_fiche", dossier_id)


@require_POST
@pouvoir_requis(INSTRUCTION)
def proposer(request: HttpRequest, signalement_id: int) -> HttpResponse:
    """A tie to make or to take away, for a second agent to decide."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    form = PropositionForm(
        request.POST, possibles=propositions.list_choix(signalement, _candidats(request, signalement))
    )
    if form.is_valid():
        try:
            propositions.proposer(agent_de(request), signalement, form.choisi(), raisons=form.cleaned_data["raisons"])
        except echange.Refus as refus:
            form.add_error(None, refus.raison)
        else:
            messages.success(request, "Votre proposition attend un second agent.")
            return redirect(FICHE, signalement_id)
    return _fiche(request, signalement, form)


@require_POST
@pouvoir_requis(VALIDATION)
def trancher(request: HttpRequest, signalement_id: int, proposition_id: int) -> HttpResponse:
    """Validate or put aside what another agent proposed."""
    signalement = acces.verifier(agent_de(request), signalement_id)
    form = VerdictForm(request.POST)
    if form.is_valid():
        refus = form.cleaned_data["refus"] if form.cleaned_data["verdict"] == "ecarter" else ""
        try:
            propositions.trancher(agent_de(request), signalement, proposition_id, refus=refus)
        except echange.Refus as raison:
            form.add_error(None, raison.raison)
        else:
            messages.success(request, "Proposition écartée." if refus else "Proposition validée : c'est fait.")
            return redirect(FICHE, signalement_id)
    return _fiche(request, signalement, form)
