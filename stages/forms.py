"""What the pages of the courses ask: where, which number, and which course was followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.timezone import localdate

from dossier.forms import FORMAT, JourField
from dossier.rules.calendrier import plus_ans
from dossier.rules.departements import departement_du_code_postal
from dossier.rules.francais import en_francais
from stages.models import AnnonceStage
from stages.rules.lieux import lire_agrement, lire_departement

OU_INCONNU = "Saisissez un numéro de département (69, 2A, 974), son nom, ou un code postal de cinq chiffres (69003)."
AGREMENT_INCONNU = "Saisissez le numéro d'agrément tel qu'il est écrit, par exemple R 19 069 0012 0."


@dataclass(frozen=True, slots=True)
class Champ:
    """A text field and what was typed in it, with the names that ``components/champ.html`` reads of a bound one.

    Django renders a widget through an engine of its own, four times as slow, on pages that everybody may open.
    """

    html_name: str
    label: str
    help_text: str
    longueur: str
    valeur: str
    errors: list[str]
    widget_type: ClassVar[str] = "text"

    @property
    def auto_id(self) -> str:
        return f"id_{self.html_name}"

    @property
    def id_for_label(self) -> str:
        return self.auto_id

    def as_widget(self, attrs: Mapping[str, str]) -> str:
        """Its input."""
        faute = format_html(' {}_error" aria-invalid="true', self.auto_id) if self.errors else ""
        return format_html(
            '<input class="{}" type="text" name="{}" id="{}" value="{}" maxlength="{}" autocomplete="off"'
            ' aria-describedby="{}_helptext{}">',
            *(attrs["class"], self.html_name, self.auto_id, self.valeur, self.longueur, self.auto_id, faute),
        )


def champs(form: type[forms.Form] | forms.Form, saisie: Mapping[str, str]) -> list[Champ]:
    """The text fields of a public form, with what was typed."""
    erreurs: Mapping[str, Any] = form.errors if isinstance(form, forms.Form) else {}
    return [
        Champ(
            nom,
            str(champ.label),
            str(champ.help_text),
            champ.widget.attrs["maxlength"],
            saisie.get(nom, ""),
            list(erreurs.get(nom, [])),
        )
        for nom, champ in form.base_fields.items()
    ]


def _texte(longueur: int) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": str(longueur)})


class AgrementField(forms.CharField):
    """The number of an agrément, as it is written or not; its key."""

    def __init__(self, ou: str) -> None:
        super().__init__(
            label="Numéro d'agrément du centre",
            help_text=f"{ou} Par exemple\u00a0: R 19 069 0012 0.",
            max_length=40,
            widget=_texte(40),
            error_messages={"required": AGREMENT_INCONNU, "max_length": AGREMENT_INCONNU},
        )

    def clean(self, value: Any) -> str:
        saisi = super().clean(value)
        try:
            return lire_agrement(saisi)
        except ValueError:
            raise forms.ValidationError(AGREMENT_INCONNU) from None


class RechercheForm(forms.Form):
    """Where, and from which day. ``cleaned_data``: ``ou``, a département and a postcode ("" without); ``depuis``."""

    ou = forms.CharField(
        label="Département ou code postal",
        help_text="Par exemple\u00a0: 69, Rhône ou 69003. Vous pouvez suivre un stage dans n'importe quel département.",
        max_length=60,
        widget=_texte(60),
        error_messages={"required": OU_INCONNU, "max_length": OU_INCONNU},
    )
    depuis = JourField(label="À partir du (facultatif)", required=False)

    def clean_ou(self) -> tuple[str, str]:
        """The département and the postcode."""
        saisi = self.cleaned_data["ou"].strip()
        chiffres = saisi.replace(" ", "")
        if chiffres.isascii() and chiffres.isdigit() and len(chiffres) == 5:
            departement, code_postal = departement_du_code_postal(chiffres), chiffres
        else:
            departement, code_postal = lire_departement(saisi), ""
        if departement is None:
            raise forms.ValidationError(OU_INCONNU)
        return departement, code_postal

    def clean_depuis(self) -> date:
        """Never a past day: a session gone by is no use."""
        demain = date.fromordinal(localdate().toordinal() + 1)
        return max(self.cleaned_data["depuis"] or demain, demain)


class AgrementForm(forms.Form):
    """« Ce centre est-il agréé ? »"""

    numero = AgrementField("Il figure sur ses annonces et sur ses attestations.")


class AnnonceForm(forms.Form):
    """A course that the driver followed."""

    date_fin = JourField(
        label="Second jour du stage",
        help_text=f"Le dernier des deux jours. {FORMAT}.",
        obligatoire="Saisissez le second jour du stage.",
    )
    agrement = AgrementField("Il est écrit sur votre attestation.")
    nature = forms.ChoiceField(
        label="Pourquoi l'avez-vous suivi\u00a0?",
        help_text="Un stage décidé par la justice ne s'annonce pas ici\u00a0: il ne rend aucun point.",
        choices=AnnonceStage.Nature.choices,
        error_messages={
            "required": "Choisissez pourquoi vous l'avez suivi.",
            "invalid_choice": "Choisissez pourquoi vous l'avez suivi, dans la liste.",
        },
    )

    def clean_date_fin(self) -> date:
        fin: date = self.cleaned_data["date_fin"]
        au = localdate()
        if fin > au:
            raise forms.ValidationError("Un stage s'annonce une fois terminé\u00a0: ce jour est à venir.")
        if fin <= plus_ans(au, -1):
            raise forms.ValidationError(f"Saisissez une date depuis le {en_francais(plus_ans(au, -1))}.")
        return fin
