"""How many examples Hypothesis draws: what a test says, a part of it for ``make quick``, what ``make chaos`` asks."""

import os

from hypothesis import settings

PART = 20  # in `make quick`, one in so many


def tirages(combien: int) -> int:
    if "MESPOINTS_TIRAGES" in os.environ:
        return int(os.environ["MESPOINTS_TIRAGES"])
    return max(5, combien // PART) if settings.get_current_profile_name() == "bref" else combien
