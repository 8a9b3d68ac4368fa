"""What facts would change before they are recorded: points, prévision, letters, lines corrected. Pure, but for reading.

The effect is JSON: it is kept with a decision, and compared when a second agent approves it.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict

from dossier import feed, livre
from dossier.fabrique import FaitDit
from dossier.livre import Livre
from dossier.rules.faits import Parcours
from dossier.rules.mouvements import Mouvement, Replay
from dossier.rules.solde import rejouer


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


class Vue(TypedDict):
    """The dossier on a day, as the law has it."""

    points: int | None
    plafond: int | None
    etat: str
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


def calculer(tenu: Livre, faits: list[FaitDit], au: date) -> Effet:
    """Replay what is held, then what is held and these facts, on ``au``; tell the difference.

    Raises ``LigneRefusee`` where the facts cannot be recorded. What only time makes due is in neither side.
    """
    jour = max(au, tenu.mis_a_jour_le)
    canoniques, ajoutes = feed.lire_faits(faits)
    feed.verifier_parcours(ensemble := _ensemble(tenu.parcours, ajoutes))
    complete = tenu._replace(parcours=ensemble, lettres=tenu.lettres | livre.lettres_connues(canoniques))
    avant, apres = rejouer(tenu.parcours, jour), rejouer(ensemble, jour)
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
    }  # fmt: skip


def change_le_dossier(effet: Effet) -> bool:
    """Whether these facts touch points, what is foreseen, or the right to drive: a second agent must then approve."""
    return bool(effet["avant"] != effet["apres"] or effet["corriges"] or effet["poses"] or effet["lettres"])


def empreinte(effet: Effet) -> str:
    """A print of an effect: what a form carries to say which one was shown."""
    return hashlib.sha256(json.dumps(effet, sort_keys=True).encode()).hexdigest()[:32]


def _ensemble(tenus: Parcours, ajoutes: Parcours) -> Parcours:
    dits: Iterable[Any] = zip(tenus[:-1], ajoutes[:-1], strict=True)
    ensemble: list[Any] = [a + b for a, b in dits]
    return Parcours(*ensemble)._replace(naissance=tenus.naissance)


def _vue(replay: Replay) -> Vue:
    fin = replay.fin_delai_probatoire
    return {
        "points": replay.points,
        "plafond": replay.plafond,
        "etat": replay.etat,
        "fin_delai_probatoire": fin.isoformat() if fin else None,
        "prevision": [{**_mouvement(m), "solde": m.solde} for m in replay.prevision],
    }


def _mouvement(m: Mouvement) -> LignePosee:
    jour, article = m.date.isoformat(), str(m.article)
    return {"date": jour, "nature": m.nature, "points": m.points, "article": article, "fait": m.fait}
