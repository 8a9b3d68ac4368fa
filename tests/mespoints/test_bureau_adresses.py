"""Every address of the desk, tried by everybody who may not: it walks ``admin.site.urls``, none escapes."""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver
from django.utils.timezone import localdate

from accounts.models import Agent, Signalement
from documents.models import Envoi
from dossier.models import Decision, Dossier, Journal, Passage
from mespoints.lib.visiteur import ADMINISTRATION, INSTRUCTION, LECTURE, VALIDATION
from tests.accounts.agents import connecter_agent
from tests.accounts.factories import CompteFactory, RattachementFactory
from tests.accounts.signaler import signalement
from tests.dossier.bureau import agent, au_bureau, du_rhone, ouvrir
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db

#: What each address takes. One that is not here fails every test below: a new page says who may open it.
POUVOIRS = {
    "index": None,  # any agent
    "dossier_dossier_changelist": LECTURE,
    "stages_annoncestage_changelist": LECTURE,
    "dossier_dossier_fiche": LECTURE,
    "dossier_dossier_conducteur": LECTURE,
    "dossier_dossier_conducteur_previsionnel": LECTURE,
    "dossier_dossier_saisir": INSTRUCTION,
    "dossier_decision_changelist": INSTRUCTION,
    "dossier_decision_fiche": INSTRUCTION,
    "dossier_journal_changelist": ADMINISTRATION,
    **dict.fromkeys(["documents_envoi_changelist", "documents_envoi_fiche", "documents_envoi_fichier"], INSTRUCTION),
    **dict.fromkeys(["dossier_passage_changelist", "dossier_importation_changelist"], ADMINISTRATION),
    "dossier_verificationdulivre_changelist": ADMINISTRATION,
    **dict.fromkeys(["accounts_agent_changelist", "accounts_agent_ouvrir", "accounts_agent_fiche"], ADMINISTRATION),
}
SUR_UN_AGENT = {f"accounts_agent_{nom}" for nom in ("changer", "suspendre", "reprendre", "terminer")}
POUVOIRS |= dict.fromkeys(SUR_UN_AGENT, ADMINISTRATION)
SIGNALEMENT = "accounts_signalement_"
POUVOIRS |= {f"{SIGNALEMENT}{nom}": INSTRUCTION for nom in ("changelist", "fiche", "prendre", "rendre", "repondre")}
POUVOIRS |= {f"{SIGNALEMENT}{nom}": INSTRUCTION for nom in ("clore", "comparer", "ouvrir", "proposer")}
POUVOIRS |= {f"{SIGNALEMENT}trancher": VALIDATION, "dossier_dossier_rii": INSTRUCTION}
#: Django's own: to come in and out, words for scripts, what exists not.
SANS_DOSSIER = {"login", "logout", "jsi18n", "app_list", None}
#: About one dossier, which is of the Rhône.
D_UN_DOSSIER = {nom for nom in POUVOIRS if nom.startswith("dossier_do") or nom == "dossier_decision_fiche"} - {
    "dossier_dossier_changelist"
}
D_UN_DOSSIER |= {nom for nom in POUVOIRS if nom.startswith(SIGNALEMENT)} - {f"{SIGNALEMENT}changelist"}
PAR_POST = {nom for nom in D_UN_DOSSIER if nom.startswith(SIGNALEMENT)} - {f"{SIGNALEMENT}fiche"}
PAR_POST |= {"documents_envoi_fichier"} | SUR_UN_AGENT
#: About the Rhône's letters, without a name: closed to the others, and no look at a dossier.
D_UN_DEPARTEMENT = {"documents_envoi_fiche", "documents_envoi_fichier"}
#: Whose POST changes nothing of a dossier.
SANS_CONFIRMATION = {"dossier_dossier_changelist", "stages_annoncestage_changelist"}
SANS_CONFIRMATION |= PAR_POST - {f"{SIGNALEMENT}proposer", f"{SIGNALEMENT}trancher", "documents_envoi_fichier"}
SANS_CONFIRMATION -= SUR_UN_AGENT


class Page(NamedTuple):
    nom: str | None
    chemin: str


def pages(pose: Dossier | None = None, decision: Decision | None = None) -> list[Page]:
    """Each address of the site, its arguments being those of a real dossier and of a real decision."""
    valeurs = {
        "dossier_id": str(pose.pk if pose else 1),
        "decision_id": str(decision.pk if decision else 1),
        "acte": "infraction",
        "signalement_id": str(Signalement.objects.filter(dossier=pose).values_list("pk", flat=True).first() or 1),
        "proposition_id": "1",
        "agent_id": str(Agent.objects.values_list("pk", flat=True).first() or 1),
        "envoi_id": str(Envoi.objects.values_list("pk", flat=True).first() or 1),
    }
    return list(_parcourir(admin.site.urls[0], "/admin/", valeurs))


def _parcourir(routes: list[Any], prefixe: str, valeurs: dict[str, str]) -> Iterator[Page]:
    for route in routes:
        chemin = re.sub(r"<\w+:(\w+)>", lambda trouve: valeurs[trouve[1]], str(route.pattern))
        if isinstance(route, URLResolver):
            yield from _parcourir(route.url_patterns, prefixe + chemin, valeurs)
        else:
            assert isinstance(route, URLPattern)
            fin = "n-existe-pas" if route.name is None else re.sub(r"[\^$]|\(.*\)", "", chemin)
            yield Page(route.name, prefixe + fin)


@pytest.fixture
def pose() -> Dossier:
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    signalement(motif="stage", dossier=pose)
    Envoi.objects.create(departement="69", agent=999_999)
    return pose


@pytest.fixture
def decision(pose: Dossier) -> Decision:
    from dossier.bureau.decisions import prevoir

    faits = [infraction("x", "2026-05-01", "2026-06-01", 2)]
    return Decision.objects.create(
        dossier=pose,
        departement="69",
        acte="infraction",
        faits=faits,
        effet=prevoir(pose.pk, faits, au=localdate()),
        piece="PV",
        auteur=999_999,
    )


def les_notres(pose: Dossier, decision: Decision) -> list[Page]:
    return [page for page in pages(pose, decision) if page.nom not in SANS_DOSSIER]


def _ouvert(client: Client, pose: Dossier) -> Client:
    """The session says that this dossier is open: what remains is the right to it."""
    session = client.session
    session["bureau"] = {"dossier_id": pose.pk, "motif": "guichet", "precision": "x", "depuis": time.time()}
    session.save()
    return client


def test_chaque_page_dit_qui_l_ouvre(pose: Dossier, decision: Decision) -> None:
    assert {page.nom for page in pages(pose, decision)} == set(POUVOIRS) | SANS_DOSSIER
    assert len(D_UN_DOSSIER) >= 5


def _anonyme() -> Client:
    return Client()


def _conducteur() -> Client:
    client = Client()
    client.force_login(RattachementFactory(dossier__neph=uuid.uuid4().hex[:12].upper()).user)
    return client


def _agent(preuves: tuple[str, ...]) -> Client:
    client = Client()
    connecter_agent(client, agent("validation"), preuves=preuves)
    return client


def _sans_facteur() -> Client:
    client, compte = Client(), agent("validation")
    compte.authenticator_set.all().delete()
    connecter_agent(client, compte, preuves=("password",))
    return client


def _sans_role() -> Client:
    client = Client()
    connecter_agent(client, CompteFactory(is_staff=True))
    return client


def _session_finie() -> Client:
    client = _agent(("password", "mfa"))
    session = client.session
    session["renouvelee_a"] = session["ouverte_a"] = int(time.time()) - 16 * 60
    session.save()
    return client


QUI: dict[str, Callable[[], Client]] = {
    "anonyme": _anonyme,
    "conducteur": _conducteur,
    "agent sans facteur": _sans_facteur,
    "facteur non donné": lambda: _agent(("password",)),
    "par FranceConnect": lambda: _agent(("franceconnect", "mfa")),
    "agent sans rôle": _sans_role,
    "session finie": _session_finie,
}


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("qui", QUI)
def test_personne_d_autre_n_entre(pose: Dossier, decision: Decision, qui: str, methode: str) -> None:
    client = QUI[qui]()
    for page in les_notres(pose, decision):
        if qui == "session finie":  # the first answer ends it
            client = _ouvert(QUI[qui](), pose)
        reponse = getattr(client, methode)(page.chemin)
        assert reponse.status_code in {302, 403}, page
        if reponse.status_code == 302:
            assert reponse["Location"].startswith(("/connexion/", "/admin/login/", "/compte/double-auth")), page
    assert not Journal.objects.exists()


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("departement", ["33", None])
def test_un_agent_d_un_autre_departement_n_ouvre_aucun_dossier(
    pose: Dossier, decision: Decision, departement: str | None, methode: str
) -> None:
    """Not even with a session that says that it is open; an administrator neither."""
    client = _ouvert(au_bureau("validation" if departement else "administration", departement), pose)
    vues = [page for page in les_notres(pose, decision) if page.nom in D_UN_DOSSIER | D_UN_DEPARTEMENT]
    for page in vues:
        reponse = getattr(client, methode)(page.chemin, {"vu": "x", "valider": "1"})
        assert reponse.status_code in {403, 405}, page
        assert pose.neph not in reponse.content.decode()
    assert vues
    if departement and methode == "get":
        assert set(Journal.objects.values_list("acte", flat=True)) == {"refus"}
    decision.refresh_from_db()
    assert decision.statut == "attente"


@pytest.mark.parametrize("role", ["lecture", "instruction", "validation", "administration"])
def test_chaque_role_n_a_que_ses_pages(pose: Dossier, decision: Decision, role: str) -> None:
    client = _ouvert(au_bureau(role, None if role == "administration" else "69"), pose)
    compte = client.agent  # type: ignore[attr-defined]
    from accounts.selectors import get_agent

    qui = get_agent(compte)
    assert qui
    for page in les_notres(pose, decision):
        pouvoir = POUVOIRS[str(page.nom)]
        permis = pouvoir is None or qui.peut(pouvoir)
        attendu = 405 if page.nom in PAR_POST else 200 if permis else 403
        assert client.get(page.chemin).status_code == attendu, page
        if not permis:
            assert client.post(page.chemin).status_code in {403, 405}, page


def test_ce_qui_montre_un_dossier_est_au_journal_et_rien_d_autre(pose: Dossier, decision: Decision) -> None:
    """A page that shows a driver without a row in the journal fails here, whichever it is."""
    client = _ouvert(au_bureau("validation"), pose)
    for page in les_notres(pose, decision):
        avant = Journal.objects.count()
        contenu = client.get(page.chemin).content.decode()
        lignes = Journal.objects.count() - avant
        assert lignes == (1 if page.nom in D_UN_DOSSIER - PAR_POST else 0), page
        assert lignes or not {pose.neph, pose.nom_naissance} & set(re.findall(r"\w+", contenu)), page


def test_un_lecteur_ne_change_rien(pose: Dossier, decision: Decision) -> None:
    client = _ouvert(au_bureau("lecture"), pose)
    avant = Decision.objects.count()
    for page in les_notres(pose, decision):
        if page.nom not in SANS_CONFIRMATION:
            assert client.post(page.chemin, {"vu": "x", "valider": "1"}).status_code in {403, 405}, page
    decision.refresh_from_db()
    assert (decision.statut, Decision.objects.count()) == ("attente", avant)


def test_une_preuve_de_plus_de_cinq_minutes_est_redemandee(pose: Dossier, decision: Decision) -> None:
    client = _ouvert(au_bureau("validation"), pose)
    session = client.session
    session["account_authentication_methods"] = [
        preuve | {"at": time.time() - 301} for preuve in session["account_authentication_methods"]
    ]
    session.save()
    for page in les_notres(pose, decision):
        if page.nom not in SANS_CONFIRMATION:
            reponse = client.post(page.chemin, {"vu": "x", "valider": "1"})
            assert reponse["Location"].startswith("/compte/reauthenticate/?next="), page
    decision.refresh_from_db()
    assert decision.statut == "attente"


def test_ce_qui_attendait_la_preuve_est_fait_ensuite(pose: Dossier) -> None:
    """What was typed is kept while the password is asked for, and the page that follows is the effect."""
    from tests.accounts.factories import MOT_DE_PASSE

    client = au_bureau("instruction")
    adresse = f"{ouvrir(client, pose)}enregistrer/visite-medicale/"
    session = client.session
    session["account_authentication_methods"] = [
        preuve | {"at": time.time() - 301} for preuve in session["account_authentication_methods"]
    ]
    session.save()
    saisie = {"cle": str(uuid.uuid4()), "date_visite": "02/11/2026", "avis": "apte", "piece": "avis"}
    detour = client.post(adresse, saisie)["Location"]
    page = client.post(detour, {"password": MOT_DE_PASSE, "next": adresse})
    assert page.status_code == 200
    assert "02/11/2026" in page.content.decode()
    assert 'name="vu"' in page.content.decode()


def test_sous_son_seul_nom(settings, pose: Dossier, decision: Decision) -> None:
    settings.ADMIN_HOST = "bureau.exemple.fr"
    settings.ALLOWED_HOSTS = ["testserver", "bureau.exemple.fr"]
    client = _ouvert(au_bureau("validation"), pose)
    for page in pages(pose, decision):
        assert client.get(page.chemin).status_code == 404, page
        assert Client().get(page.chemin).status_code == 404, page
    assert client.get("/admin/", headers={"host": "bureau.exemple.fr"}).status_code == 200


def test_ni_liste_ni_export_ni_suppression(pose: Dossier, decision: Decision) -> None:
    for page in pages(pose, decision):
        assert not re.search(r"delete|add/|history|export|autocomplete", page.chemin), page
    for model_admin in admin.site._registry.values():
        assert model_admin.actions is None
        assert not model_admin.has_delete_permission(None)  # type: ignore[arg-type]
    chef = au_bureau("administration", None)
    for chemin in ("/admin/dossier/journal/", "/admin/accounts/agent/", "/admin/dossier/passage/"):
        page = chef.get(chemin).content.decode()
        assert "<style" not in page
        assert 'name="action"' not in page
        assert chef.post(chemin, {"action": "delete_selected", "_selected_action": "1"}).status_code == 405


def test_douze_requetes_au_plus(pose: Dossier, decision: Decision) -> None:
    """With one row and with twenty of each."""
    for tour in range(2):
        for role in ("validation", "administration"):
            client = _ouvert(au_bureau(role, None if role == "administration" else "69"), pose)
            for page in les_notres(pose, decision):
                with CaptureQueriesContext(connection) as requetes:
                    client.get(page.chemin)
                combien = [r["sql"][:60] for r in requetes if not r["sql"].startswith(("SAVEPOINT", "RELEASE"))]
                assert len(combien) <= 12, (page, tour, combien)
        for n in range(20 if tour == 0 else 0):
            Decision.objects.create(
                dossier=pose, departement="69", acte="stage", faits=decision.faits, effet=decision.effet, piece="PV",
                auteur=n,
            )  # fmt: skip
            Passage.objects.create(jour=f"2026-10-{n + 1:02}")
            agent("lecture")


def test_la_commande_de_la_demonstration_fait_des_agents_qui_ont_un_role(tmp_path, settings) -> None:
    from accounts.models import Agent

    settings.MESPOINTS_DEMONSTRATION = True
    fichier = tmp_path / "comptes.json"
    secret = "DEMORHONEVALIDATIONAGENTABCDEFGH"
    fichier.write_text(
        '{"mot_de_passe": "demonstration-2026", "comptes": [], "agents": [{"email": "v@exemple.fr",'
        f' "departement": "69", "role": "validation", "secret_totp": "{secret}"}}]}}'
    )
    call_command("create_comptes_demo", str(fichier))
    assert list(Agent.objects.values_list("role", "departement")) == [("validation", "69")]
