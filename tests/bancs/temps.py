"""``make timing``: what the time of an answer tells, and whether what must be short is. On an idle machine.

``make test`` proves the same by counting the work (``tests/accounts/test_rien_n_est_dit.py``). Here production's hashes
are made and times compared: the lower quartiles, for neighbours only make a try longer, while a difference in the code
makes them all longer; the closest of a few rounds counts. MESPOINTS_TIMING is the number of tries in a round.
"""

import os
import random
import time
from collections.abc import Callable
from statistics import quantiles

import pytest
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.creation import demandes
from accounts.models import Compteur, DemandeCompte
from accounts.selectors import get_titulaire
from tests.accounts.factories import RattachementFactory
from tests.accounts.parcours import DERNIERE, jusqu_au_mot_de_passe, repondre
from tests.accounts.test_rien_n_est_dit import ADRESSES, CAS, CONNUE, poser_des_comptes, poser_le_monde
from tests.documents.test_corpus_adcs import CORPUS, lire

pytestmark = pytest.mark.django_db

ESSAIS = int(os.environ.get("MESPOINTS_TIMING", "200"))
MANCHES = 8
ECART_RELATIF, ECART_ABSOLU = 0.05, 0.015
PLANCHER = 0.0005  # under which nobody tells two pages that make no hash apart, through a network
Geste = Callable[[], object]


@pytest.fixture(autouse=True)
def _hachage(settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.compte.mots_de_passe.Argon2id"]
    settings.EFFORT_APRES = 10_000


def quartile(durees: list[float]) -> float:
    return quantiles(durees, n=4)[0]


def chronometrer(geste: Geste) -> float:
    """Nobody is made to wait, and the same answers are not the same demande."""
    DemandeCompte.objects.all().delete()
    Compteur.objects.all().delete()
    debut = time.perf_counter()
    geste()
    return time.perf_counter() - debut


def se_valent(gestes: dict[str, Geste], *, manches: int = MANCHES) -> bool:
    """Each in its turn, in any order, so that what slows the machine slows them all."""
    durees: dict[str, list[float]] = {nom: [] for nom in gestes}
    for _ in range(manches):
        for _ in range(ESSAIS):
            for nom, geste in random.sample(list(gestes.items()), len(gestes)):
                durees[nom].append(chronometrer(geste))
        bas, *_, haut = sorted(map(quartile, durees.values()))
        admis = max(PLANCHER, min(ECART_RELATIF * bas, ECART_ABSOLU))
        if haut - bas <= admis:
            break
    print("\n" + "\n".join(f"{nom:40} {quartile(mesures) * 1000:7.1f} ms" for nom, mesures in durees.items()))
    return haut - bas <= admis


def finir(cas: str) -> Geste:
    """The last POST of the wizard."""
    client = Client()
    jusqu_au_mot_de_passe(client, **{"email": CONNUE} | CAS[cas])
    return lambda: repondre(client, "mot-de-passe", DERNIERE)


def test_le_parcours_prend_le_meme_temps_quoi_que_l_on_ait_saisi() -> None:
    poser_le_monde()
    assert se_valent({cas: finir(cas) for cas in CAS})


def test_une_difference_se_verrait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failing twin: a page that took a moment for a number that it knows."""
    deposer = demandes.deposer_demande

    def bavarde(*, saisie: demandes.Saisie) -> None:
        if saisie.neph == "780913100027":
            time.sleep(0.1)
        deposer(saisie=saisie)

    monkeypatch.setattr(demandes, "deposer_demande", bavarde)
    assert not se_valent({cas: finir(cas) for cas in ("tout concorde", "numéro inconnu")}, manches=1)


@pytest.mark.parametrize(
    ("chemin", "champs"),
    [("/connexion/", {"password": "faux"}), ("/compte/password/reset/", {})],
    ids=["entrer", "oubli"],
)
def test_une_porte_prend_le_meme_temps_pour_chaque_adresse(chemin: str, champs: dict[str, str]) -> None:
    poser_des_comptes()
    noms = {"/connexion/": "login"}

    def frapper(email: str) -> Geste:
        return lambda: Client().post(chemin, champs | {noms.get(chemin, "email"): email})

    assert se_valent({email: frapper(email) for email in ADRESSES})


def test_la_mise_en_page_se_rend_en_moins_d_une_milliseconde(rf: RequestFactory) -> None:
    requete = rf.get("/")
    requete.user = RattachementFactory().user
    requete.titulaire = get_titulaire(requete.user)
    requete.session = {}
    requete._messages = get_messages(requete)
    durees = [chronometrer(lambda: render_to_string("layout/base.html", request=requete)) for _ in range(50)]
    print(f"\nla mise en page {min(durees) * 1000:.2f} ms")
    assert min(durees) < 0.001, "what the machine does beside only makes it longer"


def test_mille_codes_refuses_ne_prennent_pas_de_temps() -> None:
    """D22. Each of the corpus, over and over: 300 ms is the limit for one, and none comes near it."""
    octets = [faire() for faire in CORPUS.values()]
    durees = sorted(chronometrer(lambda rang=rang: lire(octets[rang % len(octets)])) for rang in range(1_000))
    print(f"\nneuf refus sur dix {durees[900] * 1000:.2f} ms")
    assert durees[900] < 0.05
