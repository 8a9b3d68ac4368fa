"""The pages where an administrator leads the agents' accounts. Nobody changes their own."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.bureau.agents import presenters
from accounts.bureau.agents.forms import ChangerForm, OuvrirForm, RaisonForm
from accounts.selectors import get_fiche_d_agent
from mespoints.lib.bureau import agent_de, page, pouvoir_requis
from mespoints.lib.http import readonly_view
from mespoints.lib.visiteur import ADMINISTRATION

if TYPE_CHECKING:
    from accounts.models import Agent

FICHE = "admin:accounts_agent_fiche"
OUVERT = (
    "Compte d'agent ouvert. L'agent choisit son mot de passe par «\u00a0Mot de passe oublié\u00a0», sur la page de"
    " connexion, puis ajoute un second moyen de s'identifier."
)
CHANGE = "Compte changé. Ses connexions sont fermées\u00a0: l'agent s'identifie de nouveau."
SUSPENDU = "Compte suspendu. Ses connexions sont fermées."
REPRIS = "Suspension levée."  # whether the account is open, the page says
TERMINE = "Compte terminé. Ses connexions sont fermées, et le journal le nomme toujours."
#: Why it is not done, and the field that it is about.
REFUS: dict[type[Exception], tuple[str | None, str]] = {
    services.SonPropreCompte: (None, "C'est votre propre compte\u00a0: un autre administrateur peut le changer."),
    services.AgentInconnu: (None, "Cet agent n'est plus en fonction\u00a0: rien n'a changé."),
    services.CompteDeConducteur: (
        "email",
        "Ce compte ouvre un dossier\u00a0: un agent qui conduit a un autre compte, à une autre adresse.",
    ),
    services.CompteFerme: ("email", "Ce compte a été fermé, et le reste\u00a0: donnez une autre adresse."),
    services.PersonneDejaAgent: (
        "neph",
        "Cette personne est un autre agent en fonction\u00a0: terminez d'abord cet autre compte.",
    ),
}


def _tenter(form: RaisonForm, acte: Callable[[], Any]) -> Any:
    """Do it, or say on the form why not."""
    try:
        return acte()
    except tuple(REFUS) as refus:
        champ, dit = REFUS[type(refus)]
        form.add_error(champ if champ in form.fields else None, dit)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(ADMINISTRATION)
def ouvrir(request: HttpRequest) -> HttpResponse:
    """A new agent, or one whose work was over."""
    form = OuvrirForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, inconnu = form.cleaned_data["email"], make_password(get_random_string(40))  # for « oublié »
        agent = _tenter(
            form,
            lambda: services.put_agent(email=email, mot_de_passe=inconnu, par=agent_de(request), **form.valeurs()),
        )
        if agent:
            messages.success(request, OUVERT)
            return redirect(FICHE, agent.pk)
    contexte = {"title": "Ouvrir un compte d'agent", "form": form}
    return page(request, "bureau/agents/ouvrir.html", contexte, status=422 if form.errors else 200)


@require_safe
@readonly_view
@pouvoir_requis(ADMINISTRATION)
def fiche(request: HttpRequest, agent_id: int) -> HttpResponse:
    """One agent: what they may do, and what may be done."""
    return _fiche(request, _chercher(agent_id))


def _chercher(agent_id: int) -> "Agent":
    agent = get_fiche_d_agent(agent_id) if agent_id < 2**63 else None
    if agent is None:
        raise Http404
    return agent


def _fiche(request: HttpRequest, agent: "Agent", acte: str = "", faute: RaisonForm | None = None) -> HttpResponse:
    """The page, with the form that was refused as it was sent."""
    formulaires: dict[str, RaisonForm] = {nom: RaisonForm(auto_id=f"{nom}_%s") for nom in presenters.BOUTONS}
    formulaires["changer"] = ChangerForm(initial=presenters.actuel(agent), auto_id="changer_%s")
    if faute is not None:
        formulaires[acte] = faute
    contexte = {
        "title": f"Agent n° {agent.pk}",
        "fiche": agent,
        "le_sien": agent.pk == agent_de(request).numero,
        "faute": faute,
        "changer": formulaires["changer"],
        "boutons": presenters.boutons(agent, formulaires),
    }
    return page(request, "bureau/agents/fiche.html", contexte, status=200 if faute is None else 422)


def _agir(
    request: HttpRequest, agent_id: int, acte: str, form: RaisonForm, service: Callable[..., Any], fait: str
) -> HttpResponse:
    """Do it as this administrator, for the reason given; or show the page again, with what is wrong."""
    agent = _chercher(agent_id)
    email = agent.user.email or ""
    if form.is_valid() and _tenter(form, lambda: service(email=email, par=agent_de(request), **form.valeurs())):
        messages.success(request, fait)
        return redirect(FICHE, agent_id)
    return _fiche(request, agent, acte, form)


@require_POST
@pouvoir_requis(ADMINISTRATION)
def changer(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Another role, another département, their own dossier; or one whose work was over begins again."""
    form = ChangerForm(request.POST, auto_id="changer_%s")
    garder = partial(services.put_agent, mot_de_passe="!")  # an account that is there keeps its own
    return _agir(request, agent_id, "changer", form, garder, CHANGE)


@require_POST
@pouvoir_requis(ADMINISTRATION)
def suspendre(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Until somebody resumes the account."""
    form = RaisonForm(request.POST, auto_id="suspendre_%s")
    return _agir(request, agent_id, "suspendre", form, services.suspend_agent, SUSPENDU)


@require_POST
@pouvoir_requis(ADMINISTRATION)
def reprendre(request: HttpRequest, agent_id: int) -> HttpResponse:
    """After a suspension."""
    form = RaisonForm(request.POST, auto_id="reprendre_%s")
    return _agir(request, agent_id, "reprendre", form, services.resume_agent, REPRIS)


@require_POST
@pouvoir_requis(ADMINISTRATION)
def terminer(request: HttpRequest, agent_id: int) -> HttpResponse:
    """For good: the row stays, which the journal names."""
    form = RaisonForm(request.POST, auto_id="terminer_%s")
    return _agir(request, agent_id, "terminer", form, services.end_agent, TERMINE)
