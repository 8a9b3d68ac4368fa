"""The circuits that a process opens when something no longer answers: they must not outlive the test that opened them.

The tests run in any order: one that made Redis silent left the next without a cache, for five seconds.
"""

import sys

#: Module and name of each ``Disjoncteur`` of ours.
CIRCUITS = (
    ("accounts.franceconnect.echange", "DISJONCTEUR"),
    ("mespoints.lib.cache", "SILENCE"),
    ("mespoints.lib.postgresql.base", "SILENCE"),
    ("mespoints.lib.worker", "SILENCE"),
)


def refermer() -> None:
    """Close those of the modules that are loaded."""
    for module, nom in CIRCUITS:
        if module in sys.modules:
            getattr(sys.modules[module], nom).noter(en_retard=False)
