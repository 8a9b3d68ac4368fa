"""The code that one types: forgiving of case and dashes, never of a wrong character."""

import random
from contextlib import suppress

import pytest

from documents.code import code_court
from documents.code.code_court import ALPHABET, CodeIllisible, en_groupes, lire, tirer


def test_a_code_is_read_as_one_types_it() -> None:
    code = tirer()
    for texte in (code, code.lower(), en_groupes(code), f" {en_groupes(code)} ".replace("-", " "), "\u00a0".join(code)):
        assert lire(texte) == code


def test_letters_that_look_like_figures_are_read_as_such() -> None:
    code = next(c for c in iter(tirer, None) if "0" in c and "1" in c)
    assert lire(code.replace("0", "O").replace("1", "l")) == code
    assert lire(code.replace("0", "o").replace("1", "I")) == code


def test_one_wrong_character_is_always_seen() -> None:
    code = tirer()
    for rang, juste in enumerate(code):
        for faux in set(ALPHABET) - {juste}:
            with pytest.raises(CodeIllisible):
                lire(code[:rang] + faux + code[rang + 1 :])


def test_two_neighbours_swapped_are_nearly_always_seen() -> None:
    graine = random.randrange(1 << 32)
    print(f"graine {graine}")
    tirage, passes = random.Random(graine), 0
    for _ in range(500):
        code = tirer()
        rang = tirage.randrange(15)
        autre = code[:rang] + code[rang + 1] + code[rang] + code[rang + 2 :]
        with suppress(CodeIllisible):
            passes += autre != code and lire(autre) == autre
    assert passes <= 10


@pytest.mark.parametrize("texte", ["", "7K3Q", "U" * 16, "É" * 16, "0" * 17, "\x00" * 16, "🚗" * 16])
def test_what_is_no_code_is_refused_with_a_reason(texte: str) -> None:
    with pytest.raises(CodeIllisible):
        lire(texte)


def test_codes_do_not_repeat() -> None:
    assert len({tirer() for _ in range(5000)}) == 5000
    assert code_court.LONGUEUR == 16
