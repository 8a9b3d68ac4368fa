"""What an administrator may do of an agent, as the page shows it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from accounts.models import Agent

#: A button's title, and what happens: by the name of the act, which is the end of its address.
BOUTONS = {
    "suspendre": (
        "Suspendre",
        "Une absence, un doute\u00a0: le bureau se ferme à l'instant, jusqu'à ce qu'un administrateur le rouvre.",
    ),
    "reprendre": ("Reprendre", "Le bureau se rouvre, avec le même rôle."),
    "terminer": (
        "Terminer",
        "L'agent quitte le service\u00a0: le bureau se ferme à l'instant. Le journal le nomme toujours.",
    ),
}


class Bouton(NamedTuple):
    """A button that takes a reason."""

    acte: str
    titre: str
    effet: str
    form: Any


def boutons(agent: Agent, formulaires: Mapping[str, Any]) -> list[Bouton]:
    """Those of this agent's state; none once their work is over."""
    if agent.fini_at:
        return []
    actes = ("reprendre" if agent.suspendu_at else "suspendre", "terminer")
    return [Bouton(acte, *BOUTONS[acte], formulaires[acte]) for acte in actes]


def actuel(agent: Agent) -> dict[str, str]:
    """What the form of a change begins with."""
    neph = agent.dossier.neph if agent.dossier else ""
    return {"role": agent.role, "departement": agent.departement or "", "neph": neph}
