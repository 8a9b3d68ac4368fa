"""Who attacks: each kind of visitor, signed in as far as it is, and a canary whom few of them may see."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.test import Client
from django.utils.timezone import localdate

from accounts.models import Agent, IdentiteFranceConnect, Rattachement, User
from documents.models import Envoi
from dossier.bureau.decisions import prevoir
from dossier.models import Decision, Dossier
from mespoints.lib.visiteur import NIVEAU_FC
from stages.models import Centre
from stages.rules.lieux import lire_agrement
from tests.accounts.agents import ajouter_une_application, connecter_agent
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory
from tests.accounts.signaler import signalement
from tests.dossier.bureau import RECHERCHE
from tests.dossier.lignes import dossier, infraction

NEPH, NOM, PRENOM, COURRIEL = "990175999099", "ZZCANARI", "Zoecanari", "zoe.zzcanari@exemple.fr"
LIEU, COMMUNE = "Rue du Canari-Témoin", "Canariville"
#: As kept, and as shown.
CANARIS = (NEPH, "99 01 75 999099", "zzcanari", "zoecanari", "canari-témoin", "canariville")
AUTRE, LIBRE = "990175999001", "990175999002"
RHONE = {"lignes": ["1 place du Canari"], "code_postal": "69002", "commune": COMMUNE}
COMPTES = ("canari@exemple.fr", "autre@exemple.fr", "sans@exemple.fr", "facteur@exemple.fr")
ROLES = ("lecture", "instruction", "validation", "administration")


class Monde(NamedTuple):
    """What exists before anybody comes: the canary's dossier, and the accounts by name."""

    canari: Dossier
    autre: Dossier
    comptes: dict[str, User]
    connus: dict[str, list[str]]


def peupler() -> Monde:
    """Three dossiers, the accounts of each kind, and one row of whatever a page shows."""
    perte = infraction("i1", "2026-01-10", "2026-02-20", 2, lieu=LIEU)
    canari = dossier(perte, neph=NEPH, nom_naissance=NOM, prenoms=[PRENOM], adresse=RHONE)
    ailleurs = {"lignes": ["1 rue Haute"], "code_postal": "33000", "commune": "Bordeaux"}
    autre = dossier(
        infraction("i2", "2025-01-10", "2025-02-20", 3), neph=AUTRE, nom_naissance="AUTRE", adresse=ailleurs
    )
    libre = dossier(infraction("i3", "2025-03-10", None, 1), neph=LIBRE, nom_naissance="LIBRE", adresse=ailleurs)
    comptes = {email.partition("@")[0]: CompteFactory(email=email) for email in COMPTES}
    for nom, pose in {"canari": canari, "autre": autre, "facteur": canari}.items():
        Rattachement.objects.create(user=comptes[nom], dossier=pose, origine="numero")
    ajouter_une_application(comptes["facteur"])
    comptes["franceconnect"] = User.objects.create_sans_adresse()
    IdentiteFranceConnect.objects.create(user=comptes["franceconnect"], empreinte="f" * 64, pivot="")
    for role in ROLES:
        comptes[role] = _agent(f"{role}@exemple.fr", role, None if role == "administration" else "69")
    comptes["ailleurs"] = _agent("ailleurs@exemple.fr", "validation", "13")
    return Monde(canari, autre, comptes, _garnir(canari, libre))


def _agent(email: str, role: str, departement: str | None) -> User:
    compte: User = CompteFactory(email=email, is_staff=True)
    ajouter_une_application(compte)
    Agent.objects.create(user=compte, role=role, departement=departement)
    return compte


def _garnir(canari: Dossier, libre: Dossier) -> dict[str, list[str]]:
    """A row of each thing; give what addresses may name."""
    Centre.objects.create(
        agrement=lire_agrement("R 19 069 0012 0"), nom="Route Sereine", adresse="12 rue de l'Exemple", commune="Lyon",
        code_postal="69003", departement="69", agree_du="2022-01-01", agree_au="2031-12-31", source="Préfecture",
        liste_du="2026-01-01",
    )  # fmt: skip
    recus = [signalement(motif="stage", dossier=canari), signalement()]
    envoi = Envoi.objects.create(departement="69", agent=999_999)
    faits = [infraction("x", "2026-05-01", "2026-06-01", 2)]
    effet = prevoir(canari.pk, faits, au=localdate())
    decision = Decision.objects.create(
        dossier=canari, departement="69", acte="infraction", faits=faits, effet=effet, piece="PV", auteur=999_999
    )
    rattachements = Rattachement.objects.values_list("pk", flat=True)
    return {
        "dossier_id": [str(canari.pk), str(libre.pk)],
        "signalement_id": [str(recu.pk) for recu in recus],
        "decision_id": [str(decision.pk)],
        "envoi_id": [str(envoi.pk)],
        "rattachement_id": [str(pk) for pk in rattachements],
        "acte": ["infraction", "stage", "annulation", "suspension", "correction", "invalidation", "visite_medicale"],
        "step": ["permis", "numero", "nom", "prenoms", "naissance", "courriel", "mot-de-passe", "numero-avant-1975"],
    }


class Visiteur(NamedTuple):
    """How to sign in, and whether the canary's dossier is theirs to see."""

    entrer: Callable[[Client, Monde], Any]
    voit: bool = False


def _par_mot_de_passe(nom: str) -> Callable[[Client, Monde], Any]:
    def entrer(client: Client, monde: Monde) -> None:
        client.post("/connexion/", {"login": monde.comptes[nom].email, "password": MOT_DE_PASSE})

    return entrer


def _par_franceconnect(propose: bool) -> Callable[[Client, Monde], Any]:
    """A first visit: the identity is known, and a dossier waits to be confirmed, or a number to be given."""

    def entrer(client: Client, monde: Monde) -> None:
        client.force_login(monde.comptes["franceconnect"])
        session = client.session
        session["niveau"] = NIVEAU_FC
        session["fc_propose"], session["fc_suite"] = monde.autre.pk if propose else None, "/mes-points/"
        session.save()

    return entrer


def _connecte(nom: str, *, ouvert: bool = False, preuves: tuple[str, ...] = ("password", "mfa")) -> Any:
    def entrer(client: Client, monde: Monde) -> None:
        connecter_agent(client, monde.comptes[nom], preuves=preuves)
        if ouvert:
            client.post("/admin/dossier/dossier/", RECHERCHE | {"neph": NEPH})

    return entrer


def _qui_prouve(nom: str) -> Callable[[Client, Monde], Any]:
    """Gave the password again just now: the pages of the second factor answer."""

    def entrer(client: Client, monde: Monde) -> None:
        _par_mot_de_passe(nom)(client, monde)
        client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})

    return entrer


VISITEURS: dict[str, Visiteur] = {
    "anonyme": Visiteur(lambda client, monde: None),
    "conducteur": Visiteur(_par_mot_de_passe("canari"), voit=True),
    "autre conducteur": Visiteur(_par_mot_de_passe("autre")),
    "conducteur sans dossier": Visiteur(_par_mot_de_passe("sans")),
    "conducteur qui vient de prouver": Visiteur(_qui_prouve("autre")),
    "FranceConnect, à confirmer": Visiteur(_par_franceconnect(True)),
    "FranceConnect, sans dossier": Visiteur(_par_franceconnect(False)),
    "conducteur à deux facteurs": Visiteur(_connecte("facteur"), voit=True),
    "code attendu": Visiteur(_par_mot_de_passe("facteur")),
    "code attendu d'un agent": Visiteur(_par_mot_de_passe("validation")),
    "agent sans code": Visiteur(_connecte("validation", preuves=("password",))),
    "lecture": Visiteur(_connecte("lecture", ouvert=True), voit=True),
    "instruction": Visiteur(_connecte("instruction", ouvert=True), voit=True),
    "validation": Visiteur(_connecte("validation", ouvert=True), voit=True),
    "agent d'ailleurs": Visiteur(_connecte("ailleurs", ouvert=True)),
    "administration": Visiteur(_connecte("administration", ouvert=True)),
}
