"""What every page says first to the driver of a 48SI presented or returned, of which nothing was decided yet."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from dossier.presenters.suites.formes import GRAVE, Alerte, Etape
from dossier.rules.francais import en_lettres
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.presentee import LettrePresentee
from dossier.rules.recours import dernier_jour_de_recours
from dossier.rules.stage import limite_stage_obligatoire
from dossier.rules.vocabulaire import IssueLettre
from dossier.selectors import Situation

ADRESSE = (
    "Elle ne compte que si elle est partie à la bonne adresse, ou si l'erreur vient de vous (Conseil d'État, avis du "
    "18 septembre 2009, n° 327027)."
)
CE_QU_ELLE_EST = "La lettre 48SI, qui met fin au permis faute de points"
DEMANDER = (
    "Écrivez à votre préfecture, ou allez-y, avec votre permis et l'avis de passage s'il vous en reste un. N'attendez "
    "pas une autre lettre."
)
SI_VALABLE = "Vos points reviennent aux jours que donne le prévisionnel, et l'avertissement ci-dessus disparaît."
SI_INVALIDE = "Remettez-le à votre préfecture : le délai avant un nouveau permis ne court qu'à partir de cette remise."
AUCUN_STAGE = "Aucun stage n'est conseillé d'ici là : terminé après cette lettre, il ne sauve pas un permis."
AUCUN_DOCUMENT = (
    "Nous ne délivrons pas de nouvelle attestation (ADCS) ni de relevé restreint (RIR) d'ici là. Une attestation que "
    "vous avez déjà continue de dire l'état du fichier national."
)


def presentee(situation: Situation) -> Iterator[Alerte]:
    """The letter that the file draws no consequence from; nothing for anybody else."""
    lettre = situation.replay.lettre_48si
    if lettre is not None:
        depuis = f" depuis le {en_lettres(lettre.depuis)}" if lettre.depuis else ""
        titre = f"Votre permis n'est peut-être plus valable{depuis}"
        yield Alerte(titre, list(_phrases(situation, lettre)), GRAVE)


def _phrases(situation: Situation, lettre: LettrePresentee) -> Iterator[str]:
    """What came, since when it counts, in which case not, and what to do."""
    yield f"{_ce_qui_est_arrive(lettre)} Le fichier national, lui, ne dit pas votre permis invalidé."
    yield ADRESSE
    yield (
        "Ne conduisez pas avant de savoir : conduire avec un permis invalidé est un délit. Demandez à votre préfecture "
        "si le vôtre l'est, depuis quel jour, et à quelle adresse la lettre est partie."
    )
    if lettre.depuis:
        yield _delais(lettre.depuis, situation.replay.au)
    yield f"{AUCUN_STAGE} {AUCUN_DOCUMENT}"
    ordre = situation.stage_ordonne_le
    if ordre is not None:
        yield (
            f"La lettre 48N vous demande un stage au plus tard le {en_lettres(limite_stage_obligatoire(ordre))} : "
            "demandez aussi à votre préfecture si vous devez encore le suivre."
        )


def suite_presentee(situation: Situation) -> list[Etape]:
    """First who can tell, then one way or the other."""
    perte = ("Comprendre ce qui suit une perte de permis", reverse("comprendre"))
    return [
        Etape("Sans attendre", DEMANDER, True, ("À qui écrire", f"{reverse('aide')}#courrier")),
        Etape("S'il est encore valable", SI_VALABLE, True, prevue=bool(situation.replay.prevision)),
        Etape("S'il ne l'est plus", SI_INVALIDE, True, perte),
    ]


def _delais(depuis: date, au: date) -> str:
    """What runs already, if the letter counts."""
    fin, recours = dernier_jour_de_remise(depuis), dernier_jour_de_recours(depuis)
    remise = (
        f"remettez votre permis à votre préfecture au plus tard le {en_lettres(fin)}"
        if au <= fin
        else f"le délai pour remettre votre permis à votre préfecture a pris fin le {en_lettres(fin)}"
    )
    contester = (
        f"vous pouvez la contester jusqu'au {en_lettres(recours)}"
        if au <= recours
        else f"celui pour la contester le {en_lettres(recours)}"
    )
    return f"Si elle compte, {remise}, et {contester}."


def _ce_qui_est_arrive(lettre: LettrePresentee) -> str:
    jour = f" le {en_lettres(lettre.depuis)}" if lettre.depuis else ""
    if lettre.issue == IssueLettre.NPAI:
        retour = f"présentée{jour}, est revenue" if jour else "est revenue"
        return f"{CE_QU_ELLE_EST}, {retour} : la poste ne vous a pas trouvé à l'adresse indiquée."
    if lettre.issue == IssueLettre.REFUSEE:
        return f"{CE_QU_ELLE_EST}, vous a été présentée{jour}. Refusée, elle compte comme reçue."
    if lettre.notifiee or lettre.issue == IssueLettre.REMISE:
        return f"{CE_QU_ELLE_EST}, vous a été notifiée{jour}."
    ce_jour = " ce jour-là" if jour else ""
    return (
        f"{CE_QU_ELLE_EST}, a été présentée à votre adresse{jour}. Même non retirée, elle compte comme reçue{ce_jour}."
    )
