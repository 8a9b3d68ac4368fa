"""What changes a dossier: loading what the national file tells, and settling the ledger to what the law gives.

``settle`` and the import share one posting: nothing else writes movements.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from dossier import copie, effacement, feed, lettres, livre
from dossier.champs import extrait
from dossier.fabrique import FaitDit, parcours_de
from dossier.feed import LigneDossier, LigneRefusee
from dossier.models import Dossier, Fait, Mouvement, VersionDossier
from dossier.models.mouvement import CORRECTION
from dossier.noms import compacter
from dossier.rules import mouvements as regles
from dossier.rules.faits import Parcours
from dossier.rules.francais import en_francais
from dossier.rules.levee import mesures_effacees
from dossier.rules.prevision import prochaine_echeance
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.signals import dossiers_settled, faits_recorded, personnes_corrigees

P = ParamSpec("P")
R = TypeVar("R")

ESSAIS = 3
#: The same work is done again after a serialization failure, a deadlock, a lock that did not come in time, and a NEPH
#: created meanwhile by another import. Not after a statement that took too long: it would again.
REJOUABLES = frozenset({"40001", "40P01", "55P03", "23505"})
ATTENTE = 0.2  # seconds at most before the second try, twice that before the third

IDENTITE = ("nom_naissance", "nom_usage", "prenoms", "sexe", "date_naissance", "lieu_naissance", "pays_naissance")
PHOTO = ("points", "plafond", "etat", "prochaine_echeance", "mis_a_jour_le")
COLONNES_DOSSIER = ("id", "neph", *IDENTITE, "adresse", "titres", "categories", *PHOTO)
COLONNES_FAIT = ("dossier_id", "identifiant", "type", "contenu", "recorded_at")
MOUVEMENT = ("date", "nature", "points", "solde", "plafond", "fait", "article", "explication")
COLONNES_MOUVEMENT = ("dossier_id", *MOUVEMENT, "corrige_id", "reprise", "recorded_at")


class GrandLivreIncoherent(Exception):
    """What is posted does not add up to what the facts say: stop rather than post more."""


class Resultat(NamedTuple):
    """What became of a line: ``accepte``, ``corrige`` (taken, though it speaks of another person), ``inchange`` or
    ``refuse``, with the reason in French."""

    etat: str
    raison: str | None = None


ACCEPTE, INCHANGE, CORRIGE = Resultat("accepte"), Resultat("inchange"), Resultat("corrige")
UNE_AUTRE_PERSONNE = (
    "cette ligne semble parler d'une autre personne : le nom ou le premier prénom change avec la date de naissance. Si "
    "c'est une correction, elle porte « etat_civil_corrige »"
)


def rejoue_en_cas_de_conflit(fonction: Callable[P, R]) -> Callable[P, R]:
    """Run in a transaction, again when the database asks for it, three times at most, after a random pause."""

    @wraps(fonction)
    def enveloppe(*args: P.args, **kwargs: P.kwargs) -> R:
        for essai in range(1, ESSAIS + 1):
            try:
                with transaction.atomic():
                    return fonction(*args, **kwargs)
            except (OperationalError, IntegrityError) as erreur:
                code = getattr(erreur.__cause__, "sqlstate", None)
                if essai == ESSAIS or code not in REJOUABLES or connection.in_atomic_block:
                    raise
            time.sleep(random.uniform(0, essai * ATTENTE))  # noqa: S311 two that met must not meet again
        raise AssertionError("unreachable")

    return enveloppe


@rejoue_en_cas_de_conflit
def settle(*, dossier_ids: Sequence[int], au: date) -> int:
    """Bring the ledger and the snapshot of these dossiers to what their facts say on ``au``.

    Locks the dossiers, replays, corrects what should not be posted, posts what is missing, erases the measures annulled
    by then; the second time, nothing.
    Never goes back: a dossier already brought further than ``au`` stays there. Returns how many dossiers changed.
    """
    lignes: list[str] = []
    dues: list[livre.LettreDue] = []
    vus: list[lettres.Vu] = []
    photos: list[tuple[int, livre.Photo, date]] = []
    annulees: dict[int, frozenset[str]] = {}
    horodatage = timezone.now().isoformat()
    for tenu in livre.lire(dossier_ids):
        jour = max(au, tenu.mis_a_jour_le)
        if mesures := mesures_effacees(tenu.parcours, jour):
            annulees[tenu.id] = mesures
        replay = rejouer(tenu.parcours, jour)
        ecarts = livre.ecarts(tenu.postes, replay)
        photo = _photo(tenu.parcours, replay)
        if ecarts or photo != tenu.photo:
            lignes += _lignes_ecarts(tenu, ecarts, replay, horodatage)
            dues += livre.lettres_dues(tenu, ecarts, replay)
            vus.append(lettres.Vu(tenu.id, replay, lettres.annoncees(list(tenu.lettres))))
            photos.append((tenu.id, photo, jour))
    if lignes:
        copie.copier(Mouvement, COLONNES_MOUVEMENT, lignes)
    lettres.inscrire(dues, vus)
    effacement.effacer(annulees)
    _photographier(photos)
    if photos:
        dossiers_settled.send(sender=None, dossier_ids=[cle for cle, _, _ in photos], au=au)
    return len(photos)


def verifier(tenu: livre.Livre) -> list[str]:
    """What is wrong with a dossier's ledger, in French; nothing when it is what the law gives.

    Replayed on the day it was last brought to: between two settlings nothing of it changes.
    """
    replay = rejouer(tenu.parcours, tenu.mis_a_jour_le)
    raisons = livre.invariants_rompus(tenu.postes)
    ecarts = livre.ecarts(tenu.postes, replay)
    if ecarts.a_corriger:
        raisons.append(f"{len(ecarts.a_corriger)} mouvement(s) de trop")
    if ecarts.a_poser:
        raisons.append(f"{len(ecarts.a_poser)} mouvement(s) manquant(s)")
    if tenu.postes and tenu.postes[-1].solde != (replay.solde or 0):
        raisons.append("solde inscrit différent du solde rejoué")
    if _photo(tenu.parcours, replay) != tenu.photo:
        raisons.append("photo différente du rejeu")
    return raisons


def _photo(parcours: Parcours, replay: Replay) -> livre.Photo:
    return livre.Photo(replay.points, replay.plafond, replay.etat, prochaine_echeance(parcours, replay))


def _photographier(photos: Sequence[tuple[int, livre.Photo, date]]) -> None:
    """Write the snapshots, in one statement."""
    if not photos:
        return
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE dossier_dossier d SET points = v.points, plafond = v.plafond, etat = v.etat,"
            " prochaine_echeance = v.echeance, mis_a_jour_le = v.jour"
            " FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::text[], %s::date[], %s::date[])"
            " AS v (id, points, plafond, etat, echeance, jour) WHERE d.id = v.id",
            [
                [cle for cle, _, _ in photos],
                [photo.points for _, photo, _ in photos],
                [photo.plafond for _, photo, _ in photos],
                [photo.etat for _, photo, _ in photos],
                [photo.prochaine_echeance for _, photo, _ in photos],
                [jour for _, _, jour in photos],
            ],
        )


def _lignes_ecarts(tenu: livre.Livre, ecarts: livre.Ecarts, replay: Replay, horodatage: str) -> list[str]:
    """The lines to post: corrections first, then what is missing. Stops where the sum is not what the law gives."""
    solde = tenu.postes[-1].solde if tenu.postes else 0
    lignes = []
    deja = Counter((p.date, p.fait) for p in tenu.postes if p.nature == CORRECTION)
    for retire in ecarts.a_corriger:
        solde -= retire.points
        rang = deja[retire.date, retire.fait]
        deja[retire.date, retire.fait] += 1
        lignes.append(_ligne_correction(tenu.id, retire, rang, solde, horodatage))
    for voulu, reprise in ecarts.a_poser:
        solde += voulu.points
        lignes.append(ligne_mouvement(tenu.id, voulu, solde, reprise, horodatage))
    if solde != (replay.solde or 0):
        raise GrandLivreIncoherent(f"dossier n° {tenu.id}")
    return lignes


def ligne_mouvement(dossier_id: int, m: regles.Mouvement, solde: int, reprise: int, horodatage: str) -> str:
    return (
        f"{dossier_id}\t{m.date.isoformat()}\t{m.nature}\t{m.points}\t{solde}\t{m.plafond}\t{copie.texte(m.fait)}\t"
        f"{m.article}\t{copie.texte(m.explication)}\t{copie.NUL}\t{reprise}\t{horodatage}"
    )


def _ligne_correction(dossier_id: int, retire: livre.Poste, rang: int, solde: int, horodatage: str) -> str:
    """The line that undoes a posted one, on the same legal day, and says why to the driver."""
    explication = (
        f"Cette ligne annule celle du {en_francais(date.fromisoformat(retire.date))}, inscrite alors que votre dossier "
        "n'était pas complet : un fait connu depuis a changé le calcul."
    )
    return (
        f"{dossier_id}\t{retire.date}\t{CORRECTION}\t{-retire.points}\t{solde}\t{retire.plafond}\t"
        f"{copie.texte(retire.fait)}\t{retire.article}\t{explication}\t{retire.id}\t{rang}\t"
        f"{horodatage}"
    )


@rejoue_en_cas_de_conflit
def import_lot(*, lignes: Sequence[LigneDossier], au: date) -> list[Resultat]:
    """Load valid lines (each NEPH once) and settle their dossiers on ``au``; one result a line, same order."""
    tenus = {
        dossier.neph: dossier
        for dossier in Dossier.objects.select_for_update(of=("self",))
        .filter(neph__in=[ligne.neph for ligne in lignes])
        .order_by("pk")
    }
    _creer([ligne for ligne in lignes if ligne.neph not in tenus], au)
    connues = [ligne for ligne in lignes if ligne.neph in tenus]
    mises_a_jour = _mettre_a_jour(connues, tenus, au) if connues else {}
    return [mises_a_jour.get(ligne.neph, ACCEPTE) for ligne in lignes]


def _creer(lignes: Sequence[LigneDossier], au: date) -> None:
    """Write new dossiers, their facts and their movements, all by COPY."""
    if not lignes:
        return
    horodatage = timezone.now().isoformat()
    dossiers, faits, mouvements = [], [], []
    annulees: dict[int, frozenset[str]] = {}
    lignes = sorted(lignes, key=lambda ligne: ligne.neph)  # two imports of the same NEPHs do not wait in a circle
    for cle, ligne in zip(copie.reserver(Dossier, len(lignes)), lignes, strict=True):
        replay = rejouer(ligne.parcours, au)
        dossiers.append(_ligne_dossier(cle, ligne, replay, au))
        faits += _lignes_faits(cle, ligne.faits, horodatage)
        if mesures := mesures_effacees(ligne.parcours, au):
            annulees[cle] = mesures
        for m in replay.mouvements:
            mouvements.append(ligne_mouvement(cle, m, m.solde, 0, horodatage))
    copie.copier(Dossier, COLONNES_DOSSIER, dossiers)
    copie.copier(Fait, COLONNES_FAIT, faits)
    copie.copier(Mouvement, COLONNES_MOUVEMENT, mouvements)
    effacement.effacer(annulees)


def _ligne_dossier(cle: int, ligne: LigneDossier, replay: Replay, au: date) -> str:
    civil = ligne.etat_civil
    points, plafond, etat, echeance = _photo(ligne.parcours, replay)
    return "\t".join(
        (
            str(cle),
            ligne.neph,
            civil["nom_naissance"],
            copie.texte(civil.get("nom_usage")),
            copie.noms(civil["prenoms"]),
            civil["sexe"],
            civil["date_naissance"],
            copie.texte(civil.get("lieu_naissance")),
            copie.texte(civil.get("pays_naissance")),
            copie.contenu(civil.get("adresse")),
            copie.contenu(ligne.titres or []),
            copie.contenu(ligne.categories or []),
            copie.nombre(points),
            copie.nombre(plafond),
            etat,
            copie.jour(echeance),
            au.isoformat(),
        )
    )


def _lignes_faits(dossier_id: int, faits: Iterable[FaitDit], horodatage: str) -> list[str]:
    return [
        f"{dossier_id}\t{copie.texte(fait['id'])}\t{fait['type']}\t{copie.contenu(fait)}\t{horodatage}"
        for fait in faits
    ]


def _mettre_a_jour(lignes: Sequence[LigneDossier], tenus: dict[str, Dossier], au: date) -> dict[str, Resultat]:
    """Add what is new to dossiers already held and locked; refuse what contradicts them."""
    faits = _faits_tenus([tenus[ligne.neph].pk for ligne in lignes])
    resultats: dict[str, Resultat] = {}
    touches: list[int] = []
    nouveaux: dict[int, list[FaitDit]] = {}
    for ligne in lignes:
        dossier = tenus[ligne.neph]
        autre = est_une_autre_personne(dossier, ligne.etat_civil)
        try:
            if autre and not ligne.etat_civil_corrige:
                raise LigneRefusee(UNE_AUTRE_PERSONNE, ligne.neph)
            ajouts = _faits_nouveaux(ligne, faits[dossier.pk])
        except LigneRefusee as refus:
            resultats[ligne.neph] = Resultat("refuse", refus.raison)
            continue
        identite = _remplacer_identite(dossier, ligne)
        nouveaux[dossier.pk] = ajouts
        if ajouts or identite:
            touches.append(dossier.pk)
        resultats[ligne.neph] = CORRIGE if autre else ACCEPTE if ajouts or identite else INCHANGE
    _ajouter(nouveaux, touches, au)
    if corriges := [tenus[neph].pk for neph, resultat in resultats.items() if resultat is CORRIGE]:
        personnes_corrigees.send(sender=None, dossier_ids=corriges)
    return resultats


@rejoue_en_cas_de_conflit
def record_faits(*, dossier_id: int, faits: list[FaitDit], au: date) -> bool:
    """Add facts to one dossier, written as in the feed, and settle it on ``au``; False when all were held already.

    The door of the desk and of the attestations; never ahead of PostgreSQL's own day. Raises ``LigneRefusee``, its
    reason in French, and ``Dossier.DoesNotExist``; nothing is kept then.
    """
    au = min(au, livre.aujourd_hui())
    dossier = Dossier.objects.select_for_update().get(pk=dossier_id)
    canoniques, parcours = feed.lire_faits(faits)
    ligne = LigneDossier(dossier.neph, {}, None, None, canoniques, parcours)
    ajouts = _faits_nouveaux(ligne, _faits_tenus([dossier.pk])[dossier.pk])
    if ajouts:
        _ajouter({dossier.pk: ajouts}, [dossier.pk], au)
    return bool(ajouts)


def _faits_tenus(dossier_ids: Sequence[int]) -> dict[int, dict[str, FaitDit]]:
    """The facts of these dossiers, by identifier, in the order in which they were told."""
    faits: dict[int, dict[str, FaitDit]] = {cle: {} for cle in dossier_ids}
    for fait in Fait.objects.filter(dossier_id__in=faits).order_by("pk"):
        faits[fait.dossier_id][fait.identifiant] = fait.contenu
    return faits


def _ajouter(nouveaux: dict[int, list[FaitDit]], touches: list[int], au: date) -> None:
    """Write new facts of dossiers already locked, and settle them."""
    horodatage = timezone.now().isoformat()
    if lignes := [ligne for cle, ajouts in nouveaux.items() for ligne in _lignes_faits(cle, ajouts, horodatage)]:
        copie.copier(Fait, COLONNES_FAIT, lignes)
    if touches:
        settle(dossier_ids=touches, au=au)
        Dossier.objects.filter(pk__in=touches, mis_a_jour_le__lt=au).update(mis_a_jour_le=au)
        faits_recorded.send(sender=None, dossier_ids=touches, au=au)


def _faits_nouveaux(ligne: LigneDossier, tenus: dict[str, FaitDit]) -> list[FaitDit]:
    """The facts of a line that are not held yet. Raises ``LigneRefusee`` where one contradicts what is held."""
    nouveaux = []
    for fait in ligne.faits:
        tenu = tenus.get(fait["id"])
        if tenu is None:
            nouveaux.append(fait)
        elif not effacement.dit_le_meme(tenu, fait):
            raise LigneRefusee(
                f"le fait {extrait(fait['id'])} est déjà enregistré avec un autre contenu : un fait ne se "
                "modifie pas, il s'annule par un autre",
                ligne.neph,
            )
    feed.verifier_nombre(len(tenus) + len(nouveaux))
    feed.verifier_parcours(parcours_de([*tenus.values(), *nouveaux]))
    return nouveaux


def est_une_autre_personne(dossier: Dossier, etat_civil: dict[str, Any]) -> bool:
    """Does this état civil change the birth day, and with it the birth name or the first given name?

    Accents and case change nobody; nor does a day of which a part was unknown, and is told at last.
    """
    naissances = zip(dossier.date_naissance.split("-"), etat_civil["date_naissance"].split("-"), strict=True)
    if all(avant == apres or "00" in (avant, apres) for avant, apres in naissances):
        return False
    noms = (dossier.nom_naissance, etat_civil["nom_naissance"])
    prenoms = (dossier.prenoms[0] if dossier.prenoms else "", next(iter(etat_civil["prenoms"]), ""))
    return any(compacter(avant) != compacter(apres) for avant, apres in (noms, prenoms))


def _remplacer_identite(dossier: Dossier, ligne: LigneDossier) -> bool:
    """Replace état civil, titres and catégories where they changed, and keep what they were."""
    nouveau: dict[str, Any] = {champ: ligne.etat_civil.get(champ) for champ in (*IDENTITE, "adresse")}
    nouveau |= {
        champ: valeur
        for champ, valeur in (("titres", ligne.titres), ("categories", ligne.categories))
        if valeur is not None
    }
    tenu = {champ: getattr(dossier, champ) for champ in nouveau}
    if tenu == nouveau:
        return False
    VersionDossier.objects.create(dossier=dossier, contenu=tenu)
    Dossier.objects.filter(pk=dossier.pk).update(**nouveau)
    return True
