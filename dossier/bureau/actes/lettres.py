"""Letters: their days, what the post did of them, at which address; and the 48SI, which only counts once notified."""

from datetime import date, timedelta
from typing import Any

from django import forms

from dossier.bureau.actes.formulaire import A_CHOISIR, ActeForm, Options, choix, jour, options, texte
from dossier.bureau.actes.permis import TENU_CE_JOUR
from dossier.fabrique import FaitDit
from dossier.rules.francais import en_francais
from dossier.rules.lettre import SOLDE_NON_NUL
from dossier.rules.mots import bureau as mots
from dossier.rules.parametres import GARDE_POSTALE_JOURS
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import IssueLettre, Reference, Regime, TypeFait

DU_DOSSIER, AUTRE = "dossier", "autre"
DANS_L_ORDRE = "Envoi, présentation, notification : les dates doivent se suivre."
A_LA_PRESENTATION = "Ce pli est notifié le jour de sa présentation, le {jour} : laissez vide, ou reprenez ce jour."
ENCORE_A_LA_POSTE = (
    "Un pli avisé se retire pendant {jours} jours : celui-ci peut l'être jusqu'au {jour}. Revenez après, ou choisissez "
    "« Remise » s'il l'a été."
)
PERDUE = (
    "Une lettre perdue n'est pas notifiée : le permis n'a pas pris fin. Enregistrez son issue par « Les dates d'une "
    "lettre », et demandez un nouvel envoi."
)
ADRESSE_A_PROUVER = (
    "Un pli qui n'a pas été présenté à la bonne adresse n'est pas notifié, sauf erreur du titulaire (Conseil d'État, "
    "avis du 18 septembre 2009, n° 327027). Cochez si vous en avez la preuve ; sinon, « Les dates d'une lettre » "
    "enregistre l'issue sans mettre fin au permis."
)
SANS_PERMIS_FRANCAIS = (
    "Aucun permis français n'était tenu le {jour} : une 48SI n'y met fin à rien. Un permis étranger finit par une "
    "interdiction de circuler."
)
#: Those of which the notification is the day of presentation.
A_PRESENTATION = frozenset({IssueLettre.AVISEE_NON_RECLAMEE, IssueLettre.REFUSEE, IssueLettre.NPAI})


class CourrierForm(ActeForm):
    """A registered letter, as the post gives account of it."""

    type = TypeFait.LETTRE
    piece_aide = "L'avis de réception ou le pli revenu : son numéro, ses dates, l'adresse et la mention de la Poste."
    replies = frozenset({"adresse_lignes", "adresse_code_postal", "adresse_commune"})
    replies_titre = "L'adresse utilisée, si c'en est une autre"

    date_envoi = jour("Envoyée le")
    date_presentation = jour("Présentée le", required=False)
    date_avis = jour("Avis de passage du", required=False, aide="Si elle n'a pas été remise à la présentation.")
    issue = choix("Ce que la Poste en a fait", options(mots.ISSUES, "Pas encore connu"), required=False)
    adresse_utilisee = choix("Adresse utilisée", required=False)
    adresse_lignes = texte("Lignes de l'adresse", required=False)
    adresse_code_postal = texte("Code postal", required=False, maxi=10)
    adresse_commune = texte("Commune", required=False)

    def listes(self) -> dict[str, Options]:
        tenue = ", ".join(self.situation.adresse)
        celle_du_dossier = [(DU_DOSSIER, f"Celle du dossier : {tenue}")] if tenue else []
        vide = A_CHOISIR if self.fields["adresse_utilisee"].required else ("", "Non connue")
        return {"adresse_utilisee": [vide, *celle_du_dossier, (AUTRE, "Une autre, à saisir plus bas")]}

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        suite = ("date_envoi", "date_presentation", "date_avis", "date_notification")
        connus = [quand for cle in suite if (quand := donnees.get(cle))]
        if connus != sorted(connus):
            self.add_error("date_notification", DANS_L_ORDRE)
        if donnees.get("adresse_utilisee") == AUTRE and not any(donnees.get(champ) for champ in self.replies):
            self.add_error("adresse_lignes", "À saisir : l'adresse qui figure sur le pli.")
        presentee, issue = donnees.get("date_presentation"), donnees.get("issue")
        if issue == IssueLettre.AVISEE_NON_RECLAMEE and presentee:
            garde = GARDE_POSTALE_JOURS.au(presentee)
            dernier = presentee + timedelta(days=garde)
            if self.au <= dernier:
                self.add_error("issue", ENCORE_A_LA_POSTE.format(jours=garde, jour=en_francais(dernier)))
        return donnees

    def lettre(self, suffixe: str = "", **autres: Any) -> FaitDit:
        """The letter, with the address that was used, where it is known."""
        saisie = self._saisie() | autres
        lignes, code_postal, commune = [saisie.pop(f"adresse_{cle}") for cle in ("lignes", "code_postal", "commune")]
        utilisee, adresse = saisie.pop("adresse_utilisee"), None
        if utilisee == DU_DOSSIER:
            adresse = self.situation.dossier.adresse
        elif utilisee == AUTRE:
            dites = {"lignes": [lignes] if lignes else None, "code_postal": code_postal, "commune": commune}
            adresse = {cle: valeur for cle, valeur in dites.items() if valeur}
        return self._fait(TypeFait.LETTRE, suffixe, **saisie, adresse=adresse)


class Notification48SIForm(CourrierForm):
    """The letter and the invalidation are one act: neither goes without the other."""

    titre = "La notification d'une lettre 48SI"

    issue = choix("Ce que la Poste en a fait", options(mots.ISSUES))
    adresse_utilisee = choix("Adresse utilisée")
    date_notification = jour(
        "Notifiée le", required=False, aide="Le jour de la remise. Pour un pli refusé ou non retiré, laissez vide."
    )
    fait = choix("Dernière infraction", required=False)
    permis = choix("Permis invalidé", required=False)
    adresse_prouvee = forms.BooleanField(
        label="L'adresse était la bonne, ou l'erreur vient du titulaire",
        required=False,
        help_text="À cocher avec une preuve, dite en « Pièce vue », si le pli est revenu ou est allé ailleurs qu'au "
        "dossier.",
    )

    field_order = ("date_envoi", "issue", "date_presentation", "date_avis", "date_notification", "adresse_utilisee")

    def listes(self) -> dict[str, Options]:
        permis = self.de_type(TypeFait.PERMIS_OBTENU, TENU_CE_JOUR)
        return super().listes() | {"fait": self.infractions("Aucune"), "permis": permis}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        issue, presentee = donnees.get("issue"), donnees.get("date_presentation")
        if issue == IssueLettre.PERDUE:
            self.add_error("issue", PERDUE)
        ailleurs = donnees.get("adresse_utilisee") == AUTRE or issue == IssueLettre.NPAI
        if ailleurs and not donnees.get("adresse_prouvee"):
            self.add_error("adresse_prouvee", ADRESSE_A_PROUVER)
        if issue in A_PRESENTATION:
            if not presentee and "date_presentation" not in self.errors:
                self.add_error("date_presentation", "À saisir : un pli qui n'a pas été remis est notifié ce jour-là.")
            if presentee and donnees.get("date_notification") not in (None, presentee):
                self.add_error("date_notification", A_LA_PRESENTATION.format(jour=en_francais(presentee)))
            donnees["date_notification"] = presentee
        elif issue == IssueLettre.REMISE and not (donnees.get("date_notification") or self.errors):
            self.add_error("date_notification", "À saisir : le jour de la remise.")
        if notifiee := donnees.get("date_notification"):
            self._exiger_un_solde_nul(notifiee)
        return donnees

    def _exiger_un_solde_nul(self, notifiee: date) -> None:
        """On the day of the notification, by all that is known today."""
        if notifiee > self.au:
            return
        replay, dit = rejouer(self.situation.parcours, notifiee, connu_le=self.au), en_francais(notifiee)
        if replay.regime != Regime.FRANCAIS:
            self.add_error("date_notification", SANS_PERMIS_FRANCAIS.format(jour=dit))
        elif replay.points:
            self.add_error("date_notification", SOLDE_NON_NUL.format(jour=dit, points=replay.points))

    def _saisie(self) -> dict[str, Any]:
        hors = {"permis", "adresse_prouvee"}
        return {cle: valeur for cle, valeur in super()._saisie().items() if cle not in hors}

    def faits(self) -> list[FaitDit]:
        notifiee, permis = self.cleaned_data["date_notification"], self.cleaned_data["permis"]
        lettre = self.lettre("-l", reference=Reference.L48SI)
        return [lettre, self._fait(TypeFait.INVALIDATION, date_notification=notifiee, permis=permis)]


class LettreForm(CourrierForm):
    """The dates of a letter. A 48SI that was notified has its own form, which ends the licence."""

    titre = "Les dates d'une lettre"

    reference = choix("Lettre", [A_CHOISIR, *((r, r) for r in Reference)])
    date_notification = jour("Notifiée le", required=False)
    fait = choix("Au sujet de l'infraction", required=False)

    field_order = ("reference",)

    def listes(self) -> dict[str, Options]:
        return super().listes() | {"fait": self.infractions("Aucune")}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if donnees.get("reference") == Reference.L48SI and donnees.get("date_notification"):
            self.add_error("date_notification", "La notification d'une 48SI met fin au permis : elle a son formulaire.")
        return donnees

    def faits(self) -> list[FaitDit]:
        return [self.lettre()]
