"""What the text leaves open, one function a choice, with the reason and its source in the project's rules.

The law cannot be blamed for these, nor do they hide in it. docs/decisions/ says which others were made.
"""

from datetime import date

from dossier.rules.calendrier import plus_mois
from dossier.rules.faits import Visite
from dossier.rules.parametres import (
    AGE_MINIMAL,
    AGE_MINIMAL_AUTRE,
    AVIS_RENOUVELLEMENT_MOIS,
    MAINTIEN_EXISTE,
    SIMULTANEES_MAX,
)
from dossier.rules.vocabulaire import Mesure, TypeFait


def dans_l_intervalle(jour: date, debut: date, terme: date) -> bool:
    """Is an offence committed on ``jour`` inside the delay? Neither the first nor the last day counts.

    The first day is the dies a quo, and on the last one the points are already back from 00:00.
    """
    return debut < jour < terme


def plafond_groupe(points: list[int], jour: date) -> int:
    """The most that simultaneous offences withdraw together: 8, or the dearest where one alone exceeds it.

    L223-2 III says 8; L235-1 IV (9 points for alcohol and drugs) derogates from it without saying how the two combine.
    """
    return max(SIMULTANEES_MAX.au(jour), *points)


def report_apres_probatoire(terme: date, fin_delai: date | None) -> date:
    """When a two- or three-year delay ends inside the délai probatoire: on the day the délai ends, never during it.

    L223-1, last paragraph, suspends L223-6 al. 1 during the délai; nothing says that the delay starts again after it.
    """
    return terme if fin_delai is None or terme >= fin_delai else fin_delai


def se_maintient(dernier_jour: date) -> bool:
    """May a suspension that ended on this day be kept up until a medical decision (R221-14-1)?

    The article has no first day, but the national file tells medical decisions from 2026-01-01 only: before it, every
    old suspension would run for ever.
    """
    return MAINTIEN_EXISTE.au(dernier_jour)


def age_minimal(categorie: str, jour: date) -> int:
    """The age before which a licence of this category is a mistake of the file.

    R221-5 has an age for each category, and the file has licences of before it: what is neither AM, A1 nor B is
    doubted only below the lowest age of all.
    """
    return AGE_MINIMAL.get(categorie, AGE_MINIMAL_AUTRE).au(jour)


def vise_le_renouvellement(visite: Visite, fin: date, au: date) -> bool:
    """Is a favourable opinion about what comes after ``fin``, the last day of a category, and good on ``au``?

    R221-11 III does not say how the two are tied. An opinion that tells until when it finds the driver fit is about
    what follows ``fin`` when that day is later, and is good until it. One that does not must be of the last months:
    an older one may be that of the period which ends, a year at least (R221-11 I).
    """
    if visite.date_fin_validite is not None:
        return fin < visite.date_fin_validite and au <= visite.date_fin_validite
    return fin <= plus_mois(visite.date_visite, AVIS_RENOUVELLEMENT_MOIS.au(fin))


def rend_un_point(points_nominaux: int) -> bool:
    """Six months apply to an offence of exactly one *nominal* point, whatever its group's cap left of it."""
    return points_nominaux == 1


def est_mesure_administrative(type_: str, nature: str | None = None) -> bool:
    """Is it a measure whose annulment erases it at once (L225-2 III)? ``nature``: of a suspension.

    « Une mesure administrative » is what the préfet or the minister decides of the licence: 48SI, administrative
    suspension, interdiction de circuler. What a court ordered is a « condamnation » (I). An offence whose points are
    given back is none either: the article names apart « une mesure établissant la réalité d'une infraction ».
    « Annulée » is also withdrawn by who took it (« décision judiciaire ou administrative ») or « non avenue » (L224-9).
    """
    if type_ == TypeFait.SUSPENSION:
        return nature == Mesure.ADMINISTRATIVE
    return type_ in (TypeFait.INVALIDATION, TypeFait.INTERDICTION_CIRCULER)
