"""The desk's form to open a dossier: what its holder says, and why."""

import re
from typing import Any

from django import forms

from dossier import champs
from dossier.models import Journal
from dossier.rules.francais import majuscule

#: What an agent chooses; the other reasons are those of the desk's own pages.
MOTIFS = [
    (motif.value, motif.label)
    for motif in (
        Journal.Motif.GUICHET,
        Journal.Motif.COURRIER,
        Journal.Motif.ENREGISTREMENT,
        Journal.Motif.JUSTICE,
        Journal.Motif.CONTROLE,
    )
]
_NAISSANCE = re.compile(r"(\d{2})/(\d{2})/(\d{4})").fullmatch
IDENTITE = ("nom", "prenom", "date_naissance")


class RechercheForm(forms.Form):
    """A NEPH, or a whole identity; and a reason, always."""

    neph = forms.CharField(label="Numéro NEPH", required=False, max_length=64, help_text="Champ 4d de la carte.")
    nom = forms.CharField(label="Nom de naissance", required=False, max_length=champs.NOM_MAX)
    prenom = forms.CharField(label="Premier prénom", required=False, max_length=champs.NOM_MAX)
    date_naissance = forms.CharField(
        label="Date de naissance",
        required=False,
        max_length=10,
        help_text="Par exemple 31/12/1979 ; 00 pour un jour ou un mois inconnu.",
    )
    motif = forms.ChoiceField(
        label="Motif",
        choices=[("", "Choisissez le motif"), *MOTIFS],
        error_messages={"required": "Choisissez le motif : le conducteur le lira."},
    )
    precision = forms.CharField(
        label="Précision",
        max_length=200,
        min_length=3,
        help_text="Référence du courrier, numéro de la demande, objet de la visite. Le conducteur ne la lit pas.",
        error_messages={
            "required": "Précisez la pièce ou la demande : c'est ce que relit un contrôle du journal.",
            "min_length": "Précisez la pièce ou la demande, en quelques mots.",
        },
    )

    def clean_neph(self) -> str:
        saisi = self.cleaned_data["neph"]
        try:
            return champs.neph(saisi) if saisi.strip() else ""
        except ValueError as erreur:
            raise forms.ValidationError(f"{majuscule(str(erreur))}.") from None

    def clean_date_naissance(self) -> str:
        """In the feed's form."""
        saisi = self.cleaned_data["date_naissance"].strip()
        if not saisi:
            return ""
        lue = _NAISSANCE(saisi)
        try:
            return champs.naissance(f"{lue[3]}-{lue[2]}-{lue[1]}" if lue else saisi[:0])
        except ValueError:
            raise forms.ValidationError("Saisissez une date comme 31/12/1979.") from None

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("neph") or "neph" in self.errors:
            return donnees
        manquants = [champ for champ in IDENTITE if not donnees.get(champ) and champ not in self.errors]
        if len(manquants) == len(IDENTITE):
            self.add_error("neph", "Saisissez un numéro NEPH, ou l'identité complète.")
        else:
            for champ in manquants:
                self.add_error(champ, "L'identité doit être complète : nom, prénom et date de naissance.")
        return donnees
