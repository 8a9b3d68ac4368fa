"""The replay's line out: what the engine says of one driver on one day, as the feed's documentation lays it."""

from typing import Any

from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.stage import eligibilite


def ecrire_replay(neph: str, replay: Replay) -> dict[str, Any]:
    """The replay's line out: dates as ISO texts, explanations made."""
    stage = eligibilite(replay)
    return {
        "neph": neph,
        "au": replay.au.isoformat(),
        "points": replay.points,
        "solde": replay.solde,
        "plafond": replay.plafond,
        "etat": replay.etat,
        "regime": replay.regime,
        "provisoire": replay.provisoire,
        "suspension": _suspension(replay),
        "delai_probatoire": {"fin": replay.fin_delai_probatoire.isoformat()} if replay.fin_delai_probatoire else None,
        "mouvements": [_mouvement(m) for m in replay.mouvements],
        "prevision": [_mouvement(m) for m in replay.prevision],
        "stage": {
            "eligible": stage.eligible,
            "premier_jour": stage.premier_jour.isoformat() if stage.premier_jour else None,
            "explication": stage.explication,
        },
        "anomalies": [{"fait": a.fait, "raison": a.raison} for a in replay.anomalies],
    }


def _suspension(replay: Replay) -> dict[str, Any] | None:
    """The first that holds."""
    for suspension, maintenue in replay.suspensions:
        fin = suspension.date_fin
        return {
            "depuis": suspension.date_debut.isoformat(),
            "fin": fin.isoformat() if fin else None,
            "maintenue": maintenue,
        }
    return None


def _mouvement(m: Mouvement) -> dict[str, Any]:
    return {
        "date": m.date.isoformat(),
        "nature": m.nature,
        "points": m.points,
        "solde": m.solde,
        "plafond": m.plafond,
        "fait": m.fait,
        "article": str(m.article),
        "explication": m.explication,
    }
