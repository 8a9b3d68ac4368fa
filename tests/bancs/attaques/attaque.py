"""One attack: walk after walk, each by one visitor in one transaction that is taken back."""

import logging
import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

from celery import Celery
from django.core.cache import caches
from django.db import transaction

from accounts.models import Compteur
from demo.franceconnect.application import Fournisseur
from mespoints.lib.inputs import SiteRequest
from tests.bancs.attaques.bilan import Bilan
from tests.bancs.attaques.garde import Garde, Journal, Tombe
from tests.bancs.attaques.pages import routes
from tests.bancs.attaques.promenades import Promenade, choisir_une
from tests.bancs.attaques.valeurs import hostile
from tests.bancs.attaques.visiteurs import VISITEURS, Monde
from tests.franceconnect import simulateur

LONGUEUR = 40  # requests of a walk
DIRES = ("family_name", "given_name", "given_name_array", "birthdate", "birthplace", "birthcountry", "email", "sub")
DIRES = (*DIRES, "preferred_username", "gender", "idp_birthdate", "acr", "nonce", "aud", "exp")


@contextmanager
def terrain(settings: Any) -> Iterator[tuple[Journal, Fournisseur]]:
    """Around an attack: the journal is read, no message is sent, FranceConnect's stand-in answers."""
    journal, racine = Journal(), logging.getLogger()
    bavards = [racine, *(logging.getLogger(nom) for nom in ("django", "django.request", "django.server", "allauth"))]
    niveaux = [bavard.level for bavard in bavards]
    muets = racine.handlers[:]
    for bavard in bavards:
        bavard.setLevel(logging.INFO)
    racine.handlers[:] = [journal]
    logging.captureWarnings(True)  # they are written down too, with what they warn of
    try:
        with (
            warnings.catch_warnings(),
            patch("django.test.client.WSGIRequest", SiteRequest),
            patch.object(Celery, "send_task", lambda *_args, **_options: None),
            simulateur(settings) as fournisseur,
        ):
            warnings.simplefilter("always", RuntimeWarning)
            yield journal, fournisseur
    finally:
        logging.captureWarnings(False)
        racine.handlers[:] = muets
        for bavard, niveau in zip(bavards, niveaux, strict=True):
            bavard.setLevel(niveau)


def attaquer(
    graine: int,
    requetes: int,
    *,
    monde: Monde,
    journal: Journal,
    fournisseur: Fournisseur,
    marches: Iterator[int],
    dire: Callable[[Bilan], None] = lambda bilan: None,
) -> Bilan:
    """Walk until so many requests were sent; ``marches`` numbers the walks, each a seed of its own."""
    bilan, adresses = Bilan(), routes()
    while bilan.requetes < requetes:
        marche = next(marches)
        hasard = random.Random(f"{graine}:{marche}")
        nom = hasard.choice(list(VISITEURS))
        _alterer(fournisseur, hasard)
        with transaction.atomic():
            caches["default"].clear()
            garde = Garde(bilan, journal, marche, nom, voit=VISITEURS[nom].voit)
            VISITEURS[nom].entrer(garde, monde)
            promenade = _SansAttente(garde, hasard, monde, adresses)
            with suppress(Tombe):
                choisir_une(hasard, nom)(promenade, min(LONGUEUR, requetes - bilan.requetes + 4))
            transaction.set_rollback(True)
        dire(bilan)
    return bilan


class _SansAttente(Promenade):
    """Whom no limit stops for long: the attack is on what is behind it."""

    def envoyer(self, demande: Any) -> Any:
        if self.hasard.random() < 0.25:
            Compteur.objects.all().delete()
        return super().envoyer(demande)


def _alterer(fournisseur: Fournisseur, hasard: random.Random) -> None:
    """Half of the time, one claim of FranceConnect's is what nobody is called; signed all the same."""
    fournisseur.alterations.clear()
    if hasard.random() < 0.5:
        return
    jeton, dire, valeur = hasard.choice(("userinfo", "id_token")), hasard.choice(DIRES), hostile(hasard)
    fausse: Any = valeur.decode("latin-1") if isinstance(valeur, bytes) else valeur
    fausse = hasard.choice((fausse, fausse, [fausse], {"a": fausse}, 7, None))
    fournisseur.alterations[jeton] = lambda charge: fournisseur.signer(charge | {dire: fausse})
