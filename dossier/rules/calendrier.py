"""Civil days: months, years, clear days. No clock, no time zone: a day is an argument.

Terms run « de quantième à quantième » and take the month's last day where it lacks the day (article 641 of the Code de
procédure civile, by analogy). They are always added once from the origin: 29 February + 4 years is a 29 February,
+ 1 year four times is not.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

UN_JOUR = timedelta(days=1)


def plus_mois(jour: date, mois: int) -> date:
    """The same day of the month ``mois`` months later, or that month's last day."""
    total = jour.month - 1 + mois
    annee, rang = jour.year + total // 12, total % 12 + 1
    if jour.day <= 28:
        return date(annee, rang, jour.day)
    return date(annee, rang, min(jour.day, monthrange(annee, rang)[1]))


def plus_ans(jour: date, ans: int) -> date:
    """The anniversary ``ans`` years later; 29 February gives 28 February in a common year."""
    return plus_mois(jour, 12 * ans)


def mois_entre(debut: date, fin: date) -> int:
    """How many months a delay counts, its two ends being of the same day of the month."""
    return 12 * (fin.year - debut.year) + fin.month - debut.month


def jour_lu(iso: str | None) -> date | None:
    """``2021-07-21`` as it is kept in a fact or a document; None where there is none."""
    return date.fromisoformat(iso) if iso else None


def paques(annee: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher)."""
    a, b, c = annee % 19, annee // 100, annee % 100
    d = (19 * a + b - b // 4 - ((b - (b + 8) // 25 + 1) // 3) + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - (c % 4)) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(annee, f // 31, f % 31 + 1)


@lru_cache(maxsize=64)
def jours_feries(annee: int) -> frozenset[date]:
    """The eleven public holidays of article L3133-1 of the Code du travail (Alsace-Moselle's two more are left out)."""
    lundi = paques(annee) + UN_JOUR
    fixes = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    mobiles = [lundi, lundi + 38 * UN_JOUR, lundi + 49 * UN_JOUR]
    return frozenset([date(annee, mois, jour) for mois, jour in fixes] + mobiles)


def terme_des_jours_francs(jour: date, nombre: int) -> date:
    """Last day of ``nombre`` clear days: neither the first day nor the last one counts."""
    return jour + (nombre + 1) * UN_JOUR


def jour_ouvrable_suivant(jour: date) -> date:
    """``jour``, or the next day that is neither a Saturday, a Sunday nor a public holiday."""
    while jour.weekday() >= 5 or jour in jours_feries(jour.year):
        jour += UN_JOUR
    return jour
