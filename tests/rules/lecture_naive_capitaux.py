"""The naive reading, second part: the capitals, that is who holds what and when, from the facts alone.

A capital is one account of points: a licence's, or a foreign licence's that a French one may take over.
Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.rules.lecture_naive_faits import (
    FINS_DU_PERMIS,
    Fait,
    du_type,
    jour_propre,
    par_jour_et_id,
    plus_ans,
)


@dataclass
class Delai:
    """A délai probatoire: it runs in [debut, fin); its anniversaries are those of `origine`."""

    debut: date
    origine: date
    fin: date


@dataclass
class Capital:
    """Open from `debut`; `fin` is the day it ends (still open that day until step 4), or None."""

    debut: date
    etranger: Fait | None = None
    """The `permis_etranger` that opened it; None: a French licence did."""
    permis: Fait | None = None
    """The French licence: from the beginning, or since `reprise`."""
    reprise: date | None = None
    premier: bool = False
    """The driver's first licence, and no takeover."""
    fin: date | None = None
    nature_de_fin: str | None = None
    fait_de_fin: Fait | None = None
    delai: Delai | None = None

    def ouvert(self) -> bool:
        return self.fin is None

    def fermer(self, jour: date, nature: str, fait: Fait) -> None:
        self.fin, self.nature_de_fin, self.fait_de_fin = jour, nature, fait


def fin_de_l_etranger(etranger: Fait, au: date) -> date | None:
    """`date_fin`, which exists only when ≤ `au` and is never foreseen."""
    fin: date | None = etranger.get("date_fin")
    return fin if fin is not None and fin <= au else None


def jours_des_capitaux(faits: list[Fait], au: date) -> list[date]:
    """The days on which a capital may open, end or change hands."""
    jours: set[date] = set()
    for fait in du_type(faits, "permis_obtenu", "permis_etranger", "interdiction_circuler", *FINS_DU_PERMIS):
        jour = jour_propre(fait)
        assert jour is not None
        jours.add(jour)
        if fait["type"] == "permis_etranger":
            fin = fin_de_l_etranger(fait, au)
            if fin is not None:
                jours.add(fin)
        if fait["type"] == "interdiction_circuler":
            jours.add(plus_ans(jour, 1))
    return sorted(jours)


def du_jour(faits: list[Fait], type_: str, jour: date) -> list[Fait]:
    return [f for f in par_jour_et_id(du_type(faits, type_)) if jour_propre(f) == jour]


def obtenir(faits: list[Fait], jour: date, capitaux: list[Capital]) -> None:
    """Step 0. `permis_obtenu` while a licence is held is a further category. A French licence
    obtained while the [foreign] capital is open takes it over: nothing starts afresh; one obtained
    after it ended starts afresh, as a first licence."""
    for fait in du_jour(faits, "permis_obtenu", jour):
        if capitaux and capitaux[-1].ouvert():
            if capitaux[-1].permis is None:
                capitaux[-1].permis, capitaux[-1].reprise = fait, jour
            continue
        premier = all(c.permis is None for c in capitaux)
        capitaux.append(Capital(jour, permis=fait, premier=premier))


def finir(faits: list[Fait], jour: date, capitaux: list[Capital], au: date) -> None:
    """Step 4. 48SI before annulation, after them `echange`; the first ends it, the second changes
    nothing. `invalidation`, `annulation` and `echange` may carry `permis`, the id of the licence
    they end; absent, it is the one held that day. Naming a licence not held, or a further
    category, it ends nothing.

    A foreign capital ends on the day of an `interdiction_circuler`, or on `date_fin`; both on one
    day: the interdiction; never an `invalidation` of it."""
    if not capitaux or not capitaux[-1].ouvert():
        return
    capital = capitaux[-1]
    if capital.permis is not None:
        decidees = [f for nature in FINS_DU_PERMIS for f in du_jour(faits, nature, jour)]
        siennes = [f for f in decidees if f.get("permis") in (None, capital.permis["id"])]
        if siennes:
            capital.fermer(jour, siennes[0]["type"], siennes[0])
        return
    interdictions = du_jour(faits, "interdiction_circuler", jour)
    if interdictions:
        capital.fermer(jour, "interdiction", interdictions[0])
    elif capital.etranger is not None and fin_de_l_etranger(capital.etranger, au) == jour:
        capital.fermer(jour, "fin_permis_etranger", capital.etranger)


def interdiction_court(capitaux: list[Capital], jour: date) -> bool:
    """The interdiction lasts one year: [notified, notified + 1 year)."""
    return any(
        c.nature_de_fin == "interdiction" and c.fin is not None and c.fin <= jour < plus_ans(c.fin, 1) for c in capitaux
    )


def ouvrir_a_l_etranger(faits: list[Fait], jour: date, capitaux: list[Capital], au: date) -> None:
    """Last of all, the opening of a foreign capital. On notified + 1 year a new capital opens
    (`capital_etranger` again), unless the `permis_etranger` has ended by that day or a French
    licence was obtained since.

    A capital opens on `date_debut`. It opens nothing while a French licence is held that day (one
    that ends that very day is no longer held), nor while a foreign capital is open or an
    interdiction runs. `date_fin` ≤ `date_debut` opens nothing in the replay."""
    dernier = capitaux[-1] if capitaux else None
    if dernier is not None and dernier.nature_de_fin == "interdiction" and dernier.etranger is not None:
        assert dernier.fin is not None
        ended = fin_de_l_etranger(dernier.etranger, au)
        if plus_ans(dernier.fin, 1) == jour and (ended is None or ended > jour):
            capitaux.append(Capital(jour, etranger=dernier.etranger))
    for fait in du_jour(faits, "permis_etranger", jour):
        fin = fait.get("date_fin")
        if fin is not None and fin <= jour:
            continue
        if (capitaux and capitaux[-1].ouvert()) or interdiction_court(capitaux, jour):
            continue
        capitaux.append(Capital(jour, etranger=fait))


def les_capitaux(faits: list[Fait], au: date) -> list[Capital]:
    capitaux: list[Capital] = []
    for jour in jours_des_capitaux(faits, au):
        obtenir(faits, jour, capitaux)
        finir(faits, jour, capitaux, au)
        ouvrir_a_l_etranger(faits, jour, capitaux, au)
    return capitaux


def capital_du_jour(capitaux: list[Capital], jour: date) -> Capital | None:
    """The capital open that day, before the step 4 of the day (and after its step 0): a foreign
    one opens last of all, so not on its first day."""
    for capital in capitaux:
        commence = capital.debut < jour or (capital.debut == jour and capital.etranger is None)
        if commence and (capital.fin is None or jour <= capital.fin):
            return capital
    return None


def permis_tenu(capitaux: list[Capital], jour: date) -> bool:
    """A French licence is held that day."""
    capital = capital_du_jour(capitaux, jour)
    return capital is not None and capital.permis is not None and (capital.reprise or capital.debut) <= jour
