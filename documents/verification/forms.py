"""What the public page asks: one field, whatever one has in hand."""

from typing import Any

from django import forms

from documents.code.jeton import PREFIXE


class VerificationForm(forms.Form):
    """The code of sixteen characters printed under the QR, or the address that the QR carries."""

    code = forms.CharField(
        label="Code imprimé à côté du carré",
        help_text="Seize lettres et chiffres, comme 7K3Q-MXW2-PA9T-0FZ4. Tirets et majuscules sont facultatifs.",
        max_length=8192,
        error_messages={
            "required": "Saisissez le code imprimé sur l'attestation.",
            "max_length": "Ce texte est trop long pour être le code d'une attestation.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def est_une_adresse(self) -> bool:
        """Whether what was sent is the content of the QR rather than the short code."""
        texte: Any = self.cleaned_data["code"]
        return PREFIXE in texte or "#" in texte or "/" in texte


class RetraitForm(forms.Form):
    """Which of one's own ADCS to withdraw."""

    numero = forms.CharField(max_length=24)
