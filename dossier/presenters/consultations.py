"""Who looked at a dossier, as its holder may read it: the service, the day, the reason; never a name."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from dossier.models import Journal
from dossier.rules.departements import service
from dossier.rules.francais import en_lettres, insecables
from dossier.selectors import Regard

#: In the driver's words.
ACTES: dict[str, str] = {
    Journal.Acte.RECHERCHE: "a recherché votre dossier",
    Journal.Acte.CONSULTATION: "a consulté votre dossier",
    Journal.Acte.VUE: "a affiché vos pages, telles que vous les voyez",
    Journal.Acte.REFUS: "a demandé à voir votre dossier : refusé",
    Journal.Acte.ENREGISTREMENT: "a enregistré une pièce dans votre dossier",
    Journal.Acte.PROPOSITION: "a préparé un enregistrement, à valider par un second agent",
    Journal.Acte.VALIDATION: "a validé l'enregistrement préparé par un autre agent",
    Journal.Acte.REJET: "a écarté l'enregistrement préparé par un autre agent",
    Journal.Acte.SIGNALEMENT: "a comparé votre dossier à un signalement",
    Journal.Acte.TRAITEMENT: "a traité un signalement qui concerne votre dossier",
    Journal.Acte.LIEN_PROPOSE: "a proposé de changer les comptes de votre dossier, à valider par un second agent",
    Journal.Acte.LIEN_VALIDE: "a changé les comptes de votre dossier, sur la proposition d'un autre agent",
    Journal.Acte.LIEN_REJETE: "a écarté ce qu'un autre agent proposait pour les comptes de votre dossier",
    Journal.Acte.RII: "a délivré votre relevé d'information intégral (RII), demandé par courrier ou par message",
    Journal.Acte.LETTRE: "a préparé l'envoi d'une lettre qui vous est adressée",
    Journal.Acte.ENVOI: "a envoyé une lettre qui vous est adressée",
}
MOTIFS: dict[str, str] = {
    Journal.Motif.GUICHET: "vous étiez au guichet ou au téléphone",
    Journal.Motif.COURRIER: "votre courrier ou votre message",
    Journal.Motif.ENREGISTREMENT: "une pièce à enregistrer",
    Journal.Motif.JUSTICE: "la demande d'une autorité judiciaire ou administrative",
    Journal.Motif.CONTROLE: "le contrôle d'un enregistrement",
    Journal.Motif.DECISION: "la validation d'un enregistrement",
    Journal.Motif.SIGNALEMENT: "un signalement",
    Journal.Motif.ENVOI: "l'envoi des lettres",
}


class Consultation(NamedTuple):
    """What one service did on one day, for one reason; ``fois`` is empty when it was once."""

    jour: str
    heure: str
    service: str
    acte: str
    motif: str
    fois: str


def consultations(lignes: Iterable[Regard]) -> list[Consultation]:
    """The rows of ``list_consultations``, those that say the same thing gathered; the hour is that of the last."""
    return [_une(list(groupe)) for _, groupe in groupby(lignes, key=_memes)]


def _memes(ligne: Regard) -> tuple[Any, ...]:
    return localtime(ligne.at).date(), *ligne[1:]


def _une(lignes: list[Regard]) -> Consultation:
    derniere = lignes[0]
    quand = localtime(derniere.at)
    return Consultation(
        jour=en_lettres(quand.date()),
        heure=f"{quand:%H h %M}".replace(" ", "\u00a0"),
        service=service(derniere.departement),
        acte=insecables(ACTES[derniere.acte]),
        motif=MOTIFS[derniere.motif],
        fois=f"{len(lignes)} fois" if len(lignes) > 1 else "",
    )
