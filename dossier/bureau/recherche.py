"""Finding a dossier by what its holder says. Counted, and in the journal, found or not."""

from django.db import transaction
from django.db.models import QuerySet

from dossier.bureau.ouvrables import raison_du_refus
from dossier.journal import Pourquoi, Trace, attente, noter, peut_chercher
from dossier.models import Dossier, Journal
from mespoints.lib.visiteur import Agent

HOMONYMES = "Plusieurs dossiers portent exactement cette identité : demandez le numéro NEPH au conducteur."
INTROUVABLE = "Aucun dossier ne correspond. Vérifiez le numéro, ou l'orthographe du nom et la date de naissance."


class TropDeRecherches(Exception):
    """The agent has searched too often within the hour. ``attente``: seconds before the next one."""

    def __init__(self, attente: int) -> None:
        super().__init__()
        self.attente = attente


class RechercheVaine(Exception):
    """No dossier to show. ``raison`` is French; ``refus``: there is one, and it is not this agent's to open."""

    def __init__(self, raison: str, *, refus: bool = False) -> None:
        super().__init__(raison)
        self.raison = raison
        self.refus = refus


def rechercher(agent: Agent, critere: dict[str, str], pourquoi: Pourquoi) -> int:
    """Find the dossier, which this agent may open; give its id.

    ``critere``: ``neph``, or ``nom``, ``prenom`` and ``date_naissance``. Raises ``TropDeRecherches`` and
    ``RechercheVaine``.
    """
    with transaction.atomic():
        if permise := peut_chercher(agent):
            trouves = _trouver(critere)
            seul = trouves[0] if len(trouves) == 1 else None
            trace = Trace(Journal.Acte.RECHERCHE, seul.pk if seul else None, pourquoi)
            noter(agent, trace)
            refus = raison_du_refus(agent, seul.pk, seul.departement) if seul else ""
            if refus:
                noter(agent, trace._replace(acte=Journal.Acte.REFUS))
    if not permise:
        raise TropDeRecherches(attente(agent))
    if seul is None or refus:
        raise RechercheVaine(refus or (HOMONYMES if trouves else INTROUVABLE), refus=bool(refus))
    return int(seul.pk)


def _trouver(critere: dict[str, str]) -> list[Dossier]:
    """At most two: more than one is no answer."""
    if neph := critere.get("neph"):
        return list(Dossier.objects.only("pk", "departement").filter(neph=neph))
    return list(identites(critere))


def identites(critere: dict[str, str]) -> QuerySet[Dossier]:
    """The dossiers of exactly this identity, two at most, by the index of ``dossier/sql/recherche.sql``."""
    memes = Dossier.objects.only("pk", "departement").extra(
        where=[
            "nom_compact(nom_naissance) = nom_compact(%s)",
            "date_naissance = %s",
            "nom_compact(prenoms[1]) = nom_compact(%s)",
        ],
        params=[critere["nom"], critere["date_naissance"], critere["prenom"]],
    )
    return memes[:2]
