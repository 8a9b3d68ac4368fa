"""What an attack found: read by a process that has no Django."""

from collections import Counter
from typing import NamedTuple


class Faute(NamedTuple):
    """What should not have been: ``quoi`` names the kind, ``detail`` the place."""

    quoi: str
    route: str
    detail: str
    marche: int
    visiteur: str
    demande: str


class Bilan:
    """What was sent and what came back, of one process."""

    def __init__(self) -> None:
        self.requetes = 0
        self.statuts: Counter[int] = Counter()
        self.routes: Counter[tuple[str, int]] = Counter()
        self.fautes: dict[tuple[str, str, str], Faute] = {}
