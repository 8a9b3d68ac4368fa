"""The calculators' answers as plain values. Every date comes from ``dossier.rules``; here they are put into words."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format

from dossier.presenters import Ligne, lignes_prevues
from dossier.rules.articles import CODE_LU_LE, article_adresse, article_lisible, legifrance
from dossier.rules.bareme import LigneBareme, bareme_au
from dossier.rules.calendrier import jours_feries, terme_des_jours_francs
from dossier.rules.faits import Infraction, Parcours, PermisObtenu
from dossier.rules.francais import en_francais, en_lettres, insecables, majuscule
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import JOURS_FRANCS_REMISE, POINTS_MAX
from dossier.rules.prevision import retour_a_douze
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import Filiere, Gravite
from mespoints.pages.forms import POINTS_MAX_CONTRAVENTION, PREMIER_JOUR

#: The articles that the public pages name, by a name that a template can write.
ARTICLES = (
    *("L223-1", "L223-2", "L223-3", "L223-5", "L223-6", "L223-7", "L225-2", "L225-3", "L225-4", "L225-5", "L225-8"),
    *("L235-1", "R223-1", "R223-2", "R223-3", "R223-3-1", "R223-4", "R223-8", "R225-5", "R225-6", "R233-1"),
)

#: The most common offences, and the article under which the scale holds each.
COURANTES = (
    ("Excès de vitesse de moins de 5 km/h", "R413-14"),
    ("Excès de vitesse de 5 à moins de 20 km/h", "R413-14 III 4°"),
    ("Excès de vitesse de 20 à moins de 30 km/h", "R413-14 III 3°"),
    ("Excès de vitesse de 30 à moins de 40 km/h", "R413-14 III 2°"),
    ("Excès de vitesse de 40 à moins de 50 km/h", "R413-14 III 1°"),
    ("Excès de vitesse de 50 km/h ou plus", "L413-1"),
    ("Téléphone tenu en main", "R412-6-1"),
    ("Ceinture de sécurité non attachée", "R412-1"),
    ("Changement de direction sans clignotant", "R412-10"),
    ("Feu rouge non respecté", "R412-30"),
    ("Stop non respecté", "R415-6"),
    ("Refus de priorité à un piéton", "R415-11"),
    ("Alcool de 0,50 à moins de 0,80 g par litre de sang", "R234-1 I 2°"),
    ("Alcool à partir de 0,80 g par litre de sang", "L234-1"),
    ("Stupéfiants", "L235-1 I 1re phrase"),
)


class Exemple(NamedTuple):
    """A line of the scale in plain words."""

    libelle: str
    points: str
    classe: str
    article: str


def exemples(au: date) -> list[Exemple]:
    """What the most common offences withdraw if committed on ``au``; one that the scale no longer holds is left out."""
    bareme = bareme_au(au)
    trouves = [(libelle, [ligne for ligne in bareme if ligne.article == article]) for libelle, article in COURANTES]
    return [
        Exemple(
            libelle=libelle,
            points=nombre_de_points(lignes[0].points),
            classe=" ou ".join(sorted({_classe(ligne) for ligne in lignes})),
            article=_article_court(lignes[0].article),
        )
        for libelle, lignes in trouves
        if lignes
    ]


def _classe(ligne: LigneBareme) -> str:
    return "délit" if ligne.classe is None else f"{ligne.classe}e classe"


def _article_court(article: str) -> str:
    """« R413-14 III 4° » as « R. 413-14 »."""
    numero = article.partition(" ")[0]
    return f"{numero[0]}.\u00a0{numero[1:]}"


def articles() -> dict[str, str]:
    """« L223_1 »: the address of article L. 223-1 at Légifrance."""
    return {numero.replace("-", "_"): legifrance(numero) for numero in ARTICLES}


def contexte_des_regles(au: date) -> dict[str, Any]:
    """What the page of the rules prints."""
    return {
        "legifrance": articles(),
        "exemples": exemples(au),
        "bareme_au": en_francais(au),
        "code_lu": CODE_LU_LE,
    }


def avec_le_jour(jour: date) -> str:
    """« mardi 7 avril 2026 »."""
    return f"{date_format(jour, 'l')} {en_lettres(jour)}"


# --- Ten clear days after a 48SI ------------------------------------------------------------------------------------


class Remise(NamedTuple):
    """The last day to hand the licence in, and how it is counted."""

    limite: str
    recue: str
    premier: str
    dixieme: str
    terme: str
    report: str
    passee: bool


def remise(recue: date, *, au: date) -> Remise:
    terme, limite = terme_des_jours_francs(recue, JOURS_FRANCS_REMISE.au(recue)), dernier_jour_de_remise(recue)
    return Remise(
        limite=avec_le_jour(limite),
        recue=avec_le_jour(recue),
        premier=avec_le_jour(date.fromordinal(recue.toordinal() + 1)),
        dixieme=avec_le_jour(date.fromordinal(terme.toordinal() - 1)),
        terme=avec_le_jour(terme),
        report=_report(terme, limite),
        passee=limite < au,
    )


def _report(terme: date, limite: date) -> str:
    """Why the term moved: each Saturday, Sunday and public holiday that it met; "" when it did not move."""
    ecartes = [date.fromordinal(rang) for rang in range(terme.toordinal(), limite.toordinal())]
    if not ecartes:
        return ""
    jours = [f"le {avec_le_jour(jour)}{' (férié)' if jour in jours_feries(jour.year) else ''}" for jour in ecartes]
    liste = " et ".join([", ".join(jours[:-1]), jours[-1]] if len(jours) > 1 else jours)
    verbe = "ne comptent pas" if len(jours) > 1 else "ne compte pas"
    return insecables(f"{majuscule(liste)} {verbe} : le délai est reporté au {avec_le_jour(limite)}.")


# --- When the points come back --------------------------------------------------------------------------------------


class LigneExpliquee(NamedTuple):
    """A day on which something comes back: the line of the forecast, its text of law, and what would move it."""

    titre: str
    ligne: Ligne
    article: str
    adresse: str


class Retour(NamedTuple):
    """What one offence leaves, and when all is given back. ``prudence``: what was not known, and its effect."""

    douze: str
    solde: str
    retrait: str
    nul: bool
    lignes: list[LigneExpliquee]
    prudence: str


def retour(saisie: dict[str, Any]) -> Retour:
    """``saisie``: the cleaned data of ``RetourForm``."""
    classe, points = saisie["classe"], saisie["points"]
    inconnue = classe == "inconnue"
    if inconnue:
        classe = "4" if points <= POINTS_MAX_CONTRAVENTION else Gravite.DELIT
    parcours = _parcours(saisie, classe)
    replay = rejouer(parcours, saisie["definitive"])
    lignes = [
        LigneExpliquee(
            titre=_titre(mouvement),
            ligne=ligne,
            article=article_lisible(mouvement.article),
            adresse=article_adresse(mouvement.article),
        )
        for ligne, mouvement in zip(lignes_prevues(replay, parcours), replay.prevision, strict=True)
    ]
    return Retour(
        douze=avec_le_jour(_retour_a_douze(replay)),
        solde=f"{replay.points} sur {replay.plafond}",
        retrait=nombre_de_points(points),
        nul=not replay.points,
        lignes=lignes,
        prudence=_prudence(saisie, replay) if inconnue and classe == "4" else "",
    )


def _parcours(saisie: dict[str, Any], classe: str) -> Parcours:
    """A licence and one offence. Without a day of its own, the licence is older than the délai probatoire."""
    obtention = saisie.get("obtention")
    filiere = saisie["filiere"] if obtention and saisie.get("filiere") else Filiere.CLASSIQUE
    infraction = Infraction(
        id="infraction",
        date_commission=saisie["commission"],
        date_definitive=saisie["definitive"],
        points=saisie["points"],
        nature=Gravite.DELIT if classe == Gravite.DELIT else Gravite.CONTRAVENTION,
        classe=None if classe == Gravite.DELIT else int(classe),
    )
    permis = PermisObtenu("permis", obtention or PREMIER_JOUR, filiere)
    return Parcours(permis=(permis,), infractions=(infraction,))


def _prudence(saisie: dict[str, Any], replay: Replay) -> str:
    """Computed for the fourth class; what a lesser one would change, if it changes something."""
    autre = _retour_a_douze(rejouer(_parcours(saisie, "3"), saisie["definitive"]))
    phrase = "Le calcul est fait pour une contravention de la 4e classe, la plus fréquente."
    if autre == _retour_a_douze(replay):
        return phrase
    douze = POINTS_MAX.au(autre)
    return f"{phrase} De la 1re, 2e ou 3e classe, elle laisserait revenir à {douze} dès le {en_francais(autre)}."


def _retour_a_douze(replay: Replay) -> date:
    """One offence always leads back to 12: the delay of two or three years runs as soon as it is final."""
    mouvement = retour_a_douze(replay)
    if mouvement is None:
        raise LookupError("no forecast leads back to 12")
    return mouvement.date


def _titre(mouvement: Mouvement) -> str:
    """« Jeudi 10 septembre 2026 : +1 point », or that nothing is left to give."""
    jour = avec_le_jour(mouvement.date)
    gain = f"+{nombre_de_points(mouvement.points)}" if mouvement.points else "rien à ajouter"
    return f"{jour[0].upper()}{jour[1:]}\u00a0: {gain}"
