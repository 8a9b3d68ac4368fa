"""Who closed an account is alone to open it again: each way to close, each way to open, and two closings at once."""

from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest
from django.db import ProgrammingError, connection
from django.utils.timezone import now

from accounts.bureau.services import bloquer, debloquer
from accounts.compte.securite import contester, fermer_compte, record_connexion
from accounts.courriels import PAS_MOI, signer_lien
from accounts.models import Courriel, User
from accounts.services import (
    AgentInconnu,
    CompteDeConducteur,
    CompteFerme,
    end_agent,
    put_agent,
    resume_agent,
    suspend_agent,
)
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory

pytestmark = pytest.mark.django_db
ADRESSE = "camille@exemple.fr"


def desactiver(compte: User) -> None:
    User.objects.filter(pk=compte.pk).update(desactive_at=now())


def contester_le_dernier(compte: User) -> None:
    contester(signer_lien(PAS_MOI, Courriel.objects.filter(user=compte, proteste_at=None).latest("pk").pk))


def rouvrir_agent(compte: User) -> None:
    with suppress(AgentInconnu):
        resume_agent(email=ADRESSE)


def embaucher(compte: User) -> None:
    with suppress(CompteFerme, CompteDeConducteur):
        put_agent(email=ADRESSE, mot_de_passe="!", role="lecture", departement="69")


FERMER: dict[str, Callable[[User], object]] = {
    "titulaire": lambda compte: fermer_compte(compte, request=None),
    "deux agents": lambda compte: bloquer(user_id=compte.pk),
    "exploitant": desactiver,
}
FERMER_AGENT: dict[str, Callable[[User], object]] = {
    "suspension": lambda compte: suspend_agent(email=ADRESSE),
    "fin": lambda compte: end_agent(email=ADRESSE),
    "exploitant": desactiver,
}
ROUVRIR: dict[str, Callable[[User], object]] = {
    "titulaire": contester_le_dernier,
    "deux agents": lambda compte: debloquer(user_id=compte.pk),
    "suspension": rouvrir_agent,
    "fin": embaucher,
}


@pytest.fixture
def compte(rf) -> User:
    compte = RattachementFactory(user__email=ADRESSE).user
    record_connexion(compte, rf.get("/"), porte="votre adresse")
    return compte


@pytest.fixture
def agent() -> User:
    agent = CompteFactory(email=ADRESSE)
    embaucher(agent)
    return agent


def est_ouvert(compte: User) -> bool:
    """As the pages see it."""
    compte.refresh_from_db()
    return compte.is_active


@pytest.mark.parametrize(("par", "autre"), list(product(FERMER, FERMER)))
@pytest.mark.parametrize("qui", ["titulaire", "deux agents", "suspension", "fin"])
def test_qui_a_ferme_rouvre_seul(compte: User, par: str, autre: str, qui: str) -> None:
    """Closed by one, then by another or by none (twice the same): open only if all who closed opened."""
    FERMER[par](compte)
    compte.refresh_from_db()
    FERMER[autre](compte)
    assert not est_ouvert(compte)
    ROUVRIR[qui](compte)
    assert est_ouvert(compte) is ({par, autre} == {qui})


@pytest.mark.parametrize("par", FERMER_AGENT)
@pytest.mark.parametrize("qui", ["deux agents", "suspension", "fin"])
def test_un_agent_n_est_rouvert_que_par_qui_l_a_ferme(agent: User, par: str, qui: str) -> None:
    FERMER_AGENT[par](agent)
    assert not est_ouvert(agent)
    ROUVRIR[qui](agent)
    assert est_ouvert(agent) is (par == qui)


@pytest.mark.parametrize("dernier", ["suspension", "exploitant"])
def test_reprendre_un_agent_laisse_ferme_ce_que_l_exploitant_a_ferme(agent: User, dernier: str) -> None:
    """Whichever came first."""
    for par in ("exploitant", "suspension") if dernier == "suspension" else ("suspension", "exploitant"):
        FERMER_AGENT[par](agent)
    resume_agent(email=ADRESSE)
    assert not est_ouvert(agent)


def test_changer_le_role_d_un_agent_suspendu_le_laisse_suspendu(agent: User) -> None:
    suspend_agent(email=ADRESSE)
    put_agent(email=ADRESSE, mot_de_passe="!", role="validation", departement="69")
    assert not est_ouvert(agent)
    resume_agent(email=ADRESSE)
    assert est_ouvert(agent)


def test_un_agent_suspendu_puis_termine_qui_revient_est_ouvert(agent: User) -> None:
    suspend_agent(email=ADRESSE)
    end_agent(email=ADRESSE)
    embaucher(agent)
    assert est_ouvert(agent)


@pytest.mark.parametrize("par", FERMER)
def test_un_compte_ferme_ne_devient_pas_celui_d_un_agent(compte: User, par: str) -> None:
    FERMER[par](compte)
    compte.rattachements.update(revoked_at=now())
    with pytest.raises(CompteFerme):
        put_agent(email=ADRESSE, mot_de_passe="!", role="lecture", departement="69")
    assert not User.objects.get(pk=compte.pk).is_staff


def test_debloquer_ne_promet_rien_a_qui_reste_ferme(compte: User, courriels_partis) -> None:
    desactiver(compte)
    bloquer(user_id=compte.pk)
    debloquer(user_id=compte.pk)
    assert not [m for m in courriels_partis() if "n'est plus bloqué" in m.body]


def test_nul_n_ecrit_qu_un_compte_est_ouvert(compte: User) -> None:
    """It follows from who closed it, in the database itself."""
    desactiver(compte)
    with pytest.raises(ProgrammingError, match="is_active"), connection.cursor() as curseur:
        curseur.execute("UPDATE accounts_user SET is_active = true")


def test_un_compte_ferme_n_ouvre_aucune_page(compte: User, client) -> None:
    client.post("/connexion/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert client.get("/mes-points/").status_code == 200
    desactiver(compte)
    assert client.get("/mes-points/").status_code == 302
    client.post("/connexion/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    assert client.get("/mes-points/").status_code == 302
