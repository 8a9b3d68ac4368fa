"""Offences and courses: what moves points."""

from datetime import date
from typing import Any

from django import forms

from dossier.bureau.actes.formulaire import (
    A_CHOISIR,
    PLUS_POSSIBLE,
    ActeForm,
    Options,
    choix,
    jour,
    nombre,
    options,
    texte,
)
from dossier.fabrique import FaitDit
from dossier.rules.bareme import LigneBareme, bareme, bareme_au
from dossier.rules.faits import Stage
from dossier.rules.francais import en_francais
from dossier.rules.mots import bureau as mots
from dossier.rules.stage import duree_impossible
from dossier.rules.vocabulaire import NatureStage, TypeFait
from dossier.selectors import Situation

HORS_BAREME = "hors-bareme"
AUTRE_JOUR = (
    "Le repère « {groupe} » est déjà celui d'une infraction du {jour} : seules des infractions du même jour peuvent "
    "être commises en même temps. Laissez vide, ou prenez un autre repère."
)


class InfractionForm(ActeForm):
    """The scale gives nature, class and points on the day of commission; what is not in it is typed."""

    titre = "Une infraction"
    type = TypeFait.INFRACTION
    replies = frozenset({"libelle", "nature", "classe", "points"})
    replies_titre = "Infraction hors barème"

    date_commission = jour("Commise le")
    bareme = choix("Infraction")
    lieu = texte("Lieu", required=False, maxi=120)
    date_definitive = jour("Définitive le", required=False, aide="Vide tant que sa réalité n'est pas établie.")
    etablie_par = choix("Réalité établie par", [A_CHOISIR, *mots.PREUVES_AU_CHOIX.items()], required=False)
    groupe = texte(
        "Commises en même temps",
        required=False,
        aide="Le même repère pour chacune (le numéro du procès-verbal, par exemple), le même jour. Quatre infractions "
        "en quatre minutes se suivent : laissez vide.",
    )
    libelle = texte("Libellé", required=False)
    nature = choix("Nature de l'infraction", options(mots.GRAVITES), required=False)
    classe = forms.TypedChoiceField(
        label="Classe",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Aucune (délit)"), *((n, f"{n}e classe") for n in range(1, 6))],
    )
    points = nombre("Points", jusqu_a=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connues = {(ligne.libelle, ligne.article): ligne for ligne in bareme()}
        libelles = [(_cle(ligne), f"{libelle} ({article})") for (libelle, article), ligne in connues.items()]
        self.fields["bareme"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez l'infraction"),
            *sorted(libelles, key=lambda choisie: choisie[1]),
            (HORS_BAREME, "Autre, hors barème"),
        ]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if bool(donnees.get("date_definitive")) != bool(donnees.get("etablie_par")) and not self.errors:
            self.add_error("etablie_par", "La date définitive et ce qui l'établit vont ensemble.")
        if donnees.get("bareme") == HORS_BAREME:
            for champ in ("libelle", "nature", "points"):
                if donnees.get(champ) in (None, "") and champ not in self.errors:
                    self.add_error(champ, "À saisir pour une infraction hors barème.")
        elif donnees.get("bareme") and donnees.get("date_commission") and self._ligne() is None:
            commise = en_francais(donnees["date_commission"])
            self.add_error("bareme", f"Cette infraction n'était pas au barème le {commise}.")
        if donnees.get("groupe") and donnees.get("date_commission"):
            self._exiger_un_seul_jour(donnees["groupe"], donnees["date_commission"])
        return donnees

    def _exiger_un_seul_jour(self, groupe: str, commise: date) -> None:
        """Only offences of one day are committed at the same time (L223-2 III)."""
        jours = {date.fromisoformat(f["date_commission"]) for f in self.tenues if f.get("groupe") == groupe}
        if autres := sorted(jours - {commise}):
            self.add_error("groupe", AUTRE_JOUR.format(groupe=groupe, jour=en_francais(autres[0])))

    def _ligne(self) -> LigneBareme | None:
        en_vigueur = bareme_au(self.cleaned_data["date_commission"])
        return next((ligne for ligne in en_vigueur if _cle(ligne) == self.cleaned_data["bareme"]), None)

    def faits(self) -> list[FaitDit]:
        saisie = self._saisie()
        if saisie.pop("bareme") != HORS_BAREME and (ligne := self._ligne()):
            saisie |= {cle: getattr(ligne, cle) for cle in ("libelle", "nature", "classe", "points", "natinf")}
        return [self._fait(self.type, **saisie)]


def _cle(ligne: LigneBareme) -> str:
    return f"{ligne.libelle}|{ligne.article}"


class DefinitiveForm(ActeForm):
    """A fact never changes: the offence that is held is annulled, and told again with its final day, in one act."""

    titre = "La date définitive d'une infraction"

    piece_aide = "Relevé de paiement, titre exécutoire n°, jugement du."

    infraction = choix("Infraction")
    date_definitive = jour("Définitive le")
    etablie_par = choix("Réalité établie par", [A_CHOISIR, *mots.PREUVES_AU_CHOIX.items()])

    def listes(self) -> dict[str, Options]:
        return {"infraction": self.infractions("Choisissez l'infraction")}

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(situation.faits_de_type(TypeFait.INFRACTION))

    def faits(self) -> list[FaitDit]:
        tenue = next(
            f for f in self.situation.faits_de_type(TypeFait.INFRACTION) if f["id"] == self.cleaned_data["infraction"]
        )
        suite = {cle: self.cleaned_data[cle] for cle in ("date_definitive", "etablie_par")}
        reprise = {cle: valeur for cle, valeur in tenue.items() if cle not in {"id", "type", "enregistre_le"}}
        motif = "Remplacée par la même infraction, avec sa date définitive"
        decision = {"infraction": tenue["id"], "date_decision": self.au, "motif": motif}
        annulation = self._fait(TypeFait.INFRACTION_ANNULEE, "-a", **decision)
        return [annulation, self._fait(TypeFait.INFRACTION, **reprise | suite)]


class AnnulationInfractionsForm(ActeForm):
    """One decision may undo several: a judgment, a stolen identity. One act, all of them or none."""

    titre = "L'annulation d'infractions"
    piece_aide = "Le jugement et sa date, ou la décision de l'administration : elle nomme chaque infraction annulée."

    infractions_annulees = forms.MultipleChoiceField(
        label="Infractions annulées par cette décision",
        widget=forms.CheckboxSelectMultiple,
        help_text="Une seule décision peut en annuler plusieurs : toutes le sont, ou aucune.",
        error_messages={"required": "Cochez au moins une infraction.", "invalid_choice": PLUS_POSSIBLE},
    )
    date_decision = jour("Décision du")
    motif = texte("Motif", aide="Relaxe, réclamation acceptée, usurpation d'identité, dite deux fois.")

    def listes(self) -> dict[str, Options]:
        return {"infractions_annulees": self.infractions()}

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(situation.faits_de_type(TypeFait.INFRACTION))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        cochees, decidee = donnees.get("infractions_annulees", []), donnees.get("date_decision")
        commises = [date.fromisoformat(f["date_commission"]) for f in self.tenues if f["id"] in cochees]
        if decidee and commises and decidee < max(commises):
            commise = en_francais(max(commises))
            self.add_error("date_decision", f"La décision serait d'avant l'infraction du {commise}.")
        return donnees

    def faits(self) -> list[FaitDit]:
        saisie = self._saisie()
        annulees = saisie.pop("infractions_annulees")
        return [
            self._fait(TypeFait.INFRACTION_ANNULEE, f"-{rang}", infraction=annulee, **saisie)
            for rang, annulee in enumerate(annulees, 1)
        ]


class StageForm(ActeForm):
    titre = "Un stage suivi"
    type = TypeFait.STAGE
    piece_aide = "L'attestation de suivi et son numéro."

    date_debut = jour("Premier jour")
    date_fin = jour("Dernier jour")
    nature = choix("Nature", [A_CHOISIR, *mots.STAGES.items()])
    agrement = texte("Agrément du centre")
    departement = texte("Département du centre", required=False, maxi=3)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        debut, fin = donnees.get("date_debut"), donnees.get("date_fin")
        if debut and fin and fin < debut:
            self.add_error("date_fin", "Le stage finirait avant de commencer.")
        elif debut and fin and (raison := duree_impossible(Stage("", fin, NatureStage.VOLONTAIRE, None, debut))):
            self.add_error("date_fin", raison)
        return donnees
