"""The number, in the format that the licence has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from accounts.creation import neph
from accounts.creation.etapes.base import Etape, champ_texte
from accounts.creation.neph import Lecture, NumeroIllisible
from dossier.rules.francais import insecables

MANQUE = "Saisissez votre numéro de dossier."
MANQUE_1 = "Saisissez la première ligne de votre numéro de dossier."
MANQUE_2 = "Saisissez la seconde ligne de votre numéro de dossier."


class NumeroForm(Etape):
    """The number in one format: ``lire`` reads the fields, or says which one is wrong and why."""

    partie = 2
    intitule = "Numéro de dossier (NEPH)"
    titre = "Quel est votre numéro de dossier (NEPH) ?"

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["lecture"] = self.lire(cleaned)
            except NumeroIllisible as erreur:
                self.add_error(erreur.champ, insecables(str(erreur)))
        return cleaned

    def reponse(self) -> str:
        lecture: Lecture = self.cleaned_data["lecture"]
        return lecture.lu


class NephForm(NumeroForm):
    gabarit = "account/creation/numero_neph.html"
    numero = champ_texte("Numéro de dossier (NEPH)", "De 5 à 19 lettres et chiffres.", manque=MANQUE)

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        return neph.lire_neph(saisie["numero"])


class LignesDeCarteForm(NumeroForm):
    """The two lines on the back of a card."""

    gabarit = "account/creation/numero_carte.html"
    espace: ClassVar[bool]
    ligne_1 = champ_texte("Première ligne de mon numéro de dossier", "De 1 à 15 caractères.", manque=MANQUE_1)
    ligne_2 = champ_texte("Seconde ligne de mon numéro de dossier", manque=MANQUE_2)

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        return neph.lire_carte(saisie["ligne_1"], saisie["ligne_2"], espace=self.espace)


class CarteSansEspaceForm(LignesDeCarteForm):
    espace = False
    exemple: ClassVar = ("9901751", "00001")


class CarteAvecEspaceForm(LignesDeCarteForm):
    espace = True
    exemple: ClassVar = ("ABC123", "45 67")
    ligne_2 = champ_texte(
        "Seconde ligne de mon numéro de dossier",
        "4 chiffres, avec ou sans l'espace (exemple\u00a0: 45 67).",
        manque=MANQUE_2,
    )


class DeuxLignesForm(NumeroForm):
    gabarit = "account/creation/numero_deux_lignes.html"
    ligne_1 = champ_texte(
        "1ère ligne de mon numéro de dossier", "De 1 à 15 caractères (exemple\u00a0: ABC123).", manque=MANQUE_1
    )
    ligne_2 = champ_texte(
        "2ème ligne de mon numéro de dossier",
        "4 chiffres, avec ou sans l'espace (exemple\u00a0: 4567).",
        manque=MANQUE_2,
        chiffres=True,
    )

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        return neph.lire_deux_lignes(saisie["ligne_1"], saisie["ligne_2"])


class UneLigneForm(NumeroForm):
    gabarit = "account/creation/numero_une_ligne.html"
    numero = champ_texte(
        "Numéro de dossier", "12 chiffres (exemple\u00a0: 000123456789).", manque=MANQUE, chiffres=True
    )

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        return neph.lire_une_ligne(saisie["numero"])


class Avant1975Form(NumeroForm):
    gabarit = "account/creation/numero_avant_1975.html"
    numero = champ_texte(
        "Numéro de dossier",
        "Avec les caractères spéciaux ou les espaces s'il y en a. De 1 à 16 caractères (exemple\u00a0: 123.ABC.456).",
        manque="Saisissez le numéro écrit sur votre permis.",
    )
    annee = champ_texte(
        "Année d'obtention du permis",
        "Sur 2 chiffres. Exemple\u00a0: 00 pour 1900.",
        manque="Saisissez les deux derniers chiffres de l'année d'obtention.",
        chiffres=True,
    )
    departement = champ_texte(
        "Département de délivrance du permis",
        "Sur 2 chiffres. Exemple\u00a0: 20 pour la Corse.",
        manque="Saisissez les deux chiffres du département de délivrance.",
    )

    def lire(self, saisie: Mapping[str, str]) -> Lecture:
        return neph.lire_avant_1975(saisie["numero"], saisie["annee"], saisie["departement"])
