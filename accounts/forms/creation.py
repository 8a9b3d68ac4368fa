"""The forms that follow the wizard: another mail, a signalement, the password that proves who asked."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms

from accounts.forms.compte import adresse
from accounts.models import Signalement
from accounts.mots_de_passe import LONGUEUR_MAXIMALE
from accounts.neph import NumeroIllisible, lire_neph


class RenvoiForm(forms.Form):
    """The address to which a mail was to come."""

    email = forms.EmailField(max_length=254, widget=forms.EmailInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        adresse(self.fields["email"])


class SuiviForm(RenvoiForm):
    """A signalement's reference and its mailbox."""

    field_order = ("reference", "email")
    reference = forms.CharField(
        label="Référence du signalement",
        help_text="Par exemple S-2026-AB23CD, écrite dans le courriel reçu.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "Saisissez la référence de votre signalement."},
    )

    def clean_reference(self) -> str:
        """The reference whatever its case, spaces and dashes: a thousand million are not to be guessed."""
        lue = "".join(c for c in self.cleaned_data["reference"].upper() if c.isascii() and c.isalnum())
        if len(lue) != 11 or not lue.startswith("S"):
            raise forms.ValidationError("Une référence s'écrit comme S-2026-AB23CD.")
        return f"S-{lue[1:5]}-{lue[5:]}"


class SignalementForm(forms.Form):
    """What the visitor adds to what was typed."""

    message = forms.CharField(
        label="Ce que vous voulez ajouter (facultatif)",
        help_text="Par exemple l'ancien nom écrit sur votre permis, ou la préfecture qui l'a délivré.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        error_messages={"max_length": "Ce message dépasse 1 000 caractères."},
    )


class NouveauSignalementForm(forms.Form):
    """What a driver tells of their own dossier, signed in."""

    motif = forms.ChoiceField(
        label="Ce qui ne va pas",
        choices=[("", "Choisissez"), *((motif.value, motif.label) for motif in Signalement.DU_DOSSIER)],
        error_messages={"required": "Choisissez ce qui ne va pas."},
    )
    message = forms.CharField(
        label="Votre message",
        help_text="Ce que vous voyez, ce que vous attendiez, et depuis quand. Par exemple la date et le lieu du stage.",
        max_length=1000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": "6"}),
        error_messages={
            "required": "Écrivez votre message.",
            "min_length": "Dites-en un peu plus : un agent doit comprendre.",
            "max_length": "Ce message dépasse 1 000 caractères.",
        },
    )


class MessageForm(forms.Form):
    """What the driver answers; ``cle`` makes one message of a button pressed twice."""

    texte = forms.CharField(
        label="Votre message",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": "Ce message dépasse 1 000 caractères.",
        },
    )
    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class VerificationForm(forms.Form):
    """The password chosen in the wizard: only who asked for the account knows it."""

    mot_de_passe = forms.CharField(
        label="Le mot de passe que vous avez choisi",
        strip=False,
        max_length=LONGUEUR_MAXIMALE,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": "Saisissez le mot de passe que vous avez choisi en demandant ce compte.",
            "max_length": f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus.",
        },
    )

    def __init__(self, *args: Any, est_le_bon: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.est_le_bon = est_le_bon

    def clean_mot_de_passe(self) -> str:
        mot_de_passe = str(self.cleaned_data["mot_de_passe"])
        if not self.est_le_bon(mot_de_passe):
            raise forms.ValidationError("Ce n'est pas le mot de passe choisi en demandant ce compte.")
        return mot_de_passe


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
