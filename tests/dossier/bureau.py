"""An agent at the desk, for the tests of its pages."""

from typing import Any

from django.test import Client

from accounts.models import Agent, User
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
