"""Why there is neither an ADCS nor a RIR: both attest the right to drive of a French licence."""

from enum import StrEnum
from typing import NamedTuple

from dossier.rules.articles import L223_10_I, L223_10_II, R225_1_3, article_lisible
from dossier.rules.francais import insecables
from dossier.rules.mots import complet
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Etat


class Refus(StrEnum):
    """What there is instead of a French licence."""

    SANS_PERMIS = "sans_permis"
    INCOMPLET = "incomplet"
    ETRANGER = "etranger"
    ECHANGE = "echange"
    INTERDIT = "interdit"
    DECEDE = "decede"


class Explication(NamedTuple):
    """Why, and what can be done; ``signaler``: to say that the file is wrong is one of them."""

    titre: str
    raison: str
    suites: tuple[str, ...]
    signaler: bool = False


_DES_ETATS = {
    Etat.SANS_PERMIS: Refus.SANS_PERMIS,
    Etat.ECHANGE: Refus.ECHANGE,
    Etat.INTERDIT: Refus.INTERDIT,
    Etat.DECEDE: Refus.DECEDE,
}
_AU_PAYS = "Une attestation de ce permis se demande au pays qui l'a délivré."
_DITES = complet(
    Refus,
    {
        Refus.SANS_PERMIS: Explication(
            "aucun permis français à votre nom",
            "Aucun permis de conduire français n'est enregistré à votre nom à ce jour.",
            (
                "Vous venez de réussir l'examen : votre permis apparaît ici dès qu'il est enregistré. Revenez dans "
                "quelques jours.",
                "Vous avez un permis français et il devrait figurer ici : écrivez à votre préfecture, avec une copie "
                "de votre permis et de votre pièce d'identité.",
                f"Vous conduisez avec un permis étranger : présentez-le lui-même. {_AU_PAYS}",
            ),
        ),
        Refus.INCOMPLET: Explication(
            "il manque un permis dans votre dossier",
            "Des infractions à points figurent dans votre dossier, mais pas de permis : il est incomplet.",
            ("Votre permis, français ou étranger, reste ce qu'il est : présentez-le lui-même.",),
            signaler=True,
        ),
        Refus.ETRANGER: Explication(
            "votre permis est étranger",
            "Ce dossier ne compte que les points que vous avez en France "
            f"({article_lisible(L223_10_I)}) : il ne dit pas ce que votre permis étranger permet de conduire.",
            (
                f"Présentez votre permis étranger lui-même. {_AU_PAYS}",
                "Vous l'avez échangé contre un permis français : il apparaît ici dès qu'il est enregistré.",
            ),
        ),
        Refus.ECHANGE: Explication(
            "votre permis français a été échangé",
            "Votre permis français a été échangé contre un permis étranger : il n'existe plus "
            f"({article_lisible(R225_1_3)}).",
            (
                f"Présentez le permis étranger que vous avez reçu. {_AU_PAYS}",
                "Vous n'avez rien échangé : signalez-le.",
            ),
            signaler=True,
        ),
        Refus.INTERDIT: Explication(
            "une interdiction de circuler court",
            "Vous n'avez pas le droit de conduire en France pour l'instant "
            f"({article_lisible(L223_10_II)}), et votre permis est étranger.",
            (
                "« Mes points » dit le dernier jour de cette interdiction, et ce qui vient ensuite.",
                f"Votre permis étranger reste valable dans le pays qui l'a délivré. {_AU_PAYS}",
            ),
        ),
        Refus.DECEDE: Explication(
            "le dossier est clos",
            "Le titulaire de ce permis est enregistré comme décédé : rien ne s'atteste plus en son nom.",
            ("C'est une erreur : signalez-le, puis écrivez à votre préfecture avec une copie d'une pièce d'identité.",),
            signaler=True,
        ),
    },
)


def refus(replay: Replay) -> Refus | None:
    """Why nothing attests a right to drive; None where an ADCS does, be it to say that there is none."""
    if replay.incomplet:
        return Refus.INCOMPLET
    return Refus.ETRANGER if replay.etranger else _DES_ETATS.get(replay.etat)


def expliquer(pourquoi: Refus) -> Explication:
    """As a page prints it."""
    dite = _DITES[pourquoi]
    suites = tuple(map(insecables, dite.suites))
    return dite._replace(titre=insecables(dite.titre), raison=insecables(dite.raison), suites=suites)
