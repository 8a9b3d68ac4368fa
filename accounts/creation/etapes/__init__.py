"""The wizard's questions in their order, and which ones an answer calls for."""

from collections.abc import Callable

from accounts.creation.brouillon import Brouillon
from accounts.creation.etapes.base import PARTIES, Etape
from accounts.creation.etapes.numero import (
    Avant1975Form,
    CarteAvecEspaceForm,
    CarteSansEspaceForm,
    DeuxLignesForm,
    NephForm,
    UneLigneForm,
)
from accounts.creation.etapes.permis import DelivranceForm, EspaceForm, FormatForm, LignesForm, PermisForm
from accounts.creation.etapes.personne import CourrielForm, MotDePasseForm, NaissanceForm, NomForm, PrenomsForm

__all__ = ["CONDITIONS", "DERNIERE", "ETAPES", "NUMEROS", "PARTIES", "Etape"]

NUMEROS = {
    "numero": NephForm,
    "numero-carte-sans-espace": CarteSansEspaceForm,
    "numero-carte-avec-espace": CarteAvecEspaceForm,
    "numero-une-ligne": UneLigneForm,
    "numero-deux-lignes": DeuxLignesForm,
    "numero-avant-1975": Avant1975Form,
}
ETAPES: dict[str, type[Etape]] = {
    **{"permis": PermisForm, "format": FormatForm, "espace": EspaceForm},
    **{"lignes": LignesForm, "delivrance": DelivranceForm},
    **NUMEROS,
    **{"nom": NomForm, "prenoms": PrenomsForm, "naissance": NaissanceForm},
    **{"courriel": CourrielForm, "mot-de-passe": MotDePasseForm},
}
DERNIERE = "mot-de-passe"


def _si(**voulus: str) -> Callable[[Brouillon], bool]:
    """The step is asked when the questions named were answered so."""
    return lambda brouillon: all(brouillon.reponse(etape, "choisi") == v for etape, v in voulus.items())


CONDITIONS: dict[str, Callable[[Brouillon], bool]] = {
    "format": _si(permis="oui"),
    "espace": _si(permis="oui", format="carte"),
    "lignes": _si(permis="oui", format="trois_volets"),
    "delivrance": _si(permis="oui", format="trois_volets", lignes="une_ligne"),
    "numero": lambda brouillon: brouillon.reponse("permis", "choisi") in {"pas_encore", "plus"},
    "numero-carte-sans-espace": _si(permis="oui", format="carte", espace="sans_espace"),
    "numero-carte-avec-espace": _si(permis="oui", format="carte", espace="avec_espace"),
    "numero-une-ligne": _si(permis="oui", format="trois_volets", lignes="une_ligne", delivrance="depuis_1975"),
    "numero-deux-lignes": _si(permis="oui", format="trois_volets", lignes="deux_lignes"),
    "numero-avant-1975": _si(permis="oui", format="trois_volets", lignes="une_ligne", delivrance="avant_1975"),
}
