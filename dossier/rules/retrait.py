"""What each offence withdraws, and when: L223-1, L223-2, R223-2."""

from collections.abc import Iterable, Sequence
from datetime import date

from dossier.rules.articles import L223_1_AL4, L223_2_III, R223_2, regle
from dossier.rules.faits import Anomalie, Infraction, Licence, Retrait
from dossier.rules.francais import en_francais
from dossier.rules.interpretations import plafond_groupe

SANS_PERMIS = (
    "Aucun point retiré : le dossier ne dit aucun permis détenu le {jour}, quand l'infraction est devenue définitive. "
    "Il est incomplet, ou l'infraction n'est pas la vôtre."
)
AVANT_PERMIS = (
    "Aucun point retiré : l'infraction a été commise le {jour}, avant l'obtention du permis actuel ({obtention})."
)
AUTRE_JOUR = (
    "L'infraction du {jour} est dite commise en même temps que celle du {premier} : seules celles d'un même jour "
    "peuvent l'être. Le retrait est calculé jour par jour."
)
DITE_DEUX_FOIS = (
    "Cette infraction est dite deux fois : même jour, même nature et même lieu que l'infraction {autre}. Les deux "
    "comptent tant que la préfecture n'a pas tranché."
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
        # a foreign capital opens last in its day, after what becomes final
        if licence.est_tenue(jour) and (licence.etranger is None or jour > licence.debut):
            obtention = licence.debut
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
    group either. Only offences of one day are committed at the same time.
    """
    par_licence: dict[int, list[Retrait]] = {licence.rang: [] for licence in licences}
    anomalies: list[Anomalie] = []
    comptees: list[tuple[Infraction, Licence]] = []
    groupes: dict[tuple[str, date], list[Infraction]] = {}
    for infraction in infractions:
        licence = licence_touchee(infraction, licences)
        if isinstance(licence, Anomalie):
            anomalies.append(licence)
            continue
        comptees.append((infraction, licence))
        if infraction.groupe is not None:
            groupes.setdefault((infraction.groupe, infraction.date_commission), []).append(infraction)
    retires: dict[tuple[str, date], int] = {}
    for infraction, licence in comptees:
        points, article, plafond = infraction.points, licence_touchee.article, None
        if infraction.groupe is not None:
            cle = infraction.groupe, infraction.date_commission
            membres, deja = groupes[cle], retires.get(cle, 0)
            points = points_retires(infraction, deja, membres)
            plafond = plafond_groupe([membre.points for membre in membres], infraction.date_commission)
            retires[cle] = deja + points
            if points < infraction.points:
                article = points_retires.article
        assert infraction.date_definitive is not None
        par_licence[licence.rang].append(Retrait(infraction, infraction.date_definitive, points, article, plafond))
    return par_licence, anomalies


def groupes_de_plusieurs_jours(infractions: Sequence[Infraction]) -> list[Anomalie]:
    """The offences told as committed at the same time as another of an earlier day."""
    premiers: dict[str, date] = {}
    for infraction in infractions:
        if infraction.groupe is not None:
            deja = premiers.get(infraction.groupe, date.max)
            premiers[infraction.groupe] = min(deja, infraction.date_commission)
    return [
        Anomalie(i.id, AUTRE_JOUR.format(jour=en_francais(i.date_commission), premier=en_francais(premiers[i.groupe])))
        for i in infractions
        if i.groupe is not None and i.date_commission > premiers[i.groupe]
    ]


def dites_deux_fois(infractions: Sequence[Infraction]) -> list[Anomalie]:
    """Offences of one day, of one label and of one place, told twice as if they were two: the second by id."""
    vues: dict[tuple[date, str], list[Infraction]] = {}
    anomalies = []
    for infraction in sorted(infractions, key=lambda i: i.id):
        if infraction.lieu is None:
            continue
        pareilles = vues.setdefault((infraction.date_commission, infraction.lieu), [])
        autre = next((p for p in pareilles if _sont_la_meme(p, infraction)), None)
        if autre is not None:
            anomalies.append(Anomalie(infraction.id, DITE_DEUX_FOIS.format(autre=f"« {autre.id} »")))
        pareilles.append(infraction)
    return anomalies


def _sont_la_meme(une: Infraction, autre: Infraction) -> bool:
    """The same national number, or the same label where one of them has none; and not of one group."""
    if une.groupe is not None and une.groupe == autre.groupe:
        return False
    if une.natinf is not None and autre.natinf is not None:
        return une.natinf == autre.natinf
    return une.libelle is not None and une.libelle == autre.libelle
