"""The driver's pages as plain values: what a template prints, decided here and tested without one."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypedDict

from dossier.models import Mouvement as MouvementPoste
from dossier.rules.calendrier import en_francais, plus_ans
from dossier.rules.explications import points as nombre_de_points
from dossier.rules.faits import Infraction, Mouvement, Parcours, Replay, Stage
from dossier.rules.prevision import est_conditionnel, retour_a_douze
from dossier.rules.solde import suspensions_en_cours
from dossier.selectors import Situation

HISTORIQUE_ANS = 10

LIBELLES = {
    "capital_initial": "Obtention du permis de conduire",
    "majoration_probatoire": "Majoration du permis probatoire",
    "fin_delai_probatoire": "Fin du délai probatoire",
    "retrait": "Infraction entraînant un retrait de points",
    "reattribution_dix_ans": "Restitution automatique de points à 10 ans",
    "recuperation_stage": "Stage de sensibilisation à la sécurité routière",
    "invalidation": "Invalidation du permis pour solde de points nul",
    "annulation": "Annulation judiciaire du permis",
}


#: The end of a licence: points, solde and plafond go to nothing.
FINS = frozenset({"invalidation", "annulation"})


class Etat(NamedTuple):
    """The right to drive: badge, sentence, and the badge's class, whole: the style sheet keeps the classes it reads."""

    badge: str
    phrase: str
    classe: str


ETATS = {
    "sans_permis": Etat("AUCUN PERMIS", "Aucun permis de conduire n'est enregistré à votre nom.", "fr-badge--info"),
    "valide": Etat("VALIDE", "Permis de conduire valide.", "fr-badge--success"),
    "solde_nul": Etat(
        "VALIDE",
        "Permis de conduire valide tant que la lettre 48SI ne vous a pas été notifiée, malgré un solde nul.",
        "fr-badge--warning",
    ),
    "suspendu": Etat(
        "SUSPENDU",
        "Permis de conduire suspendu : vous n'avez pas le droit de conduire. Vos points ne changent pas.",
        "fr-badge--error",
    ),
    "invalide": Etat(
        "INVALIDÉ",
        "Permis de conduire invalidé, faute de points : vous n'avez plus le droit de conduire.",
        "fr-badge--error",
    ),
    "annule": Etat(
        "ANNULÉ", "Permis de conduire annulé par un juge : vous n'avez plus le droit de conduire.", "fr-badge--error"
    ),
}


SUSPENDU_ET_NUL = Etat(
    "SUSPENDU",
    "Permis de conduire suspendu : vous n'avez pas le droit de conduire. De plus, votre solde est nul : le permis sera "
    "invalidé quand la lettre 48SI vous sera notifiée.",
    "fr-badge--error",
)


class Ligne(TypedDict):
    """One movement: ``variation`` with its sign, ``signe`` (plus, moins, zero), and its story.

    A dictionary of texts: a page may hold hundreds, and a template reads those fastest.
    """

    date: str
    variation: str
    signe: str
    titre: str
    details: str
    solde: str
    explication: str
    article: str
    condition: str


class Attente(NamedTuple):
    """An offence that is not final yet: it has withdrawn nothing so far."""

    date: str
    titre: str
    lieu: str
    points: str


class Correction(NamedTuple):
    """A line that was shown, and is no longer right."""

    date: str
    titre: str
    explication: str


class Solde(NamedTuple):
    """The top of the page. ``points`` is None without a licence."""

    points: int | None
    plafond: int | None
    chiffre: str
    phrase: str
    etat: Etat
    mis_a_jour: str
    stage_eligible: bool
    stage: str
    retour: str
    jauge_pleine: int
    jauge_longueur: int


@lru_cache(maxsize=100)
def article_lisible(article: str) -> str:
    """« L223-6 al. 3 » as it is written: « article L. 223-6, al. 3 du Code de la route »."""
    numero, _, partie = article.partition(" ")
    if partie == "code pénal":
        return f"article {numero} du Code pénal"
    suite = f", {partie}" if partie.startswith(("al.", "dernier")) else f" {partie}" if partie else ""
    return f"article {numero[0]}.\u00a0{numero[1:]}{suite} du Code de la route"


def solde(situation: Situation) -> Solde:
    replay = situation.replay
    pleine, longueur = replay.points or 0, replay.plafond or 12
    retour = retour_a_douze(replay)
    return Solde(
        points=replay.points,
        plafond=replay.plafond,
        chiffre=_chiffre(replay),
        phrase=insecables(_phrase_solde(replay)),
        etat=_etat(situation),
        mis_a_jour=en_francais(situation.dossier.mis_a_jour_le),
        stage_eligible=situation.stage.eligible,
        stage=insecables(situation.stage.explication),
        retour=en_francais(retour.date) if retour else "",
        jauge_pleine=10 * pleine,
        jauge_longueur=10 * longueur,
    )


def insecables(texte: str) -> str:
    """A sentence with the no-break spaces that French wants before « : ; ? ! »."""
    for signe in ":;?!":
        texte = texte.replace(f" {signe}", f"\u00a0{signe}")
    return texte


def _etat(situation: Situation) -> Etat:
    """The right to drive. A solde nul does not hide a suspension: the driver would take the road without the right."""
    replay = situation.replay
    etat = ETATS[replay.etat]
    if replay.etat == "solde_nul" and suspensions_en_cours(situation.parcours.suspensions, replay.au):
        etat = SUSPENDU_ET_NUL
    return etat._replace(phrase=insecables(etat.phrase))


def _chiffre(replay: Replay) -> str:
    """The large figure: « 9/12 », « 0 » once the licence has ended, a dash without one."""
    if replay.points is None:
        return "–"
    return f"{replay.points}/{replay.plafond}" if replay.plafond else "0"


def _phrase_solde(replay: Replay) -> str:
    """The solde in words, with what decides its plafond."""
    if replay.points is None:
        return "Aucun point : aucun permis de conduire n'est enregistré"
    if replay.etat in ("invalide", "annule"):
        return "Ce permis ne porte plus de points"
    phrase = f"{nombre_de_points(replay.points)} sur {replay.plafond}"
    if replay.fin_delai_probatoire is not None:
        fin = en_francais(replay.fin_delai_probatoire)
        return f"{phrase}, plafond de votre permis probatoire jusqu'au {fin}"
    return phrase


def historique(situation: Situation) -> list[Ligne]:
    """The movements of the last ten years, newest first."""
    depuis = plus_ans(situation.replay.au, -HISTORIQUE_ANS)
    faits = _par_id(situation.parcours)
    return [_ligne(m, faits) for m in reversed(situation.replay.mouvements) if m.date >= depuis]


def debut_historique(au: date) -> str:
    return en_francais(plus_ans(au, -HISTORIQUE_ANS))


def prevision(situation: Situation) -> list[Ligne]:
    """What comes back, soonest first, each with its condition."""
    return lignes_prevues(situation.replay, situation.parcours)


def lignes_prevues(replay: Replay, parcours: Parcours) -> list[Ligne]:
    """The same for facts that are nobody's: the public calculator's."""
    faits = _par_id(parcours)
    return [_ligne(m, faits) | {"condition": _condition(m)} for m in replay.prevision]


def _condition(mouvement: Mouvement) -> str:
    if est_conditionnel(mouvement):
        return "Si vous ne commettez d'ici là aucune infraction entraînant un retrait de points."
    if mouvement.nature == "recuperation_stage":
        return "Votre stage est terminé\u00a0: ces points sont acquis."
    return "Quoi qu'il arrive d'ici là, tant que votre permis reste valable."


def en_attente(situation: Situation) -> list[Attente]:
    return [
        Attente(
            date=en_francais(i.date_commission),
            titre=i.libelle or LIBELLES["retrait"],
            lieu=i.lieu or "",
            points=nombre_de_points(i.points),
        )
        for i in sorted(situation.replay.en_attente, key=lambda i: (i.date_commission, i.id), reverse=True)
    ]


def corrections(postees: Sequence[MouvementPoste]) -> list[Correction]:
    return [
        Correction(
            date=en_francais(c.recorded_at.date()),
            titre=f"{_libelle(c.corrige.nature, c.corrige.article)} du {en_francais(c.corrige.date)}",
            explication=insecables(c.explication),
        )
        for c in postees
        if c.corrige is not None
    ]


def _par_id(parcours: Parcours) -> dict[str, Infraction | Stage]:
    faits: dict[str, Infraction | Stage] = {i.id: i for i in parcours.infractions}
    return faits | {s.id: s for s in parcours.stages}


def _ligne(mouvement: Mouvement, faits: dict[str, Infraction | Stage]) -> Ligne:
    fait = faits.get(mouvement.fait or "")
    titre, details = _libelle(mouvement.nature, mouvement.article, mouvement), ""
    if isinstance(fait, Infraction):
        commise = f"le {en_francais(fait.date_commission)}"
        if mouvement.nature == "retrait":
            titre = fait.libelle or titre
            details = f"{fait.lieu}, {commise}" if fait.lieu else f"Infraction commise {commise}"
        else:
            details = f"Infraction du {en_francais(fait.date_commission)}"
            details += f" : {fait.libelle}" if fait.libelle else ""
    elif isinstance(fait, Stage):
        details = f"Stage terminé le {en_francais(fait.date_fin)}"
    points = 0 if mouvement.nature in FINS else mouvement.points  # back to nothing is neither a gain nor a loss
    return Ligne(
        date=en_francais(mouvement.date),
        variation=f"+{points}" if points > 0 else f"\u2212{-points}" if points else "0",
        signe="plus" if points > 0 else "moins" if points else "zero",
        titre=titre,
        details=insecables(details),
        solde=f"{max(0, mouvement.solde)}/{mouvement.plafond}" if mouvement.plafond else "0",
        explication=insecables(mouvement.explication),
        article=article_lisible(mouvement.article),
        condition="",
    )


def _libelle(nature: str, article: str, mouvement: Mouvement | None = None) -> str:
    """The title of a movement, in the words of the real service where it has one."""
    if nature == "reconstitution_totale":
        return f"Reconstitution totale du solde à {3 if article.endswith('al. 2') else 2} ans"
    if nature == "reattribution_un_point":
        un_an = False
        if mouvement is not None:
            (retrait,) = mouvement.motif[1]
            un_an = plus_ans(retrait.date_definitive, 1) == mouvement.date
        return f"Restitution automatique d'un point à {12 if un_an else 6} mois"
    return LIBELLES[nature]
