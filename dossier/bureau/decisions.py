"""Recording at the desk: at once what changes no points, through a second agent what does. The only writer."""

import uuid
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.utils.timezone import now

from dossier import livre
from dossier.bureau.effet import Effet, calculer, change_le_dossier, empreinte
from dossier.bureau.ouvrables import exiger_ouvrable, ouvrable
from dossier.fabrique import FaitDit
from dossier.feed import LigneRefusee
from dossier.journal import Acte, Motif, Pourquoi, Trace, noter
from dossier.models import Decision
from dossier.services import record_faits, rejoue_en_cas_de_conflit
from mespoints.lib.visiteur import INSTRUCTION, VALIDATION, Agent

#: How far back an agent's own decisions are counted.
RECENTES = timedelta(days=90)


class EffetChange(Exception):
    """The effect is not the one that was shown: the dossier has changed since. ``effet`` is the present one."""

    def __init__(self, effet: Effet) -> None:
        super().__init__()
        self.effet = effet


class DejaTranchee(Exception):
    """Somebody has settled this decision already."""


def prevoir(dossier_id: int, faits: list[FaitDit], *, au: date) -> Effet:
    """What recording these facts would change. Raises ``LigneRefusee``."""
    return calculer(livre.consulter(dossier_id), faits, au)


@rejoue_en_cas_de_conflit
def proposer(
    agent: Agent,
    *,
    dossier_id: int,
    acte: str,
    faits: list[FaitDit],
    piece: str,
    cle: uuid.UUID,
    vu: str,
    au: date,
) -> Decision | None:
    """Record facts, or keep them for a second agent; None when they are recorded. The same ``cle`` does it once.

    ``vu`` is the print of the effect that the agent was shown. Raises ``EffetChange``, ``LigneRefusee``.
    """
    if not agent.peut(INSTRUCTION) or agent.departement is None:
        raise PermissionDenied
    exiger_ouvrable(agent, dossier_id, Pourquoi(Motif.ENREGISTREMENT, piece))
    (tenu,) = livre.lire([dossier_id])  # locked until the end: what is compared is what is recorded
    if deja := Decision.objects.filter(cle=cle, dossier_id=dossier_id).first():
        return deja
    effet = calculer(tenu, faits, au)
    if empreinte(effet) != vu:
        raise EffetChange(effet)
    if not change_le_dossier(effet):
        if record_faits(dossier_id=dossier_id, faits=faits, au=au):
            fait = Pourquoi(Motif.ENREGISTREMENT, f"{acte} : {piece}")
            noter(agent, Trace(Acte.ENREGISTREMENT, dossier_id, fait))
        return None
    decision = Decision.objects.create(
        cle=cle,
        dossier_id=dossier_id,
        departement=agent.departement,
        acte=acte,
        faits=faits,
        effet=effet,
        piece=piece,
        auteur=agent.numero,
        auteur_personne=agent.dossier_id,
    )
    propose = Pourquoi(Motif.ENREGISTREMENT, f"décision n° {decision.pk}, {piece}")
    noter(agent, Trace(Acte.PROPOSITION, dossier_id, propose))
    return decision


@rejoue_en_cas_de_conflit
def valider(agent: Agent, decision_id: int, *, vu: str, change_accepte: bool, au: date) -> Decision:
    """Record what another agent proposed. Once: the row is locked, and says who did.

    ``vu`` is the print of the effect that this agent was shown; where it is not the one that the author saw, the
    dossier has changed since, and ``change_accepte`` says that this agent knows. Raises ``EffetChange``,
    ``DejaTranchee``, ``LigneRefusee``, ``PermissionDenied``.
    """
    decision = _a_trancher(agent, decision_id)
    (tenu,) = livre.lire([decision.dossier_id])
    effet = calculer(tenu, decision.faits, au)
    if empreinte(effet) != vu or (effet != decision.effet and not change_accepte):
        raise EffetChange(effet)
    faits = [fait | {"enregistre_le": au.isoformat()} for fait in decision.faits]  # known from today, not since then
    record_faits(dossier_id=decision.dossier_id, faits=faits, au=au)
    decision.effet_tranche = effet
    return _trancher(agent, decision, Decision.Statut.VALIDEE, Acte.VALIDATION)


@rejoue_en_cas_de_conflit
def ecarter(agent: Agent, decision_id: int, *, refus: str) -> Decision:
    """Refuse what another agent proposed, and say why. Nothing is recorded. Raises ``DejaTranchee``."""
    decision = _a_trancher(agent, decision_id)
    decision.refus = refus
    return _trancher(agent, decision, Decision.Statut.ECARTEE, Acte.REJET)


def _a_trancher(agent: Agent, decision_id: int) -> Decision:
    """The decision, locked, if this agent may settle it."""
    decision = Decision.objects.select_for_update().get(pk=decision_id)
    exiger_ouvrable(agent, decision.dossier_id, pourquoi(decision))
    if decision.statut != Decision.Statut.ATTENTE:
        raise DejaTranchee
    if not peut_trancher(agent, decision):
        raise PermissionDenied
    return decision


def peut_trancher(agent: Agent, decision: Decision) -> bool:
    """Another agent than the author, and another person, who validates."""
    return agent.peut(VALIDATION) and not decision.est_de(agent)


def _trancher(agent: Agent, decision: Decision, statut: str, acte: str) -> Decision:
    decision.statut, decision.second, decision.tranchee_at = statut, agent.numero, now()
    decision.second_personne = agent.dossier_id
    decision.save()
    noter(agent, Trace(acte, decision.dossier_id, pourquoi(decision)))
    return decision


def pourquoi(decision: Decision) -> Pourquoi:
    """For which reason its dossier is opened to settle it."""
    return Pourquoi(Motif.DECISION, f"décision n° {decision.pk}")


def a_valider(agent: Agent) -> QuerySet[Decision]:
    """What waits on the dossiers that this agent may open, the oldest first: a driver who has moved takes it along."""
    attente = Decision.objects.filter(statut=Decision.Statut.ATTENTE)
    return attente.filter(ouvrable(agent, "dossier__departement", "dossier")).order_by("proposee_at")


def ecartees(agent: Agent) -> QuerySet[Decision]:
    """What a second agent refused of this one's, the newest first."""
    return Decision.objects.filter(auteur=agent.numero, statut=Decision.Statut.ECARTEE).order_by("-proposee_at")


def du_dossier(dossier_id: int) -> list[Decision]:
    """What waits on a dossier, whoever proposed it."""
    attente = Decision.objects.filter(dossier_id=dossier_id, statut=Decision.Statut.ATTENTE)
    return list(attente.order_by("proposee_at"))


def get(decision_id: int) -> Decision | None:
    return Decision.objects.filter(pk=decision_id).first()


def effet_du_jour(decision: Decision, *, au: date) -> tuple[Effet, str]:
    """What a decision would change today, and why it can no longer be recorded, in French, where it cannot.

    Once settled, what the second agent saw, or the author.
    """
    vu: Effet = decision.effet_tranche or decision.effet
    if decision.statut != Decision.Statut.ATTENTE:
        return vu, ""
    try:
        return prevoir(decision.dossier_id, decision.faits, au=au), ""
    except LigneRefusee as refus:  # the dossier has changed meanwhile
        return vu, raison(refus)


def raison(refus: LigneRefusee) -> str:
    """The feed's reason as a sentence, without the place in a feed: ``faits[1].date_fin : …``."""
    tete, _, suite = refus.raison.partition(" : ")
    dite = suite if tete.startswith("faits") and suite else refus.raison
    return f"{dite[:1].upper()}{dite[1:]}."


def compter(agent: Agent) -> tuple[int, datetime | None]:
    """How many decisions of the others wait for this agent, and since when the oldest does."""
    attente = a_valider(agent).exclude(auteur=agent.numero).aggregate(combien=Count("pk"), depuis=Min("proposee_at"))
    return attente["combien"], attente["depuis"]


def les_siennes(agent: Agent) -> tuple[int, int]:
    """How many of this agent's own wait, and how many were put aside within a week."""
    siennes = Decision.objects.filter(auteur=agent.numero, proposee_at__gt=now() - RECENTES)
    ecartees = Q(statut=Decision.Statut.ECARTEE, tranchee_at__gt=now() - timedelta(days=7))
    combien = siennes.aggregate(attente=Count("pk", filter=Q(statut="attente")), ecartees=Count("pk", filter=ecartees))
    return combien["attente"], combien["ecartees"]
