"""The ledger in bulk: snapshot, facts and posted lines of many dossiers, and how far they are from the law.

Settling and verifying read through the same door and compare with the same function. SQL, because a night reads fifty
thousand of them: PostgreSQL groups the lines, one JSON text a dossier crosses the wire.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import starmap
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from dossier.fabrique import FaitDit, parcours_de
from dossier.models.mouvement import CORRECTION
from dossier.rules.faits import Parcours
from dossier.rules.lettre import FAMILLES, lettre_due
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Reference, TypeFait

#: Dossier, reference, legal day of the movement, the fact it is about.
LettreDue = tuple[int, Reference, date, str | None]
#: What a dossier's facts tell of a letter: reference, the fact it is about, the ISO day on which it left or came.
LettreConnue = tuple[str, str | None, str]


class Photo(NamedTuple):
    """The snapshot kept in a dossier's row."""

    points: int | None
    plafond: int | None
    etat: str
    prochaine_echeance: date | None


class Poste(NamedTuple):
    """A posted line, as far as settling needs it. ``date`` is ISO text."""

    id: int
    date: str
    nature: str
    points: int
    solde: int
    plafond: int
    fait: str | None
    article: str
    corrige: int | None
    reprise: int


class Livre(NamedTuple):
    """A dossier as the ledger sees it."""

    id: int
    photo: Photo
    mis_a_jour_le: date
    parcours: Parcours
    lettres: frozenset[LettreConnue]
    postes: list[Poste]
    naissance: str  # these two raise doubts, and change no line: only the desk asks them
    adresse: Any


class Ecarts(NamedTuple):
    """What is posted and should not stand; what should be posted, each with its ``reprise``."""

    a_corriger: list[Poste]
    a_poser: list[tuple[Mouvement, int]]

    def __bool__(self) -> bool:
        return bool(self.a_corriger or self.a_poser)


_LIRE = """
SELECT d.id, d.points, d.plafond, d.etat, d.prochaine_echeance, d.mis_a_jour_le,
       (SELECT json_agg(f.contenu ORDER BY f.id)::text FROM dossier_fait f WHERE f.dossier_id = d.id),
       (SELECT json_agg(json_build_array(m.id, m.date, m.nature, m.points, m.solde, m.plafond, m.fait, m.article,
                                         m.corrige_id, m.reprise) ORDER BY m.id)::text
        FROM dossier_mouvement m WHERE m.dossier_id = d.id),
       d.date_naissance, d.adresse::text
FROM dossier_dossier d
"""
#: By the index on prochaine_echeance, whatever the number of dossiers.
RECLAMER = """
SELECT id FROM dossier_dossier d WHERE prochaine_echeance <= %s
AND NOT EXISTS (SELECT FROM dossier_incident i WHERE i.dossier_id = d.id AND i.passage_id = %s)
ORDER BY prochaine_echeance, id LIMIT %s FOR UPDATE OF d SKIP LOCKED
"""


class JourAVenir(Exception):
    """A day that PostgreSQL has not reached: the clock of this machine is ahead, or the day was mistyped."""


def aujourd_hui() -> date:
    """The day in France by PostgreSQL's clock: one for all the machines, and it dates what is written beside."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT (now() AT TIME ZONE %s)::date", [settings.TIME_ZONE])
        (jour,) = curseur.fetchone()
    assert isinstance(jour, date)
    return jour


def refuser_l_avenir(jour: date) -> None:
    """Raises ``JourAVenir``: a line posted too early stays posted."""
    if jour > (present := aujourd_hui()):
        raise JourAVenir(
            f"le {jour:%d/%m/%Y} n'est pas venu : la base de données en est au {present:%d/%m/%Y}. Rien n'a été fait. "
            "Vérifiez l'horloge de cette machine, et le jour demandé."
        )


def lire(dossier_ids: Sequence[int]) -> Iterator[Livre]:
    """These dossiers, locked until the end of the transaction, in the order of their keys: no two wait in a circle.

    Read at once, parsed one by one: what has been settled is forgotten before the next one is made.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT FROM dossier_dossier WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(dossier_ids)])
        curseur.execute(_LIRE + "WHERE d.id = ANY(%s) ORDER BY d.id", [list(dossier_ids)])
        return starmap(_livre, curseur.fetchall())


def consulter(dossier_id: int) -> Livre:
    """One dossier, not locked: to say what would happen."""
    with connection.cursor() as curseur:
        curseur.execute(_LIRE + "WHERE d.id = %s", [dossier_id])
        return next(starmap(_livre, curseur.fetchall()))


def reclamer_echus(passage_id: int, au: date, combien: int) -> list[int]:
    """Claim due dossiers that nobody else holds, soonest first; they stay locked until the end of the transaction."""
    with connection.cursor() as curseur:
        curseur.execute(RECLAMER, [au, passage_id, combien])
        return [cle for (cle,) in curseur.fetchall()]


def invariants_rompus(postes: Sequence[Poste]) -> list[str]:
    """What the posted lines say against themselves: running sum, corrections and what they undo."""
    rompus = []
    solde, vus = 0, {p.id: p for p in postes}
    for poste in postes:
        solde += poste.points
        if poste.solde != solde:
            rompus.append(f"ligne {poste.id} : solde {poste.solde} au lieu de {solde}")
            solde = poste.solde
        if poste.nature == CORRECTION:
            cible = vus.get(poste.corrige or 0)
            if cible is None or cible.points != -poste.points or cible.nature == CORRECTION:
                rompus.append(f"ligne {poste.id} : correction sans objet")
    return rompus


def va_au_dela(tenu: Livre, present: date) -> bool:
    """Whether a line of this dossier is dated after that day."""
    jour = present.isoformat()
    return any(poste.date > jour for poste in tenu.postes)


def lignes_a_venir(tenu: Livre, present: date) -> list[str]:
    """The lines dated after that day, in French: nothing posts them but a clock that was ahead."""
    jour = present.isoformat()
    return [f"ligne {p.id} : datée du {p.date}, un jour à venir" for p in tenu.postes if p.date > jour]


def parcourir(page: int) -> Iterator[Livre]:
    """Every dossier in the order of their keys, ``page`` a statement; nothing is locked."""
    derniere = 0
    while True:
        with connection.cursor() as curseur:
            curseur.execute(_LIRE + "WHERE d.id > %s ORDER BY d.id LIMIT %s", [derniere, page])
            lignes = curseur.fetchall()
        if not lignes:
            return
        yield from starmap(_livre, lignes)
        derniere = lignes[-1][0]


def _livre(
    cle: int,
    points: int | None,
    plafond: int | None,
    etat: str,
    echeance: date | None,
    mis_a_jour_le: date,
    faits: str | None,
    postes: str | None,
    naissance: str,
    adresse: str | None,
) -> Livre:
    lignes: list[list[Any]] = json.loads(postes) if postes else []
    contenus: list[FaitDit] = json.loads(faits) if faits else []
    adresse_lue = json.loads(adresse) if adresse else None
    return Livre(
        cle,
        Photo(points, plafond, etat, echeance),
        mis_a_jour_le,
        parcours_de(contenus, adresse=adresse_lue),
        lettres_connues(contenus),
        [Poste(*ligne) for ligne in lignes],
        naissance,
        adresse_lue,
    )


def ecarts(postes: Sequence[Poste], replay: Replay) -> Ecarts:
    """The difference between what stands and what the law gives, in legal order."""
    corriges = {p.corrige for p in postes if p.corrige is not None}
    debout = {(p.date, p.nature, p.fait): p for p in postes if p.nature != CORRECTION and p.id not in corriges}
    deja = Counter((p.date, p.nature, p.fait) for p in postes if p.nature != CORRECTION) if corriges else None
    a_poser: list[tuple[Mouvement, int]] = []
    for voulu in replay.mouvements:
        cle = (voulu.date.isoformat(), voulu.nature, voulu.fait)
        poste = debout.get(cle)
        if poste is not None and poste.points == voulu.points and poste.plafond == voulu.plafond:
            del debout[cle]
        else:
            reprise = deja[cle] if deja is not None else int(poste is not None)
            a_poser.append((voulu, reprise))
    return Ecarts(list(debout.values()), a_poser)


def lettres_dues(tenu: Livre, ecarts: Ecarts, replay: Replay) -> list[LettreDue]:
    """The letters that the movements posted for the first time call for, unless the national file knows of one.

    None where points stand without a line: the lines have been erased (L. 225-2), and are posted again.
    """
    if not tenu.postes and tenu.photo.points is not None:
        return []
    dues = []
    for voulu, reprise in ecarts.a_poser:
        reference = lettre_due(voulu, replay) if reprise == 0 else None
        if reference and not any(_dispense(connue, reference, voulu) for connue in tenu.lettres):
            dues.append((tenu.id, reference, voulu.date, voulu.fait))
    return dues


def lettres_connues(faits: Sequence[FaitDit]) -> frozenset[LettreConnue]:
    """The letters that facts tell of."""
    jours = ("date_envoi", "date_presentation", "date_notification")
    lettres = [fait for fait in faits if fait["type"] == TypeFait.LETTRE]
    return frozenset(
        (lettre["reference"], lettre.get("fait"), next((lettre[jour] for jour in jours if lettre.get(jour)), ""))
        for lettre in lettres
    )


def _dispense(connue: LettreConnue, reference: str, voulu: Mouvement) -> bool:
    """Whether a letter told this movement already. Those without a cause look alike: an older one told another."""
    autre, fait, jour = connue
    meme = autre in FAMILLES[reference] and fait == voulu.fait
    return meme and (fait is not None or jour >= voulu.date.isoformat())
