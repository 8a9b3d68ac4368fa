"""What is added to the days to come of a driver whose licence a 48SI may already have ended: they may never come."""

from dossier.rules.rejeu import Replay

RESERVE = (
    "Ces dates ne valent que si votre permis est encore valable : une lettre 48SI y a peut-être mis fin, et un permis "
    "qui a pris fin ne porte plus de points."
)
RESERVE_DEPLACE = "La lettre 48SI, si elle compte : les points d'un permis qui a pris fin ne reviennent pas."


def avec_reserve(condition: str, replay: Replay) -> str:
    """The condition on which a day to come stands, « , si… » or nothing, with the one that the letter adds."""
    if replay.lettre_48si is None:
        return condition
    return f"{condition}{' et' if condition else ','} si votre permis est encore valable"
