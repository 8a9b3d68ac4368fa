"""What the file tells that somebody must settle: each anomaly of that kind, with what an agent may do about it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from dossier import presenters
from dossier.rules import doutes, fil, retrait
from dossier.rules.stage import DUREE_IMPOSSIBLE
from dossier.selectors import Situation


class ATrancher(NamedTuple):
    """A doubt: what is wrong, what to do, and the form that does it."""

    raison: str
    quoi_faire: str
    acte: str  # a word of ``ACTES``; "" where none settles it


#: By the sentence of the engine: what to do, and by which form.
CONSIGNES: Mapping[str, tuple[str, str]] = {
    doutes.ADRESSE: (
        "Demandez l'avis de réception. Si l'adresse n'était pas la bonne, et que l'erreur ne vient pas du titulaire, "
        "la 48SI n'est pas notifiée : faites-la retirer, puis enregistrez la levée.",
        "levee",
    ),
    fil.SOLDE_POSITIF: (
        "La 48SI ne tombe pas d'elle-même : demandez son retrait au service du fichier national, puis enregistrez la "
        "levée.",
        "levee",
    ),
    retrait.DITE_DEUX_FOIS: (
        "Comparez les deux procès-verbaux. Si c'est la même infraction, annulez l'une des deux. Si elles sont deux, il "
        "n'y a rien à enregistrer.",
        "infraction-annulee",
    ),
    retrait.AUTRE_JOUR: (
        "Relisez les procès-verbaux. Si la date est fausse, annulez l'infraction, puis enregistrez-la avec la bonne ; "
        "sinon, il n'y a rien à enregistrer.",
        "infraction-annulee",
    ),
    doutes.TROP_JEUNE: (
        "Comparez la date de naissance et le titre. La correction se demande au service du fichier national : elle "
        "arrive par le flux.",
        "",
    ),
    DUREE_IMPOSSIBLE: (
        "Demandez l'attestation au centre. Si les dates étaient fausses, enregistrez le stage avec les bonnes ; sinon, "
        "il ne rend aucun point.",
        "stage",
    ),
}
_MODELES = {re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(modele))): dits for modele, dits in CONSIGNES.items()}


def a_trancher(situation: Situation) -> list[ATrancher]:
    """The doubts of a dossier, in the order of its anomalies."""
    return [
        ATrancher(dite, *dits)
        for anomalie, dite in zip(situation.replay.anomalies, presenters.sans_effet(situation), strict=True)
        for modele, dits in _MODELES.items()
        if modele.fullmatch(anomalie.raison)
    ]
