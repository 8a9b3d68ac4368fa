"""What one process of an attack does, from nothing: it is started anew, and Django with it."""

import os
import time
from itertools import count
from typing import Any


def lot(numero: int, combien: int, graine: int, requetes: int, marche: int | None, file_: Any) -> None:
    """What one process sends: the walks of its own numbers, in a database of its own."""
    os.environ["PYTEST_XDIST_WORKER"] = f"gw{2 + numero % 4}"  # the Redis databases that tests leave
    import django

    django.setup()
    from django.conf import settings
    from django.core import mail

    from tests.bancs.attaques.attaque import attaquer, terrain
    from tests.bancs.attaques.bilan import Bilan
    from tests.bancs.attaques.visiteurs import peupler
    from tests.base_de_donnees import Bases
    from tests.strict_templates import forbid_undefined_variables

    mail.outbox = []  # type: ignore[attr-defined]
    forbid_undefined_variables()
    dernier, dites = time.monotonic(), 0

    def dire(bilan: Bilan) -> None:
        nonlocal dernier, dites
        if time.monotonic() - dernier > 2 or len(bilan.fautes) > dites:
            for faute in list(bilan.fautes.values())[dites:]:
                file_.put(faute)
            dites = len(bilan.fautes)
            dernier = time.monotonic()
            file_.put((numero, bilan.requetes, len(bilan.fautes)))

    with Bases(), terrain(settings) as (journal, fournisseur):
        marches = iter([marche]) if marche is not None else count(numero, combien)
        parts = 1 if marche is not None else -(-requetes // combien)
        bilan = attaquer(
            graine, parts, monde=peupler(), journal=journal, fournisseur=fournisseur, marches=marches, dire=dire
        )
    file_.put((numero, bilan.requetes, len(bilan.fautes)))
    file_.put(bilan)
