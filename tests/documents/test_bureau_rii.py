"""The RII asked by post: what was seen, the file, the journal, and what its holder reads of it (seed 001)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from documents.contenus import CachetIndisponible, RenduImpossible, TropDeDocuments
from documents.models import DocumentEmis
from dossier.models import Dossier, Journal
from dossier.rules.francais import en_francais
from tests.accounts.parcours import texte
from tests.accounts.signaler import lie
from tests.documents.pdf import text_of
from tests.dossier.bureau import au_bureau, du_rhone, ouvrir

pytestmark = pytest.mark.django_db


def demande(**change: str) -> dict[str, str]:
    recue = {"recue_le": en_francais(localdate()), "moyen": "courrier", "identite": "on", "permis": "on"}
    return {cle: valeur for cle, valeur in (recue | change).items() if valeur}


def au_rii(client: Client, pose: Any) -> str:
    return f"{ouvrir(client, pose)}rii/"


def test_le_rii_sort_avec_sa_trace_que_le_titulaire_lit(caplog) -> None:
    pose, client = du_rhone(), au_bureau()
    page = au_rii(client, pose)
    assert "Délivrer le RII" in texte(client.get(page.removesuffix("rii/")))
    assert "990175100001" in texte(client.get(page)), "to be compared with the piece"
    reponse = client.post(page, demande())
    assert reponse["Content-Type"] == "application/pdf"
    assert "no-store" in reponse["Cache-Control"]
    assert pose.neph not in reponse["Content-Disposition"]
    assert "MARTIN" in text_of(reponse.content).upper()
    emis = DocumentEmis.objects.get()
    assert (emis.genre, emis.par, bytes(emis.octets)) == ("rii", "agent", reponse.content)
    ligne = Journal.objects.get(acte="rii")
    jour = en_francais(localdate())
    assert ligne.precision == (
        f"RII demandé par courrier reçu le {jour} ; vu : pièce d'identité, permis ; envoi : adresse du dossier"
    )
    assert (ligne.dossier_id, ligne.motif) == (pose.pk, "guichet")
    titulaire = Client()
    titulaire.force_login(lie(pose).user)
    lu = texte(titulaire.get("/mes-points/consultations/"))
    assert "a délivré votre relevé d'information intégral (RII)" in lu
    assert "pièce d'identité" not in lu
    assert pose.neph not in caplog.text


def test_une_autre_adresse_demande_un_justificatif_et_reste_au_journal() -> None:
    pose, client = du_rhone(), au_bureau()
    page, ailleurs = au_rii(client, pose), "3 rue Neuve\r\n01000 Bourg-en-Bresse"
    refus = client.post(page, demande(adresse=ailleurs))
    assert refus.status_code == 422
    assert "Une autre adresse demande un justificatif de domicile." in texte(refus)
    assert "3 rue Neuve" in texte(refus), "what was typed is lost"
    assert client.post(page, demande(adresse=ailleurs, domicile="on")).status_code == 200
    assert Journal.objects.get(acte="rii").precision.endswith("domicile ; envoi : 3 rue Neuve, 01000 Bourg-en-Bresse")
    longue = "\n".join(["x" * 44] * 2)  # 90 once on one line, and every other word the longest
    assert client.post(page, demande(adresse=longue, domicile="on", moyen="courriel")).status_code == 200


DEMAIN = "demain"  # said when the test runs: the whole may last past midnight


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"identite": ""}, "Sans pièce d'identité vue"),
        ({"permis": ""}, "Sans copie du permis"),
        ({"recue_le": ""}, "Saisissez"),
        ({"recue_le": "32/13/2026"}, "Saisissez une date"),
        ({"recue_le": DEMAIN}, "Cette date est à venir."),
        ({"recue_le": "01/01/2020"}, "plus d'un an"),
        ({"moyen": "pigeon"}, "moyen"),
        ({"moyen": ""}, "Choisissez le moyen."),
        ({"adresse": "x" * 91, "domicile": "on"}, "90 caractères"),
        ({"adresse": "x\n" * 45, "domicile": "on"}, "90 caractères"),
        ({"adresse": "x\u2028" * 45, "domicile": "on", "moyen": "courriel"}, "90 caractères"),
    ],
)
def test_une_demande_incomplete_ne_delivre_rien(change: dict[str, str], dit: str) -> None:
    pose, client = du_rhone(), au_bureau()
    if change.get("recue_le") == DEMAIN:
        change = {"recue_le": en_francais(localdate() + timedelta(days=1))}
    reponse = client.post(au_rii(client, pose), demande(**change))
    assert reponse.status_code == 422
    assert dit.lower() in texte(reponse).lower()
    assert not Journal.objects.filter(acte="rii").exists()


def test_un_dossier_sans_adresse_en_demande_une() -> None:
    pose, client = du_rhone(), au_bureau()
    Dossier.objects.filter(pk=pose.pk).update(adresse=None)
    assert "Le dossier n'a pas d'adresse" in texte(client.post(au_rii(client, pose), demande()))


@pytest.mark.parametrize("refus", [RenduImpossible(), TropDeDocuments(60), CachetIndisponible()])
def test_ce_qui_n_a_pas_pu_etre_fait_n_est_pas_au_journal(monkeypatch, refus: Exception) -> None:
    def rater(*args: Any, **kwargs: Any) -> None:
        raise refus

    monkeypatch.setattr("documents.bureau.envoi.issue_document", rater)
    pose, client = du_rhone(), au_bureau()
    reponse = client.post(au_rii(client, pose), demande())
    assert reponse.status_code == 503
    assert "Rien n'est délivré" in texte(reponse)
    assert ("prévenez qui administre" in texte(reponse)) == isinstance(refus, CachetIndisponible)
    assert not Journal.objects.filter(acte="rii").exists()


@pytest.mark.parametrize("qui", ["lecture", "autre département", "sans motif", "session ancienne"])
def test_qui_n_y_a_pas_droit_n_a_pas_de_rii(qui: str) -> None:
    pose = du_rhone()
    client = au_bureau("lecture") if qui == "lecture" else au_bureau()
    page = f"/admin/dossier/dossier/{pose.pk}/rii/" if qui == "sans motif" else au_rii(client, pose)
    if qui == "autre département":
        Dossier.objects.filter(pk=pose.pk).update(adresse={"code_postal": "75012"})
    if qui == "session ancienne":
        session = client.session
        session["account_authentication_methods"] = [{"method": m, "at": 0} for m in ("password", "mfa")]
        session.save()
    reponse = client.post(page, demande())
    assert reponse.status_code == (302 if qui in {"sans motif", "session ancienne"} else 403)
    assert reponse["Content-Type"] != "application/pdf"
    assert not Journal.objects.filter(acte="rii").exists()
