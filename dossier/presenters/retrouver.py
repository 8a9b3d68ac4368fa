"""« Retrouver un permis »: what whoever lost it does this week, before a new one may come, and after, with the days."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from dossier.presenters.suites.formes import remise, retour_de
from dossier.rules.calendrier import plus_mois
from dossier.rules.francais import ans_en_lettres, en_lettres, en_prose, mois_en_lettres
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.parametres import (
    CAPITAL_INITIAL,
    DELAI_PROBATOIRE_MOIS,
    DISPENSE_ANCIENNETE_ANS,
    DISPENSE_DEMANDE_MOIS,
    DISPENSE_INTERDICTION_MOIS,
)
from dossier.rules.recours import dernier_jour_de_recours
from dossier.rules.retour import Retour
from dossier.selectors import Situation


class Marche(NamedTuple):
    """One thing to do: ``article`` says by which text."""

    titre: str
    texte: str
    article: str


class Moment(NamedTuple):
    """A time of the way back, and what is done then."""

    quand: str
    marches: list[Marche]


class Retrouver(NamedTuple):
    """The page: in one sentence, then moment by moment."""

    resume: str
    moments: list[Moment]
    contestable: bool


def retrouver(situation: Situation) -> Retrouver | None:
    """The way back to a licence; None for whoever has not lost one."""
    suite = retour_de(situation)
    if suite is None:
        return None
    autorise = en_lettres(suite.autorise_le) if suite.autorise_le else ""
    ouvert = suite.autorise_le is not None and suite.autorise_le <= situation.replay.au
    attente = f"D'ici au {autorise}" if autorise else "Pendant l'attente"
    avant = "Dès maintenant" if ouvert else attente
    apres = f"Depuis le {autorise}" if ouvert else f"À partir du {autorise}"
    moments = [
        Moment("Cette semaine", list(_cette_semaine(situation, suite))),
        Moment(avant, list(_avant(suite))),
        Moment(apres if autorise else "Ensuite", list(_apres(suite, situation.replay.au))),
    ]
    moments = [
        Moment(en_prose(m.quand), [Marche(en_prose(x.titre), en_prose(x.texte), x.article) for x in m.marches])
        for m in moments
    ]
    return Retrouver(en_prose(_resume(suite, situation.replay.au)), moments, _contestable(suite, situation.replay.au))


def _contestable(suite: Retour, au: date) -> bool:
    """Before the administrative court, and still in time: a judge's decision has other ways."""
    return not suite.par_un_juge and au <= dernier_jour_de_recours(suite.perdu_le)


def _resume(suite: Retour, au: date) -> str:
    if suite.autorise_le is not None and suite.autorise_le <= au:
        return f"Vous pouvez obtenir un nouveau permis depuis le {en_lettres(suite.autorise_le)}."
    if suite.autorise_le is not None:
        return f"Vous pourrez obtenir un nouveau permis à partir du {en_lettres(suite.autorise_le)}."
    if suite.par_un_juge:
        return "La décision du juge dit à partir de quand vous pouvez demander un nouveau permis."
    assert suite.mois is not None
    jour = en_lettres(plus_mois(au, suite.mois))
    return (
        f"Vous pourrez obtenir un nouveau permis {mois_en_lettres(suite.mois)} après avoir remis l'ancien : remis "
        f"aujourd'hui, ce serait le {jour}."
    )


def _cette_semaine(situation: Situation, suite: Retour) -> Iterator[Marche]:
    au, remis_le = situation.replay.au, remise(situation, suite.perdu_le)
    yield Marche(
        "Ne conduisez plus",
        "Conduire malgré la perte du permis est un délit, et l'assurance peut refuser de vous couvrir.",
        "L. 223-5" if not suite.par_un_juge else "",
    )
    if remis_le:
        yield Marche("Permis remis", f"C'est fait, le {en_lettres(remis_le)}.", "L. 223-5" * (not suite.par_un_juge))
    elif suite.par_un_juge:
        yield Marche("Remettez votre permis", "À la préfecture, si ce n'est déjà fait.", "")
    else:
        limite = dernier_jour_de_remise(suite.perdu_le)
        tard = " Ce jour est passé : remettez-le sans attendre." if limite < au else ""
        yield Marche(
            "Remettez votre permis à votre préfecture",
            f"Au plus tard le {en_lettres(limite)}.{tard} Le délai avant un nouveau permis ne court qu'à partir de "
            "cette remise : demandez-en un récépissé.",
            "R. 223-3",
        )
    if _contestable(suite, au):
        fin = dernier_jour_de_recours(suite.perdu_le)
        yield Marche(
            "Contestez, si vous pensez que la lettre se trompe",
            f"Jusqu'au {en_lettres(fin)} inclus, devant le tribunal administratif. Cela ne suspend pas la décision.",
            "",
        )


def _avant(suite: Retour) -> Iterator[Marche]:
    yield Marche(
        "Voyez un médecin, puis passez l'examen psychotechnique",
        "Prenez rendez-vous devant la commission médicale de votre préfecture si l'alcool ou les stupéfiants sont en "
        "cause, chez un médecin agréé sinon. Il vous prescrit l'examen psychotechnique, en lit le résultat, puis donne "
        "son avis. Ils sont à vos frais.",
        "R. 224-21",
    )
    if suite.sans_pratique:
        ans = ans_en_lettres(DISPENSE_ANCIENNETE_ANS.au(suite.perdu_le))
        moins = mois_en_lettres(DISPENSE_INTERDICTION_MOIS.au(suite.perdu_le))
        epreuves = "l'épreuve théorique (le code) seulement. L'épreuve pratique vous est épargnée : vous aviez votre "
        epreuves += f"permis depuis {ans} ou plus, et l'attente est de moins de {moins}"
    else:
        epreuves = "l'épreuve théorique (le code), puis l'épreuve pratique (la conduite)"
    yield Marche(
        "Inscrivez-vous à l'examen",
        f"La demande se fait sur le site de l'ANTS, avec l'avis médical. Vous avez à passer {epreuves}. Les épreuves "
        "peuvent se passer pendant l'attente.",
        "R. 224-20",
    )


def _apres(suite: Retour, au: date) -> Iterator[Marche]:
    if suite.demander_avant is not None:
        fin = en_lettres(suite.demander_avant)
        texte = f"Demandez le nouveau permis au plus tard le {fin}. Après, il faut aussi repasser la conduite."
        if suite.demander_avant < au:
            texte = f"Il fallait demander le nouveau permis au plus tard le {fin} : il faut aussi repasser la conduite."
        yield Marche("Un délai à ne pas manquer", texte, "R. 224-20")
    elif suite.sans_pratique:
        delai = mois_en_lettres(DISPENSE_DEMANDE_MOIS.derniere)
        yield Marche(
            "Un délai à ne pas manquer",
            f"Demandez le nouveau permis moins de {delai} après le jour où vous y aurez droit. Après, il faut aussi "
            "repasser la conduite.",
            "R. 224-20",
        )
    jour = suite.autorise_le or au
    yield Marche(
        "Votre nouveau permis",
        f"Il aura {CAPITAL_INITIAL.au(jour)} points et un délai probatoire de "
        f"{ans_en_lettres(DELAI_PROBATOIRE_MOIS.au(jour) // 12)}. Les retraits d'avant n'y compteront plus.",
        "L. 223-1",
    )
