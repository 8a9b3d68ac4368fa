"""What was decided is undone at the desk: by whom, how far, once."""

import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate

from dossier import livre
from dossier.bureau import decisions, levees
from dossier.bureau.effet import calculer
from dossier.models import Decision, Fait
from tests.accounts.agents import connecter_agent
from tests.dossier.bureau import (
    Poste,
    agent,
    au_bureau,
    decision_url,
    du_rhone,
    il_y_a,
    jj,
    valider,
)
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db

PIECE = {"piece": "jugement n° 12"}
PERTES = [
    infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 9),
    infraction("i0", str(il_y_a(210)), str(il_y_a(160)), 3),
]
INVALIDE = {"id": "n1", "type": "invalidation", "date_notification": str(il_y_a(100))}
SUSPENDU = {"id": "s1", "type": "suspension", "date_debut": str(il_y_a(90)), "nature": "administrative"}
NOUVEAU = {"id": "p2", "type": "permis_obtenu", "date_obtention": str(il_y_a(40)), "filiere": "classique"}
ANNULEE = {"mesure": "n1|retroactive", "motif": "annulation_juge", "date_effet": jj(il_y_a(3))} | PIECE


def _levee(cle: str, portee: str, jours: int = 50, **autres: Any) -> dict[str, Any]:
    return {"id": cle, "type": "levee", "fait": "n1", "portee": portee, "date_effet": str(il_y_a(jours))} | autres


def _options(page: str, champ: str) -> list[str]:
    """The values of a list, but the choice of none; or of the buttons of a group."""
    if boutons := re.findall(rf'<input type="radio" name="{champ}" value="([^"]*)"', page):
        return boutons
    liste = re.search(rf'<select name="{champ}".*?</select>', page, re.S)
    return [valeur for valeur in re.findall(r'<option value="([^"]*)"', liste[0]) if valeur] if liste else []


# --- A levée ----------------------------------------------------------------------------------------------------------


def test_une_mesure_ne_s_offre_que_comme_elle_peut_etre_levee() -> None:
    poste = Poste(du_rhone(*PERTES, INVALIDE, SUSPENDU, au=localdate()))
    page = unescape(poste.client.get(f"{poste.adresse}enregistrer/levee/").content.decode())
    assert _options(page, "mesure") == ["s1|retroactive", "s1|a_compter", "n1|retroactive", "n1|provisoire"]
    assert 'name="permis_conserve"' not in page, "no later licence to keep"
    assert "Le jugement, l'ordonnance ou la décision de retrait" in page


def test_la_48si_annulee_par_un_juge_rend_le_permis() -> None:
    pose = du_rhone(infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 8), INVALIDE, au=localdate())
    assert pose.etat == "invalide"
    page = Poste(pose).soumettre("levee", ANNULEE)
    assert "soumis à un second agent" in page
    decision = Decision.objects.get()
    page = unescape(au_bureau("validation").get(decision_url(decision)).content.decode())
    assert "au sujet de : Invalidation (48SI notifiée) du" in page
    assert "annulée par un juge" in page
    assert "Validé et enregistré" in valider(au_bureau("validation"), decision)
    pose.refresh_from_db()
    assert (pose.points, pose.etat) == (4, "valide")


@pytest.mark.parametrize(
    ("saisie", "dit"),
    [
        pytest.param({"mesure": "n1|a_compter"}, "Ce choix n'est plus possible", id="une portée impossible"),
        pytest.param({"mesure": "x|retroactive"}, "Ce choix n'est plus possible", id="une mesure inconnue"),
        pytest.param({"mesure": "i1|retroactive"}, "Ce choix n'est plus possible", id="une infraction"),
        pytest.param({"mesure": ""}, "Faites un choix.", id="rien"),
        pytest.param({"mesure": "retroactive"}, "Ce choix n'est plus possible", id="sans mesure"),
        pytest.param({"motif": "refere"}, "Ce motif ne va pas avec", id="un référé qui serait définitif"),
        pytest.param({"date_effet": jj(il_y_a(101))}, "La levée serait d'avant la mesure", id="avant la mesure"),
    ],
)
def test_une_levee_impossible_est_refusee_et_rien_n_est_inscrit(saisie: dict[str, str], dit: str) -> None:
    pose = du_rhone(*PERTES, INVALIDE, au=localdate())
    page = Poste(pose).voir_l_effet("levee", ANNULEE | saisie)
    assert dit in page
    assert 'name="vu"' not in page
    assert not Fait.objects.filter(dossier=pose, type="levee").exists()


def test_sans_permis_obtenu_depuis_aucun_n_est_garde() -> None:
    """No such field: what is posted there is not read."""
    Poste(du_rhone(*PERTES, INVALIDE, au=localdate())).soumettre("levee", ANNULEE | {"permis_conserve": "p1"})
    assert "permis_conserve" not in Decision.objects.get().faits[0]


def test_une_levee_d_elle_meme_est_refusee() -> None:
    """The identifier of the fact follows from the form's key: who posts it as the measure undoes nothing."""
    poste = Poste(du_rhone(*PERTES, INVALIDE, au=localdate()))
    poste.voir_l_effet("levee", ANNULEE)
    cle = poste.saisie["cle"].replace("-", "")
    page = poste.voir_l_effet("levee", ANNULEE | {"cle": poste.saisie["cle"], "mesure": f"bureau-{cle}|retroactive"})
    assert "Ce choix n'est plus possible" in page
    assert 'name="vu"' not in page


@pytest.mark.parametrize(
    ("faits", "portees"),
    [
        pytest.param([], ["n1|retroactive", "n1|provisoire"], id="jamais levée"),
        pytest.param([_levee("v1", "provisoire")], ["n1|retroactive"], id="levée en référé : le fond reste à juger"),
        pytest.param([_levee("v1", "retroactive")], [], id="levée pour de bon"),
        pytest.param(
            [
                _levee("v1", "provisoire"),
                {"id": "r1", "type": "retablissement", "fait": "v1", "date_effet": "2026-11-01"},
            ],
            ["n1|retroactive", "n1|provisoire"],
            id="rétablie",
        ),
        pytest.param([NOUVEAU, _levee("v1", "retroactive", 9)], ["n1|retroactive"], id="le permis gardé reste à dire"),
        pytest.param([NOUVEAU, _levee("v1", "retroactive", 9, permis_conserve="p2")], [], id="le permis gardé est dit"),
    ],
)
def test_ce_qui_reste_a_lever(faits: list[dict[str, Any]], portees: list[str]) -> None:
    poste = Poste(du_rhone(*PERTES, INVALIDE, *faits, au=localdate()))
    page = poste.client.get(f"{poste.adresse}enregistrer/levee/").content.decode()
    assert _options(page, "mesure") == portees
    offerte = f"{poste.adresse}enregistrer/levee/" in poste.client.get(poste.adresse).content.decode()
    assert offerte == bool(portees)


def test_le_permis_obtenu_depuis_se_garde_ou_tombe() -> None:
    pose = du_rhone(*PERTES, INVALIDE, NOUVEAU, au=localdate())
    poste = Poste(pose)
    page = poste.voir_l_effet("levee", ANNULEE)
    assert _options(page, "permis_conserve") == ["p2"]
    assert "Ce permis, obtenu le" in page, "the later licence falls, and the effect says so"
    page = poste.voir_l_effet("levee", ANNULEE | {"permis_conserve": "p2"})
    assert "Ni les points, ni les dates prévues, ni le droit de conduire ne changent." in page
    page = poste.voir_l_effet("levee", ANNULEE | {"permis_conserve": "p2", "date_effet": jj(il_y_a(40))})
    assert "n'a pas été obtenu entre la mesure et sa levée" in page


def test_une_mainlevee_a_venir_demande_un_second_agent() -> None:
    """Nothing changes today: the right to drive will, and one agent alone does not give it back."""
    pose = du_rhone(SUSPENDU, au=localdate())
    poste = Poste(pose)
    saisie = {"mesure": "s1|a_compter", "motif": "mainlevee", "date_effet": jj(il_y_a(-5))} | PIECE
    page = poste.voir_l_effet("levee", saisie)
    assert f"Le {jj(il_y_a(-5))}\u00a0: valide (sans cet enregistrement\u00a0: suspendu" in page
    assert "soumis à un second agent" in poste.soumettre("levee", saisie)


def test_une_suspension_a_venir_demande_un_second_agent() -> None:
    poste = Poste(du_rhone(au=localdate()))
    saisie = {"nature": "judiciaire", "motif": "infraction", "date_debut": jj(il_y_a(-8))} | PIECE
    assert "soumis à un second agent" in poste.soumettre("suspension", saisie)
    assert not Fait.objects.filter(type="suspension").exists()


# --- A rétablissement -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levee", "offert"),
    [("retroactive", False), ("provisoire", True)],
)
def test_seule_une_levee_provisoire_se_retablit(levee: str, offert: bool) -> None:
    pose = du_rhone(*PERTES, INVALIDE, _levee("v1", levee), au=localdate())
    poste = Poste(pose)
    page = poste.voir_l_effet("retablissement", {"fait": "v1", "date_effet": jj(il_y_a(2))} | PIECE)
    assert ('name="vu"' in page) is offert
    assert ("Ce choix n'est plus possible" in page) is not offert
    assert (f"{poste.adresse}enregistrer/retablissement/" in poste.client.get(poste.adresse).content.decode()) is offert


def test_un_retablissement_d_avant_sa_levee_est_refuse() -> None:
    poste = Poste(du_rhone(*PERTES, INVALIDE, _levee("v1", "provisoire", 50), au=localdate()))
    page = poste.voir_l_effet("retablissement", {"fait": "v1", "date_effet": jj(il_y_a(51))} | PIECE)
    assert "Le rétablissement serait d'avant la levée" in page


# --- Two agents at once -----------------------------------------------------------------------------------------------


def test_le_second_voit_que_la_mesure_est_deja_levee() -> None:
    pose = du_rhone(*PERTES, INVALIDE, au=localdate())
    Poste(pose).soumettre("levee", ANNULEE)
    Poste(pose).soumettre("levee", ANNULEE | {"date_effet": jj(il_y_a(2))})
    premiere, seconde = Decision.objects.order_by("pk")
    valideur = au_bureau("validation")
    assert "Validé et enregistré" in valider(valideur, premiere)
    page = unescape(valideur.get(decision_url(seconde)).content.decode())
    assert "Cet enregistrement ne peut plus être validé" in page
    assert f"Cette mesure est déjà levée, avec effet le {jj(il_y_a(3))}" in page
    assert 'name="valider"' not in page
    assert 'name="ecarter"' in page
    reponse = valideur.post(decision_url(seconde), {"vu": "0", "valider": "1", "change": "1"})
    assert "Cette mesure est déjà levée" in unescape(reponse.content.decode())
    assert Fait.objects.filter(dossier=pose, type="levee").count() == 1
    seconde.refresh_from_db()
    assert seconde.statut == "attente"


def test_une_infraction_ne_s_annule_ni_ne_se_complete_deux_fois() -> None:
    """Two agents tell the same final day: the second would have withdrawn the points twice."""
    pose = du_rhone(infraction("i2", str(il_y_a(60)), None, 2), au=localdate())
    for _ in range(2):
        Poste(pose).soumettre(
            "date-definitive",
            {"infraction": "i2", "date_definitive": jj(il_y_a(5)), "etablie_par": "amende_majoree"} | PIECE,
        )
    premiere, seconde = Decision.objects.order_by("pk")
    valideur = au_bureau("validation")
    valider(valideur, premiere)
    reponse = valideur.post(decision_url(seconde), {"vu": "0", "valider": "1", "change": "1"})
    assert "est déjà annulée" in unescape(reponse.content.decode())
    pose.refresh_from_db()
    assert pose.points == 10


def _chacun_la_sienne(deux: list[Decision]) -> list[str]:
    """Two agents approve, at the same instant, two decisions about one measure; what each was answered."""
    clients = [Client(), Client()]
    for client in clients:
        connecter_agent(client, agent("validation"))
    pages = [c.get(decision_url(d)).content.decode() for c, d in zip(clients, deux, strict=True)]
    vus = [trouve[1] for page in pages if (trouve := re.search(r'name="vu" value="(\w+)"', page))]
    depart, dits = threading.Barrier(2), []

    def une(client: Client, decision: Decision, vu: str) -> None:
        depart.wait()
        saisie = {"vu": vu, "valider": "1", "change": "1"}
        dits.append(unescape(client.post(decision_url(decision), saisie, follow=True).content.decode()))
        connection.close()

    fils = [threading.Thread(target=une, args=lot) for lot in zip(clients, deux, vus, strict=True)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sorted("validé" if "Validé et enregistré" in dit else "refusé" for dit in dits)


def _deux_levees() -> list[Decision]:
    pose = du_rhone(*PERTES, INVALIDE, au=localdate())
    for _ in range(2):
        Poste(pose).soumettre("levee", ANNULEE)
    return list(Decision.objects.order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_deux_levees_de_la_meme_mesure_au_meme_instant_une_seule_passe() -> None:
    assert _chacun_la_sienne(_deux_levees()) == ["refusé", "validé"]
    assert Fait.objects.filter(type="levee").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sans_verrou_du_dossier_les_deux_levees_passeraient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: each reads the dossier before the other has written. Or nothing would be held above."""
    deux = _deux_levees()
    rendez_vous = threading.Barrier(2, timeout=60)
    lire = livre.lire

    def sans_verrou(dossier_ids: list[int]) -> Iterator[livre.Livre]:
        lus = [livre.consulter(cle) for cle in dossier_ids]
        rendez_vous.wait()
        return iter(lus)

    monkeypatch.setattr(decisions, "livre", _Sans(lire=sans_verrou, consulter=livre.consulter))
    assert livre.lire is lire
    assert _chacun_la_sienne(deux) == ["validé", "validé"]
    assert Fait.objects.filter(type="levee").count() == 2


class _Sans:
    """The two doors to a dossier, one of them without its lock."""

    def __init__(self, **portes: Any) -> None:
        self.__dict__.update(portes)


# --- The law, asked of values -----------------------------------------------------------------------------------------


def test_ce_qui_ne_se_leve_pas_se_refuse_avant_d_ecrire() -> None:
    """Below the forms: facts made by hand meet the same refusals, in French."""
    pose = du_rhone(*PERTES, INVALIDE, _levee("v1", "retroactive"), au=localdate())
    tenu = livre.consulter(pose.pk)
    for faits, raison in (
        ([_levee("v2", "retroactive")], "déjà levée"),
        ([_levee("v2", "retroactive", fait="v2")], levees.MESURE_INCONNUE),
        ([_levee("v2", "retroactive", fait="i1")], levees.MESURE_INCONNUE),
        ([_levee("v2", "a_compter")], "ne se lève pas avec la portée"),
        ([{"id": "r", "type": "retablissement", "fait": "v1", "date_effet": str(il_y_a(1))}], "rien à rétablir"),
        ([{"id": "r", "type": "retablissement", "fait": "r", "date_effet": str(il_y_a(1))}], "rien à rétablir"),
        (
            [{"id": "a", "type": "infraction_annulee", "infraction": "x", "date_decision": str(il_y_a(1))}],
            levees.INFRACTION_INCONNUE,
        ),
    ):
        with pytest.raises(decisions.LigneRefusee, match=raison):
            calculer(tenu, faits, localdate())
