"""The NDJSON feed, ``mespoints-dossier/1``: read a line, validate it whole, say in French what is wrong.

A line is one driver's record. ``lire_ligne`` never lets a doubtful line through: an unknown field, an impossible date
or a duplicated key refuses it whole. No database here: the offline replay and the import read through the same door.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, NamedTuple

from dossier import champs as lire
from dossier.fabrique import FaitDit, parcours_lu
from dossier.rules import vocabulaire as mots
from dossier.rules.capital import fins_en_jour_d_obtention
from dossier.rules.faits import Parcours
from dossier.rules.levee import portee_impossible, types_des_mesures
from dossier.rules.vocabulaire import TypeFait
from dossier.schema import CATEGORIE, COMMUNS, ETAT_CIVIL, FAITS, OBLIGATOIRES, ORDRES, TITRE, Champs

FORMAT = "mespoints-dossier/1"
LIGNE_MAX = 1_000_000  # bytes
FAITS_MAX = 2000  # of one dossier: all of them offences, the solde still fits its column
#: Read once: an enumeration is slow to look into.
DELIT, INFRACTION = mots.Gravite.DELIT, TypeFait.INFRACTION


class LigneRefusee(Exception):
    """A line that cannot be read. ``raison`` is French; ``neph`` is given when it could be read."""

    def __init__(self, raison: str, neph: str | None = None) -> None:
        super().__init__(raison)
        self.raison = raison
        self.neph = neph


class LigneDossier(NamedTuple):
    """A valid line. Objects are canonical: JSON values of the feed, no null, texts in NFC. ``titres`` or ``categories``
    are None where the line does not speak of them: absence removes nothing."""

    neph: str
    etat_civil: dict[str, Any]
    titres: list[dict[str, Any]] | None
    categories: list[dict[str, Any]] | None
    faits: list[FaitDit]
    parcours: Parcours
    etat_civil_corrige: bool = False  # the sender says that another name and another birth are no mistake


LIGNE = frozenset({"format", "neph", "etat_civil", "titres", "categories", "faits", "etat_civil_corrige"})
_AUCUN: frozenset[str] = frozenset()
_FAITS = {type_: COMMUNS | champs for type_, champs in FAITS.items()}


def lignes(fichier: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each line, in constant memory: a line over the limit comes cut, one byte too long."""
    for numero, brut in enumerate(iter(lambda: fichier.readline(LIGNE_MAX + 1), b""), 1):
        suite = brut
        while len(suite) > LIGNE_MAX and not suite.endswith(b"\n"):
            suite = fichier.readline(LIGNE_MAX + 1)
        yield numero, brut


def lire_ligne(brut: bytes) -> LigneDossier:
    """Read one line. Raises ``LigneRefusee`` with a reason in French."""
    contenu = lire_objet(brut)
    neph: str | None = None
    try:
        neph = _champ(contenu, "neph", lire.neph)
        if contenu.get("format") != FORMAT:
            raise LigneRefusee(f"format : « {FORMAT} » attendu")
        _refuser_inconnus(contenu, LIGNE, "")
        etat_civil = _etat_civil(contenu.get("etat_civil"))
        titres = _objets(contenu.get("titres"), "titres", TITRE, frozenset({"format"}))
        categories = _objets(contenu.get("categories"), "categories", CATEGORIE, frozenset({"code"}))
        corrige = contenu.get("etat_civil_corrige", False)
        if not isinstance(corrige, bool):
            raise LigneRefusee("etat_civil_corrige : true ou false")
        faits = contenu.get("faits")
        if not isinstance(faits, list):
            raise LigneRefusee("faits : une liste est attendue, même vide")
        canoniques, parcours = lire_faits(faits, etat_civil["date_naissance"], etat_civil.get("adresse"))
    except LigneRefusee as refus:
        refus.neph = neph
        raise
    return LigneDossier(neph, etat_civil, titres, categories, canoniques, parcours, corrige)


def lire_faits(faits: list[Any], naissance: str | None = None, adresse: Any = None) -> tuple[list[FaitDit], Parcours]:
    """Facts as the feed writes them: their canonical form, and the engine's input.

    ``naissance`` and ``adresse``: those of the dossier, where they are known.
    """
    verifier_nombre(len(faits))
    lus = [_fait(fait, rang) for rang, fait in enumerate(faits, 1)]
    vus: set[str] = set()
    for fait in lus:
        if fait["id"] in vus:
            raise LigneRefusee(f"faits : l'identifiant {lire.extrait(fait['id'])} y figure deux fois")
        vus.add(fait["id"])
    parcours = parcours_lu(lus, naissance, adresse)
    verifier_parcours(parcours)
    return [_canonique(fait) for fait in lus], parcours


def verifier_nombre(combien: int) -> None:
    """Raises ``LigneRefusee`` over what a dossier may hold."""
    if combien > FAITS_MAX:
        raise LigneRefusee(f"faits : {combien}, un dossier en tient {FAITS_MAX} au plus")


def verifier_parcours(parcours: Parcours) -> None:
    """What only the whole record can show. Raises ``LigneRefusee``."""
    if parcours.fins and len(parcours.permis) > 1:
        for jour in fins_en_jour_d_obtention(parcours.permis, parcours.fins):
            raise LigneRefusee(f"un permis est obtenu le {jour:%d/%m/%Y}, le jour même où un autre prend fin")
    types = types_des_mesures(parcours) if parcours.levees else {}
    for levee in parcours.levees:
        if portee_impossible(levee, types):
            raise LigneRefusee(
                f"la levée {lire.extrait(levee.id)} : une mesure de type « {types[levee.fait]} » ne se lève pas avec "
                f"la portée « {levee.portee} »"
            )


def lire_objet(brut: bytes) -> dict[str, Any]:
    """One JSON object, no duplicated key, no NaN. Raises ``LigneRefusee``: the decoder's complaint in French."""
    texte = _texte(brut)
    try:
        contenu = _DECODEUR.decode(texte)
    except json.JSONDecodeError as erreur:
        raise LigneRefusee(f"le JSON est illisible à partir du caractère {erreur.pos + 1}") from None
    except RecursionError:
        raise LigneRefusee("le JSON est trop imbriqué") from None
    except ValueError:
        raise LigneRefusee("le JSON contient un nombre démesuré") from None
    if not isinstance(contenu, dict):
        raise LigneRefusee("la ligne n'est pas un objet JSON")
    return contenu


def _texte(brut: bytes) -> str:
    """The line's text: not too long, UTF-8 without a mark, not empty."""
    if len(brut) > LIGNE_MAX:
        raise LigneRefusee(f"la ligne dépasse {LIGNE_MAX // 1000} ko")
    if brut.startswith(b"\xef\xbb\xbf"):
        raise LigneRefusee("la ligne commence par une marque d'ordre (BOM) : UTF-8 sans BOM attendu")
    try:
        texte = brut.decode("utf-8")
    except UnicodeDecodeError as erreur:
        raise LigneRefusee(f"l'octet {erreur.start + 1} n'est pas de l'UTF-8") from None
    if not texte.strip():
        raise LigneRefusee("la ligne est vide")
    return texte


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet = dict(paires)
    if len(objet) != len(paires):
        vus: set[str] = set()
        for cle, _ in paires:
            if cle in vus:
                raise LigneRefusee(f"le champ {lire.extrait(cle)} figure deux fois dans le même objet")
            vus.add(cle)
    return objet


def _constante(nom: str) -> Any:
    raise LigneRefusee(f"« {nom} » n'est pas une valeur JSON")


_DECODEUR = json.JSONDecoder(object_pairs_hook=_sans_doublon, parse_constant=_constante)


def _refuser_inconnus(objet: dict[str, Any], admis: frozenset[str] | Champs, ou: str) -> None:
    for cle in objet:
        if cle not in admis:
            raise LigneRefusee(f"{ou}champ inconnu {lire.extrait(cle)}")


def _champ(objet: dict[str, Any], nom: str, lecteur: lire.Lecteur) -> Any:
    valeur = objet.get(nom)
    if valeur is None:
        raise LigneRefusee(f"{nom} : champ obligatoire absent")
    try:
        return lecteur(valeur)
    except ValueError as erreur:
        raise LigneRefusee(f"{nom} : {erreur}") from None


def _lu(objet: Any, champs: Champs, obligatoires: frozenset[str], ou: str) -> dict[str, Any]:
    """The fields of an object, nulls dropped, each read. Raises ``LigneRefusee``."""
    if not isinstance(objet, dict):
        raise LigneRefusee(f"{ou} : un objet est attendu")
    lus: dict[str, Any] = {}
    cle = ""
    try:
        for cle, valeur in objet.items():
            lecteur = champs[cle]
            if valeur is not None:
                lus[cle] = lecteur(valeur)
    except KeyError:
        raise LigneRefusee(f"{ou} : champ inconnu {lire.extrait(cle)}") from None
    except ValueError as erreur:
        raise LigneRefusee(f"{ou}.{cle} : {erreur}") from None
    if not obligatoires <= lus.keys():
        manque = ", ".join(sorted(obligatoires - lus.keys()))
        raise LigneRefusee(f"{ou} : champ obligatoire absent ({manque})")
    return lus


_ETAT_CIVIL_OBLIGATOIRE = frozenset({"nom_naissance", "prenoms", "sexe", "date_naissance"})


def _etat_civil(valeur: Any) -> dict[str, Any]:
    if valeur is None:
        raise LigneRefusee("etat_civil : champ obligatoire absent")
    return _lu(valeur, ETAT_CIVIL, _ETAT_CIVIL_OBLIGATOIRE, "etat_civil")


def _objets(valeur: Any, nom: str, champs: Champs, obligatoires: frozenset[str]) -> list[dict[str, Any]] | None:
    if valeur is None:
        return None
    if not isinstance(valeur, list) or len(valeur) > lire.LISTE_MAX:
        raise LigneRefusee(f"{nom} : une liste d'au plus {lire.LISTE_MAX} éléments est attendue")
    return [_canonique(_lu(objet, champs, obligatoires, f"{nom}[{rang}]")) for rang, objet in enumerate(valeur, 1)]


def _canonique(lus: dict[str, Any]) -> dict[str, Any]:
    """The read values as JSON holds them."""
    return {cle: v.isoformat() if type(v) is date else v for cle, v in lus.items()}


def _fait(fait: Any, rang: int) -> FaitDit:
    """One fact, its dates as dates."""
    if not isinstance(fait, dict):
        raise LigneRefusee(f"faits[{rang}] : un objet est attendu")
    type_ = fait.get("type")
    champs = _FAITS.get(type_) if isinstance(type_, str) else None
    if champs is None:
        raise LigneRefusee(f"faits[{rang}] : type de fait inconnu {lire.extrait(type_)}")
    lus = _lu(fait, champs, OBLIGATOIRES.get(str(type_), _AUCUN), f"faits[{rang}]")
    if "id" not in lus:
        raise LigneRefusee(f"faits[{rang}] : champ obligatoire absent (id)")
    ordre = ORDRES.get(str(type_))
    if ordre is not None:
        avant, apres, raison = ordre
        if apres in lus and avant in lus and lus[apres] < lus[avant]:
            raise LigneRefusee(f"faits[{rang}].{apres} : {raison}")
    if type_ == TypeFait.PERMIS_ETRANGER and lus.get("date_fin", date.max) <= lus["date_debut"]:
        raise LigneRefusee(f"faits[{rang}].date_fin : le permis étranger finirait avant de commencer à compter")
    if type_ == INFRACTION and (lus["nature"] == DELIT) == ("classe" in lus):
        raise LigneRefusee(f"faits[{rang}].classe : 1 à 5 pour une contravention, absente pour un délit")
    return lus
