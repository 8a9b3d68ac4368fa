"""The wizard tells nobody anything: whatever was typed, one status, one length, one time.

``make timing`` asks 200 tries of each case, with production's hash; ``make test`` asks 20 of the main ones, with a hash
that costs less. A difference in the code shows in every round; the
noise of a machine that others use does not: the closest of a few rounds counts.
"""

import os
import random
import time
from statistics import quantiles

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from accounts.models import Compteur, DemandeCompte
from tests.accounts.factories import CompteFactory, DossierFactory
from tests.accounts.parcours import CREER, demander, jusqu_au_mot_de_passe, repondre
from tests.accounts.parcours import DERNIERE as FIN

pytestmark = pytest.mark.django_db

COMPLET = "MESPOINTS_TIMING" in os.environ
ESSAIS = int(os.environ.get("MESPOINTS_TIMING", "20"))
ECART_RELATIF, ECART_ABSOLU = 0.05, 0.015
MANCHES = 8

#: Each is the same length as the others.
CAS = {
    "tout concorde": {},
    "adresse d'un compte": {"email": "connu__@exemple.fr"},
    "numéro inconnu": {"numero-une-ligne": {"numero": "999999999999"}},
    "autre nom": {"nom": {"nom": "Durand"}},
    "autre naissance": {"naissance": {"jour": "30", "mois": "12", "annee": "1979"}},
    "dossier déjà rattaché": {"numero-une-ligne": {"numero": "780913100028"}},
}
PRINCIPAUX = ("tout concorde", "adresse d'un compte", "numéro inconnu", "autre nom")


@pytest.fixture(autouse=True)
def _monde() -> None:
    from tests.accounts.factories import RattachementFactory

    DossierFactory(neph="780913100027")
    RattachementFactory(dossier__neph="780913100028")
    CompteFactory(email="connu__@exemple.fr")


def options(cas: str) -> dict:
    return {"email": "camille@exemple.fr"} | CAS[cas]


def test_une_meme_reponse_quoi_que_l_on_ait_saisi() -> None:
    reponses, pages = [], []
    for cas in CAS:
        client = Client()
        reponses.append(demander(client, **options(cas)))
        pages.append(client.get(f"{CREER}envoye/"))
    assert {(r.status_code, r["Location"], len(r.content)) for r in reponses} == {(302, f"{CREER}envoye/", 0)}
    assert {sorted(r.headers) == sorted(reponses[0].headers) for r in reponses} == {True}
    assert {(page.status_code, len(page.content)) for page in pages} == {(200, len(pages[0].content))}
    assert DemandeCompte.objects.filter(instruite_at=None).count() == len(CAS), "nothing is decided in the request"


def test_redemander_le_courriel_repond_pareil_pour_tous() -> None:
    demander(Client())
    reponses = [
        Client().post(f"{CREER}renvoyer/", {"email": email}) for email in ("camille@exemple.fr", "inconnu@exemple.fr")
    ]
    assert len({(r.status_code, r["Location"], len(r.content)) for r in reponses}) == 1


def quartile(durees: list[float]) -> float:
    """The lower one: neighbours only ever make a try longer, a difference in the code makes them all."""
    return quantiles(durees, n=4)[0]


class Mesures:
    """The last POST of the wizard, each case in its turn, so that what slows the machine slows them all."""

    def __init__(self, *cas: str) -> None:
        self.clients = {nom: Client() for nom in cas}
        self.durees: dict[str, list[float]] = {nom: [] for nom in cas}
        for nom, client in self.clients.items():
            jusqu_au_mot_de_passe(client, **options(nom))

    def mesurer(self) -> bool:
        """One more round; whether the lower quartiles of all that was measured are alike."""
        for _ in range(ESSAIS):
            # In any order: who comes first after the tables are emptied waits a little more.
            for cas, client in random.sample(list(self.clients.items()), len(self.clients)):
                DemandeCompte.objects.all().delete()  # or the same answers would be the same demande
                Compteur.objects.all().delete()  # or the tries would soon be refused
                debut = time.perf_counter()
                assert repondre(client, "mot-de-passe", FIN).status_code == 302
                self.durees[cas].append(time.perf_counter() - debut)
        bas, *_, haut = sorted(map(quartile, self.durees.values()))
        return haut - bas <= min(ECART_RELATIF * bas, ECART_ABSOLU)

    def __str__(self) -> str:
        return ", ".join(f"{cas}: {quartile(mesures) * 1000:.1f} ms" for cas, mesures in self.durees.items())


class HachageCourt(PBKDF2PasswordHasher):
    """Some 60 ms: long beside the page, as in production, and bearable on two cores that others use."""

    algorithm = "court"
    iterations = 120_000


@pytest.fixture
def _hachage(settings) -> None:
    argon2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
    settings.PASSWORD_HASHERS = [argon2 if COMPLET else f"{__name__}.HachageCourt"]


@pytest.mark.usefixtures("_hachage")
def test_un_meme_temps_quoi_que_l_on_ait_saisi() -> None:
    mesures = Mesures(*(CAS if COMPLET else PRINCIPAUX))
    assert any(mesures.mesurer() for _ in range(MANCHES)), str(mesures)
    print(mesures)


@pytest.mark.usefixtures("_hachage")
def test_une_difference_se_verrait(monkeypatch) -> None:
    """The failing twin: a page that looked the number up would be found out."""
    from accounts.creation import demandes

    deposer = demandes.deposer_demande

    def bavarde(*, saisie: demandes.Saisie) -> None:
        if saisie.neph == "780913100027":
            time.sleep(0.1)
        deposer(saisie=saisie)

    monkeypatch.setattr(demandes, "deposer_demande", bavarde)
    mesures = Mesures("tout concorde", "numéro inconnu")
    assert not any(mesures.mesurer() for _ in range(2)), str(mesures)
