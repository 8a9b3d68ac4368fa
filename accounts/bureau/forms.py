"""The desk's forms about a signalement."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.bureau.propositions import Choix
from dossier import champs
from dossier.rules.francais import majuscule


class ReponseForm(forms.Form):
    """An answer; ``vu`` is the last message on the page, so that none is answered over.

    The page writes it, not the form: sent again after a refusal, it must be what is read now, not what was sent.
    """

    prefix = "reponse"
    texte = forms.CharField(
        label="Votre réponse",
        max_length=4000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": "8"}),
        help_text="Le conducteur la lit sur le site, jamais dans un courriel. Elle ne pourra plus être modifiée.",
        error_messages={
            "required": "Écrivez votre réponse.",
            "min_length": "Cette réponse est trop courte.",
            "max_length": "Cette réponse dépasse 4 000 caractères.",
        },
    )
    cle = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    vu = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)


class PropositionForm(forms.Form):
    """What to propose, among what the page gives reason to, and why."""

    prefix = "proposition"
    choix = forms.ChoiceField(
        label="Ce que vous proposez", error_messages={"required": "Choisissez ce que vous proposez."}
    )
    raisons = forms.CharField(
        label="Vos raisons",
        max_length=1000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Pièces vues, réponses du conducteur, ce qui s'accorde ou non. Le second agent les lit.",
        error_messages={
            "required": "Dites vos raisons : un second agent doit pouvoir juger.",
            "min_length": "Dites vos raisons en quelques mots.",
        },
    )

    def __init__(self, *args: Any, possibles: Iterable[Choix], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.possibles = {choix.cle: choix for choix in possibles}
        choix = [("", "Choisissez"), *((c.cle, c.libelle) for c in self.possibles.values())]
        self.fields["choix"].choices = choix  # type: ignore[attr-defined]

    def choisi(self) -> Choix:
        return self.possibles[self.cleaned_data["choix"]]


class VerdictForm(forms.Form):
    """The second agent's decision; a refusal says why."""

    prefix = "verdict"
    refus = forms.CharField(
        label="Pourquoi vous écartez",
        required=False,
        max_length=300,
        help_text="Seulement pour écarter. L'auteur de la proposition le lit.",
    )
    verdict = forms.ChoiceField(choices=[("valider", "Valider"), ("ecarter", "Écarter")])

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("verdict") == "ecarter" and not donnees.get("refus"):
            self.add_error("refus", "Dites pourquoi vous écartez.")
        return donnees


class ComparerForm(forms.Form):
    """Another dossier to compare: its number, exact."""

    prefix = "comparer"
    neph = forms.CharField(
        label="Numéro NEPH d'un autre dossier",
        max_length=64,
        help_text="Compté parmi vos recherches, et inscrit au journal.",
        error_messages={"required": "Saisissez un numéro NEPH."},
    )

    def clean_neph(self) -> str:
        try:
            return champs.neph(self.cleaned_data["neph"])
        except ValueError as erreur:
            raise forms.ValidationError(f"{majuscule(str(erreur))}.") from None
