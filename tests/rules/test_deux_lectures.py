"""The engine against a second, naive reading written for the tests alone, over everything the feed allows."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.lecture_naive import lire
from tests.rules.rejeu import nu, rejouer_ligne
from tests.rules.strategies import dates_de_lecture, lignes
from tests.tirages import tirages


@st.composite
def lectures(draw: st.DrawFn) -> tuple[dict[str, Any], date, date]:
    ligne = draw(lignes())
    return ligne, *draw(dates_de_lecture(ligne))


@settings(max_examples=tirages(2000))
@given(lectures())
def test_les_deux_lectures_disent_la_meme_chose(lecture: tuple[dict[str, Any], date, date]) -> None:
    """By the days on which a rule may fall: the naive reading's own tests show that it skips nothing."""
    ligne, au, connu_le = lecture
    assert nu(rejouer_ligne(ligne, au, connu_le)) == lire(ligne, au, connu_le, tous_les_jours=False)


@settings(max_examples=tirages(100))
@given(lectures())
def test_jour_apres_jour(lecture: tuple[dict[str, Any], date, date]) -> None:
    ligne, au, connu_le = lecture
    assert nu(rejouer_ligne(ligne, au, connu_le)) == lire(ligne, au, connu_le, tous_les_jours=True)


@settings(max_examples=tirages(500))
@given(lectures())
def test_les_explications_se_lisent(lecture: tuple[dict[str, Any], date, date]) -> None:
    """Each movement has its article and a sentence; no placeholder, no English, no Python value."""
    ligne, au, connu_le = lecture
    resultat = rejouer_ligne(ligne, au, connu_le)
    for mouvement in [*resultat["mouvements"], *resultat["prevision"]]:
        assert mouvement["article"]
        assert mouvement["explication"].endswith(".")
        assert not {"None", "{", "}", "datetime"} & set(mouvement["explication"].split())
