"""What facts would change before they are recorded: points, prévision, letters, lines corrected. Pure, but for reading.

The effect is JSON: it is kept with a decision, and compared when a second agent approves it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict

from dossier import feed, livre
from dossier.bureau import levees
from dossier.fabrique import FaitDit
from dossier.feed import LigneRefusee
from dossier.livre import Livre
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.faits import JOUR_PROPRE, Parcours
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.suspension import APTES


class LigneCorrigee(TypedDict):
    """A line posted that would no longer stand."""

    date: str
    nature: str
    points: int
    article: str


class LignePosee(LigneCorrigee):
    """A line that would be."""

    fait: str | None


class LignePrevue(LignePosee):
    """A line to come, and the solde that day."""

    solde: int


class SuspensionVue(TypedDict):
    """A suspension that holds; ``maintenue``: past its last day, until a medical decision."""

    depuis: str
    fin: str | None
    maintenue: bool


class Droit(TypedDict):
    """The right to drive on a day."""

    etat: str
    regime: str | None
    provisoire: bool
    suspensions: list[SuspensionVue]


class PlusTard(TypedDict):
    """A day still to come on which the right to drive would not be what it would have been."""

    le: str
    avant: Droit
    apres: Droit


class Vue(Droit):
    """The dossier on a day, as the law has it."""

    points: int | None
    plafond: int | None
    fin_delai_probatoire: str | None
    prevision: list[LignePrevue]


class LettreAEnvoyer(TypedDict):
    """A letter that would be due."""

    reference: str
    date: str


class Effet(TypedDict):
    """Before, after, and what makes the difference. A day is ISO text."""

    avant: Vue
    apres: Vue
    corriges: list[LigneCorrigee]
    poses: list[LignePosee]
    lettres: list[LettreAEnvoyer]
    anomalies: list[str]
    plus_tard: list[PlusTard]
    fin_du_maintien: str | None  # the day on which a suspension that was kept up ends, by these facts


def calculer(tenu: Livre, faits: list[FaitDit], au: date) -> Effet:
    """Replay what is held, then what is held and these facts, on ``au``; tell the difference.

    Raises ``LigneRefusee`` where the facts cannot be recorded. What only time makes due is in neither side.
    """
    jour = max(au, tenu.mis_a_jour_le)
    tenus = tenu.parcours._replace(naissance=tenu.naissance)
    canoniques, ajoutes = feed.lire_faits(faits, tenu.naissance, tenu.adresse)
    feed.verifier_parcours(ensemble := _ensemble(tenus, ajoutes))
    if raison := levees.refus(tenus, ajoutes):
        raise LigneRefusee(raison)
    complete = tenu._replace(parcours=ensemble, lettres=tenu.lettres | livre.lettres_connues(canoniques))
    avant, apres = rejouer(tenus, jour), rejouer(ensemble, jour)
    ecarts_avant, ecarts = livre.ecarts(tenu.postes, avant), livre.ecarts(tenu.postes, apres)
    deja = [_mouvement(m) for m, _ in ecarts_avant.a_poser]
    lettres_avant = livre.lettres_dues(tenu, ecarts_avant, avant)
    return {
        "avant": _vue(avant),
        "apres": _vue(apres),
        "corriges": [{"date": p.date, "nature": p.nature, "points": p.points, "article": p.article}
                     for p in ecarts.a_corriger if p not in ecarts_avant.a_corriger],
        "poses": [pose for m, _ in ecarts.a_poser if (pose := _mouvement(m)) not in deja],
        "lettres": [{"reference": reference, "date": quand.isoformat()}
                    for cle, reference, quand, fait in livre.lettres_dues(complete, ecarts, apres)
                    if (cle, reference, quand, fait) not in lettres_avant],
        "anomalies": [a.raison for a in apres.anomalies if a not in avant.anomalies],
        "plus_tard": _plus_tard(tenus, ensemble, ajoutes, apres),
        "fin_du_maintien": _fin_du_maintien(avant, apres, ajoutes),
    }  # fmt: skip


def change_le_dossier(effet: Effet) -> bool:
    """Whether these facts touch points, what is foreseen, or the right to drive: a second agent must then approve."""
    lignes = effet["corriges"] or effet["poses"] or effet["lettres"]
    return bool(effet["avant"] != effet["apres"] or effet["plus_tard"] or lignes)


def empreinte(effet: Effet) -> str:
    """A print of an effect: what a form carries to say which one was shown."""
    return hashlib.sha256(json.dumps(effet, sort_keys=True).encode()).hexdigest()[:32]


def _ensemble(tenus: Parcours, ajoutes: Parcours) -> Parcours:
    dits: Iterable[Any] = zip(tenus[:-1], ajoutes[:-1], strict=True)
    ensemble: list[Any] = [a + b for a, b in dits]
    return Parcours(*ensemble)._replace(naissance=tenus.naissance)


def _plus_tard(tenus: Parcours, ensemble: Parcours, ajoutes: Parcours, apres: Replay) -> list[PlusTard]:
    """The days to come on which these facts change the right to drive, otherwise than they do today.

    Those on which they exist, and the morrow of a suspension: it is kept up, or no longer.
    """
    jours = {jour_propre(fait) for champ, jour_propre in JOUR_PROPRE.items() for fait in getattr(ajoutes, champ)}
    jours |= {etranger.date_fin for etranger in ajoutes.etrangers}
    jours |= {s.date_fin + UN_JOUR for s in ensemble.suspensions if s.date_fin is not None}
    dits: list[PlusTard] = []
    dernier = _droit(apres)
    for jour in sorted(jour for jour in jours if jour is not None and jour > apres.au):
        sans, avec = _droit(rejouer(tenus, jour)), _droit(rejouer(ensemble, jour))
        if avec not in (sans, dernier):
            dits.append({"le": jour.isoformat(), "avant": sans, "apres": avec})
            dernier = avec
    return dits


def _fin_du_maintien(avant: Replay, apres: Replay, ajoutes: Parcours) -> str | None:
    """The day of the decision that ends a suspension kept up until then."""
    tenues = {en_cours.suspension.id for en_cours in apres.suspensions}
    finies = [e.suspension for e in avant.suspensions if e.maintenue and e.suspension.id not in tenues]
    decisions = [v.date_decision or v.date_visite for v in ajoutes.visites if v.avis in APTES]
    if not finies or not decisions or finies[0].date_fin is None:
        return None
    return max(min(decisions), finies[0].date_fin + UN_JOUR).isoformat()


def _droit(replay: Replay) -> Droit:
    return {
        "etat": replay.etat,
        "regime": replay.regime,
        "provisoire": replay.provisoire,
        "suspensions": [
            {
                "depuis": suspension.date_debut.isoformat(),
                "fin": suspension.date_fin.isoformat() if suspension.date_fin else None,
                "maintenue": maintenue,
            }
            for suspension, maintenue in replay.suspensions
        ],
    }


def _vue(replay: Replay) -> Vue:
    fin = replay.fin_delai_probatoire
    return {
        **_droit(replay),
        "points": replay.points,
        "plafond": replay.plafond,
        "fin_delai_probatoire": fin.isoformat() if fin else None,
        "prevision": [{**_mouvement(m), "solde": m.solde} for m in replay.prevision],
    }


def _mouvement(m: Mouvement) -> LignePosee:
    jour, article = m.date.isoformat(), str(m.article)
    return {"date": jour, "nature": m.nature, "points": m.points, "article": article, "fait": m.fait}
