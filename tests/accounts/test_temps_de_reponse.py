"""The time of an answer does not tell who has an account (reliability P16; fault B1). Real Argon2id.

What is timed is the processor's time, nearly all of it the hash: the clock on the wall tells more of our neighbours.
"""

import random
import statistics
import time

import pytest
from django.test import Client

from accounts.models import Compteur
from tests.accounts.factories import CompteFactory

pytestmark = pytest.mark.django_db
ESSAIS = 20
CONNUE, INCONNUE = "camille@exemple.fr", "zinedin@exemple.fr"


@pytest.fixture(autouse=True)
def comme_en_production(settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.mots_de_passe.Argon2id"]
    settings.EFFORT_APRES = 10_000


def essayer(email: str, n: int) -> tuple[float, int, int]:
    client, reseau = Client(), f"2001:db8:{n:x}::1"
    debut = time.process_time()
    reponse = client.post("/connexion/", {"login": email, "password": "faux"}, REMOTE_ADDR=reseau)
    return time.process_time() - debut, reponse.status_code, len(reponse.content)


def mesurer(adresses: list[str]) -> dict[str, float]:
    """The medians, tries of every kind mixed so that the machine's moods fall on all."""
    durees: dict[str, list[float]] = {adresse: [] for adresse in adresses}
    formes = set()
    ordre = adresses * ESSAIS
    random.Random(0).shuffle(ordre)
    for n, adresse in enumerate(ordre):
        duree, *forme = essayer(adresse, n)
        durees[adresse].append(duree)
        formes.add(tuple(forme))
        Compteur.objects.all().delete()  # nobody is made to wait
    assert len(formes) == 1, "one status, one length"
    return {adresse: statistics.median(mesures) for adresse, mesures in durees.items()}


def test_connue_ou_inconnue_une_adresse_prend_le_meme_temps() -> None:
    CompteFactory(email=CONNUE)
    adresses = [CONNUE, INCONNUE]  # as long as each other
    essayer(CONNUE, 1)  # what is imported once
    for _ in range(2):  # the machine is shared: a difference that is real shows each time
        medianes = mesurer(adresses)
        ecart = abs(medianes[adresses[0]] - medianes[adresses[1]])
        if ecart < 0.015 and ecart < 0.05 * max(medianes.values()):
            return
    pytest.fail(f"medians {medianes}")
