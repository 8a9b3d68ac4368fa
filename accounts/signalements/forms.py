import uuid

from django import forms

from accounts.creation.forms import RenvoiForm
from accounts.models import Signalement


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
