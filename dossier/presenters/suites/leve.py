"""What had ended the licence is undone, for good or until the judgment on the merits; the licence had meanwhile."""

from collections.abc import Iterator
from datetime import date

from dossier.presenters.suites.formes import AVIS, PRUDENCE, Alerte, remise
from dossier.rules.calendrier import plus_mois
from dossier.rules.faits import FinLevee
from dossier.rules.francais import en_lettres
from dossier.rules.levee import PORTEES
from dossier.rules.mots import complet
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Etat, MotifLevee, TypeFait
from dossier.selectors import Situation

#: For how long a licence given back is the first thing that the page says: the title is back by then.
ANNONCE_MOIS = 12

MESURES = complet(
    {TypeFait(type_) for type_ in PORTEES} - {TypeFait.SUSPENSION, TypeFait.DECES},
    {
        TypeFait.INVALIDATION: "la lettre 48SI",
        TypeFait.ANNULATION: "l'annulation de votre permis",
        TypeFait.ECHANGE: "l'échange de votre permis",
        TypeFait.INTERDICTION_CIRCULER: "l'interdiction de circuler en France",
    },
)
#: Who undid it; the measure and its day follow.
DECISIONS = complet(
    MotifLevee,
    {
        MotifLevee.RETRAIT: "L'administration a retiré",
        MotifLevee.ANNULATION_JUGE: "Le juge a annulé",
        MotifLevee.INFIRMATION: "La cour d'appel a infirmé",
        MotifLevee.REFERE: "Le juge des référés a suspendu",
        MotifLevee.RELAXE: "Une relaxe ou un non-lieu a effacé",
        MotifLevee.MAINLEVEE: "Une décision a levé",
        MotifLevee.ERREUR: "Une erreur a été corrigée, qui concernait",
    },
)


GARDER = "Gardez l'ordonnance avec vous quand vous conduisez."
SUSPENDU = "Vous ne pouvez pas conduire pour autant : une suspension court."


def rendu(situation: Situation) -> Iterator[Alerte]:
    """The licence was given back: since when, what is kept, what to ask for."""
    replay = situation.replay
    if replay.etat not in (Etat.VALIDE, Etat.SUSPENDU, Etat.SOLDE_NUL):
        return
    for levee in replay.levees:
        if levee.provisoire:
            yield _provisoire(levee, suspendu=bool(replay.suspensions))
        elif replay.au < plus_mois(levee.depuis, ANNONCE_MOIS):
            yield _rendu(situation, levee)


def decision(levee: FinLevee) -> str:
    """« Le juge a annulé la lettre 48SI du 3 mars 2026 »."""
    mesure = f"{MESURES[levee.fin.nature]} du {en_lettres(levee.fin.jour)}"
    dite = DECISIONS[MotifLevee(levee.motif)] if levee.motif else "Une décision a effacé"
    return f"{dite} {mesure}"


def _rendu(situation: Situation, levee: FinLevee) -> Alerte:
    replay = situation.replay
    if levee.fin.nature == TypeFait.INTERDICTION_CIRCULER:
        titre = "L'interdiction de circuler est effacée : elle n'a jamais existé"
    else:
        titre = "Votre permis vous est rendu : il n'a jamais cessé d'être valable"
    phrases = [
        f"{decision(levee)}, avec effet le {en_lettres(levee.depuis)}. Tout se passe comme si cette mesure n'avait "
        "jamais été prise : vos points, vos délais et vos catégories sont ceux que vous auriez sans elle.",
        *_titre_a_demander(situation, levee.fin.jour),
        *_deux_permis(replay),
    ]
    return Alerte(titre, phrases, AVIS)


def _titre_a_demander(situation: Situation, depuis: date) -> Iterator[str]:
    remis_le = remise(situation, depuis)
    if remis_le:
        yield (
            f"Vous aviez remis votre permis le {en_lettres(remis_le)} : demandez à votre préfecture de vous le rendre, "
            "en joignant la décision. En attendant, l'attestation de droits à conduire (ADCS) de « Mes documents » "
            "prouve vos droits."
        )
    else:
        yield "Gardez une copie de la décision avec vous tant qu'un contrôle peut encore l'ignorer."


def _deux_permis(replay: Replay) -> Iterator[str]:
    """Nobody holds two licences: CE 22 juillet 2016."""
    for permis in replay.tombes:
        jour = en_lettres(permis.date_obtention)
        yield (
            f"Le permis que vous avez repassé le {jour} ne compte plus : nul ne tient deux permis (Conseil d'État, "
            f"22 juillet 2016). Ce qui a été commis ou suivi avec lui ne touche pas celui-ci. Vous préférez garder le "
            f"permis du {jour} ? Dites-le à votre préfecture : elle peut l'enregistrer."
        )


def _provisoire(levee: FinLevee, *, suspendu: bool) -> Alerte:
    interdiction = levee.fin.nature == TypeFait.INTERDICTION_CIRCULER
    reprise = "l'interdiction reprendra" if interdiction else "votre permis redeviendra non valable"
    return Alerte(
        "Décision provisoire du juge : votre suspension, elle, continue"
        if suspendu
        else "Vous pouvez conduire pour l'instant, par une décision provisoire du juge",
        [
            f"{decision(levee)}, depuis le {en_lettres(levee.depuis)} et jusqu'au jugement de votre recours. "
            f"{SUSPENDU if suspendu else GARDER}",
            "Rien n'est encore tranché. Si le tribunal vous donne raison, la mesure est effacée pour de bon. S'il vous "
            f"donne tort, {reprise}, à la date qu'elle portait : vous n'aurez alors plus le droit de conduire.",
            "Les points ci-dessous sont ceux que vous auriez sans cette mesure. Suivez votre recours : l'avocat ou le "
            "greffe du tribunal vous dit la date de l'audience.",
        ],
        PRUDENCE,
    )
