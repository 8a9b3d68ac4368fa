"""What an agent may record: one typed form a fact. A form gives facts in the feed's words; it never edits one."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django import forms

from dossier.fabrique import FaitDit
from dossier.forms import JourField
from dossier.rules.bareme import LigneBareme, bareme, bareme_au
from dossier.rules.francais import en_francais, majuscule
from dossier.rules.lettre import SOLDE_NON_NUL
from dossier.rules.mots import bureau as mots
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import Reference, TypeFait
from dossier.selectors import Situation

HORS_BAREME = "hors-bareme"
FORMAT = "jj/mm/aaaa"
A_CHOISIR = ("", "Choisissez")


def jour(label: str, *, required: bool = True, aide: str = FORMAT) -> JourField:
    message = "Saisissez une date comme 31/12/2025."
    return JourField(label=label, required=required, help_text=aide, obligatoire=message, invalide=message)


def nombre(label: str, *, jusqu_a: int) -> forms.IntegerField:
    """A field of text: what was typed by mistake is shown again, which a browser would drop from a number's."""
    saisie = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=jusqu_a, widget=saisie)


def choix(label: str, valeurs: list[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=valeurs, required=required, error_messages={"required": "Faites un choix."}
    )


def texte(label: str, *, required: bool = True, aide: str = "", maxi: int = 120) -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=aide, max_length=maxi)


class ActeForm(forms.Form):
    """A form about one opened dossier. ``cle`` is made with the form: sent twice, it records once."""

    titre: ClassVar[str]
    type: ClassVar[str] = ""
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
            aide="Sa nature et sa référence : procès-verbal n°, jugement du, attestation n°. Gardée au journal.",
        )
        for nom in ("infraction", "fait"):
            if nom in self.fields:
                self.fields[nom].choices = self._infractions(nom == "fait")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        for nom, valeur in list(donnees.items()):
            if isinstance(valeur, date) and valeur > self.au and nom not in self.a_venir:
                self.add_error(nom, "Cette date n'est pas encore passée.")
        return donnees

    def _infractions(self, facultative: bool) -> list[tuple[str, str]]:
        """The offences of the dossier that stand, newest first."""
        annulees = {fait["infraction"] for fait in self.situation.faits_de_type(TypeFait.INFRACTION_ANNULEE)}
        tenues = [fait for fait in self.situation.faits_de_type(TypeFait.INFRACTION) if fait["id"] not in annulees]
        tenues.sort(key=lambda fait: str(fait["date_commission"]), reverse=True)
        vide = [("", "Aucune" if facultative else "Choisissez l'infraction")]
        return vide + [(fait["id"], decrire(fait)) for fait in tenues]

    @property
    def replies_ouverts(self) -> bool:
        """Whether one of them holds something, or is wrong."""
        return self.is_bound and any(self[nom].value() or nom in self.errors for nom in self.replies)

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


def decrire(fait: FaitDit) -> str:
    """An offence in a list: its day, what it was, where it stands."""
    quand = en_francais(date.fromisoformat(fait["date_commission"]))
    suite = "définitive" if fait.get("date_definitive") else "pas encore définitive"
    return f"{quand} · {fait.get('libelle', 'infraction')} · {fait['points']} pt · {suite}"


class InfractionForm(ActeForm):
    """The scale gives nature, class and points on the day of commission; what is not in it is typed."""

    titre = "Une infraction"
    type = TypeFait.INFRACTION
    replies = frozenset({"libelle", "nature", "classe", "points"})
    replies_titre = "Infraction hors barème"

    date_commission = jour("Commise le")
    bareme = choix("Infraction", [])
    lieu = texte("Lieu", required=False, maxi=120)
    date_definitive = jour("Définitive le", required=False, aide="Vide tant que sa réalité n'est pas établie.")
    etablie_par = choix("Réalité établie par", [A_CHOISIR, *mots.PREUVES_AU_CHOIX.items()], required=False)
    groupe = texte("Procédure commune", required=False, aide="Infractions simultanées : même numéro pour toutes.")
    libelle = texte("Libellé", required=False)
    nature = choix(
        "Nature de l'infraction",
        [A_CHOISIR, *[(gravite, majuscule(mot)) for gravite, mot in mots.GRAVITES.items()]],
        required=False,
    )
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
        return donnees

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

    infraction = choix("Infraction", [])
    date_definitive = jour("Définitive le")
    etablie_par = choix("Réalité établie par", [A_CHOISIR, *mots.PREUVES_AU_CHOIX.items()])

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


class AnnulationInfractionForm(ActeForm):
    titre = "L'annulation d'une infraction"
    type = TypeFait.INFRACTION_ANNULEE

    infraction = choix("Infraction", [])
    date_decision = jour("Décision du")
    motif = texte("Motif", aide="Relaxe, réclamation acceptée, retrait de l'administration.")


class StageForm(ActeForm):
    titre = "Un stage suivi"
    type = TypeFait.STAGE

    date_debut = jour("Premier jour")
    date_fin = jour("Dernier jour")
    nature = choix("Nature", [A_CHOISIR, *mots.STAGES.items()])
    agrement = texte("Agrément du centre")
    departement = texte("Département du centre", required=False, maxi=3)


class SuspensionForm(ActeForm):
    titre = "Une suspension"
    type = TypeFait.SUSPENSION
    a_venir = frozenset({"date_debut", "date_fin"})

    nature = choix("Nature", [A_CHOISIR, *mots.MESURES.items()])
    date_debut = jour("Du")
    date_fin = jour("Au", required=False, aide="Vide tant que la fin n'est pas connue.")
    date_infraction = jour("Infraction du", required=False)


class Notification48SIForm(ActeForm):
    """The letter and the invalidation are one act: neither goes without the other."""

    titre = "La notification d'une lettre 48SI"

    date_envoi = jour("Envoyée le")
    date_presentation = jour("Présentée le", required=False)
    date_notification = jour("Notifiée le", aide="Remise, ou présentation si le pli n'a pas été retiré.")
    fait = choix("Dernière infraction", [], required=False)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        jours = [donnees.get(cle) for cle in ("date_envoi", "date_presentation", "date_notification")]
        connus = [quand for quand in jours if quand]
        if connus != sorted(connus):
            self.add_error("date_notification", "Envoi, présentation, notification : les dates doivent se suivre.")
        notifiee = donnees.get("date_notification")
        if notifiee and (reste := rejouer(self.situation.parcours, notifiee).points or 0):
            self.add_error("date_notification", SOLDE_NON_NUL.format(jour=en_francais(notifiee), points=reste))
        return donnees

    def faits(self) -> list[FaitDit]:
        notifiee = self.cleaned_data["date_notification"]
        lettre = self._fait(TypeFait.LETTRE, "-l", reference=Reference.L48SI, **self._saisie())
        return [lettre, self._fait(TypeFait.INVALIDATION, date_notification=notifiee)]


class AnnulationForm(ActeForm):
    titre = "L'annulation du permis par un juge"
    type = TypeFait.ANNULATION
    a_venir = frozenset({"date_effet"})

    date_effet = jour("À effet du")
    interdiction_mois = nombre("Interdiction de repasser le permis (mois)", jusqu_a=1200)


class VisiteForm(ActeForm):
    titre = "Une visite médicale"
    type = TypeFait.VISITE_MEDICALE

    date_visite = jour("Visite du")
    avis = choix("Avis", [A_CHOISIR, *[(avis, majuscule(mot)) for avis, mot in mots.AVIS.items()]])
    date_fin_validite = jour("Valable jusqu'au", required=False)


class LettreForm(ActeForm):
    """The dates of a letter other than the 48SI, whose notification has its own form."""

    titre = "Les dates d'une lettre"
    type = TypeFait.LETTRE

    reference = choix("Lettre", [A_CHOISIR, *((r, r) for r in Reference if r != Reference.L48SI)])
    date_envoi = jour("Envoyée le")
    date_presentation = jour("Présentée le", required=False)
    date_notification = jour("Notifiée le", required=False)
    fait = choix("Au sujet de l'infraction", [], required=False)


class RemiseForm(ActeForm):
    titre = "La remise du titre"

    date_remise = jour("Remis le")

    def faits(self) -> list[FaitDit]:
        return [self._fait(TypeFait.RESTITUTION_TITRE, date_restitution=self.cleaned_data["date_remise"])]


#: In the order of the page; the word is that of the address.
ACTES: dict[str, type[ActeForm]] = {
    "infraction": InfractionForm,
    "date-definitive": DefinitiveForm,
    "infraction-annulee": AnnulationInfractionForm,
    "stage": StageForm,
    "suspension": SuspensionForm,
    "notification-48si": Notification48SIForm,
    "annulation": AnnulationForm,
    "visite-medicale": VisiteForm,
    "lettre": LettreForm,
    "remise-titre": RemiseForm,
}
