"""Recording facts, the effect shown first; and approving, as a second agent, what another one entered."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from dossier import selectors
from dossier.bureau import acces, decisions, presenters
from dossier.bureau.actes import ACTES
from dossier.bureau.actes.formulaire import ActeForm
from dossier.feed import LigneRefusee
from dossier.journal import Acte
from mespoints.lib.bureau import agent_de, page, pouvoir_requis
from mespoints.lib.http import readonly_view
from mespoints.lib.visiteur import INSTRUCTION

if TYPE_CHECKING:
    from dossier.models import Decision

SOUMIS = "Enregistrement soumis à un second agent. Rien n'a changé pour l'instant."
ENREGISTRE = "Enregistré. Ce fait ne change ni les points ni le droit de conduire\u00a0: il n'attend personne."
CHANGE = "Le dossier a changé depuis\u00a0: voici l'effet d'aujourd'hui. Relisez-le avant de continuer."
DEJA = "Un autre agent a déjà tranché cette décision."


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(INSTRUCTION)
@acces.dossier_ouvert(Acte.CONSULTATION)
def saisir(request: HttpRequest, dossier_id: int, acte: str) -> HttpResponse:
    """A form, then its effect, then the recording: what was typed stays in every case."""
    if acte not in ACTES:
        raise Http404
    situation = selectors.get_situation(dossier_id, au=localdate())
    form = ACTES[acte](request.POST or None, situation=situation, au=localdate())
    effet, faits = None, []
    if request.method == "POST" and form.is_valid():
        try:
            faits = form.faits()
            effet = decisions.prevoir(dossier_id, faits, au=localdate())
            if request.POST.get("vu"):
                return _enregistrer(request, dossier_id, acte, form)
        except LigneRefusee as refus:
            form.add_error(None, decisions.raison(refus))
        except decisions.EffetChange as autre:
            messages.warning(request, CHANGE)
            effet = autre.effet
    contexte = {"title": form.titre, "form": form, "effet": presenters.effet_en_mots(effet) if effet else None}
    contexte["notification"] = presenters.notification(faits, situation)
    return page(request, "bureau/saisir.html", contexte | {"dossier_id": dossier_id, "identite": situation.dossier})


def _enregistrer(request: HttpRequest, dossier_id: int, acte: str, form: ActeForm) -> HttpResponse:
    saisie = form.cleaned_data
    decision = decisions.proposer(
        agent_de(request),
        dossier_id=dossier_id,
        acte=acte,
        faits=form.faits(),
        piece=saisie["piece"],
        cle=saisie["cle"],
        vu=request.POST["vu"],
        au=localdate(),
    )
    messages.success(request, SOUMIS if decision else ENREGISTRE)
    return redirect("admin:dossier_dossier_fiche", dossier_id)


@require_safe
@readonly_view
@pouvoir_requis(INSTRUCTION)
def a_valider(request: HttpRequest) -> HttpResponse:
    """What waits in this département, the oldest first, or what was put aside of one's own: no driver's name here."""
    agent = agent_de(request)
    ecartes = "ecartes" in request.GET
    lues = decisions.ecartees(agent) if ecartes else decisions.a_valider(agent)
    lignes = [presenters.ligne_de_decision(decision) for decision in lues[:50]]
    titre = "Vos enregistrements écartés" if ecartes else "À valider"
    return page(request, "bureau/a_valider.html", {"title": titre, "lignes": lignes})


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(INSTRUCTION)
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """What another agent entered: read, then approved or put aside. Opening it is a look at the dossier."""
    visee = decisions.get(decision_id)
    if visee is None:
        raise Http404
    acces.verifier(request, visee.dossier_id, decisions.pourquoi(visee), acte=Acte.CONSULTATION)
    if request.method == "POST" and (reponse := _trancher(request, visee)):
        return reponse
    situation = selectors.get_situation(visee.dossier_id, au=localdate())
    effet, empechement = decisions.effet_du_jour(visee, au=localdate())
    contexte = presenters.decision_a_trancher(visee, situation, effet, agent_de(request), empechement)
    return page(request, "bureau/decision.html", contexte)


def _trancher(request: HttpRequest, visee: "Decision") -> HttpResponse | None:
    """Do what the button says; None when the page must be read again, with the reason as a message."""
    try:
        fait = _ecarter(request, visee) if "ecarter" in request.POST else _valider(request, visee)
    except decisions.EffetChange:
        messages.warning(request, CHANGE)
        return None
    except LigneRefusee as refus:
        messages.error(request, decisions.raison(refus))
        return None
    except decisions.DejaTranchee:
        messages.warning(request, DEJA)
        fait = True
    return redirect("admin:dossier_decision_changelist") if fait else None


def _valider(request: HttpRequest, visee: "Decision") -> bool:
    vu, accepte = request.POST.get("vu", ""), bool(request.POST.get("change"))
    decisions.valider(agent_de(request), visee.pk, vu=vu, change_accepte=accepte, au=localdate())
    messages.success(request, "Validé et enregistré\u00a0: le conducteur voit déjà son nouveau solde.")
    return True


def _ecarter(request: HttpRequest, visee: "Decision") -> bool:
    raison = request.POST.get("raison", "").strip()[:300]
    if not raison:
        messages.error(request, "Dites pourquoi vous écartez cet enregistrement\u00a0: son auteur le lira.")
        return False
    decisions.ecarter(agent_de(request), visee.pk, refus=raison)
    messages.success(request, "Écarté\u00a0: rien n'a été enregistré, et l'auteur lira votre raison.")
    return True
