"""Looking after a signalement: taking it, answering it, closing it. Each act holds the row and is in the journal."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from accounts.bureau.acces import noter_acte, visibles
from accounts.models import MessageSignalement, Signalement
from accounts.signalements.services import annoncer_reponse
from dossier.models import Journal
from mespoints.lib.visiteur import Agent

Statut = Signalement.Statut
PAS_A_VOUS = "Prenez d'abord ce signalement en charge."
DEJA_CLOS = "Ce signalement est clos : seul son conducteur peut le rouvrir, en y répondant."
DEJA_PRIS = "Un autre agent vient de prendre ou de rendre ce signalement."
PAS_REPONDU = "Un signalement se clôt après une réponse."
ECRIT_ENTRE_TEMPS = "Le conducteur a écrit entre-temps : relisez l'échange avant d'envoyer votre réponse."


class Refus(Exception):
    """The act is refused. ``raison`` is French."""

    def __init__(self, raison: str) -> None:
        super().__init__(raison)
        self.raison = raison


def _tenir(agent: Agent, signalement: Signalement) -> Signalement:
    """The row as it is now, if it still is this agent's to read, held until the end of the transaction."""
    tenu = visibles(agent).select_for_update(of=("self",)).filter(pk=signalement.pk).first()
    if tenu is None:
        raise PermissionDenied
    return tenu


@transaction.atomic
def prendre(agent: Agent, signalement: Signalement, *, tenu_par: str) -> None:
    """« Je m'en charge », from nobody or from the agent whom the page named (``tenu_par``). Raises ``Refus``."""
    tenu = _tenir(agent, signalement)
    if str(tenu.agent_id or "") != tenu_par:
        raise Refus(DEJA_PRIS)
    if tenu.statut == Statut.CLOS:
        raise Refus(DEJA_CLOS)
    tenu.agent_id = agent.numero
    if tenu.statut == Statut.RECU:
        tenu.statut = Statut.EN_COURS
    tenu.save(update_fields=["agent", "statut", "updated_at"])
    noter_acte(agent, tenu, Journal.Acte.TRAITEMENT, "pris en charge")


@transaction.atomic
def rendre(agent: Agent, signalement: Signalement) -> None:
    """Give it back to the queue. Raises ``Refus``."""
    tenu = _a_moi(agent, signalement)
    if tenu.statut != Statut.EN_COURS:
        raise Refus("Seul un signalement en cours se remet dans la file.")
    tenu.agent_id, tenu.statut = None, Statut.RECU
    tenu.save(update_fields=["agent", "statut", "updated_at"])
    noter_acte(agent, tenu, Journal.Acte.TRAITEMENT, "remis dans la file")


@transaction.atomic
def repondre(agent: Agent, signalement: Signalement, *, texte: str, cle: uuid.UUID, vu: int) -> None:
    """Answer the driver; ``vu`` is the last message that the agent read. Sent twice is once. Raises ``Refus``."""
    tenu = _a_moi(agent, signalement)
    if MessageSignalement.objects.filter(cle=cle).exists():
        return
    if tenu.statut == Statut.CLOS:
        raise Refus(DEJA_CLOS)
    if tenu.messages.filter(agent=None, pk__gt=vu).exists():
        raise Refus(ECRIT_ENTRE_TEMPS)
    message = MessageSignalement.objects.create(signalement=tenu, agent_id=tenu.agent_id, texte=texte, cle=cle)
    tenu.statut, tenu.repondu_at = Statut.REPONDU, now()
    tenu.save(update_fields=["statut", "repondu_at", "updated_at"])
    noter_acte(agent, tenu, Journal.Acte.TRAITEMENT, "réponse")
    annoncer_reponse(message)


@transaction.atomic
def clore(agent: Agent, signalement: Signalement) -> None:
    """Close what was answered. Raises ``Refus``."""
    tenu = _a_moi(agent, signalement)
    if tenu.statut != Statut.REPONDU:
        raise Refus(PAS_REPONDU)
    tenu.statut = Statut.CLOS
    tenu.save(update_fields=["statut", "updated_at"])
    noter_acte(agent, tenu, Journal.Acte.TRAITEMENT, "clos")


def _a_moi(agent: Agent, signalement: Signalement) -> Signalement:
    tenu = _tenir(agent, signalement)
    if tenu.agent_id != agent.numero:
        raise Refus(PAS_A_VOUS)
    return tenu
