"""« Stage »: the driver's own case first, the same rules for everybody, and an announcement that only a POST keeps."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.models import Rattachement
from accounts.services import attach_dossier
from dossier.models import Dossier
from stages import presenters
from stages.models import AnnonceStage, Attestation, Centre
from tests.accounts.factories import CompteFactory, RattachementFactory
from tests.dossier.lignes import PERMIS, dossier, infraction
from tests.dossier.test_suites import invalidation, lettre_48n, situation
from tests.stages.conftest import AGREMENT

pytestmark = pytest.mark.django_db
Fait = dict[str, Any]

PROBATOIRE = {"id": "p", "type": "permis_obtenu", "date_obtention": "2025-07-18", "filiere": "classique"}
NEUF = infraction("i", "2026-09-07", "2026-10-12", 3)


@pytest.fixture
def pose() -> Dossier:
    au = localdate()
    return dossier(infraction("i1", f"{au - timedelta(days=80)}", f"{au - timedelta(days=40)}", 3), au=au)


@pytest.fixture
def conducteur(client: Client, pose: Dossier) -> Client:
    compte = CompteFactory()
    attach_dossier(user=compte, dossier_id=pose.pk, origine=Rattachement.Origine.NUMERO)
    client.force_login(compte)
    return client


def lue(client: Client, chemin: str = "/stages/") -> str:
    reponse = client.get(chemin)
    assert reponse.status_code == 200
    texte = reponse.content.decode().replace("&#x27;", "'").replace("&nbsp;", " ")
    return texte.replace("\u00a0", " ")


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_un_visiteur_lit_les_regles_sans_cas_personnel(client: Client) -> None:
    dite = lue(client)
    for passage in (
        *("loi du 10 juillet 1989", "article L. 223-6", "Stage volontaire", "Stage obligatoire du permis probatoire"),
        *("alternative aux poursuites", "comme <strong>peine</strong>", "Deux jours consécutifs, sept heures par jour"),
        *("lettre 48N", "quatre mois", "psychologue", "De 6 à 20 personnes", "un ou plusieurs modules spécialisés"),
        *("Trouver un centre agréé", "Ce centre est-il agréé ?", "Me connecter pour voir"),
    ):
        assert passage in dite, passage
    assert "Vos stages" not in dite
    with CaptureQueriesContext(connection) as requetes:
        lue(client)
    assert len(requetes) == 0


def test_sans_dossier_on_lit_les_memes_regles(client: Client) -> None:
    client.force_login(CompteFactory())
    assert "Deux stages qui rendent des points" in lue(client)
    assert client.get("/stages/annoncer/").status_code == 403


def test_le_cas_du_conducteur_vient_d_abord(conducteur: Client) -> None:
    dite = lue(conducteur)
    assert dite.index("Un stage peut vous rendre 3 points") < dite.index("Vos stages") < dite.index("Deux stages")
    demain = localdate() + timedelta(days=1)
    assert f'value="{demain:%d/%m/%Y}"' in dite


def test_le_nombre_de_requetes_ne_depend_pas_des_stages(conducteur: Client, pose: Dossier) -> None:
    lue(conducteur)
    comptes = []
    for combien in (1, 20):
        for rang in range(combien):
            fin = localdate() - timedelta(days=10 * rang + combien)
            AnnonceStage.objects.create(dossier=pose, agrement="R1", date_fin=fin, nature="volontaire")
            Attestation.objects.create(
                dossier=pose, agrement="R1", date_debut=fin, date_fin=fin, heures=7, cas="peine", recue_le=fin,
                refus="Trop court.", decidee_le=fin,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as requetes:
            lue(conducteur)
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1] <= 8


# --- Announcing -------------------------------------------------------------------------------------------------------


def annoncer(client: Client, **autres: str) -> Any:
    hier = localdate() - timedelta(days=1)
    return client.post(
        "/stages/annoncer/",
        {"date_fin": f"{hier:%d/%m/%Y}", "agrement": AGREMENT, "nature": "volontaire"} | autres,
    )


def test_annoncer_puis_retirer(conducteur: Client, centre: Centre) -> None:
    assert annoncer(conducteur)["Location"] == "/stages/"
    annonce = AnnonceStage.objects.get()
    assert (annonce.departement, annonce.agrement) == ("69", "R1906900120")
    dite = lue(conducteur)
    assert "Votre stage est annoncé" in dite
    assert "ATTESTATION ATTENDUE" in dite
    assert dite.index("Attendez : le stage que vous avez annoncé") < dite.index("Vos stages")
    retrait = f"/stages/annonces/{annonce.pk}/retirer/"
    assert retrait in dite
    assert conducteur.get(retrait).status_code == 405
    assert conducteur.post(retrait)["Location"] == "/stages/"
    assert not AnnonceStage.objects.exists()


def test_on_ne_retire_pas_l_annonce_d_un_autre(conducteur: Client, centre: Centre) -> None:
    annoncer(conducteur)
    annonce = AnnonceStage.objects.get()
    autre = Client()
    autre.force_login(RattachementFactory().user)
    autre.post(f"/stages/annonces/{annonce.pk}/retirer/")
    assert AnnonceStage.objects.filter(pk=annonce.pk).exists()
    assert "ATTESTATION ATTENDUE" not in lue(autre)


def test_annoncer_demande_le_jeton(pose: Dossier) -> None:
    strict = Client(enforce_csrf_checks=True)
    compte = CompteFactory()
    attach_dossier(user=compte, dossier_id=pose.pk, origine=Rattachement.Origine.NUMERO)
    strict.force_login(compte)
    assert annoncer(strict).status_code == 403


@pytest.mark.parametrize(
    ("saisie", "dit"),
    [
        ({"date_fin": ""}, "Saisissez le second jour du stage."),
        ({"date_fin": "31/02/2026"}, "Cette date n'existe pas"),
        ({"date_fin": "01/01/2999"}, "ce jour est à venir"),
        ({"date_fin": "01/01/2019"}, "Saisissez une date depuis le"),
        ({"agrement": "<script>"}, "Saisissez le numéro d'agrément"),
        ({"nature": "judiciaire"}, "Choisissez pourquoi"),
    ],
)
def test_une_annonce_fautive_dit_quoi_corriger_et_ne_perd_rien(
    conducteur: Client, saisie: dict[str, str], dit: str
) -> None:
    reponse = annoncer(conducteur, **saisie)
    dite = reponse.content.decode().replace("&#x27;", "'").replace("\u00a0", " ")
    assert reponse.status_code == 200
    assert "Votre stage n'a pas pu être annoncé" in dite
    assert dit in dite
    assert "agrement" in saisie or f'value="{AGREMENT}"' in dite
    assert not AnnonceStage.objects.exists()


# --- The driver's own case, état by état ------------------------------------------------------------------------------


def cas(*faits: Fait, au: date = date(2026, 11, 21)) -> tuple[str, str]:
    """Title, then reasons and days, spaces made ordinary."""
    dit = presenters.cas(situation(*faits, au=au))
    reperes = [f"{r.nom} : {r.valeur}." for r in dit.reperes]
    return dit.titre.replace("\u00a0", " "), " ".join([*dit.phrases, *reperes]).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("faits", "titre", "passages"),
    [
        pytest.param(
            [PERMIS, NEUF], "Un stage peut vous rendre 3 points",
            ["Il vous manque 3 points : un stage volontaire peut vous en rendre.",
             "4 points au plus, sans dépasser votre plafond, qui "
             "est de 12 : vous retrouveriez donc 3 points", "Premier jour utile : dès demain, le 22 novembre 2026.",
             "Points acquis : le 24 novembre 2026", "Votre solde alors : 12 sur 12.",
             "Sans stage, vous retrouvez 12 points le 12 octobre 2029"],
            id="9 sur 12",
        ),
        pytest.param(
            [PERMIS, infraction("i", "2025-09-07", "2025-10-12", 8),
             {"id": "s", "type": "stage", "date_fin": "2026-03-08", "nature": "volontaire"}],
            "Un stage peut vous rendre 4 points, à partir du 9 mars 2027",
            ["Votre dernier stage a pris fin le 8 mars 2026 : un seul par an rend des points",
             "Premier jour utile : 9 mars 2027."],
            id="déjà un stage dans l'année",
        ),
        pytest.param(
            [PERMIS, infraction("i", "2026-10-31", None, 4)],
            "Attendez : votre retrait n'est pas encore enregistré",
            ["avec 4 points en jeu", "votre solde est entier (12 points sur 12)", "aucun autre ne compterait"],
            id="pas encore définitive",
        ),
        pytest.param(
            [PERMIS, NEUF, infraction("j", "2026-10-31", None, 4)], "Un stage peut vous rendre 3 points",
            ["4 points sont en jeu pour une infraction qui n'est pas encore définitive"],
            id="une autre en attente",
        ),
        pytest.param(
            [PERMIS], "Aujourd'hui, un stage ne vous rendrait rien",
            ["Votre solde est au plafond : 12 points sur 12", "attendez de le voir"],
            id="au plafond",
        ),
        pytest.param(
            [PROBATOIRE], "Aujourd'hui, un stage ne vous rendrait rien",
            ["8 points sur 8", "un stage ne fait pas monter ce plafond plus vite"],
            id="au plafond, probatoire",
        ),
        pytest.param(
            [PERMIS, infraction("a", "2026-01-05", "2026-02-05", 6), infraction("b", "2026-03-05", "2026-04-05", 6)],
            "Un stage peut sauver votre permis",
            ["la lettre 48SI ne vous a pas été notifiée : votre permis est encore valable",
             "Votre solde alors : 4 sur 12."],
            id="solde nul",
        ),
        pytest.param(
            [PERMIS, infraction("a", "2026-01-05", "2026-02-05", 6), infraction("b", "2026-03-05", "2026-04-05", 6),
             infraction("c", "2026-05-05", "2026-06-05", 5)],
            "Un stage ne suffirait pas à sauver votre permis", ["votre solde serait encore de -1"],
            id="solde trop bas",
        ),
        pytest.param(
            [PERMIS, NEUF, invalidation("2026-11-01")], "Un stage ne peut plus vous rendre de points",
            ["la lettre 48SI vous a été notifiée", "Votre prochain permis aura ses propres points"],
            id="invalidé",
        ),
        pytest.param(
            [PERMIS, {"id": "a", "type": "annulation", "date_effet": "2026-11-01"}],
            "Un stage ne peut pas vous rendre de points", ["annulé par un juge"],
            id="annulé",
        ),
        pytest.param(
            [],
            "Un stage ne vous rendrait rien : aucun permis n'est enregistré à votre nom",
            ["aucun permis"],
            id="aucun",
        ),
        pytest.param(
            [PERMIS, NEUF, {"id": "s", "type": "suspension", "date_debut": "2026-10-02", "nature": "judiciaire"}],
            "Un stage peut vous rendre 3 points", ["Votre permis est suspendu : le stage compte"],
            id="suspendu",
        ),
        pytest.param(
            [PROBATOIRE, infraction("i", "2026-09-12", "2026-10-07", 3), lettre_48n("2026-10-21")],
            "Vous devez suivre un stage au plus tard le 21 février 2027",
            ["quatre mois", "une amende de 135 €", "trois ans", "« cas 2 »", "qui est de 8 pour l'instant",
             "Ce qu'il rendrait : +3 points."],
            id="48N",
        ),
        pytest.param(
            [PROBATOIRE, infraction("i", "2026-05-12", "2026-06-07", 3), lettre_48n("2026-06-21")],
            "Le délai de votre stage obligatoire a pris fin le 21 octobre 2026",
            ["Si vous l'avez suivi, annoncez-le", "une amende de 135 €"],
            id="48N, trop tard",
        ),
        pytest.param(
            [PROBATOIRE | {"date_obtention": "2023-07-18"}, infraction("i", "2023-09-12", "2023-10-07", 3),
             lettre_48n("2023-10-21")],
            "Le délai de votre stage obligatoire a pris fin le 21 février 2024",
            ["sans dépasser votre plafond, qui est de 12 : il ne vous rendrait rien.",
             "Ce qu'il rendrait : aucun point. Votre solde alors : 12 sur 12."],
            id="48N ancienne, points revenus",
        ),
        pytest.param(
            [PROBATOIRE, infraction("i", "2026-09-12", "2026-10-07", 3), lettre_48n("2026-10-21"),
             {"id": "s", "type": "stage", "date_fin": "2026-10-15", "nature": "volontaire"}],
            "Vous devez suivre un stage au plus tard le 21 février 2027",
            ["un seul par an rend des points. Vous devez pourtant suivre celui-ci."],
            id="48N, un volontaire dans l'année",
        ),
    ],
)  # fmt: skip
def test_chaque_etat_a_sa_reponse(faits: list[Fait], titre: str, passages: list[str]) -> None:
    dit, reste = cas(*faits)
    assert dit == titre
    for passage in passages:
        assert passage in reste, (passage, reste)


def test_ce_qui_revient_avant_le_premier_jour_utile_rend_le_stage_inutile() -> None:
    titre, reste = cas(
        PERMIS, infraction("a", "2025-01-01", "2025-02-01", 4),
        {"id": "s", "type": "stage", "date_fin": "2026-03-02", "nature": "volontaire"},
        infraction("b", "2026-03-10", "2026-06-01", 1, classe=3),
    )  # fmt: skip
    assert titre == "Un stage ne vous rendrait rien"
    assert "vos points seront déjà revenus d'eux-mêmes" in reste


@pytest.mark.parametrize(("au", "compte"), [("2027-02-20", 1), ("2027-02-21", 0), ("2027-02-22", None)])
def test_le_compte_a_rebours_d_une_48n(au: str, compte: int | None) -> None:
    faits = (PROBATOIRE, infraction("i", "2026-09-12", "2026-10-07", 3), lettre_48n("2026-10-21"))
    assert presenters.cas(situation(*faits, au=date.fromisoformat(au))).compte == compte
