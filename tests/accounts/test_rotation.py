"""SECRET_KEY changes and no second factor is lost; one that is lost all the same is a clear refusal, never a 500."""

import time
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.compte import second_facteur
from accounts.models import User
from demo.codes import code
from tests.accounts.agents import SECRET, ajouter_une_application, connecter_agent
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, RattachementFactory
from tests.accounts.test_agents import donner, se_connecter

pytestmark = pytest.mark.django_db
NOUVELLE = "une autre clé " * 5


@pytest.fixture
def agent() -> User:
    compte = CompteFactory(email="agent@exemple.fr", administrateur=True)
    ajouter_une_application(compte)
    RecoveryCodes.activate(compte)
    return compte


def changer_la_cle(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NOUVELLE


def tourner(capsys: Any) -> str:
    call_command("rotate_second_factors")
    return str(capsys.readouterr().out).strip()


def secours(compte: User) -> list[str]:
    return RecoveryCodes(Authenticator.objects.get(user=compte, type="recovery_codes")).get_unused_codes()


def test_l_ancienne_cle_s_oublie_et_les_codes_servent_encore(agent: User, settings: Any, capsys: Any) -> None:
    changer_la_cle(settings)
    avant = secours(agent)
    assert tourner(capsys) == "rechiffrés: 2, à jour: 0, illisibles: 0"
    tels_quels = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert tourner(capsys) == "rechiffrés: 0, à jour: 2, illisibles: 0"
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == tels_quels
    settings.SECRET_KEY_FALLBACKS = []
    assert secours(agent) == avant
    assert donner(se_connecter(agent), code(SECRET, time.time())).status_code == HTTPStatus.FOUND
    assert donner(se_connecter(agent), avant[0]).status_code == HTTPStatus.FOUND


def test_ce_qui_n_est_pas_chiffre_ni_a_nous_ne_change_pas(agent: User, settings: Any, capsys: Any) -> None:
    """What the codes already used are, the passkeys, and spare codes that came from elsewhere as a list."""
    facteur = Authenticator.objects.get(user=agent, type="recovery_codes")
    facteur.data = {"migrated_codes": [encrypt("11112222"), encrypt("33334444")], "viewed_at": 5.0}
    facteur.save()
    passe = Authenticator.objects.create(user=agent, type="webauthn", data={"name": "Clé", "credential": {"id": "x"}})
    changer_la_cle(settings)
    tourner(capsys)
    settings.SECRET_KEY_FALLBACKS = []
    assert secours(agent) == ["11112222", "33334444"]
    facteur.refresh_from_db()
    assert facteur.data["viewed_at"] == 5.0
    assert Authenticator.objects.get(pk=passe.pk).data == passe.data


def test_coupee_au_milieu_elle_se_relance(settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    comptes = [CompteFactory(administrateur=True) for _ in range(5)]
    for compte in comptes:
        ajouter_une_application(compte)
    changer_la_cle(settings)
    monkeypatch.setattr(second_facteur, "PAR_LOT", 2)
    vus, ecrire = [], Authenticator.objects.bulk_update

    def tuer_au_deuxieme(lot: Any, champs: Any) -> None:
        vus.append(len(lot))
        ecrire(lot, champs)
        if len(vus) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as coupure:
        coupure.setattr(Authenticator.objects, "bulk_update", tuer_au_deuxieme)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_second_factors")
    assert vus == [2, 2]
    for compte in comptes:  # half is under each key: everybody may come in meanwhile
        assert donner(se_connecter(compte), code(SECRET, time.time())).status_code == HTTPStatus.FOUND
    assert tourner(capsys) == "rechiffrés: 3, à jour: 2, illisibles: 0", "the batch that was cut was rolled back"
    settings.SECRET_KEY_FALLBACKS = []
    assert tourner(capsys) == "rechiffrés: 0, à jour: 5, illisibles: 0"


def test_des_secrets_illisibles_sont_comptes_et_laisses(agent: User, settings: Any, capsys: Any) -> None:
    settings.SECRET_KEY = NOUVELLE  # without the old one
    with pytest.raises(SystemExit) as fin:
        call_command("rotate_second_factors")
    assert fin.value.code == 1
    assert capsys.readouterr().out.strip() == "rechiffrés: 0, à jour: 0, illisibles: 2"


def test_un_facteur_illisible_est_un_refus_clair(agent: User, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.SECRET_KEY = NOUVELLE
    client = se_connecter(agent)
    caplog.clear()
    reponse = donner(client, "123456")
    assert reponse.status_code == HTTPStatus.OK
    assert "Ce code ne peut pas être vérifié" in reponse.context["form"].errors["code"][0]
    dites = [ligne for ligne in caplog.records if ligne.name.startswith("accounts")]
    assert [(d.levelname, d.getMessage()) for d in dites] == [("WARNING", "second_factor_unreadable")]
    assert agent.email not in caplog.text
    for _ in range(5):
        reponse = donner(client, "123456")
    assert "Trop de codes essayés" in reponse.context["form"].errors["code"][0], "no way around the limit"


@pytest.mark.parametrize("page", ["", "recovery-codes/", "recovery-codes/generate/", "recovery-codes/download/"])
def test_aucune_page_des_codes_ne_tombe(client: Client, settings: Any, page: str) -> None:
    conducteur = RattachementFactory().user
    ajouter_une_application(conducteur)
    RecoveryCodes.activate(conducteur)
    settings.SECRET_KEY = NOUVELLE
    connecter_agent(client, conducteur, preuves=("password", "mfa"))
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    reponse = client.get(f"/compte/double-authentification/{page}")
    assert reponse.status_code == HTTPStatus.FORBIDDEN
    assert "Vos codes ne peuvent plus être lus" in unescape(reponse.content.decode())
    client.post("/compte/double-authentification/recovery-codes/generate/")
    assert secours(conducteur), "the way out that the page shows"


def test_qui_n_a_plus_de_facteur_en_ajoute_un_autre(agent: User, capsys: Any, courriels_partis: Any) -> None:
    client = se_connecter(agent)
    donner(client, code(SECRET, time.time()))
    assert client.get("/admin/").status_code == HTTPStatus.OK
    call_command("drop_second_factors", "Agent@exemple.fr")
    assert capsys.readouterr().out.strip() == "moyens retirés: 2"
    assert client.get("/admin/").status_code == HTTPStatus.FOUND, "the sessions of before are over"
    assert [m for m in courriels_partis() if "retirés par l'administrateur" in m.body]
    revenu = se_connecter(agent)
    reponse = revenu.get("/admin/", follow=True)
    assert reponse.redirect_chain[-1][0] == "/compte/double-authentification/", "nothing before another one is added"
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("drop_second_factors", "personne@exemple.fr")


@pytest.mark.parametrize("page", ["recovery-codes/", "recovery-codes/download/"])
def test_lire_ses_codes_de_secours_n_ecrit_rien(client: Client, page: str) -> None:
    """Codes that nobody has looked at yet: the first look was an UPDATE."""
    conducteur = RattachementFactory().user
    ajouter_une_application(conducteur)
    RecoveryCodes.activate(conducteur)
    connecter_agent(client, conducteur, preuves=("password", "mfa"))
    client.post("/compte/reauthenticate/", {"password": MOT_DE_PASSE})
    avant = Authenticator.objects.get(type="recovery_codes").data
    reponse = client.get(f"/compte/double-authentification/{page}")
    assert secours(conducteur)[0] in reponse.content.decode()
    assert Authenticator.objects.get(type="recovery_codes").data == avant
