"""What the engine reads, and what it makes of it on the way: plain immutable values, no database, no framework.

Days are ``datetime.date`` (civil days, Europe/Paris). ``enregistre_le`` is the day on which the national file learned
the fact; ``None``: known from the beginning. Words are those of the Code de la route and of the feed: JSON
gives them as texts, that a ``StrEnum`` of ``vocabulaire`` equals.
"""

from datetime import date
from typing import NamedTuple

from dossier.rules.articles import Article
from dossier.rules.vocabulaire import Filiere, TypeFait


class PermisObtenu(NamedTuple):
    id: str
    date_obtention: date
    filiere: str = Filiere.CLASSIQUE
    enregistre_le: date | None = None


class FormationComplementaire(NamedTuple):
    id: str
    date_fin: date
    enregistre_le: date | None = None


class Infraction(NamedTuple):
    """An offence. ``date_definitive`` is None while its reality is not established (L223-1 al. 4)."""

    id: str
    date_commission: date
    date_definitive: date | None
    points: int
    nature: str  # a Gravite
    classe: int | None = None  # 1 to 5; None for a délit
    groupe: str | None = None
    enregistre_le: date | None = None
    etablie_par: str | None = None  # a Preuve
    libelle: str | None = None
    lieu: str | None = None


class InfractionAnnulee(NamedTuple):
    id: str
    infraction: str
    date_decision: date
    enregistre_le: date | None = None


class Stage(NamedTuple):
    id: str
    date_fin: date
    nature: str  # a NatureStage
    enregistre_le: date | None = None
    date_debut: date | None = None


class Suspension(NamedTuple):
    """A suspension, or a restriction to vehicles with an EAD; ``date_fin`` None: open."""

    id: str
    date_debut: date
    date_fin: date | None
    nature: str  # a Mesure
    date_infraction: date | None = None
    enregistre_le: date | None = None


class FinDePermis(NamedTuple):
    """The facts that end a licence: ``invalidation`` (48SI notified) and ``annulation`` (judge)."""

    id: str
    jour: date
    nature: TypeFait
    enregistre_le: date | None = None


class Parcours(NamedTuple):
    """One driver's facts, sorted by type: the engine's whole input."""

    permis: tuple[PermisObtenu, ...] = ()
    formations: tuple[FormationComplementaire, ...] = ()
    infractions: tuple[Infraction, ...] = ()
    annulees: tuple[InfractionAnnulee, ...] = ()
    stages: tuple[Stage, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    fins: tuple[FinDePermis, ...] = ()


class Retrait(NamedTuple):
    """What an established offence really withdraws from the licence it falls on (0: absorbed by its group)."""

    infraction: Infraction
    date_definitive: date
    points: int
    article: Article  # of the rule that says how many
    plafond: int | None = None  # of its group

    @property
    def date_commission(self) -> date:
        return self.infraction.date_commission


class Delai(NamedTuple):
    """A délai probatoire: its end as foreseen, and the anniversaries that may add points."""

    debut: date
    fin: date
    majoration: int
    anniversaires: tuple[date, ...]
    aac: bool = False
    formation: str | None = None


class Licence(NamedTuple):
    """A licence from the day it is obtained to the fact that ended it, with what fell on it."""

    permis: PermisObtenu
    rang: int  # 0 for the first licence
    fin: FinDePermis | None
    retraits: tuple[Retrait, ...] = ()
    delai: Delai | None = None


class Anomalie(NamedTuple):
    """A fact that changes nothing though it claims to, and why, in French."""

    fait: str
    raison: str


class Eligibilite(NamedTuple):
    """May a course give points, and from which first day?"""

    eligible: bool
    premier_jour: date | None
    explication: str
