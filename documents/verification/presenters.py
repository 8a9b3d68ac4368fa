"""A verdict as one screen says it: the words first, then whom and which vehicles to compare."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from documents.code.jeton import Conclusion, Couleur, FaitsSignes, Verdict
from documents.contenus import Categorie, Etat, Ligne
from documents.rules.permis import EAD
from documents.rules.statut import Statut
from documents.verification.services import Attestation
from dossier.rules.francais import en_francais, instant_en_francais

_MOTS = {
    Conclusion.A_JOUR: ("Authentique et à jour", "Les droits n'ont pas changé depuis l'émission."),
    Conclusion.NON_VERIFIEE: (
        "Authentique, mais non vérifiée en ligne",
        "Les droits ont pu changer depuis. Vérifiez de nouveau dès que le réseau revient.",
    ),
    Conclusion.NON_VERIFIEE_DEPUIS_LONGTEMPS: (
        "Ne pas accepter\u00a0: état inconnu depuis plus de sept jours",
        "Le document est authentique, mais les droits ont pu changer depuis. Vérifiez de nouveau en ligne.",
    ),
    Conclusion.PLUS_A_JOUR: (
        "Ne pas accepter\u00a0: ce document n'est plus à jour",
        "Demandez-en un récent à son titulaire.",
    ),
    Conclusion.RETIREE: (
        "Ne pas accepter\u00a0: document retiré par son titulaire",
        "Demandez-lui-en un récent.",
    ),
    Conclusion.ANNULEE: (
        "Ne pas accepter\u00a0: document retiré par l'administration",
        "Demandez-en un récent à son titulaire.",
    ),
    Conclusion.EXPIREE: ("Ne pas accepter\u00a0: document expiré", "Demandez-en un récent à son titulaire."),
    Conclusion.CLE_INCONNUE: (
        "Ne pas accepter\u00a0: signature inconnue",
        "Ce code n'est signé par aucune clé en service. Rien de ce que dit le document n'est confirmé.",
    ),
    Conclusion.NON_AUTHENTIQUE: (
        "Ne pas accepter\u00a0: ce n'est pas une attestation authentique",
        "Ce code n'a pas été émis par ce service, ou il a été modifié. Rien de ce que dit le document n'est confirmé.",
    ),
}
#: What a holder reads in the list of the checks.
REPONSES = {
    Conclusion.A_JOUR: "authentique et à jour",
    Conclusion.PLUS_A_JOUR: "plus à jour",
    Conclusion.RETIREE: "retirée par vous",
    Conclusion.ANNULEE: "retirée par l'administration",
    Conclusion.EXPIREE: "expirée",
}
VOIES = {"qr": "le code QR", "code": "le code à seize caractères"}
_STATUTS = {
    Statut.BON: "À jour.",
    Statut.DROITS_CHANGES: "Plus à jour\u00a0: vos droits ont changé depuis. Téléchargez-en une nouvelle.",
    Statut.RETIREE: "Retirée par vous.",
    Statut.ANNULEE: "Retirée par l'administration.",
}
#: A genuine document that lets nobody drive: that comes first, before « authentique ».
INTERDIT = {
    Etat.VALIDE: "Ne peut conduire aucun véhicule\u00a0: catégories expirées",
    Etat.SUSPENDU: "Ne peut pas conduire\u00a0: permis suspendu",
    Etat.INVALIDE: "Ne peut pas conduire\u00a0: permis invalidé",
    Etat.ANNULE: "Ne peut pas conduire\u00a0: permis annulé",
}


@dataclass(frozen=True, slots=True)
class Reponse:
    """One screen. ``ton`` is ``oui``, ``prudence`` or ``non``: a colour, an icon and the first words go with it."""

    ton: str
    titre: str
    conseil: str
    verifiee: str
    personne: tuple[Ligne, ...]
    document: tuple[Ligne, ...]
    mesures: tuple[str, ...]
    categories: tuple[Categorie, ...]
    peut_conduire: str


def instant(moment: datetime) -> str:
    """« 21/11/2026 à 09 h 05 », Paris time."""
    return instant_en_francais(timezone.localtime(moment))


def reponse(verdict: Verdict, *, now: datetime) -> Reponse:
    """What to show of a verdict at ``now``. Rights that may have changed are not shown: only whose they were."""
    conclusion, faits = verdict.conclusion, verdict.faits
    titre, conseil = _MOTS[conclusion]
    montres = faits is not None and conclusion.couleur is not Couleur.ROUGE
    categories = faits.categories_au(timezone.localdate(now)) if faits and montres else ()
    permises = _permises(faits, categories) if faits and montres else ()
    ton = {Couleur.VERT: "oui", Couleur.ORANGE: "prudence", Couleur.ROUGE: "non"}[conclusion.couleur]
    if faits and montres and not permises:
        ton, titre, conseil = "non", INTERDIT[faits.etat], f"Attestation {titre[0].lower()}{titre[1:]}. {conseil}"
    return Reponse(
        ton=ton,
        titre=titre,
        conseil=conseil,
        verifiee=instant(now),
        personne=_personne(faits) if faits else (),
        document=_document(faits) if faits else (),
        mesures=_mesures(faits) if faits and permises else (),
        categories=categories,
        peut_conduire=", ".join(c.code for c in permises),
    )


def _permises(faits: FaitsSignes, categories: tuple[Categorie, ...]) -> tuple[Categorie, ...]:
    return tuple(c for c in categories if c.en_cours) if faits.etat is Etat.VALIDE else ()


def _mesures(faits: FaitsSignes) -> tuple[str, ...]:
    return tuple(f"Seulement des {EAD}, {p.en_mots}." for p in faits.limitations_ead)


def _personne(faits: FaitsSignes) -> tuple[Ligne, ...]:
    return (
        ("Nom de naissance", faits.nom_naissance),
        ("Prénoms" if len(faits.prenoms) > 1 else "Prénom", ", ".join(faits.prenoms)),
        ("Date de naissance", faits.naissance),
        ("Numéro de dossier (NEPH)", faits.neph),
    )


def _document(faits: FaitsSignes) -> tuple[Ligne, ...]:
    dernier = timezone.localtime(faits.expire_at).date().toordinal() - 1
    return (
        ("Émise le (heure de Paris)", instant(faits.emis_at)),
        ("Valable jusqu'au", en_francais(timezone.localtime(faits.emis_at).date().fromordinal(dernier))),
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """One check, as its holder reads it."""

    faite: str
    voie: str
    reponse: str


@dataclass(frozen=True, slots=True)
class Suivi:
    """An ADCS of the holder and the checks of it, newest first; ``autres`` are those that are not shown."""

    numero: str
    emise_at: str
    expire_le: str
    statut: str
    peut_etre_retiree: bool
    verifications: tuple[Passage, ...]
    autres: int


def suivi(attestation: Attestation) -> Suivi:
    return Suivi(
        numero=attestation.numero,
        emise_at=instant(attestation.emis_at),
        expire_le=en_francais(attestation.expire_le),
        statut=_STATUTS[attestation.statut],
        peut_etre_retiree=attestation.statut < Statut.RETIREE,
        verifications=tuple(
            Passage(instant(faite_at), VOIES[voie], REPONSES.get(Conclusion(conclusion), "non acceptée"))
            for faite_at, voie, conclusion in attestation.verifications
        ),
        autres=attestation.nombre - len(attestation.verifications),
    )
