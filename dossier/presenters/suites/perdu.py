"""The licence is lost: a 48SI notified, or a judge's decision; and who never had one."""

from collections.abc import Iterator

from django.urls import reverse

from dossier.presenters.suites.formes import GRAVE, Alerte, Etape, fin_de_permis, remise, retour_de
from dossier.rules.francais import ans_en_lettres, en_lettres, en_toutes_lettres, mois_en_lettres
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.parametres import (
    CAPITAL_INITIAL,
    DELAI_PROBATOIRE_MOIS,
    JOURS_FRANCS_REMISE,
    MAJORATION_AAC_POINTS,
    MAJORATION_POINTS,
    POINTS_MAX,
    RECOURS_MOIS,
)
from dossier.rules.recours import dernier_jour_de_recours
from dossier.rules.vocabulaire import Etat
from dossier.selectors import Situation


def invalide(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    if replay.etat != Etat.INVALIDE:
        return
    notification = fin_de_permis(replay)
    phrases = [f"La lettre 48SI vous a été notifiée le {en_lettres(notification)}, faute de points."]
    remis_le = remise(situation, notification)
    limite = dernier_jour_de_remise(notification)
    francs = en_toutes_lettres(JOURS_FRANCS_REMISE.au(notification))
    if remis_le:
        suite = retour_de(situation)
        assert suite is not None
        assert suite.autorise_le is not None
        phrases.append(
            f"Vous avez remis votre permis le {en_lettres(remis_le)}. Un nouveau permis pourra vous être délivré à "
            f"partir du {en_lettres(suite.autorise_le)}, si un examen médical et psychotechnique vous déclare apte."
        )
    elif replay.au <= limite:
        phrases.append(
            f"Remettez votre permis à votre préfecture au plus tard le {en_lettres(limite)} : {francs} jours francs "
            "après la réception de la lettre. Le délai avant un nouveau permis ne court qu'à partir de cette remise."
        )
    else:
        phrases.append(
            f"Le délai pour remettre votre permis à votre préfecture a pris fin le {en_lettres(limite)} : remettez-le "
            "sans attendre. Le délai avant un nouveau permis ne court qu'à partir de cette remise."
        )
    fin = dernier_jour_de_recours(notification)
    if replay.au <= fin:
        phrases.append(
            f"Vous pouvez contester cette décision jusqu'au {en_lettres(fin)} inclus : "
            f"{mois_en_lettres(RECOURS_MOIS.au(notification))} francs après sa notification."
        )
    yield Alerte("Votre permis n'est plus valable : vous ne pouvez plus conduire", phrases, GRAVE, _lien())


def annule(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    if replay.etat != Etat.ANNULE:
        return
    effet = fin_de_permis(replay)
    phrases = [f"Un juge a annulé votre permis, avec effet le {en_lettres(effet)}."]
    suite = retour_de(situation)
    if suite and suite.mois and suite.autorise_le:
        phrases.append(f"Vous ne pouvez pas demander de nouveau permis avant le {en_lettres(suite.autorise_le)}.")
    else:
        phrases.append("La décision du juge dit à partir de quand vous pouvez demander un nouveau permis.")
    if not remise(situation, effet):
        phrases.append("Remettez votre permis à la préfecture, si ce n'est déjà fait.")
    yield Alerte("Votre permis est annulé : vous ne pouvez plus conduire", phrases, GRAVE, _lien())


def _lien() -> tuple[str, str]:
    return "Retrouver un permis, étape par étape", reverse("dossier:retrouver")


def sans_permis(situation: Situation) -> list[Etape]:
    au = situation.replay.au
    return [
        Etape(
            "Le jour de votre permis",
            f"Il portera {CAPITAL_INITIAL.au(au)} points, puis {MAJORATION_POINTS.au(au)} ou "
            f"{MAJORATION_AAC_POINTS.au(au)} de plus chaque année sans infraction, jusqu'à {POINTS_MAX.au(au)}.",
            True,
            ("Comprendre le permis probatoire", reverse("comprendre")),
        )
    ]


def permis_perdu(situation: Situation) -> list[Etape]:
    au = situation.replay.au
    return [
        Etape(
            "Votre prochain permis",
            f"Il aura ses propres points : {CAPITAL_INITIAL.au(au)} au départ, avec un délai probatoire de "
            f"{ans_en_lettres(DELAI_PROBATOIRE_MOIS.au(au) // 12)}. Les retraits d'avant n'y compteront plus.",
            True,
            ("Comprendre ce qui suit une perte de permis", reverse("comprendre")),
        )
    ]
