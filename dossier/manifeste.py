"""What the sender of a file says of it: how many lines, their SHA-256, and its rank among the files that it sent.

The last rank loaded is in the base, with the loadings: a file that is missing, or that comes again, is not loaded.
"""

from pathlib import Path
from typing import NamedTuple

from dossier.feed import LigneRefusee, lire_objet
from dossier.models import Importation

FORMAT = "mespoints-manifeste/1"
SUFFIXE = ".manifeste.json"  # beside the file, after its whole name
SEQUENCE_MAX = 2**63 - 1


class ChargementRefuse(Exception):
    """Nothing of this file was loaded. Its text is French, and names neither a person nor the file."""


class Manifeste(NamedTuple):
    """As the sender wrote it."""

    lignes: int
    sha256: str
    sequence: int


def lire_manifeste(chemin: Path) -> Manifeste:
    """Raises ``ChargementRefuse``, and ``OSError``."""
    try:
        dit = lire_objet(chemin.read_bytes().strip())
    except LigneRefusee as refus:
        raise ChargementRefuse(f"le manifeste ne se lit pas ({refus.raison}). {RIEN}") from None
    if dit.pop("format", None) != FORMAT:
        raise ChargementRefuse(f"le manifeste n'est pas au format « {FORMAT} ». {RIEN}")
    entiers = [dit.get(nom) for nom in ("lignes", "sequence")]
    empreinte = str(dit.get("sha256")).lower()
    if (
        set(dit) != set(Manifeste._fields)
        or not all(type(n) is int and 0 <= n <= SEQUENCE_MAX for n in entiers)
        or len(empreinte) != 64
        or not set(empreinte) <= set("0123456789abcdef")
    ):
        raise ChargementRefuse(
            "le manifeste doit avoir « lignes » et « sequence », des nombres entiers, et « sha256 », 64 chiffres "
            f"hexadécimaux, et rien d'autre. {RIEN}"
        )
    return Manifeste(int(dit["lignes"]), empreinte, int(dit["sequence"]))


RIEN = "Rien n'a été chargé : demandez un nouvel envoi."


def get_derniere_sequence() -> int | None:
    """The rank of the last file loaded to its end, None when none had one."""
    numerotes = Importation.objects.filter(etat=Importation.Etat.TERMINE, sequence__isnull=False)
    return numerotes.order_by("-pk").values_list("sequence", flat=True).first()


def verifier_sequence(manifeste: Manifeste | None, *, sans_manifeste: bool, repartir: bool) -> None:
    """Raises ``ChargementRefuse`` unless this file is the one that is awaited."""
    dernier = get_derniere_sequence()
    if dernier is None or repartir:
        return
    if manifeste is None:
        if not sans_manifeste:
            raise ChargementRefuse(
                f"les fichiers de cet envoi sont numérotés (le dernier chargé est le n° {dernier}) et celui-ci n'a pas "
                f"de manifeste. Rien n'a été chargé : demandez-le, ou relancez avec --sans-manifeste si ce fichier "
                "n'est pas de cet envoi."
            )
    elif manifeste.sequence <= dernier:
        raise ChargementRefuse(
            f"ce fichier est le n° {manifeste.sequence}, et le n° {dernier} est déjà chargé. Rien n'a été chargé : "
            "c'est un ancien fichier, ou un second envoi. --repartir l'accepte, et compte à partir de lui."
        )
    elif manifeste.sequence > dernier + 1:
        raise ChargementRefuse(
            f"ce fichier est le n° {manifeste.sequence}, et le dernier chargé est le n° {dernier} : il en manque. Rien "
            f"n'a été chargé : chargez d'abord le n° {dernier + 1}. S'il n'existe pas, --repartir compte à partir de "
            "celui-ci."
        )


def verifier_contenu(manifeste: Manifeste, *, lignes: int, sha256: str) -> None:
    """Raises ``ChargementRefuse`` unless the file is the one that the manifest tells of, whole."""
    if lignes != manifeste.lignes:
        raise ChargementRefuse(
            f"le fichier a {lignes} lignes et son manifeste en annonce {manifeste.lignes} : il est incomplet, ou ce "
            f"n'est pas le sien. {RIEN}"
        )
    if sha256 != manifeste.sha256:
        raise ChargementRefuse(
            f"l'empreinte SHA-256 du fichier n'est pas celle de son manifeste : il a été changé en route. {RIEN}"
        )
