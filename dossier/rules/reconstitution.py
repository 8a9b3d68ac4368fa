"""Points that come back by themselves: L223-6, paragraphs 1, 2, 3 and 5."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from dossier.rules.articles import (
    L223_1_DERNIER,
    L223_6_AL1,
    L223_6_AL2,
    L223_6_AL3,
    L223_6_AL5,
    Article,
    regle,
)
from dossier.rules.calendrier import plus_ans, plus_mois
from dossier.rules.faits import Retrait
from dossier.rules.interpretations import dans_l_intervalle, rend_un_point, report_apres_probatoire
from dossier.rules.parametres import CLASSES_TROIS_ANS, DIX_ANS, RECONSTITUTION_ANS, UN_POINT_MOIS
from dossier.rules.vocabulaire import Gravite

DELIT = Gravite.DELIT  # read once: an enumeration is slow to look into
#: The paragraph that gives a delay of so many years.
ALINEAS = {2: L223_6_AL1, 3: L223_6_AL2}


def est_interrompu(debut: date, terme: date, commissions: Sequence[date]) -> bool:
    """Was an offence that withdrew points committed inside the delay? ``commissions`` in ascending order.

    > […] n'a pas commis, dans le délai […], une nouvelle infraction ayant donné lieu au retrait de points

    It is the day of commission that interrupts (CE 4 December 2017, no. 402423).
    """
    suivante = bisect_right(commissions, debut)
    return suivante < len(commissions) and dans_l_intervalle(commissions[suivante], debut, terme)


@regle(L223_6_AL3)
def terme_un_point(retrait: Retrait) -> date | None:
    """When the only point of an offence comes back; None where the rule does not apply.

    > en cas de commission d'une infraction ayant entraîné le retrait d'un point, ce point est réattribué au terme du
    > délai de six mois à compter de la date mentionnée au premier alinéa, si le titulaire du permis de conduire n'a pas
    > commis, dans cet intervalle, une infraction ayant donné lieu à un nouveau retrait de points.
    """
    if not retrait.points or not rend_un_point(retrait.infraction.points):
        return None
    mois = UN_POINT_MOIS.au(retrait.date_definitive)
    return plus_mois(retrait.date_definitive, mois) if mois else None


def impose_trois_ans(retrait: Retrait) -> bool:
    """Does this offence make the delay three years: a délit, or a contravention of class 4 or 5?"""
    return retrait.infraction.nature == DELIT or retrait.infraction.classe in CLASSES_TROIS_ANS.au(
        retrait.date_definitive
    )


@regle(L223_6_AL1, L223_6_AL2, L223_1_DERNIER)
def terme_reconstitution_totale(debut: date, grave: bool, fin_delai: date | None) -> tuple[date, int, Article]:
    """When the solde goes back to 12, the delay in years, and by which text.

    > Si le titulaire du permis de conduire n'a pas commis, dans le délai de deux ans à compter de la date du paiement
    > de la dernière amende forfaitaire, […] une nouvelle infraction ayant donné lieu au retrait de points, son permis
    > est affecté du nombre maximal de points. Le délai de deux ans […] est porté à trois ans si l'une des infractions
    > ayant entraîné un retrait de points est un délit ou une contravention de la quatrième ou de la cinquième classe.

    ``debut``: latest date définitive since the licence or since the last time; ``grave``: did any offence withdrawn in
    that window impose three years (one is enough: CE 21 November 2016, no. 392555)? ``fin_delai``: end of the délai
    probatoire, during which nothing of this happens.
    """
    sans, avec = RECONSTITUTION_ANS.au(debut)
    ans = avec if grave else sans
    return report_apres_probatoire(plus_ans(debut, ans), fin_delai), ans, ALINEAS[ans]


def ans_de_l_alinea(texte: str) -> int:
    """The years of a posted reconstitution totale: of them the ledger keeps the article only, as a text."""
    return next(ans for ans, alinea in ALINEAS.items() if str(alinea) == texte)


@regle(L223_6_AL5)
def terme_dix_ans(retrait: Retrait) -> date | None:
    """When the points of one contravention of classes 1 to 4 come back whatever happened since; None for the others.

    > Sans préjudice de l'application des alinéas précédents, les points retirés du fait de contraventions des quatre
    > premières classes […] sont réattribués au titulaire du permis de conduire à l'expiration d'un délai de dix ans.
    """
    infraction, jour = retrait.infraction, retrait.date_definitive
    ans, classes = DIX_ANS.au(jour)
    if not retrait.points or infraction.nature == DELIT or infraction.classe not in classes:
        return None
    return plus_ans(jour, ans)
