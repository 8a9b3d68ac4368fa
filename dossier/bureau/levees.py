"""Which measures may still be undone or put back, and why one may no longer be. Pure: values in, values out.

Asked by the forms, then again when facts are recorded: of two agents who undo one measure, the second is told.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from dossier.rules.faits import Levee, Parcours
from dossier.rules.francais import en_francais
from dossier.rules.levee import PORTEES, Vigueur, types_des_mesures
from dossier.rules.vocabulaire import Portee, TypeFait

INFRACTION_INCONNUE = "l'infraction à annuler ne figure pas au dossier"
DEJA_ANNULEE = "l'infraction du {jour} est déjà annulée : il n'y a rien à refaire"
MESURE_INCONNUE = "la mesure à lever ne figure pas au dossier"
DEJA_LEVEE = (
    "cette mesure est déjà levée, avec effet le {jour} : il n'y a rien à refaire. Écartez cet enregistrement, ou lisez "
    "au dossier ce qui a été décidé"
)
PAS_PROVISOIRE = (
    "il n'y a rien à rétablir : la levée n'est pas provisoire, elle a déjà été suivie d'un rétablissement, ou une "
    "décision définitive l'a remplacée"
)
#: The ends that make another French licence possible.
_FINS = frozenset({TypeFait.INVALIDATION, TypeFait.ANNULATION, TypeFait.ECHANGE})


class Mesure(NamedTuple):
    """A measure that may still be undone: how, and the later licences that its holder may choose to keep."""

    id: str
    type: str
    jour: date
    portees: tuple[str, ...]
    permis: tuple[str, ...]


def a_lever(parcours: Parcours) -> list[Mesure]:
    """The measures of a dossier that a decision may still undo, newest first."""
    vigueur = _vigueur(parcours)
    mesures = [_mesure(parcours, vigueur, *lue) for lue in _mesures(parcours)]
    return sorted([m for m in mesures if m.portees], key=lambda m: (m.jour, m.id), reverse=True)


def a_retablir(parcours: Parcours) -> list[Levee]:
    """The provisional levées that still hold, newest first."""
    vigueur = _vigueur(parcours)
    tenues = [
        levee for mesure, levees in vigueur.en_vigueur.items() if vigueur.est_provisoire(mesure) for levee in levees
    ]
    return sorted(tenues, key=lambda levee: (levee.date_effet, levee.id), reverse=True)


def refus(tenus: Parcours, ajoutes: Parcours) -> str | None:
    """Why facts that undo others may not be added to those that are held, as the feed says it; None when they may."""
    return next(_refus(tenus, ajoutes), None)


def _refus(tenus: Parcours, ajoutes: Parcours) -> Iterator[str]:
    infractions = {i.id: i for i in tenus.infractions}
    annulees = {a.infraction for a in tenus.annulees}
    for annulee in ajoutes.annulees:
        visee = infractions.get(annulee.infraction)
        if visee is None:
            yield INFRACTION_INCONNUE
        elif annulee.infraction in annulees:
            yield DEJA_ANNULEE.format(jour=en_francais(visee.date_commission))
    if ajoutes.levees:
        mesures, vigueur = {m.id: m for m in a_lever(tenus)}, _vigueur(tenus)
        types = types_des_mesures(tenus)
        yield from [raison for levee in ajoutes.levees if (raison := _vaine(levee, mesures, types, vigueur))]
    if ajoutes.retablissements:
        tenues = {levee.id for levee in a_retablir(tenus)}
        yield from [PAS_PROVISOIRE for retour in ajoutes.retablissements if retour.levee not in tenues]


def _vaine(levee: Levee, mesures: dict[str, Mesure], types: dict[str, str], vigueur: Vigueur) -> str | None:
    """Why a levée would undo nothing more."""
    if levee.fait not in types:
        return MESURE_INCONNUE
    mesure = mesures.get(levee.fait)
    deja = vigueur.a_compter.get(levee.fait)
    if levee.portee == Portee.A_COMPTER and deja is not None and deja <= levee.date_effet:
        return DEJA_LEVEE.format(jour=en_francais(deja))
    if mesure is not None and levee.portee in mesure.portees:
        provisoire = all(v.portee == Portee.PROVISOIRE for v in vigueur.en_vigueur.get(levee.fait, ()))
        if provisoire or levee.permis_conserve in mesure.permis:
            return None
    effet = vigueur.effet(levee.fait) if levee.fait in vigueur.en_vigueur else levee.date_effet
    return DEJA_LEVEE.format(jour=en_francais(effet))


def _vigueur(parcours: Parcours) -> Vigueur:
    """What was decided, its day come or not: what is told twice is told twice all the same."""
    return Vigueur(parcours, date.max, types_des_mesures(parcours))


def _mesures(parcours: Parcours) -> Iterator[tuple[str, str, date]]:
    """Id, type and first day of each."""
    yield from [(f.id, f.nature, f.jour) for f in parcours.fins]
    yield from [(s.id, TypeFait.SUSPENSION, s.date_debut) for s in parcours.suspensions]
    yield from [(d.id, TypeFait.DECES, d.jour) for d in parcours.deces]


def _mesure(parcours: Parcours, vigueur: Vigueur, cle: str, type_: str, jour: date) -> Mesure:
    """One of them, with what may still be done to it."""
    suivants = tuple([p.id for p in parcours.permis if p.date_obtention >= jour]) if type_ in _FINS else ()
    levees = vigueur.en_vigueur.get(cle, [])
    portees = [portee for portee in Portee if portee in PORTEES[type_]]
    if any(levee.portee == Portee.RETROACTIVE for levee in levees):
        choisi = any(levee.permis_conserve in suivants for levee in levees)
        portees = [] if choisi or not suivants else [Portee.RETROACTIVE]
    elif levees or cle in vigueur.a_compter:
        portees = [portee for portee in portees if portee != Portee.PROVISOIRE]
    return Mesure(cle, type_, jour, tuple(portees), suivants)
