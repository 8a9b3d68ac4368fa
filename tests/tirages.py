"""How many examples Hypothesis draws where a test says it: a part of them in ``make test`` and in ``make quick``.

Each run draws others: what a part does not find today, the next one may. ``make chaos`` draws all of them, and as many
as it asks of the law.
"""

import os

from hypothesis import settings

#: By profile: one in so many, and never fewer than the second.
PARTS = {"bref": (20, 5), "rapide": (10, 25)}


def tirages(combien: int) -> int:
    if "MESPOINTS_TIRAGES" in os.environ:
        return int(os.environ["MESPOINTS_TIRAGES"])
    part, au_moins = PARTS.get(settings.get_current_profile_name(), (1, 1))
    return max(min(combien, au_moins), combien // part)
