"""The forms of the accounts, as French readers and the DSFR want them."""

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
