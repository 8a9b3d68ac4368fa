"""Which licence, if any: questions answered by one of a few."""

from typing import Any, ClassVar

from django import forms

from accounts.creation.etapes.base import Etape


class Choix(Etape):
    """A question answered by one of a few; ``nom`` is the field's name."""

    partie = 1
    gabarit = "account/creation/choix.html"
    choix: ClassVar[dict[str, str]]
    manque: ClassVar[str] = "Choisissez une réponse."

    choisi = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["choisi"]
        champ.choices, champ.label = list(self.choix.items()), self.titre
        champ.error_messages |= dict.fromkeys(("required", "invalid_choice"), self.manque)

    def reponse(self) -> str:
        return self.choix[self.cleaned_data["choisi"]]


class PermisForm(Choix):
    titre = "Avez-vous votre permis de conduire ?"
    intitule = "Permis"
    manque = "Indiquez si vous avez votre permis de conduire."
    choix: ClassVar = {
        "oui": "J'ai mon permis de conduire, ou une copie de mon ancien permis",
        "pas_encore": "Je n'ai pas encore mon permis",
        "plus": "Je n'ai plus mon permis (perdu, volé, annulé), ni de copie",
    }


class FormatForm(Choix):
    titre = "Quel format de permis de conduire possédez-vous ?"
    intitule = "Format"
    manque = "Indiquez le format de votre permis."
    choix: ClassVar = {"carte": "Format européen (carte de crédit)", "trois_volets": "Format 3 volets (cartonné)"}


class EspaceForm(Choix):
    titre = "Avez-vous un espace sur la seconde ligne de votre numéro de dossier ?"
    intitule = "Seconde ligne"
    manque = "Indiquez si la seconde ligne de votre numéro porte un espace."
    choix: ClassVar = {
        "sans_espace": "Numéro de dossier sur 2 lignes, sans espace",
        "avec_espace": "Numéro de dossier sur 2 lignes, avec un espace",
    }


class LignesForm(Choix):
    titre = "Sur combien de lignes est affiché votre numéro de dossier ?"
    intitule = "Numéro"
    manque = "Indiquez sur combien de lignes votre numéro est écrit."
    choix: ClassVar = {"une_ligne": "Numéro sur 1 ligne", "deux_lignes": "Numéro sur 2 lignes"}


class DelivranceForm(Choix):
    titre = "Quand votre permis a-t-il été délivré ?"
    intitule = "Délivrance"
    manque = "Indiquez quand votre permis a été délivré."
    choix: ClassVar = {
        "avant_1975": "Délivré avant le 1er janvier 1975",
        "depuis_1975": "Délivré le 1er janvier 1975 ou après",
    }
