"""An agent's life: opened, changed, suspended, ended; at once, in the journal, and one person one agent."""

from http import HTTPStatus

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from accounts.models import Agent, User
from accounts.selectors import get_agent
from accounts.services import PersonneDejaAgent, end_agent, put_agent, resume_agent, suspend_agent
from dossier.models import Decision, Journal
from tests.accounts.agents import ajouter_une_application, connecter_agent
from tests.accounts.factories import DossierFactory

pytestmark = pytest.mark.django_db
ADRESSE = "agent@exemple.fr"


def ouvrir(email: str = ADRESSE, **autres) -> User:
    valeurs = {"mot_de_passe": "!", "role": "validation", "departement": "69"} | autres
    return put_agent(email=email, **valeurs).user


def au_bureau(compte: User) -> Client:
    client = Client()
    ajouter_une_application(compte)
    connecter_agent(client, compte)
    assert client.get("/admin/").status_code == HTTPStatus.OK
    return client


@pytest.mark.parametrize("fermer", [suspend_agent, end_agent])
def test_un_agent_ferme_ne_fait_plus_rien_au_clic_suivant(fermer) -> None:
    compte = User.objects.get(pk=ouvrir().pk)
    client = au_bureau(compte)
    fermer(email=ADRESSE)
    assert client.get("/admin/").status_code != HTTPStatus.OK
    compte.refresh_from_db()
    assert get_agent(compte) is None
    assert not compte.is_active
    assert Agent.objects.filter(pk=compte.pk).exists(), "the journal names it"


def test_un_agent_suspendu_reprend_un_agent_termine_non() -> None:
    compte = ouvrir()
    suspend_agent(email=ADRESSE)
    resume_agent(email=ADRESSE)
    au_bureau(User.objects.get(pk=compte.pk))
    call_command("put_agent", ADRESSE, "--terminer")
    for acte in ("--suspendre", "--reprendre", "--terminer"):
        with pytest.raises(CommandError, match="Aucun agent en fonction"):
            call_command("put_agent", ADRESSE, acte)
    compte.refresh_from_db()
    assert (compte.is_active, compte.is_staff) == (False, False)


def test_un_agent_qui_revient_est_ouvert_de_nouveau() -> None:
    ouvrir()
    end_agent(email=ADRESSE)
    compte = ouvrir(role="lecture")
    assert getattr(get_agent(User.objects.get(pk=compte.pk)), "role", "") == "lecture"


def test_chaque_changement_est_au_journal() -> None:
    compte = ouvrir()
    for acte in (suspend_agent, resume_agent, end_agent):
        acte(email=ADRESSE)
    lignes = list(Journal.objects.filter(acte="agent").order_by("pk").values_list("agent", "motif", "precision"))
    dits = ["validation (69)", "suspendu", "repris", "terminé"]
    assert lignes == [(0, "site", f"agent n° {compte.pk} : {dit}") for dit in dits]


def test_une_personne_est_un_seul_agent() -> None:
    personne = DossierFactory()
    ouvrir(dossier_id=personne.pk)
    with pytest.raises(PersonneDejaAgent):
        ouvrir("autre@exemple.fr", dossier_id=personne.pk)
    memes = ("--role", "lecture", "--departement", "69", "--neph", personne.neph)
    with pytest.raises(CommandError, match="terminez d'abord"):
        call_command("put_agent", "autre@exemple.fr", *memes)
    end_agent(email=ADRESSE)
    ouvrir("autre@exemple.fr", dossier_id=personne.pk)


def decision(**valeurs) -> Decision:
    usuel = {"departement": "69", "acte": "infraction", "faits": [], "effet": {}, "piece": "PV"}
    return Decision.objects.create(
        **usuel | {"dossier": DossierFactory(), "auteur": 1, "auteur_personne": 70} | valeurs
    )


def trancher(une: Decision, *, second: int = 2, personne: int | None = 80) -> None:
    une.statut, une.second, une.second_personne, une.tranchee_at = "validee", second, personne, now()
    une.save()


def changer(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)


@pytest.mark.parametrize(("second", "personne"), [(1, 80), (2, 70), (1, 70)])
def test_nul_n_est_les_deux_agents_d_une_decision(second: int, personne: int) -> None:
    """By the account, or by the person: the database itself."""
    une = decision()
    with pytest.raises(IntegrityError, match="deux_(agents|personnes)"), transaction.atomic():
        trancher(une, second=second, personne=personne)
    trancher(une)


@pytest.mark.parametrize(
    "quoi",
    [
        "second = 25",
        "auteur = 26",
        "statut = 'attente', second = NULL, tranchee_at = NULL",
        "effet = '{}'",
        "refus = 'x'",
    ],
)
def test_ce_que_deux_agents_ont_tranche_ne_change_plus(quoi: str) -> None:
    trancher(decision())
    with pytest.raises(IntegrityError, match="ne se modifie plus"):
        changer(f"UPDATE dossier_decision SET {quoi}")  # noqa: S608 our own text


@pytest.mark.parametrize("quoi", ["auteur = 26", "faits = '[1]'", "piece = 'autre'", "auteur_personne = NULL"])
def test_ce_qui_est_propose_ne_change_pas_en_attendant(quoi: str) -> None:
    decision()
    with pytest.raises(IntegrityError, match="ne se modifie plus"):
        changer(f"UPDATE dossier_decision SET {quoi}")  # noqa: S608 our own text


def test_une_decision_ne_s_efface_pas() -> None:
    decision()
    with pytest.raises(IntegrityError, match="refusé"):
        changer("DELETE FROM dossier_decision")
