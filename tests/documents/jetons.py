"""Keys, attestations and signed codes for the tests; nothing here protects anything."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from documents.code import jeton
from documents.code.cles import CleSignature, Trousseau, fabriquer, lire_cle, lire_trousseau
from documents.contenus import (
    AttestationDroits,
    Categorie,
    Etat,
    Identite,
    Restriction,
    Validite,
    fin_de_validite,
)
from documents.rules.statut import Statut

BASE = "https://mespoints.example/verification/"
MAINTENANT = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
EMISE_LE = datetime(2026, 11, 3, 9, 10, 27, tzinfo=ZoneInfo("Europe/Paris"))
CTI = bytes(range(16))


@cache
def cle_d_essai(debut: datetime | None = None, fin: datetime | None = None) -> tuple[CleSignature, Trousseau]:
    """A key good around ``MAINTENANT`` unless told otherwise, and the list that holds it alone."""
    annee = timedelta(days=366)
    privee, certificat = fabriquer(debut or MAINTENANT - annee, fin or MAINTENANT + annee, "Essai")
    trousseau = lire_trousseau(certificat)
    return lire_cle(privee, trousseau), trousseau


def attestation(etat: Etat = Etat.VALIDE, emise_at: datetime = EMISE_LE, **champs: object) -> AttestationDroits:
    """An ADCS of Camille Dupré, who drives cars with glasses."""
    contenu: dict[str, object] = {
        "numero": "ADCS-7K3QM-XW2PA",
        "emise_at": emise_at,
        "valable_jusqu_au": fin_de_validite(emise_at.date()),
        "etat": etat,
        "suspensions": (),
        "limitations_ead": (),
        "neph": "990000000001",
        "identite": Identite(
            nom_naissance="DUPRÉ",
            nom_usage="",
            prenoms=("Camille", "Anne"),
            sexe="féminin",
            naissance="31/12/1979",
            lieu_naissance="Paris 12e (75)",
        ),
        "adresse": ("2 avenue des Érables", "75012 Paris"),
        "categories": (categorie("B", date(1999, 1, 15), None, "01.06"),),
    }
    return AttestationDroits(**contenu | champs)  # type: ignore[arg-type]


def categorie(code: str, debut: date, fin: date | None, *restrictions: str) -> Categorie:
    return Categorie(code, debut, fin, Validite.EN_COURS, tuple(Restriction(r, f"code {r}") for r in restrictions))


def la_plus_longue() -> AttestationDroits:
    """As long as a real one may be: fifteen categories, three of them with codes, long names."""
    codes = ["AM", "A1", "A2", "A", "B1", "B", "BE", "C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE"]
    lourdes = {"C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE"}
    return attestation(
        identite=Identite(
            "VAN DEN BROECK-DE LA ROCHEFOUCAULD D'ENTRAIGUES", "", ("Marie-Françoise", "Anne-Élisabeth", "Léopoldine"),
            "féminin", "31/12/1979", "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson (51)",
        ),
        categories=tuple(
            categorie(c, date(1999, 1, 15), date(2030, 3, 2) if c in lourdes else None, "01.06", "78") for c in codes
        ),
    )  # fmt: skip


def signer(a: AttestationDroits | None = None, *, cle: CleSignature | None = None, **champs: object) -> jeton.Jeton:
    a = a or attestation()
    arguments: dict[str, object] = {
        "cle": cle or cle_d_essai()[0],
        "cti": CTI,
        "index_statut": 4_200_000,
        "emis_at": a.emise_at,
        "expire_at": jeton.fin_de_vie(a),
        "base": BASE,
    }
    return jeton.signer(a, **arguments | champs)  # type: ignore[arg-type]


def bon(_faits: jeton.FaitsSignes) -> jeton.StatutConnu:
    """Nothing changed, known this minute."""
    return jeton.StatutConnu(Statut.BON, MAINTENANT)
