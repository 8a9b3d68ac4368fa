"""The forms of the accounts, as French readers and the DSFR want them."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.core.validators import MaxLengthValidator

from accounts.limites import SECOND_FACTEUR, consommer, rendre
from mespoints.lib.http import duree_en_mots

LONGUEUR_MAXIMALE = 256  # refused before hashing, which is slow on purpose
INDICATION = "Format attendu : nom@domaine.fr"
FORMAT = "Saisissez une adresse au format attendu, par exemple nom@domaine.fr."


def _adresse(field: forms.Field, label: str = "Adresse électronique") -> None:
    """Word an e-mail field in one way everywhere."""
    field.label, field.help_text = label, INDICATION
    field.error_messages |= dict.fromkeys(("invalid", "max_length", "null_characters_not_allowed"), FORMAT)
    field.error_messages["required"] = "Saisissez une adresse électronique."
    field.widget.attrs = {"type": "email", "autocomplete": "email", "spellcheck": "false"}


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


class _CodeCompte:
    """A code of the second factor, counted before it is looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.label = "Code"
        code.help_text = "Les six chiffres de votre application, ou l'un de vos codes de secours."
        code.error_messages["required"] = "Saisissez un code."
        code.widget.attrs = {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}

    def clean_code(self) -> str:
        compte = str(self.user.pk)  # type: ignore[attr-defined]
        attente = consommer(SECOND_FACTEUR, context.request, compte)
        if attente is not None:
            raise forms.ValidationError(f"Trop de codes essayés. Réessayez dans {duree_en_mots(attente)}.")
        code: str = super().clean_code()  # type: ignore[misc]
        rendre(SECOND_FACTEUR, context.request, compte)
        return code


class SecondFacteurForm(_CodeCompte, AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class SecondFacteurEncoreForm(_CodeCompte, ReauthenticateForm):  # type: ignore[misc]
    """The same, asked again before what protects the account is changed."""
