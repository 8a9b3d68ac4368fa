from typing import Any

from django import forms

from accounts.creation.neph import NumeroIllisible, lire_neph


class NumeroForm(forms.Form):
    """The file number, for somebody whom FranceConnect named and whose dossier it does not tell."""

    numero = forms.CharField(
        label="Numéro de dossier (NEPH)",
        help_text="Sur votre permis, une lettre ou un relevé. Les espaces et les points ne comptent pas.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={
            "required": "Saisissez votre numéro de dossier (NEPH).",
            "max_length": "Un numéro de dossier compte de 5 à 19 lettres et chiffres.",
            "null_characters_not_allowed": "Ce numéro contient un caractère qui ne se tape pas.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})

    def clean_numero(self) -> str:
        """The key of the dossier."""
        try:
            return lire_neph(self.cleaned_data["numero"]).neph
        except NumeroIllisible as erreur:
            raise forms.ValidationError(str(erreur)) from None
