"""The demonstration: invented drivers, a stand-in for FranceConnect, a mail server that delivers nothing.

A production instance refuses to import it, unless the one switch says that its drivers are invented.
"""

import os

if os.environ.get("DJANGO_SETTINGS_MODULE") == "mespoints.settings.base" and (
    os.environ.get("MESPOINTS_DEMONSTRATION", "").lower() not in {"1", "true", "oui"}
):
    raise ImportError("la démonstration n'existe pas en production (MESPOINTS_DEMONSTRATION n'est pas à 1)")

#: Where its servers listen: this machine, unless a container says otherwise.
HOTE = os.environ.get("DEMO_BIND", "127.0.0.1")
