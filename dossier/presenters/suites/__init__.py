"""« Et maintenant ? »: what is urgent, what comes by itself, and what the driver may do, état by état."""

from collections.abc import Callable, Iterable

from dossier.presenters.suites.categories import categories_finies
from dossier.presenters.suites.etranger import capital_etranger, echange, interdit, suite_echange, suite_interdit
from dossier.presenters.suites.formes import Alerte, Etape
from dossier.presenters.suites.incomplet import decede, incomplet, suite_decede, suite_incomplet
from dossier.presenters.suites.lettre_48si import presentee, suite_presentee
from dossier.presenters.suites.leve import rendu
from dossier.presenters.suites.perdu import annule, invalide, permis_perdu, sans_permis
from dossier.presenters.suites.points import avec_permis, solde_nul, stage_obligatoire
from dossier.presenters.suites.suspendu import restriction, suspendu
from dossier.rules.francais import en_prose, insecables
from dossier.rules.vocabulaire import Etat
from dossier.selectors import Situation

__all__ = ["Alerte", "Etape", "alerte_48si", "alertes", "etapes"]

#: Gravest first.
ALERTES = (
    decede,
    presentee,
    incomplet,
    invalide,
    annule,
    interdit,
    suspendu,
    rendu,
    categories_finies,
    solde_nul,
    stage_obligatoire,
    restriction,
    capital_etranger,
    echange,
)
#: These two would advise as if no 48SI had come, while nothing is decided of one.
SANS_LETTRE = frozenset({solde_nul, stage_obligatoire})
ETAPES: dict[Etat, Callable[[Situation], list[Etape]]] = {
    Etat.SANS_PERMIS: sans_permis,
    Etat.INVALIDE: permis_perdu,
    Etat.ANNULE: permis_perdu,
    Etat.INTERDIT: suite_interdit,
    Etat.ECHANGE: suite_echange,
    Etat.DECEDE: suite_decede,
}


def alertes(situation: Situation) -> list[Alerte]:
    """What the driver must know before anything else, gravest first."""
    en_suspens = situation.replay.lettre_48si is not None
    sources = [source for source in ALERTES if not (en_suspens and source in SANS_LETTRE)]
    return _composees(alerte for source in sources for alerte in source(situation))


def alerte_48si(situation: Situation) -> list[Alerte]:
    """What any page says first to the driver of a 48SI of which nothing was decided; none to anybody else."""
    return _composees(presentee(situation))


def _composees(dites: Iterable[Alerte]) -> list[Alerte]:
    return [
        alerte._replace(titre=insecables(alerte.titre), phrases=[insecables(p) for p in alerte.phrases])
        for alerte in dites
    ]


def etapes(situation: Situation) -> list[Etape]:
    """What comes by itself, soonest first, then what the driver may do. Never empty."""
    ecrire = ETAPES.get(situation.replay.etat, avec_permis)
    if situation.replay.incomplet:
        ecrire = suite_incomplet
    elif situation.replay.lettre_48si is not None:
        ecrire = suite_presentee
    return [etape._replace(texte=en_prose(etape.texte)) for etape in ecrire(situation)]
