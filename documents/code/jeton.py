"""The code of an ADCS: a CWT that says who may drive what, signed, and the verdict on one that is shown. Pure.

No point, no address: what an officer compares with the person and the vehicle, a digest of all else that the page says
and, of the person's life, nothing more. The order of ``verifier`` is that of the rules; nothing that a code says is
given back before its signature is good.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as PasDuBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import unquote

from documents.code import cose
from documents.code.cles import Cle, CleSignature, Trousseau
from documents.code.cose import Refus
from documents.contenus import AttestationDroits, Categorie, Etat, Periode, Restriction
from documents.rules.permis import restriction_en_mots
from documents.rules.statut import Statut
from dossier.rules.categories import Validite, validite

PREFIXE = "ADC1."
PAYS = "FR"
GENRE, VERSION = "ADCS", 1
#: CWT claims (RFC 8392), and two of the private range.
ISS, EXP, NBF, IAT, CTI, STATUT, ADCS = 1, 4, 5, 6, 7, 65535, -65537
CTI_OCTETS = 16
#: Four months of the law are 123 days at most; a code lives to the end of its last day, and summer time ends meanwhile.
DUREE_MAXIMALE = timedelta(days=125)
DERIVE = timedelta(minutes=2)  # between two clocks
FRAICHEUR, PEREMPTION = timedelta(hours=24), timedelta(days=7)  # of what is known of the status
_CARACTERES = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_EPOQUE = date(1970, 1, 1)
_ETATS = {Etat.VALIDE: 1, Etat.SUSPENDU: 2, Etat.INVALIDE: 3, Etat.ANNULE: 4}
_ETATS_LUS = {nombre: etat for etat, nombre in _ETATS.items()}


class Jeton(NamedTuple):
    """The signed bytes, and the address that a QR code carries: what follows # never leaves the phone."""

    octets: bytes
    adresse: str


class StatutConnu(NamedTuple):
    """A status and the moment at which it was so."""

    statut: Statut
    au: datetime


class Couleur(StrEnum):
    VERT = "vert"
    ORANGE = "orange"
    ROUGE = "rouge"


class Conclusion(StrEnum):
    """What a code is worth."""

    A_JOUR = "a_jour"
    NON_VERIFIEE = "non_verifiee"  # genuine; its status was last known more than a day ago, or never asked
    NON_VERIFIEE_DEPUIS_LONGTEMPS = "non_verifiee_depuis_longtemps"
    PLUS_A_JOUR = "plus_a_jour"
    RETIREE = "retiree"  # by its holder
    ANNULEE = "annulee"  # by who issued it
    EXPIREE = "expiree"
    CLE_INCONNUE = "cle_inconnue"
    NON_AUTHENTIQUE = "non_authentique"

    @property
    def couleur(self) -> Couleur:
        if self is Conclusion.A_JOUR:
            return Couleur.VERT
        return Couleur.ORANGE if self is Conclusion.NON_VERIFIEE else Couleur.ROUGE


@dataclass(frozen=True, slots=True)
class FaitsSignes:
    """What a code says, once its signature is good."""

    cti: bytes
    index_statut: int
    emis_at: datetime
    expire_at: datetime
    nom_naissance: str
    prenoms: tuple[str, ...]
    naissance: str
    neph: str
    etat: Etat
    #: Code, first and last day, restrictions, and whether it is kept up after its last day (R221-11 III).
    categories: tuple[tuple[str, date | None, date | None, tuple[str, ...], bool], ...]
    limitations_ead: tuple[Periode, ...]
    empreinte: bytes

    def categories_au(self, jour: date) -> tuple[Categorie, ...]:
        """The categories as they stand on a day, with their restrictions in words."""
        return tuple(
            Categorie(
                code=code,
                obtenue_le=debut,
                valable_jusqu_au=fin,
                validite=validite(debut, fin, jour, provisoire=provisoire),
                restrictions=tuple(Restriction(r, restriction_en_mots(r, jour)) for r in restrictions),
            )
            for code, debut, fin, restrictions, provisoire in self.categories
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion; ``faits`` None unless the signature is good; why, in French, when it is refused."""

    conclusion: Conclusion
    faits: FaitsSignes | None = None
    etat_connu_at: datetime | None = None
    raison: str = ""


Statuts = Callable[[FaitsSignes], StatutConnu | None]


class _CleInconnue(Refus):
    """Nothing can be said of what an unknown key signed."""


# --- Signing ----------------------------------------------------------------------------------------------------------


def signer(
    attestation: AttestationDroits,
    *,
    cle: CleSignature,
    cti: bytes,
    index_statut: int,
    emis_at: datetime,
    expire_at: datetime,
    base: str,
) -> Jeton:
    """Sign what an attestation says. ``base`` is the address of ``/verification/``; moments are aware, to the second.

    Raises ``ValueError`` for a life longer than four months or an identifier that is not 16 bytes.
    """
    if len(cti) != CTI_OCTETS or index_statut < 0 or not timedelta(0) < expire_at - emis_at <= DUREE_MAXIMALE:
        raise ValueError("identifiant, index ou durée impossible")
    emis = int(emis_at.timestamp())
    revendications = {
        ISS: PAYS,
        EXP: int(expire_at.timestamp()),
        NBF: emis,
        IAT: emis,
        CTI: cti,
        STATUT: {1: index_statut},
        ADCS: _ecrire_faits(attestation),
    }
    octets = cose.signer(cose.ecrire(revendications), cle)
    return Jeton(octets, f"{base}#{PREFIXE}{urlsafe_b64encode(octets).decode().rstrip('=')}")


def fin_de_vie(a: AttestationDroits) -> datetime:
    """The first moment after the last day of an attestation, where it was issued."""
    return datetime.combine(a.valable_jusqu_au + timedelta(days=1), time.min, a.emise_at.tzinfo)


def _ecrire_faits(a: AttestationDroits) -> dict[int, Any]:
    faits: dict[int, Any] = {
        1: [GENRE, VERSION],
        2: a.identite.nom_naissance,
        3: list(a.identite.prenoms),
        4: a.identite.naissance,
        5: a.neph,
        6: _ETATS[a.etat],
        7: [
            [
                *(c.code, _jours(c.obtenue_le), _jours(c.valable_jusqu_au), [r.code for r in c.restrictions]),
                *([True] if c.validite is Validite.PROVISOIRE else ()),
            ]
            for c in a.categories
        ],
        8: empreinte(a),
    }
    if a.limitations_ead:  # it limits what may be driven: an officer off line must see it
        faits[9] = [[_jours(p.debut), _jours(p.fin)] for p in a.limitations_ead]
    return faits


def empreinte(a: AttestationDroits) -> bytes:
    """SHA-256 of all that the page says and the code does not carry, in a fixed order."""
    return sha256(
        cose.ecrire(
            [
                a.numero,
                a.identite.nom_usage,
                a.identite.sexe,
                a.identite.lieu_naissance,
                list(a.adresse),
                _jours(a.valable_jusqu_au),
                [[_jours(p.debut), _jours(p.fin)] for p in a.suspensions],
                [[r.libelle for r in c.restrictions] for c in a.categories],
            ]
        )
    ).digest()


def _jours(jour: date | None) -> int | None:
    return None if jour is None else (jour - _EPOQUE).days


# --- Reading an address -----------------------------------------------------------------------------------------------


def recoller(texte: str) -> str:
    """An address as it was printed: a messenger cuts it, percent-encodes it, or ends a sentence with it."""
    return "".join(unquote(texte).split()).strip("<>()[]«»\"'.,;:!?")


def lire_adresse(texte: str) -> bytes:
    """The bytes of an address, or of a code alone; the host does not count. Raises ``Refus``."""
    if len(texte) > 4 * cose.TAILLE:
        raise Refus("trop long")
    code = texte.strip().rpartition("#")[2]
    corps = code.removeprefix(PREFIXE)
    if corps == code or not _CARACTERES(corps):
        raise Refus("pas le code d'une attestation")
    try:
        octets = urlsafe_b64decode(corps + "=" * (-len(corps) % 4))
    except (PasDuBase64, ValueError):
        raise Refus("code incomplet") from None
    if urlsafe_b64encode(octets).decode().rstrip("=") != corps:
        raise Refus("code mal écrit")
    return octets


# --- Verdict ----------------------------------------------------------------------------------------------------------


def verifier(octets: bytes, *, cles: Trousseau, maintenant: datetime, statuts: Statuts | None) -> Verdict:
    """Say what a code is worth at ``maintenant`` (aware); ``statuts`` None: nobody can be asked. Never raises."""
    try:
        enveloppe = cose.ouvrir(octets)
        revendications = _revendications(enveloppe.charge)
        cose.verifier_algorithme(enveloppe)
        cose.verifier_signature(enveloppe, _cle(enveloppe.kid, revendications, cles).publique)
        faits = _lire(revendications)
    except _CleInconnue as refus:
        return Verdict(Conclusion.CLE_INCONNUE, raison=refus.raison)
    except Refus as refus:
        return Verdict(Conclusion.NON_AUTHENTIQUE, raison=refus.raison)
    return juger(faits, maintenant=maintenant, statuts=statuts)


def juger(faits: FaitsSignes, *, maintenant: datetime, statuts: Statuts | None) -> Verdict:
    """Say what genuine facts are worth at ``maintenant``: in their time, then by what became of them."""
    if faits.emis_at > maintenant + DERIVE:
        return Verdict(Conclusion.NON_AUTHENTIQUE, raison="émis dans l'avenir")
    if maintenant >= faits.expire_at:
        return Verdict(Conclusion.EXPIREE, faits)
    return _selon_statut(faits, statuts(faits) if statuts else None, maintenant)


def _selon_statut(faits: FaitsSignes, connu: StatutConnu | None, maintenant: datetime) -> Verdict:
    """What was good at its issue is known good then, and later when a list says so: the age of that decides."""
    if connu and connu.statut is not Statut.BON:
        conclusion = {
            Statut.DROITS_CHANGES: Conclusion.PLUS_A_JOUR,
            Statut.RETIREE: Conclusion.RETIREE,
            Statut.ANNULEE: Conclusion.ANNULEE,
        }[connu.statut]
        return Verdict(conclusion, faits, connu.au)
    connu_at = max(connu.au, faits.emis_at) if connu else faits.emis_at
    age = maintenant - connu_at
    if age > PEREMPTION:
        return Verdict(Conclusion.NON_VERIFIEE_DEPUIS_LONGTEMPS, faits, connu_at)
    if connu is None or age > FRAICHEUR:
        return Verdict(Conclusion.NON_VERIFIEE, faits, connu_at)
    return Verdict(Conclusion.A_JOUR, faits, connu_at)


def _revendications(charge: bytes) -> dict[Any, Any]:
    revendications = cose.lire(charge)
    if not isinstance(revendications, dict):
        raise Refus("contenu inattendu")
    return revendications


def _cle(kid: Any, revendications: dict[Any, Any], cles: Trousseau) -> Cle:
    """The key of this name, if it could sign at the moment that the code gives for its issue."""
    cle = cles.get(kid) if cose.bien_nommee(kid) else None
    if cle is None:
        raise _CleInconnue("clé inconnue")
    if not cle.vaut_le(_moment(revendications.get(IAT))):
        raise _CleInconnue("clé hors de sa période")
    return cle


def _lire(revendications: dict[Any, Any]) -> FaitsSignes:
    """Read the claims of a code whose signature is good. Raises ``Refus``."""
    faits = revendications.get(ADCS)
    if revendications.get(ISS) != PAYS or not isinstance(faits, dict) or faits.get(1) != [GENRE, VERSION]:
        raise Refus("signé, mais ce n'est pas le code d'une attestation")
    emis_at, expire_at = _moment(revendications.get(IAT)), _moment(revendications.get(EXP))
    if revendications.get(NBF) != revendications[IAT] or not timedelta(0) < expire_at - emis_at <= DUREE_MAXIMALE:
        raise Refus("durée impossible")
    try:
        return FaitsSignes(
            cti=_type(revendications[CTI], bytes),
            index_statut=_type(revendications[STATUT][1], int),
            emis_at=emis_at,
            expire_at=expire_at,
            nom_naissance=_type(faits[2], str),
            prenoms=tuple(_type(prenom, str) for prenom in faits[3]),
            naissance=_type(faits[4], str),
            neph=_type(faits[5], str),
            etat=_ETATS_LUS[faits[6]],
            categories=tuple(
                (
                    *(_type(code, str), _date(debut), _date(fin), tuple(_type(r, str) for r in restrictions)),
                    bool(provisoire),
                )
                for code, debut, fin, restrictions, *provisoire in faits[7]
            ),
            limitations_ead=tuple(Periode(_jour_depuis_1970(debut), _date(fin)) for debut, fin in faits.get(9, [])),
            empreinte=_type(faits[8], bytes),
        )
    except (LookupError, TypeError, ValueError, OverflowError):
        raise Refus("contenu incomplet") from None


def _type(valeur: Any, attendu: type) -> Any:
    if type(valeur) is not attendu:
        raise TypeError
    return valeur


def _moment(secondes: Any) -> datetime:
    """Seconds since 1970; a number of milliseconds, or less than nothing, is refused."""
    if type(secondes) is not int or not 0 <= secondes < 1 << 33:
        raise Refus("date impossible")
    return datetime.fromtimestamp(secondes, UTC)


def _jour_depuis_1970(jours: Any) -> date:
    return _EPOQUE + timedelta(days=_type(jours, int))


def _date(jours: Any) -> date | None:
    return None if jours is None else _jour_depuis_1970(jours)
