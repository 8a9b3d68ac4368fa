"""The time of an answer does not tell who has an account. Real Argon2id.

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
    settings.PASSWORD_HASHERS = ["accounts.compte.mots_de_passe.Argon2id"]
    settings.EFFORT_APRES = 10_000


def essayer(email: str, n: int) -> tuple[float, int, int]:
    client, reseau = Client(), f"2001:db8:{n:x}::1"
    debut = time.process_time()
    reponse = client.post("/connexion/", {"login": email, "password": "faux"}, REMOTE_ADDR=reseau)
    return time.process_time() - debut, reponse.status_code, len(reponse.content)


def mesurer(adresses: list[str], durees: dict[str, list[float]]) -> None:
    """One more round, tries of every kind mixed so that the machine's moods fall on all."""
    formes = set()
    ordre = adresses * ESSAIS
    random.Random(0).shuffle(ordre)
    for n, adresse in enumerate(ordre):
        duree, *forme = essayer(adresse, n)
        durees[adresse].append(duree)
        formes.add(tuple(forme))
        Compteur.objects.all().delete()  # nobody is made to wait
    assert len(formes) == 1, "one status, one length"


def test_connue_ou_inconnue_une_adresse_prend_le_meme_temps() -> None:
    CompteFactory(email=CONNUE)
    adresses = [CONNUE, INCONNUE]  # as long as each other
    essayer(CONNUE, 1)  # what is imported once
    durees: dict[str, list[float]] = {adresse: [] for adresse in adresses}
    for _ in range(6):  # neighbours only make a try longer: more of them bring the lower quartiles nearer the truth
        mesurer(adresses, durees)
        bas, haut = sorted(statistics.quantiles(mesures, n=4)[0] for mesures in durees.values())
        if haut - bas < min(0.015, 0.05 * haut):
            return
    pytest.fail(f"lower quartiles {bas} and {haut}")
