"""The tables that préfectures and centres send, as CSV: read a line, validate it whole, say in French what is wrong.

However a spreadsheet wrote it: UTF-8 with or without its mark, or Latin-1, line by line; « ; », « , » or a tab; quotes
or none. A line is a line: a field cannot hold a line break, so that one stray quote spoils one line and not the rest.
No database here.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

from dossier import champs
from dossier.champs import extrait
from dossier.feed import LigneRefusee, lignes
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.departements import DEPARTEMENTS, departement_du_code_postal
from dossier.rules.parametres import STAGE_PLACES
from stages.rules.lieux import lire_agrement, lire_departement

LIGNE_MAX = 4_000  # bytes
SEPARATEURS = ";,\t"
#: What a spreadsheet would run rather than show.
FORMULES = ("=", "+", "-", "@")

T = TypeVar("T")


class TableauIllisible(Exception):
    """The file is not such a table; its text is French."""


class Ligne(NamedTuple, Generic[T]):
    """A line of the file: its number, what it holds or why it is refused, and its text for the file of refusals."""

    numero: int
    valeur: T | None
    refus: str
    texte: str


class LigneCentre(NamedTuple):
    agrement: str
    nom: str
    adresse: str
    code_postal: str
    commune: str
    departement: str
    agree_du: date
    agree_au: date


class LigneSession(NamedTuple):
    agrement: str
    numero: str
    date_debut: date
    date_fin: date
    places: int
    lieu: str
    annulee: bool


class LigneAttestation(NamedTuple):
    """``recue_le``: None where the file does not say it: the day of the import."""

    neph: str
    nom_naissance: str
    agrement: str
    session: str
    date_debut: date
    date_fin: date
    heures: int
    cas: str
    recue_le: date | None


# --- One value --------------------------------------------------------------------------------------------------------


def _texte(maximum: int) -> Callable[[str], str]:
    def lire(valeur: str) -> str:
        if valeur.startswith(FORMULES):
            raise ValueError(f"commence par « {valeur[0]} », comme une formule de tableur")
        if len(valeur) > maximum:
            raise ValueError(f"dépasse {maximum} caractères")
        return champs.texte(valeur)

    return lire


def _jour_de_tableur(valeur: str) -> date:
    """``2026-11-21`` or ``21/11/2026``."""
    parties = valeur.split("/")
    if len(parties) == 3:
        valeur = f"{parties[2]}-{parties[1]:0>2}-{parties[0]:0>2}"
    try:
        return champs.jour(valeur)
    except ValueError as erreur:
        raise ValueError(str(erreur).replace("AAAA-MM-JJ", "JJ/MM/AAAA ou AAAA-MM-JJ")) from None


def _entier(mini: int, maxi: int) -> Callable[[str], int]:
    def lire(valeur: str) -> int:
        if not (valeur.isascii() and valeur.isdigit() and len(valeur) < 6 and mini <= int(valeur) <= maxi):
            raise ValueError(f"{extrait(valeur)} n'est pas un nombre entier de {mini} à {maxi}")
        return int(valeur)

    return lire


def _code_postal(valeur: str) -> str:
    if not (valeur.isascii() and valeur.isdigit() and len(valeur) == 5 and departement_du_code_postal(valeur)):
        raise ValueError(f"{extrait(valeur)} n'est pas un code postal de cinq chiffres")
    return valeur


def _departement(valeur: str) -> str:
    code = lire_departement(valeur)
    if code not in DEPARTEMENTS:
        raise ValueError(f"{extrait(valeur)} n'est pas un département")
    return code


def _oui(valeur: str) -> bool:
    if valeur.casefold() not in {"", "oui", "non"}:
        raise ValueError(f"{extrait(valeur)} n'est ni « oui » ni « non »")
    return valeur.casefold() == "oui"


def _cas(valeur: str) -> str:
    """One of the four cases of the attestation's model, by its number or its word."""
    cas = {"1": "volontaire", "2": "obligatoire", "3": "alternative", "4": "peine"}
    trouve = cas.get(valeur, valeur.casefold())
    if trouve not in cas.values():
        raise ValueError(f"{extrait(valeur)} n'est pas un cas d'attestation (1 à 4)")
    return trouve


Lecteurs = Mapping[str, Callable[[str], Any]]
CENTRE: Lecteurs = {
    "agrement": lire_agrement,
    "nom": _texte(120),
    "adresse": _texte(300),
    "code_postal": _code_postal,
    "commune": _texte(120),
    "departement": _departement,
    "agree_du": _jour_de_tableur,
    "agree_au": _jour_de_tableur,
}
SESSION: Lecteurs = {
    "agrement": lire_agrement,
    "numero": _texte(32),
    "date_debut": _jour_de_tableur,
    "date_fin": _jour_de_tableur,
    "places": _entier(*STAGE_PLACES.derniere),
    "lieu": _texte(300),
    "annulee": _oui,
}
ATTESTATION: Lecteurs = {
    "neph": champs.neph,
    "nom_naissance": champs.nom,
    "agrement": lire_agrement,
    "session": _texte(32),
    "date_debut": _jour_de_tableur,
    "date_fin": _jour_de_tableur,
    "heures": _entier(1, 99),
    "cas": _cas,
    "recue_le": _jour_de_tableur,
}
#: Columns, or their values, that may be missing.
FACULTATIFS = frozenset({"lieu", "annulee", "session", "recue_le"})


# --- One line ---------------------------------------------------------------------------------------------------------


def lire_centres(fichier: BinaryIO) -> Iterator[Ligne[LigneCentre]]:
    """The lines of a list of centres. Raises ``TableauIllisible``."""
    return _lire(fichier, CENTRE, _centre)


def lire_sessions(fichier: BinaryIO) -> Iterator[Ligne[LigneSession]]:
    """The lines of a list of sessions. Raises ``TableauIllisible``."""
    return _lire(fichier, SESSION, _session)


def lire_attestations(fichier: BinaryIO) -> Iterator[Ligne[LigneAttestation]]:
    """The lines of a file of attestations. Raises ``TableauIllisible``."""
    return _lire(fichier, ATTESTATION, _attestation)


def _centre(valeurs: dict[str, Any]) -> LigneCentre:
    ligne = LigneCentre(**valeurs)
    if ligne.agree_au < ligne.agree_du:
        raise LigneRefusee("l'agrément finirait avant de commencer")
    return ligne


def _session(valeurs: dict[str, Any]) -> LigneSession:
    ligne = LigneSession(**valeurs | {"lieu": valeurs["lieu"] or "", "annulee": bool(valeurs["annulee"])})
    if ligne.date_fin != ligne.date_debut + UN_JOUR:
        raise LigneRefusee("une session dure deux jours consécutifs")
    return ligne


def _attestation(valeurs: dict[str, Any]) -> LigneAttestation:
    ligne = LigneAttestation(**valeurs | {"session": valeurs["session"] or ""})
    if ligne.date_fin < ligne.date_debut:
        raise LigneRefusee("le stage finirait avant de commencer")
    if ligne.recue_le is not None and ligne.recue_le < ligne.date_fin:
        raise LigneRefusee("l'attestation serait reçue avant la fin du stage")
    return ligne


def _lire(fichier: BinaryIO, lecteurs: Lecteurs, faire: Callable[[dict[str, Any]], T]) -> Iterator[Ligne[T]]:
    colonnes: list[str] = []
    separateur = ""
    for numero, brut in lignes(fichier):
        texte = _decoder(brut, premier=numero == 1)
        if not texte.strip(f"{SEPARATEURS} \r\n"):
            continue
        if not colonnes:
            separateur = max(SEPARATEURS, key=texte.count)
            colonnes = _colonnes(texte, separateur, lecteurs)
            continue
        try:
            if len(brut) > LIGNE_MAX:
                raise LigneRefusee(f"la ligne dépasse {LIGNE_MAX} octets")
            yield Ligne(numero, faire(_valeurs(_decouper(texte, separateur), colonnes, lecteurs)), "", texte)
        except LigneRefusee as refus:
            yield Ligne(numero, None, refus.raison, texte)
    if not colonnes:
        raise TableauIllisible("le fichier est vide.")


def _decoder(brut: bytes, *, premier: bool) -> str:
    """A line's text: UTF-8, or what Windows calls Latin-1, which reads anything."""
    if premier and brut.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableauIllisible("le fichier est en UTF-16 : enregistrez-le en « CSV UTF-8 ».")
    try:
        texte = brut.decode("utf-8-sig" if premier else "utf-8")
    except UnicodeDecodeError:
        texte = brut.decode("cp1252", "replace")
    return texte.rstrip("\r\n")


def _decouper(texte: str, separateur: str) -> list[str]:
    try:
        lues = list(csv.reader([texte], delimiter=separateur, strict=True))
    except csv.Error:
        raise LigneRefusee("un guillemet n'est pas fermé, ou n'est pas à sa place") from None
    return [valeur.strip() for valeur in lues[0]] if lues else []


def _colonnes(texte: str, separateur: str, lecteurs: Lecteurs) -> list[str]:
    """The names of the first line; each column that is needed must be there, once."""
    try:
        colonnes = [nom.casefold().replace(" ", "_").replace("é", "e") for nom in _decouper(texte, separateur)]
    except LigneRefusee as refus:
        raise TableauIllisible(f"première ligne : {refus.raison}.") from None
    manquent = [nom for nom in lecteurs if nom not in colonnes and nom not in FACULTATIFS]
    if manquent:
        raise TableauIllisible(f"colonnes absentes de la première ligne : {', '.join(manquent)}.")
    doubles = sorted({nom for nom in lecteurs if colonnes.count(nom) > 1})
    if doubles:
        raise TableauIllisible(f"colonnes présentes deux fois : {', '.join(doubles)}.")
    return colonnes


def _valeurs(cellules: list[str], colonnes: list[str], lecteurs: Lecteurs) -> dict[str, Any]:
    if len(cellules) != len(colonnes):
        raise LigneRefusee(f"{len(cellules)} valeurs pour {len(colonnes)} colonnes")
    tenues = dict(zip(colonnes, cellules, strict=True))
    valeurs: dict[str, Any] = {}
    for nom, lire in lecteurs.items():
        cellule = tenues.get(nom, "")
        if not cellule and nom not in FACULTATIFS:
            raise LigneRefusee(f"{nom} : valeur absente")
        try:
            valeurs[nom] = lire(cellule) if cellule else None
        except ValueError as erreur:
            raise LigneRefusee(f"{nom} : {erreur}") from None
    return valeurs


def cellule_sure(texte: str) -> str:
    """A text that a spreadsheet shows rather than runs."""
    return f"'{texte}" if texte.startswith((*FORMULES, "\t", "\r")) else texte
