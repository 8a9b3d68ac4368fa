"""The desk's forms of the documents: a RII asked by post or by mail, letters that left."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate

from dossier.bureau.actes.formulaire import jour
from dossier.rules.francais import en_francais

MOYENS = [("courrier", "Par courrier"), ("courriel", "Par courriel")]
#: A request older than that is not answered without a newer one.
ANCIENNETE = timedelta(days=366)
#: On one line: with all else that ``RiiForm.precision`` says, 200 characters at most.
ADRESSE_MAX = 90


class RiiForm(forms.Form):
    """How it was asked, what was seen, where it goes. ``adresse_connue``: whether the dossier has an address."""

    recue_le = jour("Demande reçue le")
    moyen = forms.ChoiceField(
        label="Comment", choices=[("", "Choisissez"), *MOYENS], error_messages={"required": "Choisissez le moyen."}
    )
    identite = forms.BooleanField(
        label="Copie de la pièce d'identité, au nom et à la date de naissance du titulaire",
        error_messages={"required": "Sans pièce d'identité vue, le RII ne se délivre pas."},
    )
    permis = forms.BooleanField(
        label="Copie du permis, ou déclaration de perte ou de vol",
        error_messages={"required": "Sans copie du permis ni déclaration de perte, le RII ne se délivre pas."},
    )
    domicile = forms.BooleanField(label="Justificatif de domicile", required=False)
    adresse = forms.CharField(
        label="Autre adresse d'envoi",
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Vide : le RII part à l'adresse du dossier. Une autre adresse demande un justificatif de domicile.",
    )

    def __init__(self, *args: Any, adresse_connue: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adresse_connue = adresse_connue

    def clean_recue_le(self) -> Any:
        recue_le = self.cleaned_data["recue_le"]
        if recue_le > localdate():
            raise forms.ValidationError("Cette date est à venir.")
        if recue_le < localdate() - ANCIENNETE:
            raise forms.ValidationError("Cette demande a plus d'un an : demandez-en une nouvelle.")
        return recue_le

    def clean_adresse(self) -> str:
        """On one line, as the journal keeps it, which is what is measured."""
        lignes = (ligne.strip() for ligne in self.cleaned_data["adresse"].splitlines())
        adresse = ", ".join(ligne for ligne in lignes if ligne)
        if len(adresse) > ADRESSE_MAX:
            raise forms.ValidationError(f"Cette adresse dépasse {ADRESSE_MAX} caractères.")
        return adresse

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        adresse = donnees.get("adresse")
        if adresse and not donnees.get("domicile"):
            self.add_error("domicile", "Une autre adresse demande un justificatif de domicile.")
        if not adresse and not self.adresse_connue and "adresse" not in self.errors:
            self.add_error("adresse", "Le dossier n'a pas d'adresse : saisissez celle du justificatif de domicile.")
        return donnees

    def precision(self) -> str:
        """What the journal keeps of it, for who checks: 200 characters at most, which ``ADRESSE_MAX`` makes sure of."""
        lu = self.cleaned_data
        vues = ["pièce d'identité", "permis", *(["domicile"] if lu["domicile"] else [])]
        return (
            f"RII demandé par {lu['moyen']} reçu le {en_francais(lu['recue_le'])} ; vu : {', '.join(vues)} ;"
            f" envoi : {lu['adresse'] or 'adresse du dossier'}"
        )


class DepartForm(forms.Form):
    """« Elles sont parties » : on which day. ``prepare_le``: that of the batch, before which nothing left."""

    parties_le = jour("Date d'envoi")

    def __init__(self, *args: Any, prepare_le: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare_le = prepare_le
        self.initial.setdefault("parties_le", localdate())

    def clean_parties_le(self) -> date:
        parties_le: date = self.cleaned_data["parties_le"]
        if parties_le > localdate():
            raise forms.ValidationError("Cette date est à venir.")
        if parties_le < self.prepare_le:
            raise forms.ValidationError(f"Cet envoi n'a été préparé que le {en_francais(self.prepare_le)}.")
        return parties_le
