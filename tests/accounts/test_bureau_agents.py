"""The administrators' page of the agents: opened, changed, suspended, resumed, ended; never their own account."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from accounts.models import Agent, User
from accounts.selectors import get_agent
from accounts.services import LIGNE_DE_COMMANDE, SonPropreCompte, end_agent, put_agent, suspend_agent
from demo.codes import code
from dossier.models import Journal
from mespoints.lib import visiteur
from tests.accounts.agents import SECRET, connecter_agent
from tests.accounts.factories import CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.test_agents import donner, se_connecter
from tests.dossier.bureau import agent, au_bureau

pytestmark = pytest.mark.django_db
LISTE = "/admin/accounts/agent/"
RAISON = "note de service 2026-114"


def administrateur() -> Client:
    return au_bureau("administration", None)


def saisie(**autres: str) -> dict[str, str]:
    usuelle = {"email": "nouvelle@exemple.fr", "role": "instruction", "departement": "69", "neph": "", "raison": RAISON}
    return usuelle | autres


def texte(reponse: Any) -> str:
    return unescape(reponse.content.decode())


def lignes() -> list[tuple[int, str]]:
    return list(Journal.objects.filter(acte="agent").order_by("pk").values_list("agent", "precision"))


def faire(client: Client, compte: User, acte: str, **autres: str) -> Any:
    return client.post(f"{LISTE}{compte.pk}/{acte}/", {"raison": RAISON} | autres, follow=True)


def test_un_agent_termine_pendant_qu_il_travaille_est_refuse_a_son_clic_suivant() -> None:
    chef, au_travail = administrateur(), au_bureau("validation")
    assert au_travail.get("/admin/").status_code == 200
    page = faire(chef, au_travail.agent, "terminer")  # type: ignore[attr-defined]
    assert "Ses connexions sont fermées" in texte(page)
    assert "Terminé" in texte(page)
    clic = au_travail.get("/admin/")
    assert clic.status_code == 302
    assert clic["Location"].startswith("/admin/login/")
    assert au_travail.post("/admin/dossier/dossier/", {"neph": "1"}).status_code == 302


def test_ouvrir_un_agent() -> None:
    chef, sien = administrateur(), DossierFactory()
    page = chef.post(f"{LISTE}ouvrir/", saisie(neph=sien.neph), follow=True)
    assert "choisit son mot de passe" in texte(page)
    compte = User.objects.get(email="nouvelle@exemple.fr")
    assert get_agent(compte) == visiteur.Agent("instruction", "69", compte.pk, sien.pk)
    assert compte.has_usable_password(), "or the forgotten password would open no door"
    dit = f"agent n° {compte.pk} : instruction (69), dossier n° {sien.pk} – {RAISON}"
    assert lignes() == [(chef.agent.pk, dit)]  # type: ignore[attr-defined]


def test_changer_un_agent_ferme_ses_connexions() -> None:
    chef, compte = administrateur(), agent("lecture")
    vise = se_connecter(compte)
    donner(vise, code(SECRET, time.time()))
    assert vise.get("/admin/").status_code == 200
    faire(chef, compte, "changer", role="validation", departement="33", neph="")
    assert vise.get("/admin/").status_code == 302
    assert get_agent(User.objects.get(pk=compte.pk)) == visiteur.Agent("validation", "33", compte.pk)
    assert lignes()[-1][1] == f"agent n° {compte.pk} : validation (33) – {RAISON}"


def test_son_dossier_retire_est_au_journal() -> None:
    chef, sien = administrateur(), DossierFactory()
    compte = agent("lecture", dossier=sien)
    fiche = texte(chef.get(f"{LISTE}{compte.pk}/"))
    assert sien.neph in fiche
    faire(chef, compte, "changer", role="lecture", departement="69", neph="")
    assert lignes()[-1][1] == f"agent n° {compte.pk} : lecture (69), dossier n° {sien.pk} retiré – {RAISON}"
    assert Agent.objects.get(pk=compte.pk).dossier_id is None


def test_suspendre_reprendre_rouvrir() -> None:
    chef, compte = administrateur(), agent("lecture")
    assert "Suspendu" in texte(faire(chef, compte, "suspendre"))
    assert get_agent(User.objects.get(pk=compte.pk)) is None
    assert "En fonction" in texte(faire(chef, compte, "reprendre"))
    assert get_agent(User.objects.get(pk=compte.pk))
    assert "Rouvrir" in texte(faire(chef, compte, "terminer"))
    assert "n'est plus en fonction" in texte(faire(chef, compte, "suspendre"))
    page = faire(chef, compte, "changer", role="lecture", departement="69", neph="")
    assert "En fonction" in texte(page)
    dits = ["suspendu", "repris", "terminé", "lecture (69)"]
    assert [ligne for _, ligne in lignes()] == [f"agent n° {compte.pk} : {dit} – {RAISON}" for dit in dits]


@pytest.mark.parametrize("acte", ["changer", "suspendre", "reprendre", "terminer"])
def test_un_administrateur_ne_change_rien_a_son_propre_compte(acte: str) -> None:
    """So there is always one left; nor does a superuser without a row."""
    for chef in (administrateur(), _superutilisateur()):
        moi = chef.agent  # type: ignore[attr-defined]
        avant = Agent.objects.filter(pk=moi.pk).values().first()
        page = faire(chef, moi, acte, role="validation", departement="69", neph="")
        assert page.status_code in ({422} if avant else {404, 422})
        assert Agent.objects.filter(pk=moi.pk).values().first() == avant
        assert chef.get("/admin/").status_code == 200
    assert lignes() == []


def _superutilisateur() -> Client:
    client = Client()
    client.agent = connecter_agent(client)  # type: ignore[attr-defined]
    return client


@pytest.mark.parametrize("role", ["validation", "administration"])
def test_ouvrir_sa_propre_adresse_ne_change_rien(role: str) -> None:
    for chef in (administrateur(), _superutilisateur()):
        moi = chef.agent  # type: ignore[attr-defined]
        departement = "69" if role == "validation" else ""
        page = chef.post(f"{LISTE}ouvrir/", saisie(email=moi.email, role=role, departement=departement))
        assert page.status_code == 422
        assert get_agent(User.objects.get(pk=moi.pk)).role == "administration"  # type: ignore[union-attr]
    assert lignes() == []


def test_la_fiche_de_son_propre_compte_n_a_aucun_bouton() -> None:
    chef = administrateur()
    page = texte(chef.get(f"{LISTE}{chef.agent.pk}/"))  # type: ignore[attr-defined]
    assert "un autre administrateur" in page
    assert f"{LISTE}{chef.agent.pk}/" not in page.replace(f'href="{LISTE}"', "")  # type: ignore[attr-defined]


def _memes_adresses() -> dict[str, str]:
    CompteFactory(email="deja@exemple.fr", is_staff=True)
    Agent.objects.create(user=User.objects.get(email="deja@exemple.fr"), role="lecture", departement="69")
    return {"email": "deja@exemple.fr"}


def _conducteur() -> dict[str, str]:
    return {"email": RattachementFactory(user__email="conducteur@exemple.fr").user.email}


def _ferme() -> dict[str, str]:
    return {"email": CompteFactory(email="ferme@exemple.fr", desactive=True).email}


def _meme_personne() -> dict[str, str]:
    sien = DossierFactory()
    agent("lecture", dossier=sien)
    return {"neph": sien.neph}


@pytest.mark.parametrize(
    ("donne", "dit"),
    [
        (_memes_adresses, "déjà celle d'un agent"),
        (_conducteur, "un agent qui conduit a un autre compte"),
        (_ferme, "a été fermé"),
        (_meme_personne, "un autre agent en fonction"),
        (lambda: {"email": "pas une adresse"}, "adresse électronique"),
        (lambda: {"departement": ""}, "Choisissez le département"),
        (lambda: {"role": "administration"}, "Aucun département"),
        (lambda: {"departement": "20"}, "Choisissez le département"),
        (lambda: {"role": "chef"}, "Choisissez le rôle"),
        (lambda: {"neph": "990175199999"}, "Aucun dossier ne porte ce numéro"),
        (lambda: {"raison": ""}, "Dites pourquoi"),
    ],
)
def test_ce_qui_ne_va_pas_est_dit_et_garde(donne: Any, dit: str) -> None:
    chef = administrateur()
    change = donne()
    combien = Agent.objects.count()
    page = chef.post(f"{LISTE}ouvrir/", saisie(**change))
    assert page.status_code == 422
    assert dit in texte(page)
    assert all(valeur in texte(page) for valeur in saisie(**change).values() if valeur != "chef")
    assert Agent.objects.count() == combien
    assert lignes() == []


def test_sans_raison_rien_n_est_fait() -> None:
    chef, compte = administrateur(), agent("lecture")
    for acte in ("suspendre", "terminer", "reprendre"):
        page = faire(chef, compte, acte, raison=" ")
        assert page.status_code == 422
        assert "Dites pourquoi" in texte(page)
    assert get_agent(User.objects.get(pk=compte.pk))


def test_un_agent_qui_n_est_pas_la_est_404() -> None:
    chef, conducteur = administrateur(), CompteFactory()
    for pk in (conducteur.pk, 999_999_999, 2**62):
        assert chef.get(f"{LISTE}{pk}/").status_code == 404
        for acte in ("changer", "suspendre", "reprendre", "terminer"):
            assert chef.post(f"{LISTE}{pk}/{acte}/", saisie()).status_code == 404
    assert lignes() == []


def test_la_liste_mene_a_chaque_agent_et_a_l_ouverture() -> None:
    chef, compte = administrateur(), agent("lecture")
    page = texte(chef.get(LISTE))
    assert f'href="{LISTE}{compte.pk}/"' in page
    assert f'href="{LISTE}ouvrir/"' in page


# --- The services, whoever calls --------------------------------------------------------------------------------------


def par(compte: User) -> visiteur.Agent:
    return visiteur.Agent("administration", None, compte.pk)


def test_qui_n_administre_plus_ne_change_personne() -> None:
    """The page let them in a moment ago; the service looks again."""
    chef, vise = agent("administration", None), agent("lecture")
    end_agent(email=chef.email)
    with pytest.raises(PermissionDenied):
        suspend_agent(email=vise.email, par=par(chef))
    with pytest.raises(PermissionDenied):
        put_agent(email=vise.email, mot_de_passe="!", role="lecture", departement="69", par=par(chef))
    with pytest.raises(PermissionDenied):
        suspend_agent(email=vise.email, par=par(agent("validation")))
    autre = agent("administration", None)
    with pytest.raises(SonPropreCompte):
        end_agent(email=autre.email, par=par(autre))


def test_la_ligne_de_commande_termine_meme_le_dernier() -> None:
    chef = agent("administration", None)
    end_agent(email=chef.email, par=LIGNE_DE_COMMANDE)
    assert get_agent(User.objects.get(pk=chef.pk)) is None


@pytest.mark.django_db(transaction=True)
def test_deux_administrateurs_qui_se_terminent_ensemble_en_laissent_un() -> None:
    chefs = [agent("administration", None), agent("administration", None)]
    depart = threading.Barrier(2)

    def terminer(moi: User, autre: User) -> bool:
        try:
            depart.wait()
            end_agent(email=autre.email, par=par(moi))
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        faits = list(pool.map(terminer, chefs, reversed(chefs)))
    assert sorted(faits) == [False, True]
    assert Agent.objects.filter(fini_at=None).count() == 1
