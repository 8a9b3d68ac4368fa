"""The movements, one line each: what happened, what it changed, when it comes back, and the rule behind it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypedDict

from django.utils.timezone import localdate

from dossier.fabrique import FaitDit
from dossier.presenters.panneau import PAS
from dossier.presenters.reserve import RESERVE_DEPLACE, avec_reserve
from dossier.rules.articles import article_adresse, article_lisible
from dossier.rules.calendrier import plus_ans
from dossier.rules.faits import Infraction, Parcours, Retrait, Stage
from dossier.rules.francais import en_francais, en_lettres, en_prose, insecables, signe
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.mots.conducteur import DEPLACE, FAITS, NATURES
from dossier.rules.mouvements import Cause, DixAns, Mouvement, Reconstitution, UnPoint, titre_de_ligne
from dossier.rules.prevision import est_conditionnel
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import FINS, Nature
from dossier.selectors import Correction, Situation

HISTORIQUE_ANS = 10
PAR_PAGE = 25

PLUS, MOINS = "mp-jeton mp-jeton--plus", "mp-jeton mp-jeton--moins"
ZERO, CORRIGEE = "mp-jeton", "mp-jeton mp-jeton--corrigee"


class Ligne(TypedDict):
    """One movement: ``variation`` with its sign and the class of its token, whole, and its story.

    A dictionary of texts: a page may hold many, and a template reads those fastest. ``plein`` and ``longueur`` draw the
    small gauge; ``plafond`` is empty where there is none.
    """

    date: str
    variation: str
    jeton: str
    titre: str
    details: str
    retour: str
    solde: str
    plafond: str
    plein: str
    longueur: str
    explication: str
    lettres: str
    article: str
    adresse: str
    condition: str
    deplace: str


class Page(NamedTuple):
    """A part of the history, and the numbers of the parts before and after it (0: none)."""

    lignes: list[Ligne]
    numero: int
    combien: int
    total: int
    plus_recents: int
    plus_anciens: int


class Attente(NamedTuple):
    """An offence that is not final yet: it has withdrawn nothing so far."""

    date: str
    titre: str
    lieu: str
    points: str


def historique(situation: Situation, *, corrections: Sequence[Correction], page: int = 1) -> Page:
    """The movements of the last ten years, newest first, with the lines that no longer stand in their place."""
    depuis = plus_ans(situation.replay.au, -HISTORIQUE_ANS)
    tenus = [m for m in reversed(situation.replay.mouvements) if m.date >= depuis]
    entrees: list[tuple[date, Mouvement | Correction]] = [(m.date, m) for m in tenus]
    if corrections:
        entrees += [(c.ligne.date, c) for c in corrections if c.ligne.date >= depuis]
        entrees.sort(key=lambda entree: entree[0], reverse=True)
    combien = max(1, -(-len(entrees) // PAR_PAGE))
    numero = min(max(1, page), combien)
    conteur = _Conteur(situation.replay, situation.parcours, situation.lettres)
    return Page(
        lignes=[conteur(entree) for _, entree in entrees[PAR_PAGE * (numero - 1) : PAR_PAGE * numero]],
        numero=numero,
        combien=combien,
        total=len(entrees),
        plus_recents=numero - 1,
        plus_anciens=numero + 1 if numero < combien else 0,
    )


def debut_historique(au: date) -> str:
    return en_lettres(plus_ans(au, -HISTORIQUE_ANS))


def prevision(situation: Situation) -> list[Ligne]:
    """What comes back, soonest first, each with its condition."""
    return lignes_prevues(situation.replay, situation.parcours)


def lignes_prevues(replay: Replay, parcours: Parcours) -> list[Ligne]:
    """The same for facts that are nobody's: the public calculator's."""
    conteur = _Conteur(replay, parcours)
    return [
        conteur(m) | {"condition": _condition(m), "deplace": insecables(_deplace(m, replay)), "retour": ""}
        for m in replay.prevision
    ]


def en_attente(situation: Situation) -> list[Attente]:
    """The offences that are not final, newest first."""
    return [
        Attente(
            date=en_lettres(i.date_commission),
            titre=i.libelle or NATURES[Nature.RETRAIT],
            lieu=i.lieu or "",
            points=nombre_de_points(i.points),
        )
        for i in sorted(situation.replay.en_attente, key=lambda i: (i.date_commission, i.id), reverse=True)
    ]


def sans_effet(situation: Situation) -> list[str]:
    """What is recorded and changes nothing, each with its reason."""
    return [en_prose(anomalie.raison) for anomalie in situation.replay.anomalies]


def _deplace(mouvement: Mouvement, replay: Replay) -> str:
    return RESERVE_DEPLACE if replay.lettre_48si else DEPLACE[mouvement.nature]


def _condition(mouvement: Mouvement) -> str:
    if est_conditionnel(mouvement):
        return "Si vous ne commettez d'ici là aucune infraction entraînant un retrait de points."
    if mouvement.nature == Nature.STAGE:
        return "Votre stage est terminé\u00a0: ces points sont acquis."
    return "Quoi qu'il arrive d'ici là, tant que votre permis reste valable."


class _Conteur:
    """Tells the movements of one replay; holds what a line needs to know of the others."""

    def __init__(self, replay: Replay, parcours: Parcours, lettres: Sequence[FaitDit] = ()) -> None:
        self.faits = _par_id(parcours)
        self.replay, self.retours = replay, _retours(replay)
        self.lettres: dict[tuple[str, bool], list[str]] = {}
        for lettre in lettres:
            if lettre.get("fait"):
                cle = lettre["fait"], lettre["reference"].startswith("48")
                self.lettres.setdefault(cle, []).append(_lettre(lettre))

    def __call__(self, entree: Mouvement | Correction) -> Ligne:
        return self._correction(entree) if isinstance(entree, Correction) else self._mouvement(entree)

    def _mouvement(self, m: Mouvement) -> Ligne:
        fait = self.faits.get(m.fait or "")
        titre, details = m.titre, ""
        if isinstance(fait, Infraction):
            commise = f"le {en_lettres(fait.date_commission)}"
            if m.nature == Nature.RETRAIT:
                titre = fait.libelle or titre
                details = f"{fait.lieu}, {commise}" if fait.lieu else f"Infraction commise {commise}"
            else:
                details = f"Infraction commise {commise}" + (f" : {fait.libelle}" if fait.libelle else "")
        elif isinstance(fait, Stage):
            details = f"Stage terminé le {en_lettres(fait.date_fin)}"
        points = 0 if m.nature in FINS else m.points  # back to nothing is neither a gain nor a loss
        solde = max(0, m.solde)
        rendus = self.retours.get(m.fait) if m.nature == Nature.RETRAIT else None
        return Ligne(
            date=en_francais(m.date),
            variation=signe(points),
            jeton=PLUS if points > 0 else MOINS if points else ZERO,
            titre=titre,
            details=insecables(details),
            retour=_retour(*rendus, self.replay) if rendus else "",
            solde=str(solde),
            plafond=str(m.plafond or ""),
            plein=str(PAS * solde),
            longueur=str(PAS * m.plafond),
            explication=en_prose(m.explication),
            lettres=" ".join(self.lettres.get((m.fait or "", m.nature == Nature.RETRAIT), ())),
            article=article_lisible(m.article),
            adresse=article_adresse(m.article),
            condition="",
            deplace="",
        )

    def _correction(self, c: Correction) -> Ligne:
        """A line as it was shown, struck through, and why it no longer stands."""
        montree, corrigee = en_lettres(localdate(c.ligne.recorded_at)), en_lettres(localdate(c.corrigee_at))
        fait = self.faits.get(c.ligne.fait or "")
        titre = fait.libelle if isinstance(fait, Infraction) and c.ligne.nature == Nature.RETRAIT else None
        appris = [phrase for contenu in c.appris if (phrase := _appris(contenu))]
        cause = f"Nous avons appris depuis {' et '.join(appris)}. " if appris else ""
        return Ligne(
            date=en_francais(c.ligne.date),
            variation=signe(c.ligne.points),
            jeton=CORRIGEE,
            titre=titre or titre_de_ligne(c.ligne.nature, c.ligne.article),
            details=f"Ligne corrigée le {corrigee}\u00a0: elle ne compte plus.",
            retour="",
            solde="",
            plafond="",
            plein="",
            longueur="",
            explication=f"Votre historique montrait cette ligne depuis le {montree}. {cause}"
            "Le calcul a été refait comme si on l'avait toujours su, et votre solde d'aujourd'hui en tient compte.",
            lettres="",
            article=article_lisible(c.ligne.article),
            adresse=article_adresse(c.ligne.article),
            condition="",
            deplace="",
        )


def _par_id(parcours: Parcours) -> dict[str, Infraction | Stage]:
    faits: dict[str, Infraction | Stage] = {i.id: i for i in parcours.infractions}
    return faits | {s.id: s for s in parcours.stages}


def _retours(replay: Replay) -> dict[str | None, tuple[int, Mouvement]]:
    """For each offence, its points and the first movement that gives some of them back."""
    retours: dict[str | None, tuple[int, Mouvement]] = {}
    for m in (*replay.mouvements, *replay.prevision):
        for retrait in _rendus(m.cause) if m.points else ():
            retours.setdefault(retrait.infraction.id, (retrait.points, m))
    return retours


def _rendus(cause: Cause) -> Sequence[Retrait]:
    """The withdrawals whose points a movement gives back."""
    match cause:
        case UnPoint(retrait) | DixAns(retrait):
            return [retrait]
        case Reconstitution(retraits):
            return retraits
        case _:
            return ()


def _retour(points: int, mouvement: Mouvement, replay: Replay) -> str:
    """« Ces 3 points reviennent le …, si vous ne commettez aucune infraction d'ici là. »"""
    sujet, pluriel = ("Ce point", "") if points == 1 else (f"Ces {nombre_de_points(points)}", "s")
    jour = en_lettres(mouvement.date)
    if mouvement.date <= replay.au:
        return f"{sujet} {'sont' if pluriel else 'est'} revenu{pluriel} le {jour}."
    condition = ", si vous ne commettez aucune infraction d'ici là" if est_conditionnel(mouvement) else ""
    return f"{sujet} {'reviennent' if pluriel else 'revient'} le {jour}{avec_reserve(condition, replay)}."


def _lettre(lettre: FaitDit) -> str:
    """« Lettre 48 envoyée le …, notifiée le …. »"""
    etapes = [
        f"{verbe} le {en_lettres(date.fromisoformat(lettre[champ]))}"
        for champ, verbe in (
            ("date_envoi", "envoyée"),
            ("date_presentation", "présentée"),
            ("date_notification", "notifiée"),
        )
        if lettre.get(champ) and not (champ == "date_presentation" and lettre[champ] == lettre.get("date_notification"))
    ]
    return f"Lettre {lettre['reference']} {', '.join(etapes) or 'enregistrée, sans date connue'}."


def _appris(contenu: FaitDit) -> str:
    mot, champ = FAITS.get(contenu["type"], ("", ""))
    return f"{mot} {en_lettres(date.fromisoformat(contenu[champ]))}" if mot else ""
