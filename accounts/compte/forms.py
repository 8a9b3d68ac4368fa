"""The forms of the accounts, as French readers and the DSFR want them."""

import logging
import struct
from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import parse_registration_response
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from accounts import effort
from accounts.compte import appareils
from accounts.compte.mots_de_passe import LONGUEUR_MAXIMALE
from accounts.compte.second_facteur import SecretIllisible
from accounts.limites import (
    CODE_UNIQUE,
    CONNEXION_COMPTE,
    CONNEXION_ICI,
    CONNEXION_RESEAU,
    SECOND_FACTEUR,
    compter,
    consommer,
    ici,
    rendre,
)
from accounts.models import DemandeLien
from accounts.services import demander_lien
from mespoints.lib.http import duree_en_mots
from mespoints.lib.reseau import reseau

logger = logging.getLogger(__name__)

TROP_LONG = f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus."
REGLE = "12 caractères au moins. Quelques mots sans rapport entre eux font un bon mot de passe."
ADRESSE_MAXIMUM = 254  # what SMTP carries, and our columns hold
INDICATION = "Format attendu : nom@domaine.fr"
ILLISIBLE = (
    "Ce code ne peut pas être vérifié, même s'il est juste\u00a0: la panne est de notre côté. Utilisez votre clé"
    " d'accès, si vous en avez une. Conducteur, passez par FranceConnect. Agent, prévenez l'administrateur du site."
)
FORMAT = "Saisissez une adresse au format attendu, par exemple nom@domaine.fr."


def adresse(field: forms.Field, label: str = "Adresse électronique") -> None:
    """Word an e-mail field in one way everywhere."""
    field.label, field.help_text = label, INDICATION
    field.error_messages |= dict.fromkeys(("invalid", "max_length", "null_characters_not_allowed"), FORMAT)
    field.error_messages["required"] = "Saisissez une adresse électronique."
    field.validators.append(MaxLengthValidator(ADRESSE_MAXIMUM, FORMAT))  # Django's own takes 320
    field.widget.input_type = "email"  # an attribute of that name would be written a second time
    field.widget.attrs = {"autocomplete": "email", "spellcheck": "false"}


def _mot_de_passe(field: forms.Field, label: str, autocomplete: str) -> None:
    """Word a password field in one way everywhere; what is too long is refused before it is hashed."""
    field.label, field.help_text = label, ""
    field.strip = False  # type: ignore[attr-defined]  # compared exactly, outer spaces included
    field.error_messages |= {
        "required": "Saisissez votre mot de passe."
        if autocomplete == "current-password"
        else "Saisissez un mot de passe.",
        "max_length": TROP_LONG,
        "null_characters_not_allowed": "Ce mot de passe contient un caractère qui ne se tape pas.",
    }
    field.validators.append(MaxLengthValidator(LONGUEUR_MAXIMALE, TROP_LONG))
    field.widget.attrs = {"autocomplete": autocomplete}


class EffortMixin(forms.Form):
    """A form that asks the browser for a proof of work: first of the bases, made with ``request=request``.

    The template includes ``components/effort.html``. ``effort_requis`` says whether one is asked: always, unless the
    form knows better. ``cible`` is what the slow lane counts against, an address as typed.
    """

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request  # after allauth's forms, which have one too
        self.fields["effort"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def effort_requis(self) -> bool:
        return True

    def cible(self) -> str:
        return str(self.cleaned_data.get("email", ""))

    def question(self) -> dict[str, object]:
        """What the page gives the browser to compute."""
        assert self.request is not None  # noqa: S101 - a view's form always has one
        return effort.poser(self.request)

    def clean(self) -> dict[str, Any] | None:
        if self.errors or self.request is None or not self.effort_requis():
            return super().clean()
        if not effort.verifier(self.request, self.data.get(self.add_prefix("effort"), "")):
            attente = effort.prendre_la_voie_lente(self.request, self.cible())
            if attente is not None:
                self.request.attente = attente  # type: ignore[attr-defined]
                raise forms.ValidationError(
                    "La vérification automatique n'a pas abouti. Activez JavaScript et recommencez, ou réessayez dans"
                    f" {duree_en_mots(attente)}."
                )
        return super().clean()


class ConnexionForm(EffortMixin, LoginForm):  # type: ignore[misc]  # allauth has no types
    """allauth's sign-in form: fields ``login`` and ``password``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        adresse(login)
        _mot_de_passe(password, "Mot de passe", "current-password")

    def effort_requis(self) -> bool:
        """After a few failures, of this network or on this account, whether it exists or not; of this browser alone
        when it opened the account before.
        """
        if self.request is None:
            return False
        essais = [compter(CONNEXION_RESEAU, reseau(self.request))]
        if self.is_bound:
            email = str(self.data.get("login", ""))
            if appareil := appareils.reconnaitre(self.request, email):
                essais = [compter(CONNEXION_ICI, ici(self.request, email, appareil))]
            else:
                essais.append(compter(CONNEXION_COMPTE, email))
        return max(essais) >= settings.EFFORT_APRES

    def cible(self) -> str:
        return str(self.cleaned_data["login"])


class OubliForm(ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link for a new password goes; the worker sees whose it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adresse(self.fields["email"])

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        demander_lien(email=email, reference=DemandeLien.MOT_DE_PASSE)
        return email


class NouvelleAdresseForm(AddEmailForm):  # type: ignore[misc]
    """The address that the account will have once it is confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adresse(self.fields["email"], "Nouvelle adresse électronique")


def _nouveau_mot_de_passe(form: forms.Form) -> None:
    for nom, label in (("password1", "Nouveau mot de passe"), ("password2", "Le même, encore une fois")):
        if nom in form.fields:
            _mot_de_passe(form.fields[nom], label, "new-password")
    form.fields["password1"].help_text = REGLE


class ChangerMotDePasseForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, and the next one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _mot_de_passe(self.fields["oldpassword"], "Mot de passe actuel", "current-password")
        _nouveau_mot_de_passe(self)


class ChoisirMotDePasseForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """The next password twice, by the link received."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _nouveau_mot_de_passe(self)


class ConfirmerForm(ReauthenticateForm):  # type: ignore[misc]
    """The present password, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _mot_de_passe(self.fields["password"], "Mot de passe", "current-password")


class FermerForm(ConfirmerForm):
    """The present password, to close the account."""


def _servir(compte: str, code: str) -> None:
    """Let a good code serve once, however it is spelt, for longer than it is valid: PostgreSQL remembers it, not Redis.

    allauth reads « 123 456 » and « 123-456 » as one code.
    """
    if consommer(CODE_UNIQUE, context.request, f"{compte} {normalize_user_code(code)}") is not None:
        raise forms.ValidationError("Ce code a déjà servi. Attendez le suivant.")


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
        compte, request = str(self.user.pk), context.request  # type: ignore[attr-defined]
        appareil = appareils.nom_pour(request, self.user)  # type: ignore[attr-defined]
        attente = consommer(SECOND_FACTEUR, request, compte, appareil=appareil)
        if attente is not None:
            raise forms.ValidationError(f"Trop de codes essayés. Réessayez dans {duree_en_mots(attente)}.")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError:
            dits = {"request": request, "account_id": self.user.pk}  # type: ignore[attr-defined]
            logger.info("second_factor_refused", extra=dits)
            raise
        except SecretIllisible:  # the try stays counted: spare codes may have been looked at before
            raise forms.ValidationError(ILLISIBLE) from None
        _servir(compte, code)
        rendre(SECOND_FACTEUR, request, compte, appareil=appareil)
        return code


#: What reading the bytes of a key may raise: fido2 lets through whatever its decoders meet.
PAS_UNE_CLE = (
    *(ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError),
    struct.error,
)
CLE_ILLISIBLE = "La réponse de la clé d'accès est illisible. Recommencez, ou servez-vous d'un autre moyen."


class ReponseDeCleField(forms.JSONField):
    """What a key answered: read or refused, and never written back in the page."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            lue = super().to_python(value)
        except PAS_UNE_CLE:  # a number of five thousand digits, a nest without end
            raise forms.ValidationError(CLE_ILLISIBLE) from None
        if lue not in self.empty_values and not isinstance(lue, dict):  # false is an answer too, that no form looks at
            raise forms.ValidationError(CLE_ILLISIBLE)
        return lue

    def bound_data(self, data: Any, initial: Any) -> str:
        return ""

    def prepare_value(self, value: Any) -> str:
        return ""


def _nom_de_cle(field: forms.Field) -> None:
    field.label = "Nom de la clé"
    field.validators.append(MaxLengthValidator(60, "Un nom de clé a 60 caractères au plus."))


class CleForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""

    credential = ReponseDeCleField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _nom_de_cle(self.fields["name"])
        self.fields["credential"].error_messages["required"] = "La clé d'accès n'a pas répondu. Recommencez."

    def clean(self) -> dict[str, Any]:
        """What was read is kept, and nothing else that came with it: the pages of the keys read it again for ever."""
        try:
            donnees: dict[str, Any] = super().clean()
            if dite := donnees.get("credential"):
                donnees["credential"] = _lue(dite)
        except PAS_UNE_CLE:
            raise forms.ValidationError(CLE_ILLISIBLE) from None
        return donnees


def _lue(dite: dict[str, Any]) -> dict[str, Any]:
    """The answer of a new key, written again from what was understood of it."""
    lue = dict(parse_registration_response(dite))
    proprietes = (dite.get("clientExtensionResults") or {}).get("credProps") or {}
    return {nom: lue[nom] for nom in ("id", "rawId", "type", "response")} | {
        "clientExtensionResults": {"credProps": {"rk": bool(proprietes.get("rk"))}}
    }


class _PreuveParCle:
    """A passkey that answers, to sign in or once more."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except PAS_UNE_CLE:
            raise forms.ValidationError(CLE_ILLISIBLE) from None


class SecondFacteurCleForm(_PreuveParCle, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""

    credential = ReponseDeCleField()


class ConfirmerCleForm(_PreuveParCle, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, once more."""

    credential = ReponseDeCleField()


class RenommerCleForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _nom_de_cle(self.fields["name"])
        self.fields["name"].error_messages["required"] = "Saisissez un nom."


class ApplicationForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = "Code", "Les six chiffres que l'application affiche."
        code.error_messages["required"] = "Saisissez un code."
        code.widget.attrs = {"autocomplete": "one-time-code", "spellcheck": "false"}

    def clean_code(self) -> str:
        """What turned the application on does not also pass the second step."""
        code: str = super().clean_code()
        _servir(str(self.user.pk), code)
        return code


class SecondFacteurForm(_CodeCompte, AuthenticateForm):  # type: ignore[misc]
    """The second step of a sign-in."""


class SecondFacteurEncoreForm(_CodeCompte, MFAReauthenticateForm):  # type: ignore[misc]
    """The same, asked again before what protects the account is changed."""
