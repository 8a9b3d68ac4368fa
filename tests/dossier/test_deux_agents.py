"""What one agent enters, another approves, once, whatever happened meanwhile."""

import re
import threading
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import localdate

from dossier.bureau import decisions
from dossier.models import Decision, Fait, Journal
from dossier.services import record_faits
from tests.accounts.agents import connecter_agent
from tests.dossier.bureau import (
    RHONE,
    Poste,
    agent,
    au_bureau,
    decision_url,
    du_rhone,
    hors_bareme,
    il_y_a,
    jj,
    valider,
)
from tests.dossier.lignes import dossier, infraction

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("qui", ["l'auteur", "instruction", "lecture", "autre département", "administration"])
def test_qui_ne_valide_pas(qui: str) -> None:
    pose = du_rhone()
    poste = Poste(pose, "validation")
    poste.soumettre("infraction", hors_bareme())
    decision = Decision.objects.get()
    client = {
        "l'auteur": lambda: poste.client,
        "autre département": lambda: au_bureau("validation", "33"),
        "administration": lambda: au_bureau("administration", None),
    }.get(qui, lambda: au_bureau(qui))()
    vu = re.search(r'name="vu" value="(\w+)"', au_bureau("validation").get(decision_url(decision)).content.decode())
    assert vu
    reponse = client.post(decision_url(decision), {"vu": vu[1], "valider": "1"})
    assert reponse.status_code == 403
    decision.refresh_from_db()
    assert decision.statut == "attente"
    if qui == "autre département":
        assert Journal.objects.latest("pk").acte == "refus"


def _a_valider(client: Client) -> tuple[int, int]:
    """What an agent has to validate: on the first page, and on the list."""
    (travail,) = [t for t in client.get("/admin/").context["travaux"] if t.titre == "Enregistrements à valider"]
    return travail.nombre, len(client.get("/admin/dossier/decision/").context["lignes"])


def test_nul_ne_trouve_a_valider_ce_qu_il_ne_peut_ouvrir() -> None:
    """Their own dossier is closed to an agent: no count and no list may offer it."""
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    assert _a_valider(au_bureau("validation")) == (1, 1)
    assert _a_valider(au_bureau("validation", dossier=pose)) == (0, 0)
    assert _a_valider(au_bureau("validation", "33")) == (0, 0)


def test_un_dossier_sans_departement_connu_se_valide_partout() -> None:
    """Any préfecture may open it, so a second agent of any may decide, whoever the first was."""
    pose = dossier(adresse=RHONE | {"code_postal": "99999"})
    assert pose.departement is None
    Poste(pose).soumettre("infraction", hors_bareme())
    ailleurs = au_bureau("validation", "33")
    assert _a_valider(ailleurs) == (1, 1)
    assert "Validé et enregistré" in valider(ailleurs, Decision.objects.get())


def test_la_base_elle_meme_refuse_une_seule_personne() -> None:
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    decision = Decision.objects.get()
    with pytest.raises(IntegrityError, match="decision_deux_agents"), transaction.atomic():
        Decision.objects.update(statut="validee", second=decision.auteur, tranchee_at=decision.proposee_at)


def test_ecarter_demande_une_raison_que_l_auteur_lit() -> None:
    pose = du_rhone()
    poste = Poste(pose)
    poste.soumettre("infraction", hors_bareme())
    decision, valideur = Decision.objects.get(), au_bureau("validation")
    assert "Dites pourquoi" in unescape(
        valideur.post(decision_url(decision), {"ecarter": "1", "raison": " "}).content.decode()
    )
    valideur.post(decision_url(decision), {"ecarter": "1", "raison": "Le PV nomme une autre personne."})
    assert not Fait.objects.filter(dossier=pose, type="infraction").exists()
    assert "Vos enregistrements écartés" in unescape(poste.client.get("/admin/").content.decode())
    assert "Le PV nomme une autre personne." in unescape(poste.client.get(decision_url(decision)).content.decode())


def test_un_dossier_qui_a_change_est_montre_et_accepte_de_nouveau() -> None:
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    decision, valideur = Decision.objects.get(), au_bureau("validation")
    ancien = re.search(r'name="vu" value="(\w+)"', valideur.get(decision_url(decision)).content.decode())
    assert ancien
    autre = infraction("flux", str(il_y_a(50)), str(il_y_a(20)), 6)
    record_faits(dossier_id=pose.pk, faits=[autre], au=localdate())
    page = valideur.post(decision_url(decision), {"vu": ancien[1], "valider": "1", "change": "1"})
    assert "Le dossier a changé depuis" in unescape(page.content.decode()), "the effect shown was not today's"
    assert "a changé depuis" in valider(valideur, decision), "today's, but nobody said that they had read it"
    assert "Validé et enregistré" in valider(valideur, decision, change="1")
    pose.refresh_from_db()
    assert pose.points == 3


def test_envoyer_deux_fois_le_formulaire_ne_soumet_qu_une_fois() -> None:
    pose = du_rhone()
    poste = Poste(pose)
    poste.soumettre("infraction", hors_bareme())
    vu = Decision.objects.get()
    from dossier.bureau.effet import empreinte

    poste.client.post(f"{poste.adresse}enregistrer/infraction/", poste.saisie | {"vu": empreinte(vu.effet)})
    assert Decision.objects.count() == 1
    sans_points = {"date_visite": jj(il_y_a(2)), "avis": "apte", "piece": "avis n° 3"}
    poste.soumettre("visite-medicale", sans_points)
    poste.client.post(f"{poste.adresse}enregistrer/visite-medicale/", poste.saisie | {"vu": "0"})
    assert Fait.objects.filter(type="visite_medicale").count() == 1


def test_modifier_la_saisie_apres_l_avoir_lue_remontre_l_effet() -> None:
    poste = Poste(du_rhone())
    page = poste.voir_l_effet("infraction", hors_bareme())
    vu = re.search(r'name="vu" value="(\w+)"', page)
    assert vu
    page = poste.voir_l_effet("infraction", hors_bareme(6), vu=vu[1])
    assert "Le dossier a changé depuis" in page
    assert "6 / 12" in page
    assert not Decision.objects.exists()


def _deux_a_la_fois(decision: Decision) -> list[str]:
    """Two agents approve at the same instant; what each was answered."""
    clients = [Client(), Client()]
    for client in clients:
        connecter_agent(client, agent("validation"))
    vus = [re.search(r'name="vu" value="(\w+)"', c.get(decision_url(decision)).content.decode()) for c in clients]
    depart, dits = threading.Barrier(2), []

    def une(client: Client, vu: str) -> None:
        depart.wait()
        dits.append(unescape(client.post(decision_url(decision), {"vu": vu}, follow=True).content.decode()))
        connection.close()

    fils = [threading.Thread(target=une, args=[c, vu[1]]) for c, vu in zip(clients, vus, strict=True) if vu]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sorted("validé" if "Validé et enregistré" in dit else "déjà" for dit in dits)


@pytest.mark.django_db(transaction=True)
def test_deux_agents_au_meme_instant_ne_valident_qu_une_fois() -> None:
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    assert _deux_a_la_fois(Decision.objects.get()) == ["déjà", "validé"]
    assert Journal.objects.filter(acte="validation").count() == 1
    assert Fait.objects.filter(dossier=pose, type="infraction").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sans_verrou_deux_agents_valideraient(monkeypatch, grand_livre_ouvert) -> None:
    """The twin: without its lock nor its table's wall, a decision is approved twice. Or nothing would be held above."""
    grand_livre_ouvert("ALTER TABLE dossier_decision DISABLE TRIGGER decision_gardee")
    rendez_vous = threading.Barrier(2, timeout=60)

    def sans_verrou(request: Any, decision_id: int) -> Decision:
        lue = Decision.objects.get(pk=decision_id)
        assert lue.statut == "attente"
        rendez_vous.wait()
        return lue

    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    monkeypatch.setattr(decisions, "_a_trancher", sans_verrou)
    monkeypatch.setattr(decisions, "empreinte", _Egale)  # the second one sees the effect of the first
    monkeypatch.setattr(decisions, "calculer", lambda *_a: Decision.objects.get().effet)
    assert _deux_a_la_fois(Decision.objects.get()) == ["validé", "validé"]
    assert Journal.objects.filter(acte="validation").count() == 2


class _Egale(str):
    """Equal to whatever it is compared with."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, autre: object) -> bool:
        return True

    def __ne__(self, autre: object) -> bool:
        return False
