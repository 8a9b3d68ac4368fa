"""What an administrator types of an agent."""

from typing import Any

from django import forms

from accounts.models import Agent
from accounts.selectors import est_agent
from dossier import champs
from dossier.rules.departements import DEPARTEMENTS
from dossier.rules.francais import majuscule
from dossier.selectors import get_dossier_id

#: What each role opens, for who chooses it.
ROLES = {
    Agent.Role.LECTURE: "Lecture\u00a0: lit les dossiers",
    Agent.Role.INSTRUCTION: "Instruction\u00a0: lit et enregistre",
    Agent.Role.VALIDATION: "Validation\u00a0: enregistre et valide",
    Agent.Role.ADMINISTRATION: "Administration\u00a0: aucun dossier",
}
CHOISIR_DEPARTEMENT = "Choisissez le département de cet agent."
POURQUOI = "Dites pourquoi, en quelques mots."


class RaisonForm(forms.Form):
    """Why: the journal keeps it with the act."""

    raison = forms.CharField(
        label="Pourquoi",
        min_length=5,
        max_length=120,
        help_text="Une note, une demande, un départ. Le journal le garde.",
        error_messages={
            "required": POURQUOI,
            "min_length": POURQUOI,
            "max_length": "Cette raison dépasse 120 caractères.",
        },
    )

    def valeurs(self) -> dict[str, Any]:
        """As the service takes them."""
        return {"raison": self.cleaned_data["raison"]}


class ChangerForm(RaisonForm):
    """What an agent may do, for which département, and the dossier that is closed to them."""

    role = forms.ChoiceField(
        label="Rôle",
        choices=[("", "Choisissez"), *ROLES.items()],
        error_messages={"required": "Choisissez le rôle.", "invalid_choice": "Choisissez le rôle."},
    )
    departement = forms.ChoiceField(
        label="Département",
        choices=[("", "Aucun (administration)"), *((code, f"{code} – {nom}") for code, nom in DEPARTEMENTS.items())],
        required=False,
        error_messages={"invalid_choice": CHOISIR_DEPARTEMENT},
    )
    neph = forms.CharField(
        label="Numéro NEPH de son propre permis",
        max_length=64,
        required=False,
        help_text="S'il en a un\u00a0: le bureau ne lui ouvre jamais ce dossier. Une personne n'est qu'un seul agent.",
    )
    field_order = ("email", "role", "departement", "neph", "raison")

    def clean_neph(self) -> int | None:
        """The dossier's number."""
        saisi = self.cleaned_data["neph"]
        try:
            dossier_id = get_dossier_id(champs.neph(saisi)) if saisi else None
        except ValueError as erreur:
            raise forms.ValidationError(f"{majuscule(str(erreur))}.") from None
        if saisi and dossier_id is None:
            raise forms.ValidationError("Aucun dossier ne porte ce numéro NEPH\u00a0: relisez-le, ou laissez vide.")
        return dossier_id

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        role, departement = donnees.get("role"), donnees.get("departement")
        if role == Agent.Role.ADMINISTRATION and departement:
            self.add_error("departement", "Aucun département pour l'administration\u00a0: elle n'ouvre aucun dossier.")
        if role and role != Agent.Role.ADMINISTRATION and departement == "":
            self.add_error("departement", CHOISIR_DEPARTEMENT)
        return donnees

    def valeurs(self) -> dict[str, Any]:
        dites = self.cleaned_data
        droits = {"role": dites["role"], "departement": dites["departement"] or None, "dossier_id": dites["neph"]}
        return super().valeurs() | droits


class OuvrirForm(ChangerForm):
    """A new agent: an address that is nobody's at the desk."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        max_length=254,
        help_text="Celle d'un compte qui n'ouvre aucun dossier\u00a0: un agent qui conduit a un autre compte.",
        error_messages={
            "required": "Saisissez une adresse électronique.",
            "invalid": "Cette adresse électronique n'a pas la forme attendue\u00a0: nom@service.fr.",
        },
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if est_agent(email):
            raise forms.ValidationError("Cette adresse est déjà celle d'un agent\u00a0: changez-le depuis sa fiche.")
        return email
