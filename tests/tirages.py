"""How many examples Hypothesis draws where a test says it: all of them, but for ``make quick``."""

from hypothesis import settings

PART = 20  # in `make quick`, one in so many


def tirages(combien: int) -> int:
    return max(5, combien // PART) if settings.get_current_profile_name() == "bref" else combien
