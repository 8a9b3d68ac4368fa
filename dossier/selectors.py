"""Reading a dossier. Nothing here writes, nothing here settles: the facts are replayed at the day asked."""

from datetime import date
from typing import NamedTuple

from dossier.feed import parcours_de
from dossier.models import Dossier, Fait, Mouvement
from dossier.models.mouvement import CORRECTION
from dossier.rules.faits import Eligibilite, Parcours, Replay
from dossier.rules.solde import rejouer
from dossier.rules.stage import eligibilite


class Situation(NamedTuple):
    """All that the pages and the documents say of a driver on a day."""

    dossier: Dossier
    parcours: Parcours
    replay: Replay
    stage: Eligibilite


def get_situation(dossier_id: int, *, au: date) -> Situation:
    """The dossier and its facts, replayed on ``au``: two queries. Raises ``Dossier.DoesNotExist``."""
    dossier = Dossier.objects.get(pk=dossier_id)
    parcours = get_parcours(dossier_id)
    replay = rejouer(parcours, au)
    return Situation(dossier, parcours, replay, eligibilite(replay))


def get_parcours(dossier_id: int) -> Parcours:
    """The engine's input, from the facts held."""
    return parcours_de(list(Fait.objects.filter(dossier_id=dossier_id).values_list("contenu", flat=True)))


def list_corrections(dossier_id: int) -> list[Mouvement]:
    """The corrections posted on a dossier, newest first, each with the line it undoes (``corrige``)."""
    corrections = Mouvement.objects.filter(dossier_id=dossier_id, nature=CORRECTION)
    return list(corrections.select_related("corrige").order_by("-recorded_at", "-pk"))


def get_dossier_id(neph: str) -> int | None:
    """The dossier of a NEPH in its canonical form (``champs.neph``), if there is one."""
    return Dossier.objects.filter(neph=neph).values_list("pk", flat=True).first()
