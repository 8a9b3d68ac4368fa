"""What the public calculators ask. They are sent by GET and nothing is kept: no account, no cookie, no row."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from dossier.forms import FORMAT, JourField
from dossier.rules.bareme import bareme
from dossier.rules.calendrier import plus_ans
from dossier.rules.francais import en_francais, mois_en_lettres
from dossier.rules.parametres import DELAI_PROBATOIRE_AAC_MOIS, DELAI_PROBATOIRE_MOIS
from dossier.rules.vocabulaire import Filiere, Gravite

#: The scale on 12 points has applied since then: no older day means anything here.
PREMIER_JOUR = date(1992, 12, 1)
POINTS_D_UN_DELIT = frozenset(ligne.points for ligne in bareme() if ligne.nature == Gravite.DELIT)
POINTS_MAX_CONTRAVENTION = max(ligne.points for ligne in bareme() if ligne.nature == Gravite.CONTRAVENTION)
CLASSES = [
    ("inconnue", "Je ne sais pas"),
    ("3", "Contravention de la 1re, 2e ou 3e classe"),
    ("4", "Contravention de la 4e classe"),
    ("5", "Contravention de la 5e classe"),
    (Gravite.DELIT, "Délit"),
]
TROIS_ANS = mois_en_lettres(DELAI_PROBATOIRE_MOIS.derniere)
DEUX_ANS = mois_en_lettres(DELAI_PROBATOIRE_AAC_MOIS.derniere)
FILIERES = [(Filiere.CLASSIQUE, "Non"), (Filiere.AAC, "Oui")]


class JourDuBaremeField(JourField):
    """Between 1 December 1992 and a year hence."""

    def to_python(self, value: Any) -> date | None:
        jour = super().to_python(value)
        dernier = plus_ans(localdate(), 1)
        if jour is not None and not PREMIER_JOUR <= jour <= dernier:
            raise forms.ValidationError(
                f"Saisissez une date entre le {en_francais(PREMIER_JOUR)} et le {en_francais(dernier)}."
            )
        return jour


class RemiseForm(forms.Form):
    """When was the 48SI received?"""

    recue = JourDuBaremeField(
        label="Date de réception de la lettre 48SI",
        help_text=f"Lettre non retirée à la poste\u00a0: date de sa présentation à votre domicile. {FORMAT}.",
        obligatoire="Saisissez la date de réception de la lettre.",
    )


class RetourForm(forms.Form):
    """One offence, and the licence it fell on."""

    commission = JourDuBaremeField(label="Jour de l'infraction", obligatoire="Saisissez le jour de l'infraction.")
    definitive = JourDuBaremeField(
        label="Jour où elle est devenue définitive",
        help_text=(
            "Le jour où l'amende a été payée, où l'amende majorée a été émise, où la composition pénale a été exécutée "
            f"ou la condamnation est devenue définitive. {FORMAT}."
        ),
        obligatoire="Saisissez le jour où l'infraction est devenue définitive.",
    )
    points = forms.IntegerField(
        label="Nombre de points retirés",
        help_text="Le nombre écrit sur la lettre 48 ou sur l'avis de contravention.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "10"}),
        error_messages={
            "required": "Saisissez le nombre de points retirés.",
            "invalid": "Saisissez le nombre de points en chiffres, par exemple 3.",
        },
    )
    classe = forms.ChoiceField(
        label="Gravité de l'infraction",
        help_text="La classe est écrite sur l'avis de contravention. La 4e est de loin la plus fréquente.",
        choices=CLASSES,
        error_messages={
            "required": "Choisissez la gravité de l'infraction, ou «\u00a0Je ne sais pas\u00a0».",
            "invalid_choice": "Choisissez la gravité de l'infraction dans la liste.",
        },
    )
    obtention = JourDuBaremeField(
        required=False,
        label="Date d'obtention du permis, s'il est récent (facultatif)",
        help_text=(
            f"Seulement si vous aviez votre permis depuis moins de {TROIS_ANS} le jour de l'infraction\u00a0: il était "
            f"alors probatoire. Sinon, laissez vide. {FORMAT}."
        ),
    )
    filiere = forms.ChoiceField(
        label="Avez-vous suivi la conduite accompagnée\u00a0?",
        help_text=f"Elle raccourcit le permis probatoire à {DEUX_ANS}. La conduite supervisée ne compte pas.",
        choices=FILIERES,
        required=False,
        error_messages={"invalid_choice": "Répondez par oui ou par non."},
    )

    def clean_points(self) -> int:
        points: int = self.cleaned_data["points"]
        if not (1 <= points <= POINTS_MAX_CONTRAVENTION or points in POINTS_D_UN_DELIT):
            raise forms.ValidationError(
                f"Une seule infraction retire de 1 à {POINTS_MAX_CONTRAVENTION} points, ou {max(POINTS_D_UN_DELIT)} "
                "pour l'alcool et les stupéfiants ensemble. Si plusieurs infractions ont été commises en même temps, "
                "calculez avec la plus grave."
            )
        return points

    def clean(self) -> dict[str, Any]:
        saisie = super().clean() or {}
        commission, definitive = saisie.get("commission"), saisie.get("definitive")
        if commission and definitive and definitive < commission:
            self.add_error("definitive", "Une infraction ne peut pas devenir définitive avant d'être commise.")
        if commission and saisie.get("obtention") and commission < saisie["obtention"]:
            self.add_error("obtention", "Le permis doit avoir été obtenu avant l'infraction.")
        if (points := saisie.get("points")) and (classe := saisie.get("classe")):
            self._verifier_la_gravite(points, classe)
        return saisie

    def _verifier_la_gravite(self, points: int, classe: str) -> None:
        """A délit is worth half of the maximum, or three quarters (L223-2 I, L235-1 IV); a contravention never more."""
        if classe == Gravite.DELIT and points not in POINTS_D_UN_DELIT:
            montants = " ou ".join(str(montant) for montant in sorted(POINTS_D_UN_DELIT))
            self.add_error("points", f"Un délit retire {montants} points. Vérifiez ce nombre ou la gravité.")
        elif classe in {"3", "4", "5"} and points > POINTS_MAX_CONTRAVENTION:
            self.add_error("classe", f"Seul un délit peut retirer {points} points.")
