"""Recording at the desk: the effect first, then a second agent, once (peers U17; reliability T8, I13)."""

import re
import threading
import uuid
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import localdate

from dossier import livre
from dossier.guichet import decisions
from dossier.guichet.actes import ACTES
from dossier.guichet.effet import calculer
from dossier.models import Decision, Dossier, Fait, Journal, Mouvement
from dossier.services import record_faits
from tests.accounts.agents import connecter_agent
from tests.dossier.bureau import RHONE, agent, au_bureau, du_rhone, ouvrir
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db


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


# --- The effect -------------------------------------------------------------------------------------------------------


def test_l_effet_est_montre_avant_et_un_second_agent_valide() -> None:
    pose = du_rhone()
    poste = Poste(pose)
    page = poste.voir_l_effet("infraction", hors_bareme())
    assert "12 / 12" in page
    assert "9 / 12" in page
    assert "Lettre 48, à envoyer" in page
    assert not Fait.objects.filter(dossier=pose, type="infraction").exists()
    assert "soumis à un second agent" in poste.soumettre("infraction", hors_bareme())
    decision = Decision.objects.get()
    pose.refresh_from_db()
    assert (pose.points, decision.statut) == (12, "attente")
    valideur = au_bureau("validation")
    assert "Enregistrements à valider" in unescape(valideur.get("/admin/").content.decode())
    assert "Validé et enregistré" in valider(valideur, decision)
    pose.refresh_from_db()
    decision.refresh_from_db()
    assert (pose.points, decision.statut) == (9, "validee")
    assert pose.lettres.get().reference == "48"
    actes = list(Journal.objects.order_by("pk").values_list("acte", flat=True))
    assert [acte for acte in actes if acte not in {"consultation", "recherche"}] == ["proposition", "validation"]


def test_le_bareme_propose_points_et_classe_au_jour_de_la_commission() -> None:
    poste = Poste(du_rhone())
    from dossier.rules.bareme import bareme_au

    ligne = next(ligne for ligne in bareme_au(il_y_a(40)) if ligne.points == 3 and ligne.classe == 4)
    saisie = hors_bareme(bareme=f"{ligne.libelle}|{ligne.article}", libelle="", nature="", classe="", points="")
    poste.soumettre("infraction", saisie)
    (fait,) = Decision.objects.get().faits
    assert (fait["points"], fait["classe"], fait["nature"], fait["libelle"]) == (3, 4, "contravention", ligne.libelle)
    avant = poste.voir_l_effet("infraction", saisie | {"date_commission": "01/01/1985", "date_definitive": ""})
    assert "n'était pas au barème le 01/01/1985" in avant or "9 / 12" not in avant


#: What each form takes, on a dossier that holds « i1 », final, and « i2 », which is not.
SAISIES: dict[str, dict[str, str]] = {
    "infraction": hors_bareme(),
    "date-definitive": {"infraction": "i2", "date_definitive": jj(il_y_a(5)), "etablie_par": "amende_majoree"},
    "infraction-annulee": {"infraction": "i1", "date_decision": jj(il_y_a(2)), "motif": "Relaxe"},
    "stage": {
        "date_debut": jj(il_y_a(4)),
        "date_fin": jj(il_y_a(3)),
        "nature": "volontaire",
        "agrement": "R22013",
    },
    "suspension": {"nature": "administrative", "date_debut": jj(il_y_a(3)), "date_fin": ""},
    "notification-48si": {"date_envoi": jj(il_y_a(9)), "date_notification": jj(il_y_a(2)), "fait": "i1"},
    "annulation": {"date_effet": jj(il_y_a(2)), "interdiction_mois": "6"},
    "visite-medicale": {"date_visite": jj(il_y_a(2)), "avis": "apte"},
    "lettre": {"reference": "48", "date_envoi": jj(il_y_a(2)), "fait": "i1"},
    "remise-titre": {"date_remise": jj(il_y_a(2))},
}
#: What the driver has after each, and whether somebody else must approve.
ISSUES = {
    "infraction": (6, "valide", True),
    "date-definitive": (7, "valide", True),
    "infraction-annulee": (12, "valide", True),
    "stage": (12, "valide", True),
    "suspension": (9, "suspendu", True),
    "notification-48si": (0, "invalide", True),
    "annulation": (0, "annule", True),
    "visite-medicale": (9, "valide", False),
    "lettre": (9, "valide", False),
    "remise-titre": (9, "valide", False),
}


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_fait_a_son_formulaire(acte: str) -> None:
    au = localdate()
    faits = [infraction("i1", str(il_y_a(200)), str(il_y_a(100)), 3), infraction("i2", str(il_y_a(60)), None, 2)]
    if acte == "notification-48si":
        faits.append(infraction("i3", str(il_y_a(190)), str(il_y_a(90)), 9))
    pose = du_rhone(*faits, au=au)
    points, etat, a_deux = ISSUES[acte]
    poste = Poste(pose)
    poste.soumettre(acte, SAISIES[acte] | {"piece": "pièce n° 4"})
    assert Decision.objects.count() == int(a_deux), acte
    if a_deux:
        valider(au_bureau("validation"), Decision.objects.get())
    pose.refresh_from_db()
    assert (pose.points, pose.etat) == (points, etat)
    (tenu,) = livre.lire([pose.pk])
    from dossier.services import verifier

    assert verifier(tenu) == []


@pytest.mark.parametrize("acte", ACTES)
def test_une_saisie_vide_est_refusee_et_dite(acte: str) -> None:
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    page = Poste(pose).voir_l_effet(acte, {})
    assert "Rien n'a été enregistré" in page
    assert Fait.objects.filter(dossier=pose).count() == 2


def test_ce_que_le_flux_refuse_est_dit_en_francais_sans_rien_perdre() -> None:
    page = Poste(du_rhone()).voir_l_effet("stage", SAISIES["stage"] | {"piece": "x", "date_fin": jj(il_y_a(9))})
    assert "Le stage finirait avant de commencer." in page
    assert "faits[1]" not in page
    assert 'value="R22013"' in page


def test_une_48si_demande_un_solde_nul_ce_jour_la() -> None:
    pose = du_rhone(infraction("i1", str(il_y_a(200)), str(il_y_a(100)), 3), au=localdate())
    page = Poste(pose).voir_l_effet("notification-48si", SAISIES["notification-48si"] | {"piece": "avis de réception"})
    assert "n'était pas nul (points : 9)" in page
    assert 'name="vu"' not in page


@pytest.mark.parametrize(("acte", "champ"), [("stage", "date_fin"), ("infraction", "date_definitive")])
def test_ce_qui_n_est_pas_encore_arrive_ne_s_enregistre_pas(acte: str, champ: str) -> None:
    page = Poste(du_rhone()).voir_l_effet(acte, SAISIES[acte] | {"piece": "pièce n° 4", champ: jj(il_y_a(-1))})
    assert "Cette date n'est pas encore passée." in page
    assert 'name="vu"' not in page


def test_la_date_definitive_n_efface_rien() -> None:
    """The offence without its final day is annulled, and told again: both facts stay, the driver sees one."""
    pose = du_rhone(infraction("i2", str(il_y_a(60)), None, 2, lieu="Lyon"), au=localdate())
    Poste(pose).soumettre("date-definitive", SAISIES["date-definitive"] | {"piece": "titre exécutoire n° 8"})
    valider(au_bureau("validation"), Decision.objects.get())
    faits = list(Fait.objects.filter(dossier=pose).order_by("pk").values_list("type", flat=True))
    assert faits == ["permis_obtenu", "infraction", "infraction_annulee", "infraction"]
    derniere = Fait.objects.filter(dossier=pose).latest("pk").contenu
    assert (derniere["lieu"], derniere["points"], derniere["date_definitive"]) == ("Lyon", 2, str(il_y_a(5)))
    assert Mouvement.objects.filter(dossier=pose, nature="retrait").count() == 1
    vue = unescape(_conducteur(pose))
    assert "Pas encore définitif" not in vue
    assert "-2" in vue or "−2" in vue


def _conducteur(pose: Any) -> str:
    client = au_bureau("lecture")
    return client.get(f"{ouvrir(client, pose)}conducteur/").content.decode()


def test_une_infraction_tardive_montre_la_reconstitution_corrigee() -> None:
    """Twelve points again two years ago; an offence of before, learnt today, takes the reconstitution back."""
    au = localdate()
    pose = du_rhone(infraction("i1", str(il_y_a(1500)), str(il_y_a(1400)), 3, classe=4), au=au)
    assert Mouvement.objects.filter(dossier=pose, nature="reconstitution_totale").exists()
    poste = Poste(pose)
    tardive = hors_bareme(
        2, classe="4", date_commission=jj(il_y_a(1000)), date_definitive=jj(il_y_a(900)), etablie_par="condamnation"
    )
    page = poste.voir_l_effet("infraction", tardive)
    assert "Lignes annulées par une correction" in page
    assert re.search(r'class="g-annule">[^<]*Reconstitution totale', page)
    poste.soumettre("infraction", tardive)
    valider(au_bureau("validation"), Decision.objects.get())
    assert Mouvement.objects.filter(dossier=pose, nature="correction").exists()
    vue = unescape(_conducteur(pose))
    assert "Reconstitution totale" in vue


def test_un_fait_est_connu_du_jour_ou_il_est_valide_et_suit_le_conducteur() -> None:
    """Proposed three days ago in the Rhône, the driver moved since: it waits in the Gironde, known from today."""
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    decision = Decision.objects.get()
    faits = [fait | {"enregistre_le": str(il_y_a(3))} for fait in decision.faits]
    Decision.objects.update(faits=faits)
    Dossier.objects.filter(pk=pose.pk).update(adresse=RHONE | {"code_postal": "33000"})
    client = au_bureau("validation", "33")
    assert "Une infraction" in client.get("/admin/dossier/decision/").content.decode()
    assert "Une infraction" not in au_bureau("validation").get("/admin/dossier/decision/").content.decode()
    assert "Validé et enregistré" in valider(client, decision)
    assert Fait.objects.get(dossier=pose, type="infraction").contenu["enregistre_le"] == str(localdate())


# --- Two agents, once -------------------------------------------------------------------------------------------------


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
    from dossier.guichet.effet import empreinte

    poste.client.post(f"{poste.adresse}enregistrer/infraction/", poste.saisie | {"vu": empreinte(vu.effet)})
    assert Decision.objects.count() == 1
    sans_points = SAISIES["visite-medicale"] | {"piece": "avis n° 3"}
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
def test_sans_verrou_deux_agents_valideraient(monkeypatch) -> None:
    """The twin: read without its lock, the decision is approved twice. Or the test above would hold nothing."""
    rendez_vous = threading.Barrier(2, timeout=10)

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


def test_l_effet_est_pur() -> None:
    """Calculated from values: no query, twice the same."""
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    tenu = livre.consulter(pose.pk)
    faits = [infraction("x", "2026-05-01", "2026-06-01", 2)]
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        assert calculer(tenu, faits, date(2026, 11, 21)) == calculer(tenu, faits, date(2026, 11, 21))
    assert len(requetes) == 0
