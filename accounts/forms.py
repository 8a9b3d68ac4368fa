"""The forms of the accounts, as French readers and the DSFR want them."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from django import forms
from django.core.validators import MaxLengthValidator

LONGUEUR_MAXIMALE = 256  # refused before hashing, which is slow on purpose
INDICATION = "Format attendu : nom@domaine.fr"
FORMAT = "Saisissez une adresse au format attendu, par exemple nom@domaine.fr."


def _adresse(field: forms.Field, label: str = "Adresse électronique") -> None:
    """Word an e-mail field in one way everywhere."""
    field.label, field.help_text = label, INDICATION
    field.error_messages |= dict.fromkeys(("invalid", "max_length", "null_characters_not_allowed"), FORMAT)
    field.error_messages["required"] = "Saisissez une adresse électronique."
    field.widget.input_type = "email"  # an attribute of that name would be written a second time
    field.widget.attrs = {"autocomplete": "email", "spellcheck": "false"}


class ConnexionForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in form: fields ``login`` and ``password``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        _adresse(login)
        password.label, password.help_text = "Mot de passe", ""
        password.error_messages |= {
            "required": "Saisissez votre mot de passe.",
            "max_length": f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus.",
            "null_characters_not_allowed": "Ce mot de passe contient un caractère qui ne se tape pas.",
        }
        password.validators.append(MaxLengthValidator(LONGUEUR_MAXIMALE))
        password.widget.attrs = {"autocomplete": "current-password"}


class OubliForm(ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link for a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _adresse(self.fields["email"])


class NouvelleAdresseForm(AddEmailForm):  # type: ignore[misc]
    """The address that the account will have once it is confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _adresse(self.fields["email"], "Nouvelle adresse électronique")


# --- What follows the wizard -----------------------------------------------------------------------------------------


class RenvoiForm(forms.Form):
    """The address to which a mail was to come."""

    email = forms.EmailField(max_length=254, widget=forms.EmailInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        _adresse(self.fields["email"])


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
