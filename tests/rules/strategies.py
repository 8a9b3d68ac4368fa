"""Hypothesis strategies: feed lines (valid per ``format-dossier.md``), and the days to read them on.

What a history is made of is in ``strategies_briques.py`` (its days, its facts) and ``strategies_scenes.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.strategies_briques import DELAIS, DERNIER, Draw, Fait, borner, plus_mois
from tests.rules.strategies_scenes import Histoire

NEPH = "150833200011"
ETAT_CIVIL = {
    "nom_naissance": "MARTIN",
    "prenoms": ["Camille"],
    "sexe": "F",
    "date_naissance": "1975-01-31",
}

# One list an era of licence: ends of months and 29 February first among the days.
DEBUTS = (
    (
        date(2012, 2, 29),
        date(2015, 8, 31),
        date(2007, 12, 31),
        date(2016, 3, 15),
        date(2018, 5, 31),
        date(2008, 2, 29),
        date(2009, 12, 31),
        date(2014, 8, 30),
    ),
    (
        date(1999, 1, 15),
        date(2004, 2, 29),
        date(2000, 2, 29),
        date(2002, 8, 31),
        date(1995, 1, 1),
    ),
    (date(2004, 3, 1), date(2007, 12, 30), date(2006, 8, 31), date(2005, 6, 15)),
)

_POIDS: tuple[tuple[str, int], ...] = (
    ("infraction", 10),
    ("stage", 5),
    ("bloquante", 4),
    ("chaine", 3),
    ("fin_puis_permis", 2),
    ("solde_nul", 3),
    ("infraction_simultanee", 2),
    ("formation", 2),
    ("formation_et_suspension", 2),
    ("permis", 3),
    ("invalidation", 2),
    ("suspension", 2),
    ("infraction_annulee", 2),
    ("annulation", 1),
    ("lettre", 1),
    ("neutre", 1),
)
_GENRES = tuple(genre for genre, poids in _POIDS for _ in range(poids))


def _refuse_par_le_flux(faits: list[Fait]) -> None:
    """Move a licence that the feed would refuse: obtained on the day another one ends. (The very
    first licence may end on its own first day: no other one ends that day.)"""
    fins = {
        date.fromisoformat(f.get("date_notification") or f["date_effet"])
        for f in faits
        if f["type"] in ("invalidation", "annulation")
    }
    permis = [f for f in faits if f["type"] == "permis_obtenu"]
    permis.sort(key=lambda f: (f["date_obtention"], f["id"]))
    for n, fait in enumerate(permis):
        seul = n == 0 and all(f["date_obtention"] > fait["date_obtention"] for f in permis[1:])
        jour = date.fromisoformat(fait["date_obtention"])
        sens = timedelta(1 if jour < DERNIER - timedelta(60) else -1)
        while jour in fins and not seul:
            jour += sens
        fait["date_obtention"] = jour.isoformat()


@st.composite
def lignes(draw: Draw, max_faits: int = 8) -> dict[str, Any]:
    """A feed line: a first licence (nine times in ten), and 0 to `max_faits` steps after it (a step
    may give a whole group of infractions); the facts come in any order."""
    histoire = Histoire(draw)
    debut = histoire.choix(*histoire.choix(DEBUTS[0], DEBUTS[0], DEBUTS[1], DEBUTS[2]))
    debut = borner(debut + timedelta(draw(st.sampled_from((0, 0, 0, 1, -1, 45)))))
    if histoire.une_fois_sur(10):
        histoire.jours.append(debut)
    else:
        filiere = histoire.choix("classique", "classique", "aac", "supervisee")
        fait = histoire.garder("permis_obtenu", debut, date_obtention=debut, filiere=filiere)
        if "enregistre_le" in fait and not histoire.une_fois_sur(4):
            del fait["enregistre_le"]  # an unknown licence hides all the rest
        scene = histoire.entier(0, 9)
        if scene == 9:
            histoire.formation_et_suspension()
        elif scene == 8:
            histoire.chaine()
        elif scene == 7:
            histoire.formation()
    for genre in draw(st.lists(st.sampled_from(_GENRES), min_size=1, max_size=max_faits)):
        getattr(histoire, genre)()
    _refuse_par_le_flux(histoire.faits)
    faits = histoire.faits
    if draw(st.integers(0, 4)) == 4:
        faits = draw(st.permutations(faits))
    return {
        "format": "mespoints-dossier/1",
        "neph": NEPH,
        "etat_civil": ETAT_CIVIL,
        "faits": faits,
    }


def jours_de(ligne: dict[str, Any]) -> list[date]:
    """All the days of a line, of its facts only."""
    return sorted(
        {
            date.fromisoformat(valeur)
            for fait in ligne["faits"]
            for cle, valeur in fait.items()
            if isinstance(valeur, str) and (cle.startswith("date_") or cle == "enregistre_le")
        }
    )


@st.composite
def dates_de_lecture(draw: Draw, ligne: dict[str, Any]) -> tuple[date, date]:
    """(`au`, `connu_le`): late enough to see all the facts, or on and around their days and the
    days due from them; `connu_le` is `au` most often."""
    jours = jours_de(ligne) or [date(2015, 8, 31)]
    au = _jour_de_lecture(draw, jours)
    genre = draw(st.integers(0, 5))
    if genre <= 3:
        return au, au
    if genre == 4:
        return au, _jour_de_lecture(draw, jours)
    return au, au + timedelta(draw(st.sampled_from((1, -1, 30, -30, 400, -400))))


def _jour_de_lecture(draw: Draw, jours: list[date]) -> date:
    genre = draw(st.integers(0, 5))
    if genre == 0:
        return jours[-1]
    if genre == 1:
        return plus_mois(jours[-1], draw(st.sampled_from((1, 6, 12, 24, 36, 132))))
    choisis = jours[-8:] if genre <= 3 else jours
    origine = draw(st.sampled_from(choisis))
    if genre == 2:
        return origine + timedelta(draw(st.integers(0, 500)))
    return plus_mois(origine, draw(st.sampled_from(DELAIS))) + timedelta(draw(st.sampled_from((0, 1, -1))))
