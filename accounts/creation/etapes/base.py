"""What a step of the wizard is: one question, its form, and how its answer is said afterwards."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator

from dossier.rules.francais import insecables

PARTIES = ("Votre permis", "Votre numéro de dossier", "Votre état civil", "Votre adresse", "Votre mot de passe")
NUL = "Ce texte contient un caractère qui ne se tape pas."
LONGUEUR_SAISIE = 60  # more than any number with its spaces: longer is a paste gone wrong


class Etape(forms.Form):
    """A question. ``partie`` is its place in PARTIES, ``intitule`` what its answer is called in the list of answers."""

    titre: ClassVar[str]
    partie: ClassVar[int]
    intitule: ClassVar[str]
    gabarit: ClassVar[str] = "account/creation/champs.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        for champ in self.fields.values():
            champ.error_messages |= {"null_characters_not_allowed": NUL}

    @property
    def titre_insecable(self) -> str:
        """The question, as French prints it."""
        return insecables(self.titre)

    @property
    def partie_titre(self) -> str:
        """The part of the stepper to which the question belongs."""
        return PARTIES[self.partie - 1]

    @property
    def partie_suivante(self) -> str:
        """The next one, "" for the last."""
        return PARTIES[self.partie] if self.partie < len(PARTIES) else ""

    def reponse(self) -> str:
        """The answer as the list of answers says it. Only of a valid form."""
        raise NotImplementedError

    def saisie(self) -> dict[str, list[str]]:
        """What was typed, for the draft."""
        data: Any = self.data  # a QueryDict: it comes from a request
        return {nom: data.getlist(nom) for nom in map(self.add_prefix, self.fields)}


def champ_texte(
    label: str, aide: str = "", *, manque: str, chiffres: bool = False, **attributs: str
) -> forms.CharField:
    """A field of free text, read by the form; ``manque`` is said when it is empty."""
    numerique = {"inputmode": "numeric"} if chiffres else {"autocapitalize": "characters"}
    attrs = {"autocomplete": "off", "spellcheck": "false", **numerique, **attributs}
    trop_long = MaxLengthValidator(LONGUEUR_SAISIE, f"Cette saisie dépasse {LONGUEUR_SAISIE} caractères.")
    return forms.CharField(
        label=label,
        help_text=aide,
        widget=forms.TextInput(attrs=attrs),
        validators=[trop_long],
        error_messages={"required": manque},
    )
