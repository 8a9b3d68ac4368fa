"""Reading letters: those that a driver has, what the file knows of their delivery, and what one still to make says."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from documents.contenus import Ligne
from documents.courriers.adresses import Adresses, adresse_dite
from documents.courriers.contenu import SUIVRE_LE_STAGE, Courrier, Mouvement, Perte, delais, paragraphes, pertes
from documents.courriers.valeur import Valeur, arrivee_le, valeur
from documents.models import DocumentEmis, Genre
from documents.selectors import get_identite
from dossier.fabrique import FaitDit
from dossier.models import Lettre
from dossier.models import Mouvement as LigneDuLivre
from dossier.rules.calendrier import jour_lu
from dossier.rules.francais import en_francais
from dossier.rules.lettre import GAINS
from dossier.rules.mots.document import ISSUES, OBJETS
from dossier.rules.vocabulaire import Nature, Reference, TypeFait
from dossier.selectors import Situation, get_situation, list_adresses_remplacees, list_mouvements

#: The natures of the lines that a letter tells.
NATURES: dict[str, frozenset[Nature]] = {Reference.L46: GAINS, Reference.L47: frozenset({Nature.STAGE})}
RETRAIT = frozenset({Nature.RETRAIT})
#: « A fact tells that the letter ``l`` was sent »: one of its reference and cause; where there is no cause, one that is
#: no older than the movement, since those all look alike.
DITE_PARTIE = """
EXISTS (SELECT FROM dossier_fait f WHERE f.dossier_id = l.dossier_id AND f.type = 'lettre'
        AND f.contenu ->> 'reference' = l.reference AND f.contenu ->> 'fait' IS NOT DISTINCT FROM l.fait
        AND (l.fait IS NOT NULL
             OR coalesce(f.contenu ->> 'date_envoi', f.contenu ->> 'date_presentation',
                         f.contenu ->> 'date_notification') >= l.date::text))
"""
#: Sent against an acknowledgement of receipt: an address that was wrong undoes them.
RECOMMANDEES = frozenset({Reference.L48M, Reference.L48N, Reference.L48SI})
SANS_OBJET = "Sans objet\u00a0: votre solde n'était plus nul, elle n'a pas été envoyée"
ETAPES = {"date_envoi": "Envoyée", "date_presentation": "Présentée", "date_notification": "Notifiée"}


class LigneIntrouvable(Exception):
    """No line of the ledger is the one of a letter due."""


class CourrierSuivi(NamedTuple):
    """A letter as « Mes courriers » lists it. ``numero`` is empty where the file alone knows of it: no text is held."""

    reference: str
    objet: str
    jour: date | None
    numero: str
    suivi: tuple[str, ...]
    delais: tuple[Ligne, ...]
    ouverte_le: date | None
    valeur: str = ""  # why it is not to be read as it was written
    adresse: tuple[str, ...] = ()


def list_courriers(situation: Situation) -> list[CourrierSuivi]:
    """The letters of a driver, newest first: those made here, with what the file tells of their delivery, and those
    that the file alone knows of; two queries."""
    dites, dossier_id = situation.lettres, situation.dossier.pk
    emis = DocumentEmis.objects.filter(dossier_id=dossier_id, genre=Genre.LETTRE).defer("octets")
    adresses = Adresses(list_adresses_remplacees(dossier_id), situation.adresse)
    courriers = []
    for document in emis.select_related("lettre", "ouverture").order_by("lettre__date"):
        assert document.lettre is not None  # noqa: S101 the database says so
        dite = acheminement(dites, document.lettre)
        dites = [autre for autre in dites if autre is not dite]
        courriers.append(_courrier_emis(document, dite, situation, adresses))
    courriers += [_courrier_du_fichier(dite, situation, adresses) for dite in dites]
    return sorted(courriers, key=lambda courrier: (courrier.jour or date.min, courrier.numero), reverse=True)


def get_courrier(dossier_id: int, numero: str) -> DocumentEmis | None:
    """A letter of this driver, by its number."""
    emis = DocumentEmis.objects.filter(dossier_id=dossier_id, genre=Genre.LETTRE, numero=numero)
    return emis.select_related("ouverture").first()


def acheminement(dites: list[FaitDit], lettre: Lettre) -> FaitDit | None:
    """What the file tells of the delivery of a letter.

    Of its reference and cause; without a cause, what was told of this very letter here, else the first that is no older
    than it, as ``DITE_PARTIE``.
    """
    memes = [d for d in dites if d["reference"] == lettre.reference and d.get("fait") == lettre.fait]
    if lettre.fait is not None:
        return memes[0] if memes else None
    ici = [d for d in memes if d["id"].startswith(f"{racine(lettre)}+")]
    depuis = [d for d in memes if not d["id"].startswith(RACINE) and _premier_jour(d) >= lettre.date.isoformat()]
    return min(ici or depuis, key=_premier_jour, default=None)


#: How the facts that tell a letter made here begin: ``poste-12+date_envoi``, ``poste-12+date_notification``.
RACINE = "poste-"


def racine(lettre: Lettre) -> str:
    """What the identifiers of the facts about this letter have in common."""
    return f"{RACINE}{lettre.pk}"


def _premier_jour(dite: FaitDit) -> str:
    return next((str(dite[champ]) for champ in ETAPES if dite.get(champ)), "")


def _courrier_emis(
    document: DocumentEmis, fait: FaitDit | None, situation: Situation, adresses: Adresses
) -> CourrierSuivi:
    reference = document.contenu["reference"]
    ouverture, lettre = getattr(document, "ouverture", None), document.lettre
    tombee = lettre is not None and lettre.sans_objet_at is not None
    cause = lettre.fait if lettre is not None else None
    dite = valeur(situation, reference, fait=fait, cause=cause, jour=document.jour)
    imprimee = document.contenu["adresse"]
    return CourrierSuivi(
        reference=reference,
        objet=OBJETS[reference] if tombee else dite.objet,
        jour=document.jour,
        numero=document.numero,
        suivi=(SANS_OBJET,) if tombee else suivi_de(fait),
        delais=() if tombee else _delais(reference, fait, document.jour, situation, dite),
        ouverte_le=ouverture.jour if ouverture else None,
        valeur="" if tombee else dite.phrase,
        adresse=() if tombee else _adresse(adresses, reference, fait, imprimee, document.jour),
    )


def _courrier_du_fichier(fait: FaitDit, situation: Situation, adresses: Adresses) -> CourrierSuivi:
    reference, jour = fait["reference"], jour_lu(_premier_jour(fait))
    dite = valeur(situation, reference, fait=fait, cause=fait.get("fait"), jour=jour)
    return CourrierSuivi(
        reference=reference,
        objet=dite.objet,
        jour=jour,
        numero="",
        suivi=suivi_de(fait),
        delais=_delais(reference, fait, None, situation, dite),
        ouverte_le=None,
        valeur=dite.phrase,
        adresse=_adresse(adresses, reference, fait, (), jour),
    )


def _delais(
    reference: str, fait: FaitDit | None, emission: date | None, situation: Situation, dite: Valeur
) -> tuple[Ligne, ...]:
    """What is to be done about a letter; of one that the file alone knows, once it is known to have come.

    Of a 48SI of which nothing was decided, they run from its presentation, if it counts.
    """
    recue = notification_de(fait)
    if reference == Reference.L48SI and situation.replay.lettre_48si is not None:
        recue = arrivee_le(fait)
    jour = emission or recue
    if jour is None:
        return ()
    tous = delais(reference, notification=recue, emission=jour, au=situation.replay.au)
    return tuple(d for d in tous if not (dite.finie and d[0] == SUIVRE_LE_STAGE))


def _adresse(
    adresses: Adresses, reference: str, fait: FaitDit | None, imprimee: Sequence[str], jour: date | None
) -> tuple[str, ...]:
    recommandee = reference in RECOMMANDEES
    return adresse_dite(adresses, fait=fait, imprimee=imprimee, jour=jour, recommandee=recommandee)


def notification_de(fait: FaitDit | None) -> date | None:
    """The day of notification that the file knows."""
    return jour_lu(fait.get("date_notification")) if fait else None


def suivi_de(fait: FaitDit | None) -> tuple[str, ...]:
    """« Envoyée le 02/03/2026 », and so on: what the file knows of a delivery."""
    connus = [(mot, jour_lu(fait.get(champ))) for champ, mot in ETAPES.items()] if fait else []
    issue = [ISSUES[fait["issue"]]] if fait and fait.get("issue") else []
    return tuple([f"{mot} le {en_francais(jour)}" for mot, jour in connus if jour] + issue)


def get_lettre_a_faire(lettre_id: int, *, now: datetime, numero: str) -> Courrier:
    """What a letter due says. Raises ``Lettre.DoesNotExist`` and ``LigneIntrouvable``."""
    lettre = Lettre.objects.get(pk=lettre_id)
    emis_at = timezone.localtime(now)
    situation = get_situation(lettre.dossier_id, au=emis_at.date())
    ligne = _ligne_du_livre(lettre)
    infractions = {f["id"]: f for f in situation.faits_de_type(TypeFait.INFRACTION)}
    fait = acheminement(situation.lettres, lettre)
    notification = notification_de(fait)
    replay = situation.replay  # a letter says what is left on the day it is made, not what was left by its line
    solde, plafond = replay.solde or 0, replay.plafond or 0
    m = Mouvement(ligne.date, ligne.points, solde, plafond, ligne.article, ligne.explication)
    return Courrier(
        numero=numero,
        reference=lettre.reference,
        emis_at=emis_at,
        neph=situation.dossier.neph,
        identite=get_identite(situation.dossier),
        adresse=tuple(situation.adresse),
        mouvement=m,
        paragraphes=paragraphes(
            lettre.reference, m, infractions.get(lettre.fait or ""), etranger=situation.replay.etranger
        ),
        pertes=_pertes(lettre, infractions) if lettre.reference == Reference.L48SI else (),
        delais=delais(lettre.reference, notification=notification, emission=emis_at.date()),
    )


def _ligne_du_livre(lettre: Lettre) -> LigneDuLivre:
    """The line for which the letter was due, as it was posted: corrected since or not, it was told."""
    lignes = LigneDuLivre.objects.filter(
        dossier_id=lettre.dossier_id,
        date=lettre.date,
        fait=lettre.fait,
        nature__in=NATURES.get(lettre.reference, RETRAIT),
        reprise=0,
    )
    ligne = lignes.exclude(points=0).order_by("pk").first()
    if ligne is None:
        raise LigneIntrouvable
    return ligne


def _pertes(lettre: Lettre, infractions: dict[str, FaitDit]) -> tuple[Perte, ...]:
    """The offences that took points since the licence was obtained, up to the one that took the last."""
    retires: list[tuple[FaitDit, int]] = []
    for ligne in list_mouvements(lettre.dossier_id):
        if ligne.date > lettre.date:
            break
        if ligne.nature == Nature.CAPITAL_INITIAL:
            retires.clear()
        if ligne.nature in RETRAIT and ligne.points and ligne.fait in infractions:
            retires.append((infractions[ligne.fait], -ligne.points))
    return pertes(retires)


def list_lettres_a_faire(*, apres: int, combien: int) -> list[int]:
    """Letters due that no document tells yet, oldest first, after this one."""
    a_faire = Lettre.objects.filter(pk__gt=apres, document__isnull=True, sans_objet_at=None)
    return list(a_faire.order_by("pk").values_list("pk", flat=True)[:combien])


#: The newest letters, among which the oldest that waits is looked for, so that the look costs the same for ever.
SURVEILLEES = 20_000


def get_plus_ancienne_a_faire() -> datetime | None:
    """When the oldest letter due that no document tells was found, among the newest: a bounded look, however many were
    ever sent. None when each has its document."""
    borne: int = (Lettre.objects.aggregate(n=Max("pk"))["n"] or 0) - SURVEILLEES
    faites = DocumentEmis.objects.filter(lettre_id=OuterRef("pk"), lettre_id__gt=borne)  # bounded twice: both indexes
    a_faire = Lettre.objects.filter(~Exists(faites), pk__gt=borne, sans_objet_at=None)
    return a_faire.order_by("pk").values_list("recorded_at", flat=True).first()
