"""Which signalements an agent may read, and the trace that each act leaves."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.models import PropositionLien, Signalement
from dossier.bureau.ouvrables import DossierFerme, ouvrable, raison_du_refus
from dossier.journal import Motif, Pourquoi, Trace, noter
from mespoints.lib.visiteur import Agent

OUVERTS = (Signalement.Statut.RECU, Signalement.Statut.EN_COURS)
#: The three lists of the queue, by the word of their address.
ETATS = {
    "ouverts": ("À traiter", OUVERTS),
    "repondus": ("Réponse donnée", (Signalement.Statut.REPONDU,)),
    "clos": ("Clos", (Signalement.Statut.CLOS,)),
}
#: The kinds of the queue, and the motifs of each: an agent's words for what drivers tell in theirs.
GENRES: dict[str, tuple[str, tuple[str, ...]]] = {
    "introuvable": ("Dossier introuvable", (Signalement.Motif.INCONNU, Signalement.Motif.INTROUVE)),
    "inexactes": ("Données inexactes", (Signalement.Motif.DISCORDANT, Signalement.Motif.DONNEES)),
    "homonymes": ("Homonymes", (Signalement.Motif.PAS_MOI, Signalement.Motif.AUTRE_PERSONNE)),
    "stage": ("Stage non compté", (Signalement.Motif.STAGE,)),
    "suspect": ("Compte suspect", (Signalement.Motif.SUSPECT,)),
}


def visibles(agent: Agent) -> QuerySet[Signalement]:
    """Those of the agent's département, and those that belong to nobody's; never one about the agent's own dossier."""
    return Signalement.objects.filter(montrable(agent))


def montrable(agent: Agent) -> Q:
    """« About no dossier, or about one that this agent may open »."""
    return Q(dossier=None) | ouvrable(agent, "dossier__departement", "dossier")


def list_file(agent: Agent, *, statuts: tuple[str, ...], genre: str) -> QuerySet[Signalement]:
    """The queue, oldest first, without what was written: a row of it says nothing of anybody."""
    attendent = Count("propositions", filter=Q(propositions__statut=PropositionLien.Statut.ATTENTE))
    lignes = visibles(agent).filter(statut__in=statuts).annotate(liens=attendent)
    if genre in GENRES:
        lignes = lignes.filter(motif__in=GENRES[genre][1])
    return lignes.only("pk", "reference", "motif", "statut", "created_at", "agent_id").order_by("created_at", "pk")


def verifier(agent: Agent, signalement_id: int) -> Signalement:
    """The signalement, if this agent may read it. Raises ``Http404`` and ``DossierFerme``."""
    signalement = Signalement.objects.select_related("dossier", "user").filter(pk=signalement_id).first()
    if signalement is None:
        raise Http404
    vise = signalement.dossier
    if vise and raison_du_refus(agent, vise.pk, vise.departement):
        raise DossierFerme(vise.pk, pourquoi(signalement))
    return signalement


def pourquoi(signalement: Signalement, quoi: str = "") -> Pourquoi:
    """The reason for which a dossier is looked at, this signalement; or for which something was done, ``quoi``."""
    return Pourquoi(Motif.SIGNALEMENT, f"{signalement.reference} : {quoi}" if quoi else signalement.reference)


def noter_acte(agent: Agent, signalement: Signalement, acte: str, quoi: str, *, dossier_id: int | None = None) -> None:
    """Write an act in the journal, in its transaction: ``quoi`` follows the reference; of the signalement's dossier,
    unless another is given."""
    noter(agent, Trace(acte, dossier_id or signalement.dossier_id, pourquoi(signalement, quoi)))
