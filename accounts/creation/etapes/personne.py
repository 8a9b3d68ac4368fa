"""Who: the état civil of the record, then the account's address and password."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.timezone import localdate

from accounts.compte.forms import FORMAT, INDICATION, EffortMixin
from accounts.compte.mots_de_passe import LONGUEUR_MAXIMALE
from accounts.creation.etapes.base import Etape, champ_texte
from accounts.identite import decouper_prenoms
from accounts.models import User, normalize_email
from dossier import champs
from dossier.rules.francais import insecables


def _lire_nom(valeur: str) -> str:
    try:
        return str(champs.nom(valeur))
    except ValueError as erreur:
        raise ValidationError(insecables(f"Ce que vous avez saisi {erreur}.")) from None


class NomForm(Etape):
    partie, intitule = 3, "Nom de naissance"
    titre = "Quel est votre nom de naissance ?"
    nom = forms.CharField(
        label="Nom de naissance",
        help_text="Celui de votre acte de naissance, même si vous portez un autre nom.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "spellcheck": "false"}),
        error_messages={"required": "Saisissez votre nom de naissance."},
    )

    def clean_nom(self) -> str:
        return _lire_nom(self.cleaned_data["nom"])

    def reponse(self) -> str:
        return str(self.cleaned_data["nom"])


class PrenomsForm(Etape):
    partie, intitule = 3, "Prénoms"
    titre = "Quels sont vos prénoms ?"
    gabarit = "account/creation/prenoms.html"
    prenoms = forms.CharField(
        label="Prénoms",
        help_text="Dans l'ordre de votre état civil, séparés par des espaces.",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "spellcheck": "false"}),
    )
    sans_prenom = forms.BooleanField(label="Mon état civil ne porte aucun prénom", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        mots = decouper_prenoms(cleaned.get("prenoms", ""))
        if bool(mots) == cleaned["sans_prenom"]:
            self.add_error(
                "prenoms",
                "Saisissez vos prénoms, ou cochez la case si votre état civil n'en porte aucun."
                if not mots
                else "Vous avez saisi un prénom et coché la case qui dit que vous n'en avez pas.",
            )
        try:
            cleaned["liste"] = [_lire_nom(mot) for mot in mots]
            _lire_nom(" ".join(mots)) if mots else None
        except ValidationError as erreur:
            self.add_error("prenoms", erreur)
        return cleaned

    def reponse(self) -> str:
        return " ".join(self.cleaned_data["liste"]) or "aucun"


JOUR = "Saisissez le jour en deux chiffres, 00 s'il est inconnu de votre état civil."
MOIS = "Saisissez le mois en deux chiffres, 00 s'il est inconnu de votre état civil."
ANNEE = "Saisissez l'année en quatre chiffres."


class NaissanceForm(Etape):
    partie, intitule = 3, "Date de naissance"
    titre = "Quelle est votre date de naissance ?"
    gabarit = "account/creation/naissance.html"
    jour = champ_texte("Jour", manque=JOUR, chiffres=True, autocomplete="bday-day", maxlength="2")
    mois = champ_texte("Mois", manque=MOIS, chiffres=True, autocomplete="bday-month", maxlength="2")
    annee = champ_texte("Année", manque=ANNEE, chiffres=True, autocomplete="bday-year", maxlength="4")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for champ, longueur, message in [
            ("jour", 2, JOUR),
            ("mois", 2, MOIS),
            ("annee", 4, ANNEE),
        ]:
            valeur = cleaned.get(champ, "").strip()
            if champ not in self.errors and not (valeur.isascii() and valeur.isdigit() and len(valeur) <= longueur):
                self.add_error(champ, message)
        if not self.errors:
            self._dater(*(int(cleaned[champ]) for champ in ("annee", "mois", "jour")))
        return cleaned

    def _dater(self, annee: int, mois: int, jour: int) -> None:
        texte = f"{annee:04d}-{mois:02d}-{jour:02d}"
        try:
            champs.naissance(texte)
        except ValueError:
            if annee < champs.ANNEE_MIN:
                self.add_error("annee", f"Saisissez une année à partir de {champs.ANNEE_MIN}.")
            else:
                self.add_error("jour", "Cette date n'existe pas au calendrier.")
            return
        if date(annee, mois or 1, jour or 1) > localdate():
            self.add_error("annee", "Cette date est dans le futur.")
            return
        self.cleaned_data["date"] = texte

    def reponse(self) -> str:
        annee, mois, jour = self.cleaned_data["date"].split("-")
        return f"{jour}/{mois}/{annee}"


# --- The account -----------------------------------------------------------------------------------------------------


class CourrielForm(Etape):
    partie, intitule = 4, "Adresse électronique"
    titre = "Quelle est votre adresse électronique ?"
    gabarit = "account/creation/courriel.html"
    email = forms.EmailField(
        label="Adresse électronique",
        help_text=INDICATION,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Saisissez une adresse électronique.",
            **dict.fromkeys(("invalid", "max_length"), FORMAT),
        },
    )

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])

    def reponse(self) -> str:
        return str(self.cleaned_data["email"])


TROP_LONG = f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus."


class MotDePasseForm(EffortMixin, Etape):
    """The last question, which is never kept: ``identite`` is what the password must not look like."""

    partie, intitule = 5, "Mot de passe"
    titre = "Choisissez votre mot de passe"
    gabarit = "account/creation/mot_de_passe.html"
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text="12 caractères au moins. Une phrase de quelques mots convient très bien.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[
            MaxLengthValidator(LONGUEUR_MAXIMALE, f"Un mot de passe a {LONGUEUR_MAXIMALE} caractères au plus.")
        ],
        error_messages={"required": "Choisissez un mot de passe."},
    )
    conditions = forms.BooleanField(
        label="J'accepte les conditions d'utilisation",
        error_messages={"required": "Pour créer un compte, acceptez les conditions d'utilisation."},
    )

    def __init__(self, *args: Any, identite: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.identite = identite or {}

    def effort_requis(self) -> bool:
        return self.request is not None and settings.EFFORT_A_LA_CREATION

    def cible(self) -> str:
        return self.identite.get("email", "")

    def clean_mot_de_passe(self) -> str:
        mot_de_passe = str(self.cleaned_data["mot_de_passe"])
        user = User(email=self.identite.get("email", ""))
        user.mots_personnels = [*self.identite.values()]  # type: ignore[attr-defined]  # read by our rules, never saved
        validate_password(mot_de_passe, user)
        return mot_de_passe
