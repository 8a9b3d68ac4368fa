"""What the engine reads, and what it makes of it on the way: plain immutable values, no database, no framework.

Days are ``datetime.date`` (civil days, Europe/Paris). ``enregistre_le`` is the day on which the national file learned
the fact; ``None``: known from the beginning. Words are those of the Code de la route and of the feed: JSON
gives them as texts, that a ``StrEnum`` of ``vocabulaire`` equals.
"""

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from dossier.rules.articles import Article
from dossier.rules.vocabulaire import Avis, Filiere, MotifSuspension, TypeFait


class PermisObtenu(NamedTuple):
    id: str
    date_obtention: date
    filiere: str = Filiere.CLASSIQUE
    enregistre_le: date | None = None
    categorie: str = "B"
    echange_de: str | None = None  # the id of a ``PermisEtranger``
    date_permis_etranger: date | None = None  # on which the foreign licence was first obtained


class PermisEtranger(NamedTuple):
    """A foreign licence, from the first day on which this file must count for its holder (L223-10)."""

    id: str
    date_debut: date
    pays: str | None = None
    date_fin: date | None = None  # None: still
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
    natinf: str | None = None


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
    motif: str = MotifSuspension.INFRACTION
    controle_medical: str | None = None  # a ControleMedical
    levee: bool = False  # by a mainlevée, of which ``date_fin`` is then the eve: nothing keeps it up afterwards


class Visite(NamedTuple):
    """A medical visit; what the préfet decided of it counts from ``date_decision``, else from the visit."""

    id: str
    date_visite: date
    avis: str  # an Avis
    date_decision: date | None = None
    enregistre_le: date | None = None
    date_fin_validite: date | None = None  # last day of the fitness that the opinion tells


class FinDePermis(NamedTuple):
    """The facts that end a capital of points.

    ``invalidation`` (48SI notified), ``annulation`` (judge), ``echange`` (abroad) of a French licence, of which
    ``permis`` may give the id; ``interdiction_circuler`` and the end of a ``permis_etranger``, of a foreign one.
    """

    id: str
    jour: date
    nature: TypeFait
    enregistre_le: date | None = None
    permis: str | None = None
    pays: str | None = None


class Deces(NamedTuple):
    id: str
    jour: date
    enregistre_le: date | None = None


class FinLevee(NamedTuple):
    """The end of a licence that is as if it had never been; ``depuis``: first day of the decisions that say so."""

    fin: FinDePermis
    depuis: date
    motif: str | None  # a MotifLevee: of the decision that stands longest, a final one before a provisional one
    provisoire: bool


class Levee(NamedTuple):
    """What undoes a measure: the fact ``fait``, as far as ``portee`` says."""

    id: str
    fait: str
    date_effet: date
    portee: str  # a Portee
    motif: str | None = None  # a MotifLevee
    permis_conserve: str | None = None  # the id of a later licence that the driver keeps instead
    enregistre_le: date | None = None


class Retablissement(NamedTuple):
    """What puts back a measure that was undone for a time; ``levee``: the id of the one that undid it."""

    id: str
    levee: str
    date_effet: date
    enregistre_le: date | None = None


class LettreRecue(NamedTuple):
    """A 48SI, as the post tells of it."""

    id: str
    fait: str | None
    jour: date | None  # the first that the post tells
    issue: str | None  # an IssueLettre
    autre_adresse: bool = False  # presented at another address than the dossier's
    enregistre_le: date | None = None
    presentee: date | None = None  # or a notice left
    notifiee: date | None = None


class Parcours(NamedTuple):
    """One driver's facts, sorted by type: the engine's whole input. All but the last are tuples of facts."""

    permis: tuple[PermisObtenu, ...] = ()
    formations: tuple[FormationComplementaire, ...] = ()
    infractions: tuple[Infraction, ...] = ()
    annulees: tuple[InfractionAnnulee, ...] = ()
    stages: tuple[Stage, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    fins: tuple[FinDePermis, ...] = ()
    levees: tuple[Levee, ...] = ()
    retablissements: tuple[Retablissement, ...] = ()
    visites: tuple[Visite, ...] = ()
    etrangers: tuple[PermisEtranger, ...] = ()
    deces: tuple[Deces, ...] = ()
    lettres: tuple[LettreRecue, ...] = ()  # 48SI
    naissance: str | None = None  # ``AAAA-MM-JJ``, 00 where unknown


#: The own day of each fact, from which it exists: by field of a ``Parcours``.
JOUR_PROPRE: Mapping[str, Callable[[Any], date | None]] = {
    "permis": attrgetter("date_obtention"),
    "formations": attrgetter("date_fin"),
    "infractions": attrgetter("date_definitive"),
    "annulees": attrgetter("date_decision"),
    "stages": attrgetter("date_fin"),
    "suspensions": attrgetter("date_debut"),
    "fins": attrgetter("jour"),
    "levees": attrgetter("date_effet"),
    "retablissements": attrgetter("date_effet"),
    "visites": lambda v: v.date_visite if v.avis == Avis.INAPTE else v.date_decision or v.date_visite,
    "etrangers": attrgetter("date_debut"),
    "deces": attrgetter("jour"),
}


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
    """A délai probatoire: its end as foreseen, and the anniversaries that may add points.

    ``origine``: since when no offence must have been committed; before ``debut`` where a foreign licence was exchanged.
    """

    debut: date
    fin: date
    majoration: int
    anniversaires: tuple[date, ...]
    aac: bool = False
    formation: str | None = None
    ensuite: tuple[PermisObtenu, ...] = ()  # B by AAC, after the first licence, that shortened it (R223-1 V)
    origine: date | None = None


class Licence(NamedTuple):
    """A capital of points, from the day it opens to the fact that ended it, with what fell on it.

    Of a French licence (``permis``), of a foreign one (``etranger``), or of both: a foreign one that ``permis`` took
    over, nothing starting afresh (L223-11).
    """

    debut: date
    permis: PermisObtenu | None
    rang: int  # among the capitals
    fin: FinDePermis | None = None
    retraits: tuple[Retrait, ...] = ()
    delai: Delai | None = None
    etranger: PermisEtranger | None = None
    premier: bool = False  # the driver's first French licence, no foreign one taken over
    ensuite: tuple[PermisObtenu, ...] = ()  # obtained while it was held

    def est_tenue(self, jour: date) -> bool:
        """Held on ``jour``, the days on which it opens and ends included."""
        return self.debut <= jour and (self.fin is None or jour <= self.fin.jour)

    @property
    def titre(self) -> str:
        """The id of the fact that carries the points."""
        permis = self.permis or self.etranger
        assert permis is not None
        return permis.id


class Anomalie(NamedTuple):
    """A fact that changes nothing though it claims to, and why, in French."""

    fait: str
    raison: str


class Eligibilite(NamedTuple):
    """May a course give points, and from which first day?"""

    eligible: bool
    premier_jour: date | None
    explication: str
