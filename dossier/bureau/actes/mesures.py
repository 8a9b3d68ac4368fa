"""Measures against the right to drive, what ends them, and what undoes them."""

from datetime import date
from typing import Any

from django import forms

from dossier.bureau import levees
from dossier.bureau.actes.formulaire import ActeForm, Options, choix, jour, nombre, nommer, options
from dossier.bureau.actes.permis import TENU_CE_JOUR
from dossier.fabrique import FaitDit
from dossier.rules.francais import en_francais
from dossier.rules.mots import bureau as mots
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import MotifLevee, Portee, Regime, TypeFait
from dossier.selectors import Situation

#: What each portée may be decided for.
MOTIFS: dict[str, frozenset[str]] = {
    Portee.PROVISOIRE: frozenset({MotifLevee.REFERE}),
    Portee.A_COMPTER: frozenset({MotifLevee.MAINLEVEE}),
    Portee.RETROACTIVE: frozenset(MotifLevee) - {MotifLevee.REFERE, MotifLevee.MAINLEVEE},
}
AUTRE_MOTIF = "Ce motif ne va pas avec « {portee} ». Possibles : {motifs}."
INTERDICTION_SOLDE = (
    "Le solde du {jour} n'était pas nul (points : {points}) : une interdiction de circuler ne se notifie qu'à un solde "
    "nul. Enregistrez d'abord ce qui manque au dossier."
)
SANS_ETRANGER = "Aucun permis étranger ne portait de points le {jour} : une interdiction de circuler y est sans objet."


class SuspensionForm(ActeForm):
    titre = "Une suspension"
    type = TypeFait.SUSPENSION
    a_venir = frozenset({"date_debut", "date_fin"})
    piece_aide = "L'arrêté du préfet ou le jugement, et sa date."

    nature = choix("Nature", [("", "Choisissez"), *mots.MESURES.items()])
    motif = choix("Motif", options(mots.MOTIFS_SUSPENSION))
    date_debut = jour("Du")
    date_fin = jour("Au", required=False, aide="Vide tant que la fin n'est pas connue.")
    date_infraction = jour("Infraction du", required=False)
    controle_medical = choix(
        "Contrôle médical",
        options(mots.CONTROLES, "La décision n'en dit rien"),
        required=False,
        aide="Requis, ou non dit pour une infraction et plus d'un mois : la suspension est maintenue après son dernier "
        "jour, jusqu'à la décision médicale (R. 221-13, R. 221-14-1).",
    )


class AnnulationForm(ActeForm):
    titre = "L'annulation du permis par un juge"
    type = TypeFait.ANNULATION
    a_venir = frozenset({"date_effet"})
    piece_aide = "Le jugement et sa date, et la preuve qu'il est exécutoire."

    date_effet = jour("À effet du")
    interdiction_mois = nombre("Interdiction de repasser le permis (mois)", jusqu_a=1200)
    permis = choix("Permis annulé", required=False)

    def listes(self) -> dict[str, Options]:
        return {"permis": self.de_type(TypeFait.PERMIS_OBTENU, TENU_CE_JOUR)}


class VisiteForm(ActeForm):
    titre = "Une visite médicale"
    type = TypeFait.VISITE_MEDICALE
    piece_aide = "L'avis médical et sa date ; la décision du préfet, s'il l'a rendue."

    date_visite = jour("Visite du")
    avis = choix("Avis", options(mots.AVIS))
    date_decision = jour(
        "Décision du préfet du",
        required=False,
        aide="C'est elle qui met fin à une suspension maintenue. Vide : le jour de la visite.",
    )
    date_fin_validite = jour("Valable jusqu'au", required=False)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        visite, decision = donnees.get("date_visite"), donnees.get("date_decision")
        if visite and decision and decision < visite:
            self.add_error("date_decision", "La décision serait d'avant la visite.")
        return donnees


class InterdictionForm(ActeForm):
    """The 48SI of a foreign licence: on a solde nul, or not at all."""

    titre = "Une interdiction de circuler"
    type = TypeFait.INTERDICTION_CIRCULER
    piece_aide = "La décision et sa date, l'avis de réception : date, adresse et issue du pli."

    date_notification = jour("Notifiée le", aide="Remise, ou présentation si le pli n'a pas été retiré.")

    def clean_date_notification(self) -> date:
        notifiee: date = self.cleaned_data["date_notification"]
        replay = rejouer(self.situation.parcours, notifiee, connu_le=self.au)
        if notifiee <= self.au and replay.regime != Regime.ETRANGER:
            self.add_error("date_notification", SANS_ETRANGER.format(jour=en_francais(notifiee)))
        elif notifiee <= self.au and replay.points:
            dit = INTERDICTION_SOLDE.format(jour=en_francais(notifiee), points=replay.points)
            self.add_error("date_notification", dit)
        return notifiee

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(situation.faits_de_type(TypeFait.PERMIS_ETRANGER))


class DecesForm(ActeForm):
    titre = "Le décès du titulaire"
    type = TypeFait.DECES
    piece_aide = "L'acte de décès : commune, date et numéro."

    date_deces = jour("Décédé le")


class LeveeForm(ActeForm):
    """A measure is undone by another fact, never erased. The list offers each only as it may be undone."""

    titre = "La levée d'une mesure"
    a_venir = frozenset({"date_effet"})
    piece_aide = "Le jugement, l'ordonnance ou la décision de retrait : juridiction ou autorité, date, numéro."

    mesure = choix("Ce qui est levé, et comment", widget=forms.RadioSelect)
    motif = choix("Motif", options(mots.MOTIFS_LEVEE))
    date_effet = jour("À effet du", aide="Le jour de la décision, ou celui qu'elle fixe.")
    permis_conserve = choix(
        "Permis gardé par le titulaire",
        required=False,
        aide="Nul ne tient deux permis : sans choix, le premier est rendu et celui qui a été obtenu depuis tombe, avec "
        "ce qui s'y rattache. S'il préfère garder le nouveau, choisissez-le : la mesure reste.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not any(mesure.permis for mesure in self.mesures.values()):
            del self.fields["permis_conserve"]

    @property
    def mesures(self) -> dict[str, levees.Mesure]:
        return {mesure.id: mesure for mesure in levees.a_lever(self.situation.parcours)}

    def listes(self) -> dict[str, Options]:
        mesures, faits = self.mesures, self.situation.par_id
        offertes = [
            (f"{cle}|{portee}", f"{nommer(faits[cle])} : {mots.PORTEES[portee]}")
            for cle, mesure in mesures.items()
            for portee in mesure.portees
        ]
        permis = {cle: nommer(faits[cle]) for mesure in mesures.values() for cle in mesure.permis}
        return {
            "mesure": offertes,
            "permis_conserve": [("", "Aucun : le premier permis est rendu"), *permis.items()],
        }

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(levees.a_lever(situation.parcours))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        cle, _, portee = donnees.get("mesure", "").rpartition("|")
        mesure, effet, motif = self.mesures.get(cle), donnees.get("date_effet"), donnees.get("motif")
        if mesure is None:
            return donnees
        if motif and motif not in MOTIFS[portee]:
            possibles = ", ".join(mots.MOTIFS_LEVEE[m] for m in MotifLevee if m in MOTIFS[portee])
            self.add_error("motif", AUTRE_MOTIF.format(portee=mots.PORTEES[portee], motifs=possibles))
        if effet and portee != Portee.A_COMPTER and effet < mesure.jour:
            commence = en_francais(mesure.jour)
            self.add_error("date_effet", f"La levée serait d'avant la mesure, qui est du {commence}.")
        conserve = donnees.get("permis_conserve")
        if conserve and effet and not self._obtenu_entre(conserve, mesure, effet):
            self.add_error("permis_conserve", "Ce permis n'a pas été obtenu entre la mesure et sa levée.")
        return donnees

    def _obtenu_entre(self, cle: str, mesure: levees.Mesure, effet: date) -> bool:
        (permis,) = [p for p in self.situation.parcours.permis if p.id == cle]
        return cle in mesure.permis and permis.date_obtention < effet

    def faits(self) -> list[FaitDit]:
        saisie = self._saisie()
        cle, _, portee = saisie.pop("mesure").rpartition("|")
        return [self._fait(TypeFait.LEVEE, fait=cle, portee=portee, **saisie)]


class RetablissementForm(ActeForm):
    """The judgment on the merits: what was undone for a time is back on its own day."""

    titre = "Le rétablissement d'une mesure"
    type = TypeFait.RETABLISSEMENT
    piece_aide = "Le jugement au fond ou l'arrêt qui met fin au référé : juridiction, date, numéro."

    fait = choix("Levée provisoire qui prend fin")
    date_effet = jour("À effet du", aide="Le jour du jugement, ou celui qu'il fixe.")

    def listes(self) -> dict[str, Options]:
        faits = self.situation.par_id
        tenues = [
            (levee.id, f"{nommer(faits[levee.fait])}, levée le {en_francais(levee.date_effet)}")
            for levee in levees.a_retablir(self.situation.parcours)
        ]
        return {"fait": [("", "Choisissez" if tenues else "Aucune levée provisoire n'est en vigueur"), *tenues]}

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(levees.a_retablir(situation.parcours))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        effets = {levee.id: levee.date_effet for levee in self.situation.parcours.levees}
        levee, effet = donnees.get("fait"), donnees.get("date_effet")
        if levee and effet and effet < effets[levee]:
            dite = en_francais(effets[levee])
            self.add_error("date_effet", f"Le rétablissement serait d'avant la levée, qui est du {dite}.")
        return donnees
