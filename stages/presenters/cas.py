"""« Et moi ? »: may this driver follow a course, from when, until when, what it would give, and where it is capped."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from dossier.rules.calendrier import UN_JOUR
from dossier.rules.francais import ans_en_lettres, en_francais, en_lettres, en_prose, insecables, mois_en_lettres
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.mots.conducteur import remboursement_de_l_amende
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import POINTS_MAX, STAGE_JOURS, STAGE_OBLIGATOIRE_MOIS, STAGE_POINTS
from dossier.rules.prevision import essai_de_stage, retour_a_douze
from dossier.rules.rejeu import Replay
from dossier.rules.stage import limite_stage_obligatoire, premier_jour_apres, repond_a_la_48n, sanction_du_defaut
from dossier.rules.vocabulaire import Etat, NatureStage
from dossier.selectors import Situation
from stages.models import AnnonceStage

OUI, PRESSE, NON = "mp-cas mp-cas--oui", "mp-cas mp-cas--presse", "mp-cas"


class Repere(NamedTuple):
    """A day or a figure, named."""

    nom: str
    valeur: str


class Cas(NamedTuple):
    """The answer, its reasons and its days. ``compte``: days left for a 48N; ``depuis``: first useful day."""

    titre: str
    classe: str
    phrases: list[str]
    reperes: list[Repere]
    compte: int | None = None
    depuis: str = ""


def cas(situation: Situation, annonces: Sequence[AnnonceStage] = ()) -> Cas:
    """What the page says first to this driver. ``annonces``: the courses followed that are not attested yet."""
    replay = situation.replay
    ordre = situation.stage_ordonne_le
    if replay.lettre_48si is not None:
        reponse = _en_suspens(annonces)
    elif ordre is not None:
        reponse = _ordonne(situation, ordre)
        reponse.phrases[1:1] = [
            _repondrait(annonce, ordre) for annonce in annonces if annonce.nature == NatureStage.OBLIGATOIRE
        ]
    elif annonces and replay.etat not in PERDU:
        reponse = _annonce(situation, annonces[0].date_fin)
    elif situation.stage.eligible and situation.stage.premier_jour:
        reponse = _eligible(situation, situation.stage.premier_jour)
    elif replay.etat in PERDU:
        reponse = Cas(PERDU[replay.etat], NON, [situation.stage.explication, *_apres(replay)], [])
    elif replay.en_attente:
        reponse = _attendre(replay)
    else:
        reponse = _inutile(replay)
    return reponse._replace(titre=insecables(reponse.titre), phrases=[en_prose(p) for p in reponse.phrases])


PERDU = {
    Etat.SANS_PERMIS: "Un stage ne vous rendrait rien : aucun permis n'est enregistré à votre nom",
    Etat.INVALIDE: "Un stage ne peut plus vous rendre de points",
    Etat.ANNULE: "Un stage ne peut pas vous rendre de points",
    Etat.ECHANGE: "Un stage ne peut pas vous rendre de points",
    Etat.INTERDIT: "Un stage ne peut pas vous rendre de points",
    Etat.DECEDE: "Un stage ne peut pas rendre de points",
}


def _en_suspens(annonces: Sequence[AnnonceStage]) -> Cas:
    """A 48SI may have ended the licence: nobody pays for a course before it is known. The page says first what came."""
    phrases = [
        "Une lettre 48SI vous a peut-être déjà été notifiée : un stage terminé après elle ne rend aucun point à un "
        "permis qui a pris fin. Demandez d'abord à votre préfecture si le vôtre est encore valable.",
        "Ne payez pas de stage avant sa réponse. Si la lettre ne compte pas, revenez ici : cette page dira ce qu'un "
        "stage vous rendrait.",
    ]
    if annonces:
        phrases.append(
            f"Le stage que vous avez annoncé, terminé le {en_lettres(annonces[0].date_fin)}, ne compte que s'il s'est "
            "terminé avant cette lettre : gardez son attestation."
        )
    return Cas("Aucun stage ne peut vous être conseillé pour l'instant", NON, phrases, [])


def _apres(replay: Replay) -> Iterator[str]:
    if replay.etat == Etat.INVALIDE:
        yield "Il aurait fallu le terminer avant que la lettre vous soit notifiée, ou présentée à votre domicile."
    if replay.etat in (Etat.INVALIDE, Etat.ANNULE):
        yield "Votre prochain permis aura ses propres points : les stages d'avant n'y compteront pas."


# --- A 48N ------------------------------------------------------------------------------------------------------------


def _ordonne(situation: Situation, ordre: date) -> Cas:
    """The countdown, what ignoring the letter costs, and what the course gives besides."""
    replay, limite = situation.replay, limite_stage_obligatoire(ordre)
    au = replay.au
    essai = essai_de_stage(situation.parcours, au, au + UN_JOUR)
    euros, ans = sanction_du_defaut(limite)
    sanction = (
        f"Si vous ne le suivez pas : une amende de {euros}\u00a0€, et une suspension du permis qui peut aller jusqu'à "
        f"{ans_en_lettres(ans)} (article R.\u00a0223-4 du Code de la route)."
    )
    lettre = f"La lettre 48N vous a été notifiée, ou présentée à votre domicile, le {en_lettres(ordre)}"
    comment = (
        "Demandez au centre une attestation de « cas 2 », stage obligatoire : un stage volontaire ne répond pas à la "
        "lettre."
    )
    amende = remboursement_de_l_amende(au)
    if au <= limite:
        titre = f"Vous devez suivre un stage au plus tard le {en_lettres(limite)}"
        delai = mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.au(ordre))
        phrases = [f"{lettre} : vous avez {delai}. Le second jour du stage doit tomber dans ce délai.", sanction]
        compte = (limite - au).days
        if compte < STAGE_JOURS.au(au):
            phrases.append(
                "Un stage dure deux jours : si le vôtre n'est pas commencé, il finira après ce délai. Suivez-le quand "
                "même sans attendre, et écrivez à votre préfecture."
            )
    else:
        titre = f"Le délai de votre stage obligatoire a pris fin le {en_lettres(limite)}"
        phrases = [
            f"{lettre}, et aucun stage obligatoire terminé depuis n'est enregistré.",
            "Si vous l'avez suivi, annoncez-le ci-dessous et gardez votre attestation. Sinon, suivez-le sans attendre.",
            sanction,
        ]
        compte = None
    gain = list(_gain(replay, essai)) if essai else [_un_par_an(replay, " Vous devez pourtant suivre celui-ci.")]
    premier = au + UN_JOUR
    reperes = _reperes(au, premier, essai) if essai else []
    return Cas(titre, PRESSE, [*phrases, comment, amende, *gain], reperes, compte, en_francais(premier))


def _repondrait(annonce: AnnonceStage, ordre: date) -> str:
    fin = en_lettres(annonce.date_fin)
    if not repond_a_la_48n(annonce.nature, annonce.date_fin, ordre):
        return f"Vous avez annoncé un stage obligatoire terminé le {fin}, avant cette lettre : il n'y répond pas."
    return f"Vous avez annoncé un stage obligatoire terminé le {fin} : une fois enregistré, il répondra à cette lettre."


# --- A voluntary course -----------------------------------------------------------------------------------------------


def _eligible(situation: Situation, premier: date) -> Cas:
    replay = situation.replay
    essai = essai_de_stage(situation.parcours, replay.au, premier)
    pourquoi = [
        f"Il vous manque {nombre_de_points((replay.plafond or 0) - (replay.points or 0))} : un stage volontaire peut "
        "vous en rendre."
    ]
    if premier > replay.au + UN_JOUR:
        pourquoi.append(_un_par_an(replay, f" Le prochain doit commencer à partir du {en_lettres(premier)}."))
    if essai is None or not essai.points:
        phrases = [*pourquoi, "D'ici à ce jour-là, vos points seront déjà revenus d'eux-mêmes."]
        return Cas("Un stage ne vous rendrait rien", NON, phrases, [])
    plus_tard = f", à partir du {en_lettres(premier)}" if premier > replay.au + UN_JOUR else ""
    titre, classe = f"Un stage peut vous rendre {nombre_de_points(essai.points)}{plus_tard}", OUI
    if replay.etat == Etat.SOLDE_NUL:
        classe = PRESSE
        titre = (
            "Un stage peut sauver votre permis"
            if essai.solde > 0
            else "Un stage ne suffirait pas à sauver votre permis"
        )
        pourquoi = [*_avant_la_48si(essai), *pourquoi[1:]]
    phrases = [*pourquoi, *_gain(replay, essai), *_a_savoir(replay, essai)]
    return Cas(titre, classe, phrases, _reperes(replay.au, premier, essai), None, en_francais(premier))


def _avant_la_48si(essai: Mouvement) -> Iterator[str]:
    yield (
        "Vous n'avez plus de points, mais la lettre 48SI ne vous a pas été notifiée : votre permis est encore valable, "
        "et un stage terminé avant elle compte. Présentée à votre domicile et non retirée, elle compte aussi."
    )
    if essai.solde <= 0:
        yield (
            f"Vos retraits dépassent ce qu'un stage rend : après lui, votre solde serait encore de {essai.solde}, et "
            "votre permis serait invalidé."
        )


def _gain(replay: Replay, essai: Mouvement) -> Iterator[str]:
    """What is given, and where it is capped."""
    au_plus = STAGE_POINTS.au(essai.date)
    if essai.points >= au_plus:
        return
    probatoire = replay.plafond != POINTS_MAX.au(replay.au)
    moment = " pour l'instant, parce que votre permis est probatoire" if probatoire else ""
    suite = f"vous retrouveriez donc {nombre_de_points(essai.points)}" if essai.points else "il ne vous rendrait rien"
    yield (
        f"Un stage rend {au_plus} points au plus, sans dépasser votre plafond, qui est de {essai.plafond}{moment}"
        f" : {suite}."
    )


def _a_savoir(replay: Replay, essai: Mouvement) -> Iterator[str]:
    """What to weigh before paying for a course: what is pending, and what comes back by itself."""
    en_jeu = sum(i.points for i in replay.en_attente)
    if en_jeu:
        yield (
            f"Attention : {nombre_de_points(en_jeu)} sont en jeu pour une infraction qui n'est pas encore définitive. "
            "Un stage suivi avant que ce retrait soit enregistré ne les rendra pas, et un seul stage compte par an."
        )
    if replay.etat == Etat.SUSPENDU:
        yield "Votre permis est suspendu : le stage compte, mais il ne rend pas le droit de conduire."
    retour = retour_a_douze(replay)
    if retour is not None and retour.date > essai.date:
        yield (
            f"Sans stage, vous retrouvez {retour.solde} points le {en_lettres(retour.date)}, si vous ne commettez "
            "aucune infraction d'ici là. Le stage ne change pas cette date."
        )
    elif retour is not None:
        yield f"Sans stage, vous retrouvez de toute façon {retour.solde} points le {en_lettres(retour.date)}."


def _un_par_an(replay: Replay, suite: str) -> str:
    fin = en_lettres(replay.dernier_stage) if replay.dernier_stage else ""
    return f"Votre dernier stage a pris fin le {fin} : un seul par an rend des points.{suite}"


def _reperes(au: date, premier: date, essai: Mouvement) -> list[Repere]:
    demain = "dès demain, le " if premier == au + UN_JOUR else ""
    rendus = [
        Repere("Ce qu'il rendrait", f"+{nombre_de_points(essai.points)}"),
        Repere("Points acquis", f"le {en_lettres(essai.date)}, lendemain du second jour"),
    ]
    return [
        Repere("Premier jour utile", f"{demain}{en_lettres(premier)}"),
        *(rendus if essai.points else [Repere("Ce qu'il rendrait", "aucun point")]),
        Repere("Votre solde alors", f"{max(0, essai.solde)} sur {essai.plafond}"),
    ]


def _annonce(situation: Situation, fin: date) -> Cas:
    """A second course would be lost: the one announced counts from its own day, however late it is recorded."""
    essai = essai_de_stage(situation.parcours, situation.replay.au, fin - UN_JOUR)
    if essai is not None and essai.points:
        donne = (
            f"Terminé le {en_lettres(fin)}, il rend {nombre_de_points(essai.points)}, qui compteront à partir du "
            f"{en_lettres(essai.date)} si le centre l'atteste, même enregistrés plus tard."
        )
    else:
        donne = f"Terminé le {en_lettres(fin)}, il ne devrait pourtant vous rendre aucun point, même enregistré."
    suivant = en_lettres(premier_jour_apres(fin))
    return Cas(
        "Attendez : le stage que vous avez annoncé n'est pas encore enregistré",
        NON,
        [donne, f"Un seul stage compte par an : le prochain devra commencer à partir du {suivant}."],
        [],
    )


# --- Not now ----------------------------------------------------------------------------------------------------------


def _attendre(replay: Replay) -> Cas:
    en_jeu = sum(i.points for i in replay.en_attente)
    combien = len(replay.en_attente)
    quoi = "Une infraction n'est pas encore définitive" if combien == 1 else f"{combien} infractions en attente"
    return Cas(
        "Attendez : votre retrait n'est pas encore enregistré",
        NON,
        [
            f"{quoi}, avec {nombre_de_points(en_jeu)} en jeu. Le retrait prendra effet quand l'amende sera payée, "
            "l'amende majorée émise, la composition pénale exécutée ou la condamnation définitive.",
            f"Jusque-là, votre solde est entier ({_solde(replay)} sur {replay.plafond}) : un stage ne vous rendrait "
            "rien, et aucun autre ne compterait pendant un an.",
            "Revenez quand « Mes points » montrera le retrait.",
        ],
        [],
    )


def _inutile(replay: Replay) -> Cas:
    plafond = f"Votre solde est au plafond : {_solde(replay)} sur {replay.plafond}."
    phrases = [f"{plafond} Un stage ne peut pas le dépasser, mais il compterait pour l'année."]
    if replay.plafond != POINTS_MAX.au(replay.au):
        phrases.append("Votre permis est probatoire : un stage ne fait pas monter ce plafond plus vite.")
    phrases.append(
        "Vous venez d'être verbalisé ? Votre retrait n'est pas encore enregistré : attendez de le voir dans "
        "« Mes points » avant de suivre un stage."
    )
    return Cas("Aujourd'hui, un stage ne vous rendrait rien", NON, phrases, [])


def _solde(replay: Replay) -> str:
    return nombre_de_points(replay.points or 0)
