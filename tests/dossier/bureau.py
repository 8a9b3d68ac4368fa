"""An agent at the desk, for the tests of its pages."""

import re
import uuid
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils.timezone import localdate

from accounts.models import Agent, User
from dossier.models import Decision
from tests.accounts.agents import ajouter_une_application, connecter_agent
from tests.accounts.factories import CompteFactory
from tests.dossier.lignes import dossier

RHONE = {"lignes": ["1 quai de la Saône"], "code_postal": "69002", "commune": "Lyon"}
RECHERCHE = {"motif": "guichet", "precision": "demande au guichet"}


def agent(role: str = "instruction", departement: str | None = "69", **champs: Any) -> User:
    compte = CompteFactory(is_staff=True)
    ajouter_une_application(compte)
    Agent.objects.create(user=compte, role=role, departement=departement, **champs)
    return compte


def au_bureau(role: str = "instruction", departement: str | None = "69", **champs: Any) -> Client:
    """A client signed in as a new agent, a password and a code given just now; ``client.agent`` is the account."""
    client = Client()
    client.agent = connecter_agent(client, agent(role, departement, **champs))  # type: ignore[attr-defined]
    return client


def du_rhone(*faits: dict[str, Any], **champs: Any) -> Any:
    """A dossier of Lyon."""
    return dossier(*faits, adresse=RHONE, **champs)


def chercher(client: Client, **saisie: str) -> Any:
    return client.post("/admin/dossier/dossier/", RECHERCHE | saisie)


def ouvrir(client: Client, pose: Any) -> str:
    """Open a dossier by its number; give the address of its page."""
    reponse = chercher(client, neph=pose.neph)
    assert reponse.status_code == 302, reponse.content.decode()
    return str(reponse["Location"])


# --- Recording ------------------------------------------------------------------------------------------------------


def jj(quand: date) -> str:
    return f"{quand:%d/%m/%Y}"


def il_y_a(jours: int) -> date:
    return localdate() - timedelta(days=jours)


def hors_bareme(points: int = 3, **autres: str) -> dict[str, str]:
    return {
        "date_commission": jj(il_y_a(40)),
        "bareme": "hors-bareme",
        "libelle": "Franchissement d'une ligne continue",
        "nature": "contravention",
        "classe": "4",
        "points": str(points),
        "date_definitive": jj(il_y_a(10)),
        "etablie_par": "paiement",
        "piece": "PV 2026-118",
    } | autres


class Poste:
    """An agent in front of an opened dossier."""

    def __init__(self, pose: Any, role: str = "instruction") -> None:
        self.client = au_bureau(role)
        self.adresse = ouvrir(self.client, pose)

    def voir_l_effet(self, acte: str, saisie: dict[str, str], **autres: str) -> str:
        adresse = f"{self.adresse}enregistrer/{acte}/"
        self.saisie = {"cle": str(uuid.uuid4())} | saisie
        reponse = self.client.post(adresse, self.saisie | autres)
        assert reponse.status_code == 200
        return unescape(reponse.content.decode())

    def soumettre(self, acte: str, saisie: dict[str, str]) -> str:
        """See the effect, then record; give the page that follows."""
        page = self.voir_l_effet(acte, saisie)
        vu = re.search(r'name="vu" value="(\w+)"', page)
        assert vu, re.findall(r'class="g-erreur"[^<]*>([^<]+)', page)
        reponse = self.client.post(f"{self.adresse}enregistrer/{acte}/", self.saisie | {"vu": vu[1]}, follow=True)
        return unescape(reponse.content.decode())


def decision_url(decision: Decision) -> str:
    return f"/admin/dossier/decision/{decision.pk}/"


def valider(client: Client, decision: Decision, **autres: str) -> str:
    page = client.get(decision_url(decision)).content.decode()
    vu = re.search(r'name="vu" value="(\w+)"', page)
    assert vu, page
    reponse = client.post(decision_url(decision), {"vu": vu[1], "valider": "1"} | autres, follow=True)
    return unescape(reponse.content.decode())
