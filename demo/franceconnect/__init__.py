"""A stand-in for FranceConnect v2 (niveau faible): the same questions, answers and refusals, for invented citizens.

It is no part of the site: a process of its own, started by `make demo` and by the tests, which a production instance
refuses to import.
"""

import os

if os.environ.get("DJANGO_SETTINGS_MODULE") == "mespoints.settings.base" and (
    os.environ.get("MESPOINTS_DEMONSTRATION", "").lower() not in {"1", "true", "oui"}
):
    raise ImportError("le simulateur n'existe pas en production (MESPOINTS_DEMONSTRATION n'est pas à 1)")
