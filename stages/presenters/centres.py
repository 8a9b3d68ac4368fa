"""What a search of centres found, and whether a number is that of a centre agréé."""

from datetime import date
from typing import NamedTuple

from dossier.rules.departements import DEPARTEMENTS
from dossier.rules.francais import en_lettres, insecables, jours_en_lettres
from stages.models import Centre
from stages.rules.lieux import ecrire_agrement
from stages.selectors import CentreTrouve, Prochaine, Recherche


class Fiche(NamedTuple):
    """A centre as the page prints it."""

    nom: str
    adresse: str
    ville: str
    agrement: str
    validite: str
    liste: str
    exemple: bool
    sessions: list[str]


class Resultats(NamedTuple):
    """A page of centres."""

    titre: str
    fiches: list[Fiche]
    depuis: str
    numero: int
    combien: int
    exemple: bool
    tout_le_departement: str  # where a postcode has none: the département to look in

    @property
    def precedente(self) -> int:
        """The page before."""
        return self.numero - 1

    @property
    def suivante(self) -> int:
        """The page after."""
        return self.numero + 1


class Reponse(NamedTuple):
    """« Ce centre est-il agréé ? »"""

    oui: bool
    titre: str
    phrases: list[str]
    fiche: Fiche | None


def resultats(recherche: Recherche, *, departement: str, code_postal: str, depuis: date) -> Resultats:
    """``depuis``: the day from which sessions are shown."""
    ou = f"à {code_postal}" if code_postal else f"dans le département {departement} ({DEPARTEMENTS[departement]})"
    combien = recherche.total
    nombre = "Aucun centre agréé" if not combien else "Un centre agréé" if combien == 1 else f"{combien} centres agréés"
    fiches = [fiche(trouve) for trouve in recherche.trouves]
    return Resultats(
        titre=f"{nombre} {ou}",
        fiches=fiches,
        depuis=en_lettres(depuis),
        numero=recherche.numero,
        combien=recherche.combien,
        exemple=any(fiche.exemple for fiche in fiches),
        tout_le_departement=departement if code_postal else "",
    )


def fiche(trouve: CentreTrouve) -> Fiche:
    centre = trouve.centre
    return Fiche(
        nom=centre.nom,
        adresse=centre.adresse,
        ville=f"{centre.code_postal} {centre.commune}",
        agrement=ecrire_agrement(centre.agrement),
        validite=f"du {en_lettres(centre.agree_du)} au {en_lettres(centre.agree_au)}",
        liste=f"{centre.source}, {en_lettres(centre.liste_du)}",
        exemple=centre.exemple,
        sessions=[_session(session) for session in trouve.sessions],
    )


def _session(session: Prochaine) -> str:
    jours = jours_en_lettres(session.date_debut, session.date_fin, "et")
    ou = f", {session.lieu}" if session.lieu else ""
    return insecables(f"{jours} : stage n° {session.numero}, {session.places} places{ou}")


def reponse_agrement(centre: Centre | None, *, numero: str, au: date) -> Reponse:
    """What the lists held say of a number on ``au``."""
    ecrit = ecrire_agrement(numero)
    if centre is None:
        return Reponse(
            False,
            insecables(f"Non : aucune liste enregistrée ici ne porte le n° {ecrit}"),
            [
                "Vérifiez d'abord le numéro, lettre par lettre : il figure sur les annonces du centre et sur ses "
                "attestations, qui doivent le porter.",
                "S'il est exact, demandez à la préfecture du département si ce centre est agréé avant de payer.",
            ],
            None,
        )
    montree = fiche(CentreTrouve(centre, []))
    if centre.retire_le is not None and centre.retire_le <= au:
        titre = f"Non : ce centre ne figure plus sur la liste du {en_lettres(centre.retire_le)}"
        raison = "Un stage suivi depuis cette date peut ne rien vous rendre."
    elif centre.agree_au < au:
        titre = f"Non : l'agrément a pris fin le {en_lettres(centre.agree_au)}"
        raison = "S'il a été renouvelé depuis, la préfecture le sait : demandez-le-lui avant de payer."
    elif centre.agree_du > au:
        titre = f"Pas encore : l'agrément commence le {en_lettres(centre.agree_du)}"
        raison = "Un stage suivi avant ce jour ne vous rendrait rien."
    else:
        titre = f"Oui : ce centre est agréé jusqu'au {en_lettres(centre.agree_au)}"
        raison = "Vérifiez que le nom et l'adresse sont bien ceux qu'il vous a donnés : un numéro peut être emprunté."
    return Reponse(titre.startswith("Oui"), insecables(titre), [insecables(raison)], montree)
