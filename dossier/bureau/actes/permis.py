"""Licences: obtained, foreign, exchanged, handed in."""

from typing import Any

from dossier.bureau.actes.formulaire import ActeForm, Options, choix, jour, options, texte
from dossier.fabrique import FaitDit
from dossier.rules.mots import bureau as mots
from dossier.rules.vocabulaire import TypeFait
from dossier.selectors import Situation

TENU_CE_JOUR = "Celui qui est tenu ce jour-là"


class PermisObtenuForm(ActeForm):
    titre = "Un permis obtenu"
    type = TypeFait.PERMIS_OBTENU
    piece_aide = "Le titre ou la décision de délivrance et son numéro ; pour un échange, le titre étranger remis."
    replies = frozenset({"echange_de", "date_permis_etranger"})
    replies_titre = "Échange d'un permis étranger"

    date_obtention = jour("Obtenu le")
    filiere = choix("Filière", options(mots.FILIERES))
    categorie = texte("Catégorie", required=False, maxi=8, aide="B si vous ne dites rien.")
    echange_de = choix("Échangé contre", required=False, aide="Le permis étranger, s'il est déjà au dossier.")
    date_permis_etranger = jour(
        "Permis étranger obtenu le",
        required=False,
        aide="Le jour de sa toute première délivrance : il décide s'il y a un délai probatoire.",
    )

    def listes(self) -> dict[str, Options]:
        return {"echange_de": self.de_type(TypeFait.PERMIS_ETRANGER, "Aucun permis étranger")}

    def clean_categorie(self) -> str:
        return str(self.cleaned_data["categorie"]).upper()

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        etranger, obtenu = donnees.get("date_permis_etranger"), donnees.get("date_obtention")
        if etranger and obtenu and etranger > obtenu:
            self.add_error("date_permis_etranger", "Le permis étranger serait plus récent que le permis français.")
        if etranger and not donnees.get("echange_de"):
            self.add_error("echange_de", "Choisissez le permis étranger qui a été échangé : enregistrez-le d'abord.")
        return donnees


class PermisEtrangerForm(ActeForm):
    titre = "Un permis étranger"
    type = TypeFait.PERMIS_ETRANGER
    a_venir = frozenset({"date_fin"})
    piece_aide = "Le titre étranger et son numéro, le procès-verbal de la première infraction."

    date_debut = jour("Compte à partir du", aide="Premier jour où ce dossier doit compter des points à son titulaire.")
    pays = texte("Pays", required=False, maxi=60)
    date_fin = jour("Jusqu'au", required=False, aide="Vide tant qu'il compte encore.")

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        debut, fin = donnees.get("date_debut"), donnees.get("date_fin")
        if debut and fin and fin <= debut:
            self.add_error("date_fin", "Ce permis étranger finirait avant de commencer à compter.")
        return donnees


class EchangeForm(ActeForm):
    titre = "Un échange à l'étranger"
    type = TypeFait.ECHANGE
    piece_aide = "L'avis de l'autorité étrangère, le titre français renvoyé et son numéro."

    date_echange = jour("Échangé le")
    pays = texte("Pays", required=False, maxi=60)
    permis = choix("Permis échangé", required=False)

    def listes(self) -> dict[str, Options]:
        return {"permis": self.de_type(TypeFait.PERMIS_OBTENU, TENU_CE_JOUR)}

    @classmethod
    def est_offert(cls, situation: Situation) -> bool:
        return bool(situation.faits_de_type(TypeFait.PERMIS_OBTENU))


class RemiseForm(ActeForm):
    titre = "La remise du titre"

    date_remise = jour("Remis le")

    def faits(self) -> list[FaitDit]:
        return [self._fait(TypeFait.RESTITUTION_TITRE, date_restitution=self.cleaned_data["date_remise"])]
