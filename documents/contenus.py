"""What a document says: plain frozen values, no database, no template. What has no field here cannot be printed.

The ADCS (R225-6 III 3°) and the RIR tell the state of the right to drive and its extent, and nothing of what led to it:
their types have no field for points, movements or offences, and a test holds the list of their fields. Days are civil
days in Paris.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from documents.rules.permis import CATEGORIES, EAD
from documents.rules.refus import Refus
from dossier.rules import vocabulaire
from dossier.rules.calendrier import plus_mois
from dossier.rules.categories import CONDUISIBLES, Validite
from dossier.rules.francais import en_francais, instant_en_francais, mois_en_lettres
from dossier.rules.parametres import ADCS_MOIS

Ligne = tuple[str, str]  # what it is, its value


class Etat(StrEnum):
    """The right to drive, as an officer reads it: one of four words."""

    VALIDE = "valide"
    SUSPENDU = "suspendu"
    INVALIDE = "invalidé"
    ANNULE = "annulé"


#: ``solde_nul`` reads valide: the licence is good until the 48SI is notified, and another word would tell the points.
_ETATS: dict[str, Etat | None] = {
    vocabulaire.Etat.SANS_PERMIS: None,
    vocabulaire.Etat.VALIDE: Etat.VALIDE,
    vocabulaire.Etat.SOLDE_NUL: Etat.VALIDE,
    vocabulaire.Etat.SUSPENDU: Etat.SUSPENDU,
    vocabulaire.Etat.INVALIDE: Etat.INVALIDE,
    vocabulaire.Etat.ANNULE: Etat.ANNULE,
    vocabulaire.Etat.ECHANGE: None,
    vocabulaire.Etat.INTERDIT: None,
    vocabulaire.Etat.DECEDE: None,
}

SANS_CATEGORIE = "sans catégorie"

_PHRASES = {
    Etat.VALIDE: "Cette personne a le droit de conduire ces catégories de véhicules.",
    Etat.SUSPENDU: "Cette personne n'a pas le droit de conduire\u00a0: son permis est suspendu.",
    Etat.INVALIDE: "Cette personne n'a pas le droit de conduire\u00a0: son permis est invalidé.",
    Etat.ANNULE: "Cette personne n'a pas le droit de conduire\u00a0: son permis est annulé.",
}


class SansPermis(Exception):
    """There is no French licence whose right to drive could be attested; ``pourquoi``: what there is instead."""

    def __init__(self, pourquoi: Refus) -> None:
        super().__init__(str(pourquoi))
        self.pourquoi = pourquoi


class DecisionAttendue(Exception):
    """A 48SI was presented or came back, and nothing was decided: nothing new attests the right to drive until then."""


class RenduImpossible(Exception):
    """The document could not be made; nothing of it was written or kept."""


class CachetIndisponible(Exception):
    """There is no key to seal with, or it cannot be used: nothing is issued."""


class TropDeDocuments(Exception):
    """The driver had enough of them in an hour. ``attente``: seconds until the next one."""

    def __init__(self, attente: int) -> None:
        super().__init__(f"next document in {attente} s")
        self.attente = attente


@dataclass(frozen=True, slots=True)
class Periode:
    """From a first day to a last one, both included; ``fin`` None: no end is known."""

    debut: date
    fin: date | None

    @property
    def en_mots(self) -> str:
        if self.fin is None:
            return f"depuis le {en_francais(self.debut)}, sans date de fin connue"
        return f"du {en_francais(self.debut)} au {en_francais(self.fin)} inclus"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A code of the licence and its meaning; ``libelle`` is empty when the code is not known."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Categorie:
    """A category of the licence, with its dates and restrictions."""

    code: str
    obtenue_le: date | None
    valable_jusqu_au: date | None
    validite: Validite
    restrictions: tuple[Restriction, ...]

    @property
    def en_cours(self) -> bool:
        return self.validite in CONDUISIBLES

    @property
    def vehicules(self) -> str:
        return CATEGORIES.get(self.code, "")

    @property
    def depuis(self) -> str:
        return en_francais(self.obtenue_le) if self.obtenue_le else "non renseigné"

    @property
    def jusqu_au(self) -> str:
        if self.valable_jusqu_au is None:
            return "sans limite de durée"
        return en_francais(self.valable_jusqu_au)

    @property
    def remarque(self) -> str:
        """Why this category may not be driven, whatever the état, or why it still may."""
        if self.validite is Validite.PROVISOIRE:
            return f"{self.validite}, le préfet n'a pas encore statué (article R.\u00a0221-11)"
        return "" if self.en_cours else f"{self.validite}\u00a0: ne permet pas de conduire"


@dataclass(frozen=True, slots=True)
class Identite:
    """État civil, in words where the file holds codes; ``naissance`` as ``naissance_en_mots`` writes it."""

    nom_naissance: str
    nom_usage: str
    prenoms: tuple[str, ...]
    sexe: str
    naissance: str
    lieu_naissance: str


@dataclass(frozen=True, slots=True)
class DroitDeConduire:
    """Whose right to drive, whether it holds today, and for which vehicles: what the ADCS and the RIR share."""

    numero: str
    emise_at: datetime
    etat: Etat
    suspensions: tuple[Periode, ...]
    limitations_ead: tuple[Periode, ...]
    neph: str
    identite: Identite
    categories: tuple[Categorie, ...]

    @property
    def permet_de_conduire(self) -> bool:
        return self.etat is Etat.VALIDE and any(c.en_cours for c in self.categories)

    @property
    def mot(self) -> str:
        """What is read first. « Valide » would let somebody drive whom no category lets."""
        return SANS_CATEGORIE if self.etat is Etat.VALIDE and not self.permet_de_conduire else str(self.etat)

    @property
    def phrase(self) -> str:
        """The état in one sentence."""
        if self.etat is Etat.VALIDE and not self.permet_de_conduire:
            return "Aucune catégorie n'est en cours de validité\u00a0: cette personne ne peut conduire aucun véhicule."
        return _PHRASES[self.etat]

    @property
    def mesures(self) -> tuple[str, ...]:
        """What limits the right today: the suspension when suspended, the alcohol interlock otherwise."""
        if self.etat is Etat.SUSPENDU:
            return tuple(f"Suspension {s.en_mots}." for s in self.suspensions)
        if self.etat is Etat.VALIDE:
            return tuple(f"Conduite limitée aux {EAD}, {p.en_mots}." for p in self.limitations_ead)
        return ()

    @property
    def cree_at(self) -> datetime:
        return self.emise_at

    @property
    def emission(self) -> str:
        """Day and hour of issue, Paris time."""
        return instant_en_francais(self.emise_at)

    @property
    def titre_categories(self) -> str:
        if self.permet_de_conduire:
            return "Catégories de véhicules"
        return "Catégories inscrites au dossier\u00a0: aucune n'ouvre le droit de conduire"

    @property
    def lignes_personne(self) -> tuple[Ligne, ...]:
        """Whom to compare with the identity document."""
        qui = self.identite
        return (*noms(qui), ("Date de naissance", qui.naissance))


@dataclass(frozen=True, slots=True)
class AttestationDroits(DroitDeConduire):
    """The ADCS. ``numero`` is empty and ``emise_at`` is now while it is only shown, not issued."""

    valable_jusqu_au: date
    adresse: tuple[str, ...]

    @property
    def portee(self) -> str:
        """What the document is worth: « vaut justificatif » only when it lets its holder drive."""
        if self.permet_de_conduire:
            duree = mois_en_lettres(ADCS_MOIS.au(self.emise_at.date()))
            return (
                f"Vaut justificatif du droit de conduire en France pendant {duree} à compter de son émission "
                "(article R.\u00a0225-6 du Code de la route), avec une pièce d'identité."
            )
        return "Ce document n'est pas un titre de conduite\u00a0: il atteste seulement l'état du droit de conduire."

    @property
    def expiration(self) -> str:
        return en_francais(self.valable_jusqu_au)

    @property
    def lignes_dossier(self) -> tuple[Ligne, ...]:
        return (
            ("Sexe", self.identite.sexe),
            ("Lieu de naissance", self.identite.lieu_naissance),
            ("Adresse connue", ", ".join(self.adresse) or "non renseignée"),
            ("Numéro de dossier (NEPH)", self.neph),
        )

    @property
    def lignes_document(self) -> tuple[Ligne, ...]:
        return (
            ("Émise le (heure de Paris)", self.emission),
            ("Attestation valable jusqu'au", self.expiration),
            ("Numéro", self.numero),
        )


@dataclass(frozen=True, slots=True)
class ReleveRestreint(DroitDeConduire):
    """The RIR: existence, categories and validity of the licence (L225-5), and no title to drive."""

    PORTEE: ClassVar[str] = (
        "Ce relevé n'est pas un titre de conduite. L'attestation de droits à conduire sécurisée (ADCS) l'a remplacé "
        "auprès des employeurs, des assureurs et des loueurs."
    )

    @property
    def lignes_titulaire(self) -> tuple[Ligne, ...]:
        return (
            *self.lignes_personne,
            ("Lieu de naissance", self.identite.lieu_naissance),
            ("Numéro de dossier (NEPH)", self.neph),
        )


def fige(contenu: Any) -> dict[str, Any]:
    """A content as the JSON that is kept: days and moments as ISO 8601."""
    lu: dict[str, Any] = json.loads(json.dumps(asdict(contenu), default=_iso))
    return lu


def _iso(valeur: Any) -> str:
    if isinstance(valeur, date):
        return valeur.isoformat()
    raise TypeError(f"not in a document: {type(valeur).__name__}")


def noms(qui: Identite) -> tuple[Ligne, ...]:
    """Birth name, name in use where there is one, given names."""
    usage = (("Nom d'usage", qui.nom_usage),) if qui.nom_usage else ()
    prenoms = ("Prénoms" if len(qui.prenoms) > 1 else "Prénom", ", ".join(qui.prenoms))
    return (("Nom de naissance", qui.nom_naissance), *usage, prenoms)


def etat_du_droit(etat: str, *, suspendu: bool) -> Etat | None:
    """The word for an état of the replay; None without a licence.

    The replay says ``solde_nul`` before it says ``suspendu``: here a suspension in force always shows, since the
    document must not let a suspended driver drive.
    """
    mot = _ETATS[etat]
    return Etat.SUSPENDU if suspendu and mot is Etat.VALIDE else mot


def fin_de_validite(emission: date) -> date:
    """R225-6 III 3°: « durant quatre mois à compter de la date de son émission », date to date."""
    return plus_mois(emission, ADCS_MOIS.au(emission))


def naissance_en_mots(naissance: str) -> str:
    """``1979-12-31`` as « 31/12/1979 »; ``00`` is a day or a month that the état civil does not know."""
    annee, mois, jour = naissance.split("-")
    if mois != "00" and jour != "00":
        return f"{jour}/{mois}/{annee}"
    if mois != "00":
        return f"{mois}/{annee}, jour inconnu"
    if jour != "00":
        return f"{annee}, jour {jour}, mois inconnu"
    return f"{annee}, jour et mois inconnus"
