"""What must hold once the storm is over, read from the tables and from the engine, not from what the programs said."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from dossier.fabrique import parcours_de
from dossier.rules.faits import Parcours
from dossier.rules.prevision import prochaine_echeance
from dossier.rules.solde import rejouer
from tests.bancs.chaos.banc import CHARGE_LE, JOUR, VEILLE, Banc, Modele

FAITS = "SELECT dossier_id, jsonb_agg(contenu ORDER BY id) FROM dossier_fait GROUP BY dossier_id"
PHOTOS = "SELECT id, points, plafond, etat, prochaine_echeance, mis_a_jour_le FROM dossier_dossier"
#: A posted line without what a database gives it: its number and its instant.
LIGNES = """
SELECT m.dossier_id, m.date, m.nature, m.points, m.solde, m.plafond, m.fait, m.article, m.explication, m.reprise,
       c.date, c.nature, c.fait, c.reprise
FROM dossier_mouvement m LEFT JOIN dossier_mouvement c ON c.id = m.corrige_id ORDER BY m.dossier_id, m.id
"""
DEBOUT = """
SELECT dossier_id, date, nature, points, plafond, fait FROM dossier_mouvement m
WHERE nature <> 'correction' AND NOT EXISTS (SELECT FROM dossier_mouvement c WHERE c.corrige_id = m.id)
"""
SOLDES = "SELECT dossier_id, points, solde FROM dossier_mouvement ORDER BY dossier_id, id"
LETTRES = "SELECT dossier_id, reference, date, fait FROM dossier_lettre"
DOUBLONS = """
SELECT coalesce(sum(n - 1), 0)::int FROM (
    SELECT count(*) n FROM dossier_mouvement GROUP BY dossier_id, nature, fait, date, reprise
    UNION ALL SELECT count(*) FROM dossier_mouvement WHERE corrige_id IS NOT NULL GROUP BY corrige_id
) cles
"""
LOTS = "SELECT coalesce(sum(traites), 0)::int, coalesce(sum(changes), 0)::int FROM dossier_passagelot"
INCIDENTS = "SELECT count(*) FROM dossier_incident"
OUVERTS = "SELECT count(*) FROM dossier_passage WHERE finished_at IS NULL"
ECHUS = "SELECT count(*) FROM dossier_dossier WHERE prochaine_echeance <= %s"
#: At any instant, in one statement: the lines add up to what the last of them says, and to the snapshot.
ETAT_ROMPU = """
SELECT count(*) FROM dossier_dossier d, LATERAL (
    SELECT coalesce(sum(points), 0) AS somme, (array_agg(solde ORDER BY id DESC))[1] AS dernier
    FROM dossier_mouvement m WHERE m.dossier_id = d.id
) l WHERE greatest(l.somme, 0) <> coalesce(d.points, 0) OR l.dernier <> l.somme
"""

Ligne = tuple[Any, ...]


class Photo(NamedTuple):
    """The snapshot and the day it was taken on."""

    points: int | None
    plafond: int | None
    etat: str
    echeance: date | None
    le: date


@dataclass(frozen=True)
class Temoin:
    """The same dossiers before the night, and after a night that nothing disturbed."""

    parcours: dict[int, Parcours]
    avant: dict[int, Photo]
    apres: dict[int, Photo]
    lignes: Counter[Ligne]
    lettres: Counter[Ligne]

    @cached_property
    def dus(self) -> set[int]:
        return {cle for cle, photo in self.avant.items() if photo.echeance and photo.echeance <= JOUR}

    def deux_fois_dus(self) -> int:
        """Dossiers that the run of the day before may settle, and that are due again on the day itself."""
        veille = [cle for cle in self.dus if (self.avant[cle].echeance or JOUR) <= VEILLE]
        return sum(_photo(self.parcours[cle], VEILLE).echeance == JOUR for cle in veille)


def observer(modele: Modele) -> Temoin:
    """Settle a copy in one go, and keep what it became."""
    with modele.banc() as banc:
        parcours = {cle: parcours_de(faits) for cle, faits in banc.lire(FAITS)}
        avant = _photos(banc)
        assert banc.lire(ETAT_ROMPU) == [(0,)]
        for commande in (["settle", "--au", f"{JOUR}"], ["verify_ledger"]):
            fait = banc.manage(*commande)
            assert fait.returncode == 0, fait.stdout + fait.stderr
        lignes, lettres = Counter(banc.lire(LIGNES)), Counter(banc.lire(LETTRES))
        return Temoin(parcours, avant, _photos(banc), lignes, lettres)


def _photos(banc: Banc) -> dict[int, Photo]:
    return {cle: Photo(*photo) for cle, *photo in banc.lire(PHOTOS)}


def _photo(parcours: Parcours, au: date) -> Photo:
    replay = rejouer(parcours, au)
    return Photo(replay.points, replay.plafond, replay.etat, prochaine_echeance(parcours, replay), au)


@dataclass(frozen=True)
class Constat:
    """Counts of what should all be zero, and the sums of the batches."""

    dus: int
    traites: int
    changes: int
    deux_fois_dus: int
    restes: int  # due and not settled
    non_finis: int  # runs still open
    incidents: int
    doublons: int  # lines posted twice
    manquants: int  # lines of the undisturbed twin that are not there
    de_trop: int  # lines that the twin does not have
    lettres_fausses: int  # letters due that only one of the two has
    soldes_faux: int  # dossiers whose lines or snapshot are not the engine's
    touches_a_tort: int  # not due and changed, or due and not brought to the day
    verify_ledger: int  # its exit code

    def fautes(self) -> dict[str, int]:
        """What is not as it must be."""
        attendus = {"dus", "traites", "changes", "deux_fois_dus"}
        fautes = {nom: n for nom, n in vars(self).items() if n and nom not in attendus}
        if not self.dus <= self.traites == self.changes <= self.dus + self.deux_fois_dus:
            fautes["conservation"] = self.traites - self.dus
        return fautes


def controler(banc: Banc, temoin: Temoin) -> Constat:
    """Look at a database after its storm."""
    photos = _photos(banc)
    lignes, lettres = Counter(banc.lire(LIGNES)), Counter(banc.lire(LETTRES))
    [(traites, changes)] = banc.lire(LOTS)
    return Constat(
        dus=len(temoin.dus),
        traites=traites,
        changes=changes,
        deux_fois_dus=temoin.deux_fois_dus(),
        restes=banc.lire(ECHUS, JOUR)[0][0],
        non_finis=banc.lire(OUVERTS)[0][0],
        incidents=banc.lire(INCIDENTS)[0][0],
        doublons=banc.lire(DOUBLONS)[0][0],
        manquants=(temoin.lignes - lignes).total(),
        de_trop=(lignes - temoin.lignes).total(),
        lettres_fausses=((temoin.lettres - lettres) + (lettres - temoin.lettres)).total(),
        soldes_faux=len(_soldes_faux(banc, temoin, photos)),
        touches_a_tort=sum(not _a_sa_place(cle, photo, temoin) for cle, photo in photos.items()),
        verify_ledger=banc.manage("verify_ledger").returncode,
    )


def _a_sa_place(cle: int, photo: Photo, temoin: Temoin) -> bool:
    if cle not in temoin.dus:
        return photo == temoin.avant[cle] and photo.le == CHARGE_LE
    return photo[:-1] == temoin.apres[cle][:-1] and photo.le in {VEILLE, JOUR}


def _soldes_faux(banc: Banc, temoin: Temoin, photos: dict[int, Photo]) -> set[int]:
    """Dossiers whose standing lines, running balance or snapshot differ from what the engine gives."""
    debout: dict[int, Counter[Ligne]] = {cle: Counter() for cle in photos}
    for cle, *ligne in banc.lire(DEBOUT):
        debout[cle][tuple(ligne)] += 1
    faux = set()
    soldes = dict.fromkeys(photos, 0)
    for cle, points, solde in banc.lire(SOLDES):
        soldes[cle] += points
        if solde != soldes[cle]:
            faux.add(cle)
    for cle, photo in photos.items():
        replay = rejouer(temoin.parcours[cle], photo.le)
        voulus = Counter((m.date, m.nature, m.points, m.plafond, m.fait) for m in replay.mouvements)
        juste = debout[cle] == voulus and soldes[cle] == (replay.solde or 0)
        if not juste or photo != _photo(temoin.parcours[cle], photo.le):
            faux.add(cle)
    return faux
