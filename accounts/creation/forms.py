from collections.abc import Callable
from typing import Any

from django import forms

from accounts.compte.forms import adresse
from accounts.compte.mots_de_passe import LONGUEUR_MAXIMALE


class RenvoiForm(forms.Form):
    """The address to which a mail was to come."""

    email = forms.EmailField(widget=forms.EmailInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        adresse(self.fields["email"])


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
