"""What changes the centres, the sessions, the announcements and the attestations.

An attestation is decided once: it becomes a ``stage`` fact, settled at once by ``dossier.services``, or it is refused
and keeps its reason. A course that is true but gives nothing (second within the year, at the plafond, decided by a
judge…) is a fact: the engine says why it gives nothing, and an order of a 48N may still be answered by it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from dossier.fabrique import FaitDit
from dossier.feed import LigneRefusee
from dossier.models import Dossier, Fait
from dossier.noms import compacter
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.francais import en_francais
from dossier.rules.stage import defaut_d_agrement, defaut_de_duree
from dossier.rules.vocabulaire import TypeFait
from dossier.services import record_faits, rejoue_en_cas_de_conflit
from stages import selectors
from stages.feed import LigneAttestation, LigneCentre, LigneSession
from stages.models import NATURE_DU_CAS, AnnonceStage, Attestation, Centre, Session, VersionCentre

#: What a list says of a centre; of these, a change is kept as a version.
DECRIT = LigneCentre._fields
#: Announcements without attestation that a driver may have at once.
ANNONCES_MAX = 3


class Liste(NamedTuple):
    """Where centres come from. ``complete``: what it does not name is no longer agréé in the départements it covers."""

    source: str
    liste_du: date
    exemple: bool = False
    complete: bool = True


class Modification(NamedTuple):
    """A centre held, and what the new list says of it."""

    centre: Centre
    ligne: LigneCentre

    @property
    def champs(self) -> list[str]:
        """The fields that change, « retire_le » for a centre that comes back."""
        changes = [champ for champ in DECRIT if getattr(self.centre, champ) != getattr(self.ligne, champ)]
        return [*changes, "retire_le"] if self.centre.retire_le else changes


class Difference(NamedTuple):
    """What a list would change, shown before it is applied. ``confirmes``: the same, by a newer list."""

    nouveaux: list[LigneCentre]
    modifies: list[Modification]
    retires: list[Centre]
    confirmes: list[Centre]
    inchanges: int

    @property
    def vide(self) -> bool:
        """Nothing to write."""
        return not (self.nouveaux or self.modifies or self.retires or self.confirmes)


class ListePerimee(Exception):
    """A more recent list is held for one of the centres; its text is French."""


class AnnonceRefusee(Exception):
    """The announcement cannot be kept; its text is French."""


# --- Centres ----------------------------------------------------------------------------------------------------------


def compare_centres(lignes: Sequence[LigneCentre], liste: Liste) -> Difference:
    """What this list would change; writes nothing. Raises ``ListePerimee``."""
    tenus = {c.agrement: c for c in Centre.objects.filter(agrement__in=[ligne.agrement for ligne in lignes])}
    nouveaux, modifies, confirmes, inchanges = [], [], [], 0
    for ligne in lignes:
        centre = tenus.get(ligne.agrement)
        if centre is None:
            nouveaux.append(ligne)
            continue
        if centre.liste_du > liste.liste_du:
            raise ListePerimee(
                f"une liste plus récente, du {en_francais(centre.liste_du)}, est déjà enregistrée pour le centre "
                f"{centre.agrement}."
            )
        modification = Modification(centre, ligne)
        meme_liste = (centre.source, centre.liste_du, centre.exemple) == liste[:3]
        if modification.champs:
            modifies.append(modification)
        elif not meme_liste:
            confirmes.append(centre)
        else:
            inchanges += 1
    return Difference(nouveaux, modifies, _absents(lignes, liste), confirmes, inchanges)


def _absents(lignes: Sequence[LigneCentre], liste: Liste) -> list[Centre]:
    """The centres of the départements of this list that it no longer names."""
    if not liste.complete:
        return []
    absents = Centre.objects.filter(
        departement__in={ligne.departement for ligne in lignes},
        retire_le=None,
        exemple=liste.exemple,
        liste_du__lte=liste.liste_du,
    ).exclude(agrement__in=[ligne.agrement for ligne in lignes])
    return list(absents.order_by("departement", "agrement"))


@transaction.atomic
def record_centres(*, lignes: Sequence[LigneCentre], liste: Liste) -> Difference:
    """Apply what ``compare_centres`` shows, and give it back. Raises ``ListePerimee``; nothing is written then."""
    list(Centre.objects.select_for_update().order_by("pk").values_list("pk"))  # one list at a time
    difference = compare_centres(lignes, liste)
    de_la_liste = {"source": liste.source, "liste_du": liste.liste_du, "exemple": liste.exemple, "retire_le": None}
    Centre.objects.bulk_create(Centre(**ligne._asdict(), **de_la_liste) for ligne in difference.nouveaux)
    VersionCentre.objects.bulk_create(_version(m.centre) for m in difference.modifies)
    for modification in difference.modifies:
        Centre.objects.filter(pk=modification.centre.pk).update(**modification.ligne._asdict(), **de_la_liste)
    Centre.objects.filter(pk__in=[c.pk for c in difference.confirmes]).update(**de_la_liste)
    Centre.objects.filter(pk__in=[c.pk for c in difference.retires]).update(retire_le=liste.liste_du)
    return difference


def _version(centre: Centre) -> VersionCentre:
    champs = (*DECRIT, "source", "liste_du", "retire_le")
    tenu = {champ: getattr(centre, champ) for champ in champs}
    contenu = {champ: v.isoformat() if isinstance(v, date) else v for champ, v in tenu.items()}
    return VersionCentre(centre=centre, contenu=contenu)


# --- Sessions ---------------------------------------------------------------------------------------------------------


class Bilan(NamedTuple):
    """What became of the lines of a file; ``refus``: the reason of each refused one, by its rank."""

    nouveaux: int
    modifies: int
    inchanges: int
    refus: dict[int, str]


@transaction.atomic
def record_sessions(*, lignes: Sequence[LigneSession]) -> Bilan:
    """Add or replace sessions, by centre and number: two reads and two writes, however many."""
    centres = dict(
        Centre.objects.filter(agrement__in={ligne.agrement for ligne in lignes}).values_list("agrement", "pk")
    )
    refus: dict[int, str] = {}
    voulues: dict[tuple[int, str], dict[str, Any]] = {}
    for rang, ligne in enumerate(lignes):
        centre, valeurs = centres.get(ligne.agrement), _champs(ligne)
        if centre is None:
            refus[rang] = "aucun centre enregistré ne porte ce numéro d'agrément"
        elif voulues.setdefault((centre, ligne.numero), valeurs) != valeurs:
            refus[rang] = "ce numéro de stage figure plus haut dans le fichier, avec un autre contenu"
    tenues = _sessions_tenues(voulues)
    nouvelles = [Session(centre_id=c, numero=n, **v) for (c, n), v in voulues.items() if (c, n) not in tenues]
    changees = [
        Session(pk=tenues[cle].pk, centre_id=cle[0], numero=cle[1], **valeurs)
        for cle, valeurs in voulues.items()
        if cle in tenues and any(getattr(tenues[cle], champ) != valeur for champ, valeur in valeurs.items())
    ]
    Session.objects.bulk_create(nouvelles)
    Session.objects.bulk_update(changees, ["date_debut", "date_fin", "places", "lieu", "annulee"], batch_size=500)
    return Bilan(len(nouvelles), len(changees), len(lignes) - len(refus) - len(nouvelles) - len(changees), refus)


def _champs(ligne: LigneSession) -> dict[str, Any]:
    return {champ: valeur for champ, valeur in ligne._asdict().items() if champ not in ("agrement", "numero")}


def _sessions_tenues(cles: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Session]:
    paires = list(cles)
    lues = Session.objects.raw(
        "SELECT s.* FROM stages_session s JOIN unnest(%s::bigint[], %s::text[]) v (c, n)"
        " ON s.centre_id = v.c AND s.numero = v.n FOR UPDATE OF s",
        [[c for c, _ in paires], [n for _, n in paires]],
    )
    return {(session.centre_id, session.numero): session for session in lues}


# --- Attestations -----------------------------------------------------------------------------------------------------


class Decision(NamedTuple):
    """What became of an attestation: ``enregistree``, ``refusee`` (with its reason) or ``inchangee``."""

    etat: str
    raison: str = ""


@rejoue_en_cas_de_conflit
def record_attestation(*, ligne: LigneAttestation, au: date) -> Decision:
    """Decide one attestation, received on ``au`` unless the line says when; the same one again changes nothing.

    A refused one is decided again: a list of centres may have come since. Raises ``LigneRefusee`` where the line is
    nobody's, or of a course that is not over: nothing is kept then.
    """
    dossier = _titulaire(ligne)
    if ligne.date_fin > au:
        raise LigneRefusee(f"le stage n'est pas terminé : son dernier jour est le {en_francais(ligne.date_fin)}")
    if ligne.recue_le is not None and ligne.recue_le > au:
        raise LigneRefusee("la date de réception est à venir")
    cle = {champ: getattr(ligne, champ) for champ in ("agrement", "date_debut", "date_fin", "heures", "cas")}
    tenue = Attestation.objects.filter(dossier=dossier, **cle).first()
    if tenue is not None and tenue.fait:
        return Decision("inchangee")
    refus = defaut_de_duree(ligne.date_debut, ligne.date_fin, ligne.heures) or defaut_d_agrement(
        selectors.list_periodes(ligne.agrement), ligne.date_debut, ligne.date_fin
    )
    if tenue is not None and tenue.refus == refus:
        return Decision("inchangee")
    fait = "" if refus else _enregistrer(dossier, ligne, au)
    recue_le = tenue.recue_le if tenue else ligne.recue_le or au
    valeurs = {"fait": fait, "refus": refus or "", "decidee_le": au, "session": ligne.session, "recue_le": recue_le}
    Attestation.objects.update_or_create(dossier=dossier, **cle, defaults=valeurs)
    return Decision("refusee", refus) if refus else Decision("enregistree")


def _titulaire(ligne: LigneAttestation) -> Dossier:
    """The driver of an attestation, locked: the number and the name must be of the same person."""
    dossier = Dossier.objects.select_for_update().filter(neph=ligne.neph).first()
    if dossier is None:
        raise LigneRefusee("aucun dossier ne porte ce numéro NEPH")
    if compacter(ligne.nom_naissance) not in {
        compacter(nom) for nom in (dossier.nom_naissance, dossier.nom_usage) if nom
    }:
        raise LigneRefusee("le nom n'est pas celui du dossier qui porte ce numéro NEPH")
    return dossier


def _enregistrer(dossier: Dossier, ligne: LigneAttestation, au: date) -> str:
    """The identifier of the fact that the attestation is: the national file's, where it has told of it already."""
    nature, fin = NATURE_DU_CAS[ligne.cas], ligne.date_fin.isoformat()
    connus = Fait.objects.filter(dossier=dossier, type=TypeFait.STAGE, contenu__date_fin=fin, contenu__nature=nature)
    connu = connus.order_by("pk").values_list("identifiant", flat=True).first()
    if connu:
        return connu
    centre = selectors.get_centre(ligne.agrement)
    fait: FaitDit = {
        "id": f"stage-{fin}-{ligne.agrement}-{nature}",
        "type": TypeFait.STAGE,
        "date_debut": ligne.date_debut.isoformat(),
        "date_fin": fin,
        "nature": nature,
        "agrement": ligne.agrement,
        "departement": centre.departement if centre else None,
        "enregistre_le": au.isoformat(),
    }
    record_faits(dossier_id=dossier.pk, faits=[fait], au=au)
    return str(fait["id"])


# --- Announcements ----------------------------------------------------------------------------------------------------


@transaction.atomic
def announce_stage(*, dossier_id: int, agrement: str, date_fin: date, nature: str) -> AnnonceStage:
    """Keep that this driver followed a course ended on ``date_fin``. Raises ``AnnonceRefusee``."""
    Dossier.objects.select_for_update().only("pk").get(pk=dossier_id)  # two tabs announce one after the other
    if Attestation.objects.filter(dossier_id=dossier_id, date_fin=date_fin).exists():
        raise AnnonceRefusee("L'attestation de ce stage est déjà reçue : il figure dans vos stages.")
    connus = Fait.objects.filter(dossier_id=dossier_id, type=TypeFait.STAGE, contenu__date_fin=date_fin.isoformat())
    if connus.exists():
        raise AnnonceRefusee("Ce stage est déjà enregistré : il figure dans vos stages.")
    recues = Attestation.objects.filter(dossier_id=dossier_id).values("date_fin")
    annonces = AnnonceStage.objects.filter(dossier_id=dossier_id)
    if annonces.filter(date_fin__range=(date_fin - UN_JOUR, date_fin + UN_JOUR)).exists():
        raise AnnonceRefusee("Vous avez déjà annoncé un stage pour ces jours-là.")
    if annonces.exclude(date_fin__in=recues).count() >= ANNONCES_MAX:
        raise AnnonceRefusee("Vous avez déjà annoncé trois stages sans attestation : retirez celui qui est de trop.")
    centre = selectors.get_centre(agrement)
    return AnnonceStage.objects.create(
        dossier_id=dossier_id,
        agrement=agrement,
        departement=centre.departement if centre else "",
        date_fin=date_fin,
        nature=nature,
    )


def withdraw_annonce(*, dossier_id: int, annonce_id: int) -> bool:
    """Forget an announcement of this driver; False when there is none."""
    supprimees, _ = AnnonceStage.objects.filter(dossier_id=dossier_id, pk=annonce_id).delete()
    return bool(supprimees)
