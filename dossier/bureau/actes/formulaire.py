"""What every form of the desk is: typed fields about one opened dossier, that give facts in the feed's words."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

from dossier.fabrique import FaitDit
from dossier.forms import JourField
from dossier.rules.francais import en_francais, majuscule
from dossier.rules.mots import bureau as mots
from dossier.rules.vocabulaire import TypeFait
from dossier.selectors import Situation

FORMAT = "jj/mm/aaaa"
A_CHOISIR = ("", "Choisissez")
PLUS_POSSIBLE = "Ce choix n'est plus possible : le dossier a changé. Choisissez de nouveau dans la liste."


def jour(label: str, *, required: bool = True, aide: str = FORMAT) -> JourField:
    message = "Saisissez une date comme 31/12/2025."
    return JourField(label=label, required=required, help_text=aide, obligatoire=message, invalide=message)


def nombre(label: str, *, jusqu_a: int) -> forms.IntegerField:
    """A field of text: what was typed by mistake is shown again, which a browser would drop from a number's."""
    saisie = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=jusqu_a, widget=saisie)


#: Value and label, or a title and those under it.
Options = Sequence[tuple[str, Any]]


def choix(
    label: str, valeurs: Options = (), *, required: bool = True, aide: str = "", **autres: Any
) -> forms.ChoiceField:
    dits = {"required": "Faites un choix.", "invalid_choice": PLUS_POSSIBLE}
    return forms.ChoiceField(
        label=label, choices=[*valeurs], required=required, help_text=aide, error_messages=dits, **autres
    )


def options(mots_dits: Mapping[str, str], vide: str = "Choisissez") -> list[tuple[str, str]]:
    """The words of a vocabulary, as a list to choose from."""
    return [("", vide), *[(valeur, majuscule(mot)) for valeur, mot in mots_dits.items()]]


def texte(label: str, *, required: bool = True, aide: str = "", maxi: int = 120) -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=aide, max_length=maxi)


class ActeForm(forms.Form):
    """A form about one opened dossier. ``cle`` is made with the form: sent twice, it records once."""

    titre: ClassVar[str]
    type: ClassVar[str] = ""
    #: What an agent must have seen: the proof of this very fact.
    piece_aide: ClassVar[str] = "Sa nature et sa référence : procès-verbal n°, jugement du, attestation n°."
    #: The fields that few need, under a title that opens.
    replies: ClassVar[frozenset[str]] = frozenset()
    replies_titre: ClassVar[str] = ""
    #: The days that may be still to come: what is recorded has happened.
    a_venir: ClassVar[frozenset[str]] = frozenset({"date_fin_validite"})

    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, situation: Situation, au: date) -> None:
        super().__init__(data, initial={"cle": uuid.uuid4()})
        self.situation, self.au = situation, au
        self.fields["piece"] = texte(
            "Pièce vue",
            maxi=160,
            aide=f"{self.piece_aide} Gardée au journal.",
        )
        for nom, valeurs in self.listes().items():
            self.fields[nom].choices = valeurs  # type: ignore[attr-defined]

    def listes(self) -> dict[str, Options]:
        """What may be chosen in this dossier, by field."""
        return {}

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        """Whether the dossier holds what this form is about."""
        return True

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        for nom, valeur in list(donnees.items()):
            if isinstance(valeur, date) and valeur > self.au and nom not in self.a_venir:
                self.add_error(nom, "Cette date n'est pas encore passée.")
        return donnees

    def infractions(self, vide: str = "") -> list[tuple[str, str]]:
        """The offences of the dossier that stand, newest first; ``vide``: the choice of none."""
        tenues = sorted(self.tenues, key=lambda fait: str(fait["date_commission"]), reverse=True)
        dites = Counter(map(decrire, tenues))
        noms = [f"{dite} · {fait['id']}" if dites[dite] > 1 else dite for fait in tenues for dite in [decrire(fait)]]
        return [("", vide)] * bool(vide) + [(fait["id"], nom) for fait, nom in zip(tenues, noms, strict=True)]

    @property
    def tenues(self) -> list[FaitDit]:
        """The offences that no decision has annulled."""
        annulees = {fait["infraction"] for fait in self.situation.faits_de_type(TypeFait.INFRACTION_ANNULEE)}
        return [fait for fait in self.situation.faits_de_type(TypeFait.INFRACTION) if fait["id"] not in annulees]

    def de_type(self, type_: str, vide: str) -> list[tuple[str, str]]:
        """The facts of one type, newest first, after the choice of none."""
        faits = sorted(self.situation.faits_de_type(type_), key=_jour, reverse=True)
        return [("", vide), *[(fait["id"], nommer(fait)) for fait in faits]]

    @property
    def replies_ouverts(self) -> bool:
        """Whether one of them holds something, or is wrong."""
        presents = [nom for nom in self.replies if nom in self.fields]
        return self.is_bound and any(self[nom].value() or nom in self.errors for nom in presents)

    def faits(self) -> list[FaitDit]:
        """The facts, as the feed writes them. To be called once the form is valid."""
        return [self._fait(self.type, **self._saisie())]

    def _saisie(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in {"cle", "piece"}}

    def _fait(self, type_: str, suffixe: str = "", **champs: Any) -> FaitDit:
        """What is empty is left out; days are ISO; the identifier follows from the form's key."""
        ecrits = {
            nom: valeur.isoformat() if isinstance(valeur, date) else valeur
            for nom, valeur in champs.items()
            if valeur not in (None, "")
        }
        identifiant = f"bureau-{self.cleaned_data['cle'].hex}{suffixe}"
        return {"id": identifiant, "type": type_, "enregistre_le": self.au.isoformat(), **ecrits}


def _jour(fait: FaitDit) -> str:
    return str(fait.get(mots.FAITS[fait["type"]][1], ""))


def nommer(fait: FaitDit) -> str:
    """A fact in a list: what it is, and its day."""
    jour_dit = _jour(fait)
    suite = f" du {en_francais(date.fromisoformat(jour_dit))}" if jour_dit else ""
    if fait["type"] == TypeFait.SUSPENSION and fait.get("date_fin"):
        suite += f" au {en_francais(date.fromisoformat(fait['date_fin']))}"
    precision = fait.get("categorie") or fait.get("pays") or ""
    return f"{mots.FAITS[fait['type']][0]}{suite}{f' ({precision})' if precision else ''}"


def decrire(fait: FaitDit) -> str:
    """An offence in a list: its day, what it was, where it stands."""
    quand = en_francais(date.fromisoformat(fait["date_commission"]))
    suite = "définitive" if fait.get("date_definitive") else "pas encore définitive"
    ou = f" · {fait['lieu']}" if fait.get("lieu") else ""
    return f"{quand} · {fait.get('libelle', 'infraction')}{ou} · {fait['points']} pt · {suite}"
