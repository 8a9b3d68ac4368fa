"""What each offence withdraws, and when: L223-1, L223-2, R223-2."""

from collections.abc import Iterable, Sequence

from dossier.rules.articles import L223_1_AL4, L223_2_III, R223_2, regle
from dossier.rules.faits import Anomalie, Infraction, Licence, Retrait
from dossier.rules.francais import en_francais
from dossier.rules.interpretations import plafond_groupe

SANS_PERMIS = "Aucun point retiré : aucun permis n'était détenu le {jour}, quand l'infraction est devenue définitive."
AVANT_PERMIS = (
    "Aucun point retiré : l'infraction a été commise le {jour}, avant l'obtention du permis actuel ({obtention})."
)


@regle(L223_1_AL4)
def licence_touchee(infraction: Infraction, licences: Sequence[Licence]) -> Licence | Anomalie:
    """The licence from which an established offence withdraws points, or why it withdraws none.

    > La réalité d'une infraction entraînant retrait de points est établie par le paiement d'une amende forfaitaire ou
    > l'émission du titre exécutoire de l'amende forfaitaire majorée, l'exécution d'une composition pénale ou par une
    > condamnation définitive.

    The offence is established on ``date_definitive``: a licence must be held that day, since before the offence.
    """
    jour = infraction.date_definitive
    assert jour is not None
    for licence in licences:
        obtention = licence.permis.date_obtention
        if obtention <= jour and (licence.fin is None or jour <= licence.fin.jour):
            if infraction.date_commission >= obtention:
                return licence
            raison = AVANT_PERMIS.format(jour=en_francais(infraction.date_commission), obtention=en_francais(obtention))
            return Anomalie(infraction.id, raison)
    return Anomalie(infraction.id, SANS_PERMIS.format(jour=en_francais(jour)))


@regle(L223_2_III, R223_2)
def points_retires(infraction: Infraction, deja: int, groupe: Iterable[Infraction]) -> int:
    """Points really withdrawn: the nominal ones, within what its group of simultaneous offences leaves.

    > Lorsque plusieurs infractions entraînant retrait de points sont commises simultanément, les pertes de points se
    > cumulent dans la limite de huit points.

    ``deja``: what the group has already withdrawn; ``groupe``: all its offences in effect that count, itself included.
    """
    reste = plafond_groupe([membre.points for membre in groupe], infraction.date_commission) - deja
    return max(0, min(infraction.points, reste))


def repartir(
    infractions: Sequence[Infraction], licences: Sequence[Licence]
) -> tuple[dict[int, list[Retrait]], list[Anomalie]]:
    """What each established offence withdraws from which licence (by rank), in order of ``date_definitive`` then id.

    ``infractions``: those in effect, with points, in that order. One that touches no licence counts for nothing, in its
    group either.
    """
    par_licence: dict[int, list[Retrait]] = {licence.rang: [] for licence in licences}
    anomalies: list[Anomalie] = []
    comptees: list[tuple[Infraction, Licence]] = []
    groupes: dict[str, list[Infraction]] = {}
    for infraction in infractions:
        licence = licence_touchee(infraction, licences)
        if isinstance(licence, Anomalie):
            anomalies.append(licence)
            continue
        comptees.append((infraction, licence))
        if infraction.groupe is not None:
            groupes.setdefault(infraction.groupe, []).append(infraction)
    retires: dict[str, int] = {}
    for infraction, licence in comptees:
        points, article, groupe, plafond = infraction.points, licence_touchee.article, infraction.groupe, None
        if groupe is not None:
            deja = retires.get(groupe, 0)
            points = points_retires(infraction, deja, groupes[groupe])
            plafond = plafond_groupe([membre.points for membre in groupes[groupe]], infraction.date_commission)
            retires[groupe] = deja + points
            if points < infraction.points:
                article = points_retires.article
        assert infraction.date_definitive is not None
        par_licence[licence.rang].append(Retrait(infraction, infraction.date_definitive, points, article, plafond))
    return par_licence, anomalies
