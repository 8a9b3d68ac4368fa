"""What « Et maintenant ? » is made of, and what its stories ask of a dossier alike."""

from datetime import date
from typing import NamedTuple

from dossier.rules.rejeu import Replay
from dossier.rules.retour import Retour, retour
from dossier.rules.vocabulaire import Etat, TypeFait
from dossier.selectors import Situation

GRAVE, PRUDENCE, AVIS = "fr-alert--error", "fr-alert--warning", "fr-alert--info"


class Alerte(NamedTuple):
    """The first thing on the page: what is so, and what to do, a sentence a paragraph. ``lien``: words and address."""

    titre: str
    phrases: list[str]
    classe: str
    lien: tuple[str, str] | None = None


class Etape(NamedTuple):
    """One step: ``acquise`` comes by itself, another one is the driver's choice. ``lien``: words and address.

    ``prevue``: the forecast says why it comes on that day.
    """

    quand: str
    texte: str
    acquise: bool
    lien: tuple[str, str] | None = None
    prevue: bool = False


def fin_de_permis(replay: Replay) -> date:
    fin = replay.licences[-1].fin
    assert fin is not None
    return fin.jour


def remise(situation: Situation, depuis: date) -> date | None:
    """The day on which the licence was handed in since it ended."""
    jours = [
        date.fromisoformat(f["date_restitution"])
        for f in situation.faits_de_type(TypeFait.RESTITUTION_TITRE)
        if f.get("date_restitution") and date.fromisoformat(f["date_restitution"]) >= depuis
    ]
    return min(jours, default=None)


def retour_de(situation: Situation) -> Retour | None:
    """What separates the driver of a licence that ended from a new one."""
    replay = situation.replay
    fin = replay.licences[-1].fin if replay.licences else None
    if replay.etat not in (Etat.INVALIDE, Etat.ANNULE) or fin is None:
        return None
    dits = (f.get("interdiction_mois") for f in situation.faits_de_type(TypeFait.ANNULATION) if f["id"] == fin.id)
    return retour(
        replay.licences, remis_le=remise(situation, fin.jour), interdiction_mois=next(dits, None), au=replay.au
    )
