"""« Vos stages »: each course from the day it was followed to the day its points count, or why it gives none."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.utils.timezone import localdate

from dossier.rules.calendrier import plus_mois
from dossier.rules.faits import Stage
from dossier.rules.francais import en_lettres, en_prose, insecables, jours_en_lettres
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.mots.conducteur import STAGES
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.stage import (
    jour_du_credit,
    limite_d_enregistrement,
    limite_d_envoi,
    pourquoi_sans_points,
    suites_des_ordres,
)
from dossier.rules.vocabulaire import Nature
from dossier.selectors import Situation
from stages.models import NATURE_DU_CAS, AnnonceStage, Attestation
from stages.rules.lieux import ecrire_agrement

MONTRES = 10
AVANT_NOUS = "date non communiquée"
BONNE_FOI = (
    "Vous avez suivi ce stage de bonne foi ? Écrivez à votre préfecture avec votre attestation : le Conseil d'État a "
    "jugé qu'une irrégularité de l'organisateur ne prive pas le conducteur de ses points (25 juin 2024, n° 467984)."
)
A_CORRIGER = "Demandez au centre de vérifier cette attestation : corrigée, elle sera examinée de nouveau."


class Pas(NamedTuple):
    """A step: done, or awaited."""

    nom: str
    quand: str
    fait: bool


class Suivi(NamedTuple):
    """A course. ``annonce_id``: the announcement that the driver may still withdraw."""

    titre: str
    date_fin: date
    badge: str
    classe: str
    pas: list[Pas]
    phrases: list[str]
    annonce_id: int | None = None


def suivis(situation: Situation, annonces: Iterable[AnnonceStage], attestations: Iterable[Attestation]) -> list[Suivi]:
    """The courses of a driver, last one first: recorded, refused, and announced only.

    A refused attestation of a course that is recorded since was corrected: there is nothing more to ask the centre.
    """
    par_jour = {annonce.date_fin: annonce for annonce in annonces}
    recues = list(attestations)
    tous = [_enregistre(situation, stage, par_jour, recues) for stage in situation.parcours.stages]
    enregistres = {stage.date_fin for stage in situation.parcours.stages}
    tous += [_refuse(a, par_jour) for a in recues if a.refus and a.date_fin not in enregistres]
    tous += [_annonce(a, situation.replay.au) for a in annonces_ouvertes(situation, par_jour.values(), recues)]
    tous.sort(key=lambda suivi: suivi.date_fin, reverse=True)
    return [suivi._replace(phrases=[insecables(phrase) for phrase in suivi.phrases]) for suivi in tous[:MONTRES]]


def annonces_ouvertes(
    situation: Situation, annonces: Iterable[AnnonceStage], attestations: Iterable[Attestation]
) -> list[AnnonceStage]:
    """The announced courses that nothing else speaks of yet."""
    connus = {stage.date_fin for stage in situation.parcours.stages} | {a.date_fin for a in attestations}
    return [annonce for annonce in annonces if annonce.date_fin not in connus]


def _titre(nature: str, debut: date | None, fin: date) -> str:
    if debut is None or debut == fin:
        return f"{STAGES[nature]} terminé le {en_lettres(fin)}"
    return f"{STAGES[nature]} du {jours_en_lettres(debut, fin, 'au')}"


def _suivi_le(fin: date, annonce: AnnonceStage | None) -> Pas:
    annoncee = f", annoncé le {en_lettres(localdate(annonce.announced_at))}" if annonce else ""
    return Pas("Suivi", f"terminé le {en_lettres(fin)}{annoncee}", True)


def _enregistre(
    situation: Situation, stage: Stage, par_jour: dict[date, AnnonceStage], recues: list[Attestation]
) -> Suivi:
    au, credit = situation.replay.au, jour_du_credit(stage)
    replay = situation.replay if credit <= au else rejouer(situation.parcours, credit, connu_le=au)
    attestation = next((a for a in recues if a.fait == stage.id), None)
    le = stage.enregistre_le
    recue = f"le {en_lettres(attestation.recue_le)}" if attestation else AVANT_NOUS
    refus = pourquoi_sans_points(stage, replay)
    mouvement = next((m for m in replay.mouvements if m.nature == Nature.STAGE and m.fait == stage.id), None)
    pas = [
        _suivi_le(stage.date_fin, par_jour.get(stage.date_fin)),
        Pas("Attestation reçue", recue, True),
        Pas("Enregistré", f"le {en_lettres(le)}" if le else AVANT_NOUS, True),
        _points(mouvement, refus, credit, au),
    ]
    badge, classe = ("POINTS REFUSÉS", "fr-badge--warning") if refus else ("ENREGISTRÉ", "fr-badge--success")
    phrases = [en_prose(refus)] if refus else list(_retard(le, credit))
    phrases += _reponse_a_la_48n(situation, replay, stage)
    return Suivi(_titre(stage.nature, stage.date_debut, stage.date_fin), stage.date_fin, badge, classe, pas, phrases)


def _points(mouvement: Mouvement | None, refus: str | None, credit: date, au: date) -> Pas:
    if mouvement is None or refus:
        return Pas("Points", "aucun point rendu", False)
    verbe = "comptent depuis" if credit <= au else "compteront"
    return Pas("Points", f"+{nombre_de_points(mouvement.points)}, {verbe} le {en_lettres(credit)}", credit <= au)


def _retard(le: date | None, credit: date) -> Iterator[str]:
    """Two dates that drivers take one for the other."""
    if le is not None and le > credit:
        yield (
            f"Enregistré le {en_lettres(le)}, ce stage compte pourtant depuis le {en_lettres(credit)} : la loi donne "
            "les points le lendemain du stage, quel que soit le jour de l'enregistrement."
        )


def _reponse_a_la_48n(situation: Situation, replay: Replay, stage: Stage) -> Iterator[str]:
    for suite in suites_des_ordres(replay, situation.parcours, situation.ordres_de_stage):
        if suite.suivi is not None and suite.suivi.id == stage.id:
            lettre = f"votre lettre 48N, notifiée le {en_lettres(suite.notifie_le)}"
            if suite.est_en_defaut(replay.au):
                yield f"Il répond à {lettre}, mais après son délai, qui a pris fin le {en_lettres(suite.limite)}."
            else:
                yield f"Il répond à {lettre}, dans le délai : vous n'avez plus rien à faire pour elle."


def _refuse(attestation: Attestation, par_jour: dict[date, AnnonceStage]) -> Suivi:
    nature = NATURE_DU_CAS[attestation.cas]
    recours = BONNE_FOI if "agré" in attestation.refus else A_CORRIGER
    pas = [
        _suivi_le(attestation.date_fin, par_jour.get(attestation.date_fin)),
        Pas("Attestation reçue", f"le {en_lettres(attestation.recue_le)}", True),
        Pas("Refusée", f"le {en_lettres(attestation.decidee_le)}", False),
    ]
    return Suivi(
        _titre(nature, attestation.date_debut, attestation.date_fin),
        attestation.date_fin,
        "ATTESTATION REFUSÉE",
        "fr-badge--error",
        pas,
        [en_prose(attestation.refus), recours],
    )


def _annonce(annonce: AnnonceStage, au: date) -> Suivi:
    """Nothing is known of it but what the driver says."""
    limite = limite_d_envoi(annonce.date_fin)
    if au > plus_mois(annonce.date_fin, 1):
        suite = (
            "Plus d'un mois après, aucune attestation n'est arrivée : demandez au centre la preuve de son envoi. La "
            "préfecture voit aussi ce retard."
        )
    elif au > limite:
        suite = "Le délai du centre est passé : relancez-le. La préfecture voit aussi ce retard."
    else:
        suite = "Le centre a quinze jours pour l'envoyer à la préfecture, qui a ensuite un mois pour l'enregistrer."
    attendu = Pas("Attestation", f"attendue au plus tard le {en_lettres(limite)}", False)
    enregistrement = Pas("Enregistrement", f"au plus tard le {en_lettres(limite_d_enregistrement(limite))}", False)
    centre = f"Agrément n° {ecrire_agrement(annonce.agrement)}. Gardez votre exemplaire de l'attestation."
    if not annonce.departement:
        centre += " Ce numéro ne figure sur aucune liste enregistrée ici : vérifiez-le."
    compte = "Une fois enregistré, ce stage comptera à partir du lendemain de son second jour, même enregistré tard."
    return Suivi(
        f"{STAGES[annonce.nature]} terminé le {en_lettres(annonce.date_fin)}",
        annonce.date_fin,
        "ATTESTATION ATTENDUE",
        "fr-badge--info",
        [_suivi_le(annonce.date_fin, annonce), attendu, enregistrement],
        [suite, centre, compte],
        annonce.pk,
    )
