"""Hypothesis strategies: feed lines (valid per ``format-dossier.md``), and the days to read them on.

What a history is made of is in ``strategies_briques.py`` (its days, its facts) and ``strategies_scenes.py``;
what is undone, foreign or kept up, in ``strategies_mesures.py`` and ``strategies_vies.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.strategies_briques import DELAIS, DERNIER, Draw, Fait, borner, plus_mois
from tests.rules.strategies_mesures import ADRESSES, LEVABLES
from tests.rules.strategies_scenes import Histoire
from tests.rules.strategies_vies import Vies

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
        date(2020, 2, 29),
        date(2023, 8, 31),
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
    ("deux_permis", 5),
    ("etranger_interdit", 4),
    ("reprise", 4),
    ("suspension_maintenue", 6),
    ("etranger_entre_deux", 2),
    ("levee", 5),
    ("retablissement", 2),
    ("permis_etranger", 2),
    ("permis_echange", 2),
    ("interdiction", 2),
    ("fin_nommee", 1),
    ("echange", 1),
    ("deces", 1),
    ("deces_et_suites", 1),
    ("suspension_dite", 1),
    ("visite", 1),
    ("lettre_et_48si", 1),
    ("b_accompagne", 2),
    ("groupe_de_plusieurs_jours", 2),
    ("meme_infraction", 2),
)
_GENRES = tuple(genre for genre, poids in _POIDS for _ in range(poids))


def _refuse_par_le_flux(faits: list[Fait]) -> None:
    """Move a licence that the feed would refuse: obtained on the day another one ends. (The very
    first licence may end on its own first day: no other one ends that day.)

    Nor a levée whose `portee` its target does not allow, nor a foreign licence that ends on or before
    its first day."""
    fins = {
        date.fromisoformat(f.get("date_notification") or f.get("date_echange") or f["date_effet"])
        for f in faits
        if f["type"] in ("invalidation", "annulation", "echange")
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

    portees = {f["id"]: LEVABLES[f["type"]] for f in faits if f["type"] in LEVABLES}
    for fait in faits:
        if fait["type"] == "levee" and fait["portee"] not in portees.get(fait["fait"], (fait["portee"],)):
            fait["portee"] = portees[fait["fait"]][0]
        if fait["type"] == "permis_etranger" and (fait["date_fin"] or "9") <= fait["date_debut"]:
            fait["date_fin"] = None


def _commencer(histoire: Histoire) -> None:
    """A first licence, nine times in ten."""
    debut: date = histoire.choix(*histoire.choix(DEBUTS[0], DEBUTS[0], DEBUTS[1], DEBUTS[2]))
    debut = borner(debut + timedelta(histoire.choix(0, 0, 0, 1, -1, 45)))
    if histoire.une_fois_sur(10):
        histoire.jours.append(debut)
        return
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


def _ligne(draw: Draw, faits: list[Fait], etat_civil: dict[str, Any]) -> dict[str, Any]:
    if draw(st.integers(0, 4)) == 4:
        faits = draw(st.permutations(faits))
    return {
        "format": "mespoints-dossier/1",
        "neph": NEPH,
        "etat_civil": etat_civil,
        "faits": faits,
    }


def _etat_civil(histoire: Vies) -> dict[str, Any]:
    """An address perhaps; a birth around an age at which a licence may be held, now and then."""
    etat_civil = ETAT_CIVIL | ({"adresse": ADRESSES[0]} if histoire.une_fois_sur(2) else {})
    permis = histoire.parmi("permis_obtenu")
    if permis is not None and histoire.une_fois_sur(6):
        obtenu = date.fromisoformat(permis["date_obtention"])
        ne = histoire.autour(obtenu) if histoire.une_fois_sur(6) else obtenu
        ne = plus_mois(ne, -12 * histoire.choix(18, 17, 16, 14)) + timedelta(histoire.choix(0, 1, -1))
        texte = ne.isoformat()
        etat_civil["date_naissance"] = histoire.choix(texte, texte, texte[:8] + "00", texte[:5] + "00-00")
    return etat_civil


@st.composite
def lignes(draw: Draw, max_faits: int = 8, *, refusables: bool = False) -> dict[str, Any]:
    """A feed line: a first licence, a foreign capital or nothing, and 1 to `max_faits` steps after it
    (a step may give several facts); the facts come in any order. `refusables`: lines that the feed
    refuses as well."""
    histoire = Vies(draw)
    if histoire.une_fois_sur(6):
        histoire.choix(histoire.reprise, histoire.etranger_interdit, histoire.permis_etranger)()
    else:
        _commencer(histoire)
    for genre in draw(st.lists(st.sampled_from(_GENRES), min_size=1, max_size=max_faits)):
        getattr(histoire, genre)()
    if not refusables:
        _refuse_par_le_flux(histoire.faits)
    return _ligne(draw, histoire.faits, _etat_civil(histoire))


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
    origine: date = draw(st.sampled_from(choisis))
    if genre == 2:
        return origine + timedelta(draw(st.integers(0, 500)))
    return plus_mois(origine, draw(st.sampled_from(DELAIS))) + timedelta(draw(st.sampled_from((0, 1, -1))))
