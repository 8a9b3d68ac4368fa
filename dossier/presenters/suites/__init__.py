"""« Et maintenant ? »: what is urgent, what comes by itself, and what the driver may do, état by état."""

from collections.abc import Callable

from dossier.presenters.suites.categories import categories_finies
from dossier.presenters.suites.etranger import capital_etranger, echange, interdit, suite_echange, suite_interdit
from dossier.presenters.suites.formes import Alerte, Etape
from dossier.presenters.suites.incomplet import decede, incomplet, suite_decede, suite_incomplet
from dossier.presenters.suites.leve import rendu
from dossier.presenters.suites.perdu import annule, invalide, permis_perdu, sans_permis
from dossier.presenters.suites.points import avec_permis, solde_nul, stage_obligatoire
from dossier.presenters.suites.suspendu import restriction, suspendu
from dossier.rules.francais import en_prose, insecables
from dossier.rules.vocabulaire import Etat
from dossier.selectors import Situation

__all__ = ["Alerte", "Etape", "alertes", "etapes"]

#: Gravest first.
ALERTES = (
    decede,
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
    return [
        alerte._replace(titre=insecables(alerte.titre), phrases=[insecables(p) for p in alerte.phrases])
        for source in ALERTES
        for alerte in source(situation)
    ]


def etapes(situation: Situation) -> list[Etape]:
    """What comes by itself, soonest first, then what the driver may do. Never empty."""
    ecrire = ETAPES.get(situation.replay.etat, avec_permis)
    if situation.replay.incomplet:
        ecrire = suite_incomplet
    return [etape._replace(texte=en_prose(etape.texte)) for etape in ecrire(situation)]
