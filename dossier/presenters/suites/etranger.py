"""A foreign licence: its points in France, the interdiction that may come, and the French licence exchanged abroad."""

from collections.abc import Iterator

from django.urls import reverse

from dossier.presenters.suites.formes import AVIS, GRAVE, Alerte, Etape, fin_de_permis
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.capital import fin_de_l_interdiction
from dossier.rules.francais import ans_en_lettres, en_lettres
from dossier.rules.parametres import INTERDICTION_ANS, POINTS_MAX
from dossier.rules.pays import nom_du_pays
from dossier.rules.vocabulaire import Etat
from dossier.selectors import Situation

PAS_ENCORE = " Elle ne l'est pas encore : vous pouvez conduire, et un stage terminé avant elle compte."
PAS_ENCORE_SUSPENDU = " Elle ne l'est pas encore : un stage terminé avant elle compte."


def capital_etranger(situation: Situation) -> Iterator[Alerte]:
    """What these points are, what may happen, and which documents there are."""
    replay = situation.replay
    if not replay.etranger:
        return
    licence = next(li for li in reversed(replay.licences) if li.etranger)
    assert licence.etranger is not None
    pays = nom_du_pays(licence.etranger.pays)
    maximum, ouverture = POINTS_MAX.au(licence.debut), en_lettres(licence.debut)
    nul = replay.solde is not None and replay.solde <= 0
    pas_encore = (PAS_ENCORE_SUSPENDU if replay.suspensions else PAS_ENCORE) if nul else ""
    un_an = ans_en_lettres(INTERDICTION_ANS.au(replay.au))
    yield Alerte(
        "Vous n'avez plus de points pour conduire en France"
        if nul
        else "Votre permis étranger a des points, en France seulement",
        [
            f"Vous conduisez avec un permis étranger{f' ({pays})' if pays else ''}. Depuis le {ouverture}, les "
            f"infractions à points commises en France comptent sur {maximum} points ouverts ici (article "
            "L.\u00a0223-10 du Code de la route) : votre permis lui-même n'y perd rien dans le pays qui l'a délivré.",
            "La lettre 48SI ne vous concerne pas : elle n'invalide qu'un permis français. À zéro point, c'est une "
            f"interdiction de circuler en France pendant {un_an} qui vous est notifiée.{pas_encore}",
            "L'attestation ADCS et le relevé RIR ne disent que les droits d'un permis français : il n'y en a pas pour "
            "vous. Votre relevé intégral (RII) contient tout.",
        ],
        GRAVE if nul else AVIS,
    )


def interdit(situation: Situation) -> Iterator[Alerte]:
    """A year without driving in France, and what comes after."""
    replay = situation.replay
    if replay.etat != Etat.INTERDIT:
        return
    notifiee = fin_de_permis(replay)
    reprise = fin_de_l_interdiction(notifiee)
    yield Alerte(
        f"Vous ne pouvez plus conduire en France jusqu'au {en_lettres(reprise - UN_JOUR)} inclus",
        [
            f"L'interdiction de circuler vous a été notifiée le {en_lettres(notifiee)}, parce que vos points en France "
            f"étaient épuisés. Elle dure {ans_en_lettres(INTERDICTION_ANS.au(notifiee))} (article "
            "L.\u00a0223-10 du Code de la route).",
            "Conduire en France malgré elle est un délit, et le véhicule peut être immobilisé. Votre permis étranger "
            "reste valable dans le pays qui l'a délivré.",
        ],
        GRAVE,
    )


def suite_interdit(situation: Situation) -> list[Etape]:
    """The capital that opens again."""
    reprise = next(iter(situation.replay.prevision), None)
    if reprise is None:
        texte = "L'interdiction prend fin. Le dossier ne dit pas que vous tenez encore un permis étranger."
        return [Etape(f"Le {en_lettres(fin_de_l_interdiction(fin_de_permis(situation.replay)))}", texte, True)]
    texte = f"L'interdiction prend fin, et {reprise.solde} points vous sont affectés de nouveau, sans démarche."
    return [Etape(f"Le {en_lettres(reprise.date)}", texte, True, prevue=True)]


def echange(situation: Situation) -> Iterator[Alerte]:
    """The French licence became a foreign one: its points are gone with it."""
    replay = situation.replay
    if replay.etat != Etat.ECHANGE:
        return
    fin = replay.licences[-1].fin
    assert fin is not None
    pays = nom_du_pays(fin.pays)
    yield Alerte(
        "Votre permis français a été échangé contre un permis étranger",
        [
            f"L'échange a eu lieu le {en_lettres(fin.jour)}{f' ({pays})' if pays else ''} : c'est ce permis étranger "
            "qui vous permet de conduire, selon les règles du pays qui l'a délivré. Votre permis français n'existe "
            "plus, ni ses points.",
            "Vous n'avez rien échangé ? Signalez-le.",
        ],
        AVIS,
        ("Le signaler", reverse("signalement_nouveau")),
    )


def suite_echange(situation: Situation) -> list[Etape]:
    """What to do for a French licence again."""
    return [
        Etape(
            "Si vous revenez vivre en France",
            "Votre permis étranger y est reconnu, ou s'échange contre un permis français, selon le pays qui l'a "
            "délivré : la demande se fait sur le site de l'ANTS.",
            False,
        )
    ]
