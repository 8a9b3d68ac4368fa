"""Opening a dossier at the desk: by whom, how, why, and what its holder reads of it."""

import json
import threading
import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from accounts.models import Rattachement
from dossier.models import Dossier, Journal, VerificationDuLivre
from dossier.rules.departements import departement_du_code_postal
from tests.accounts.factories import CompteFactory, DossierFactory
from tests.dossier.bureau import RECHERCHE, RHONE, agent, au_bureau, chercher, du_rhone, ouvrir
from tests.dossier.lignes import PERMIS, infraction, ligne, octets

pytestmark = pytest.mark.django_db


def actes() -> list[str]:
    return list(Journal.objects.order_by("pk").values_list("acte", flat=True))


# --- Whose dossier it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code_postal", "titres", "attendu"),
    [
        ("69002", [], "69"),
        ("01000", [], "01"),
        ("20000", [], "2A"),
        ("20137", [], "2A"),
        ("20200", [], "2B"),
        ("20620", [], "2B"),
        ("97110", [], "971"),
        ("97133", [], "977"),
        ("97150", [], "978"),
        ("97600", [], "976"),
        ("98800", [], "988"),
        ("98000", [], None),
        ("96000", [], None),
        ("00100", [], None),
        ("B-1000", [], None),
        ("69002", [("33", "2020-01-01")], "69"),
        (None, [("33", "2010-01-01"), ("2A", "2020-01-01")], "2A"),
        (None, [("33", "2010-01-01"), ("ailleurs", "2020-01-01"), ("69", None)], "33"),
        ("1000", [("971", "2020-01-01")], "971"),
        (None, [("20", "2020-01-01")], None),
        (None, [], None),
    ],
)
def test_le_departement_d_un_dossier(code_postal: str | None, titres: list[Any], attendu: str | None) -> None:
    lus = [{"departement": d} | ({"date_delivrance": jour} if jour else {}) for d, jour in titres]
    adresse = {"code_postal": code_postal} if code_postal else None
    pose = DossierFactory(adresse=adresse, titres=lus)
    assert Dossier.objects.get(pk=pose.pk).departement == attendu


def test_python_et_postgresql_lisent_un_code_postal_de_meme() -> None:
    """All that three digits can begin, and the two communes that Guadeloupe's numbers hide."""
    codes = [f"{debut:03}12" for debut in range(1000)] + ["97133", "97150"]
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT code, departement_de(jsonb_build_object('code_postal', code), NULL) FROM unnest(%s::text[]) code",
            [codes],
        )
        lus = dict(curseur.fetchall())
    assert lus == {code: departement_du_code_postal(code) for code in codes}


def test_le_departement_suit_l_adresse_et_se_cherche_par_un_index() -> None:
    pose = du_rhone()
    Dossier.objects.filter(pk=pose.pk).update(adresse=RHONE | {"code_postal": "33000"})
    assert list(Dossier.objects.filter(departement="33")) == [pose]
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        curseur.execute("EXPLAIN SELECT 1 FROM dossier_dossier WHERE departement = '33'")
        assert "dossier_departement" in str(curseur.fetchall())


# --- Finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "saisie",
    [
        {"neph": "99 01.75100001"},
        {"nom": "martin", "prenom": "camille", "date_naissance": "31/12/1979"},
    ],
    ids=["neph", "identité"],
)
def test_un_dossier_s_ouvre_pour_un_motif_et_c_est_ecrit(saisie: dict[str, str]) -> None:
    pose, client = du_rhone(), au_bureau("lecture")
    reponse = chercher(client, **saisie)
    assert reponse["Location"] == f"/admin/dossier/dossier/{pose.pk}/"
    page = unescape(client.get(reponse["Location"]).content.decode())
    assert "990175100001" in page
    assert actes() == ["recherche", "consultation"]
    ligne = Journal.objects.latest("pk")
    compte = client.agent  # type: ignore[attr-defined]
    assert (ligne.agent, ligne.role, ligne.departement, ligne.motif) == (compte.pk, "lecture", "69", "guichet")
    assert (ligne.precision, ligne.reseau, ligne.dossier_id) == ("demande au guichet", "127.0.0.0/24", pose.pk)


@pytest.mark.parametrize(
    ("saisie", "dit"),
    [
        ({}, "Saisissez un numéro NEPH, ou l'identité complète."),
        ({"nom": "Martin"}, "L'identité doit être complète"),
        ({"nom": "Martin", "prenom": "Camille", "date_naissance": "1979"}, "Saisissez une date comme 31/12/1979."),
        ({"nom": "Martin", "prenom": "Camille", "date_naissance": "31/02/1979"}, "Saisissez une date comme"),
        ({"neph": "12"}, "5 à 19 caractères"),
        ({"neph": "990175100001", "motif": ""}, "Choisissez le motif"),
        ({"neph": "990175100001", "precision": " "}, "Précisez la pièce"),
        ({"neph": "990175100001", "motif": "curiosite"}, "motif"),
        ({"neph": "990175100002"}, "Aucun dossier ne correspond"),
        ({"nom": "Martin", "prenom": "C", "date_naissance": "31/12/1979"}, "Aucun dossier ne correspond"),
        ({"nom": "%", "prenom": "%", "date_naissance": "31/12/1979"}, "Aucun dossier ne correspond"),
    ],
)
def test_sans_motif_ou_sans_identite_exacte_rien_ne_s_ouvre(saisie: dict[str, str], dit: str) -> None:
    du_rhone()
    client = au_bureau()
    reponse = chercher(client, **saisie)
    page = unescape(reponse.content.decode())
    assert reponse.status_code == 200
    assert dit in page
    for valeur in saisie.values():
        assert valeur in page or not valeur.strip(), "what was typed is lost"
    assert "bureau" not in client.session


def test_des_homonymes_ne_sont_pas_montres() -> None:
    du_rhone()
    du_rhone(neph="990175100002")
    page = unescape(chercher(au_bureau(), nom="Martin", prenom="Camille", date_naissance="31/12/1979").content.decode())
    assert "Plusieurs dossiers portent exactement cette identité" in page
    assert "9901751" not in page


@pytest.mark.parametrize("qui", ["autre département", "le sien"])
def test_le_dossier_d_un_autre_departement_ou_le_sien_est_refuse(qui: str) -> None:
    pose = du_rhone()
    client = au_bureau(departement="75") if qui == "autre département" else au_bureau(dossier=pose)
    reponse = chercher(client, neph=pose.neph)
    assert reponse.status_code == 403
    assert "inscrite au journal" in unescape(reponse.content.decode())
    assert actes() == ["recherche", "refus"]
    assert client.get(f"/admin/dossier/dossier/{pose.pk}/").status_code == 302, "without a reason: the search"


def test_un_dossier_qui_change_de_departement_se_referme() -> None:
    pose, client = du_rhone(), au_bureau()
    adresse = ouvrir(client, pose)
    Dossier.objects.filter(pk=pose.pk).update(adresse=RHONE | {"code_postal": "33000"})
    assert client.get(adresse).status_code == 403
    assert actes()[-1] == "refus"


def test_un_dossier_ouvert_n_en_ouvre_pas_un_autre_et_se_referme(monkeypatch) -> None:
    pose, autre, client = du_rhone(), du_rhone(neph="990175100002"), au_bureau()
    adresse = ouvrir(client, pose)
    assert client.get(f"/admin/dossier/dossier/{autre.pk}/")["Location"] == "/admin/dossier/dossier/"
    assert client.get("/admin/dossier/dossier/999999/")["Location"] == "/admin/dossier/dossier/"
    ouvrir(client, autre)
    assert client.get(adresse).status_code == 302
    assert client.get(f"/admin/dossier/dossier/{autre.pk}/").status_code == 200
    session = client.session
    session["bureau"] |= {"depuis": time.time() - 1801}
    session.save()
    assert client.get(f"/admin/dossier/dossier/{autre.pk}/").status_code == 302


def test_la_trente_et_unieme_recherche_est_arretee_et_dite(caplog) -> None:
    pose, client = du_rhone(), au_bureau()
    for _ in range(30):
        assert chercher(client, neph="ABCDE").status_code == 200
    reponse = chercher(client, neph=pose.neph)
    assert reponse.status_code == 429
    assert 3500 < int(reponse["Retry-After"]) <= 3600
    assert chercher(client, neph=pose.neph).status_code == 429
    assert actes().count("blocage") == 1
    assert [r.getMessage() for r in caplog.records if r.name.startswith("dossier")] == ["desk_searches_stopped"]
    assert chercher(au_bureau(), neph=pose.neph).status_code == 302, "another agent goes on"
    journee = unescape(au_bureau("administration", None).get("/admin/").content.decode())
    assert f"agent n° {client.agent.pk} (69)" in journee  # type: ignore[attr-defined]
    assert "990175100001" not in journee


@pytest.mark.django_db(transaction=True)
def test_des_recherches_simultanees_ne_passent_pas_la_limite(monkeypatch) -> None:
    monkeypatch.setattr("dossier.journal.RECHERCHES", 3)
    compte = agent()
    clients = [Client() for _ in range(8)]
    from tests.accounts.agents import connecter_agent

    for client in clients:
        connecter_agent(client, compte)
    codes: list[int] = []

    def une(client: Client) -> None:
        codes.append(chercher(client, neph="ABCDE").status_code)
        connection.close()

    fils = [threading.Thread(target=une, args=[client]) for client in clients]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(codes) == [200] * 3 + [429] * 5
    assert Journal.objects.filter(acte="recherche").count() == 3


def test_la_recherche_par_identite_passe_par_un_index() -> None:
    """On a table where the planner has the choice: twenty thousand names, five hundred of the same."""
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO dossier_dossier (neph, nom_naissance, prenoms, sexe, date_naissance, titres, categories, etat,"
            " mis_a_jour_le) SELECT 'X' || lpad(n::text, 9, '0'), CASE WHEN n % 40 = 0 THEN 'MARTIN' ELSE"
            " 'NOM' || chr(65 + n % 26) || chr(65 + n / 26 % 26) END, '{Camille}', 'F',"
            " to_char(date '1950-01-01' + n % 18000, 'YYYY-MM-DD'), '[]', '[]', 'valide', '2026-11-21'"
            " FROM generate_series(1, 20000) n"
        )
        curseur.execute("ANALYZE dossier_dossier")
        from dossier.bureau import recherche

        requete = recherche.identites({"nom": "Martin", "prenom": "Camille", "date_naissance": "1979-12-31"})
        plan = requete.explain(analyze=True)
    assert "dossier_nom_naissance" in plan
    assert "Seq Scan" not in plan


# --- What is written --------------------------------------------------------------------------------------------------


def test_une_page_qui_montre_un_dossier_est_au_journal() -> None:
    """Each address under an opened dossier: a row more for each, or the page is refused."""
    pose, client = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 6)), au_bureau("lecture")
    adresse = ouvrir(client, pose)
    for suite in ("", "conducteur/", "conducteur/previsionnel/"):
        avant = Journal.objects.count()
        assert client.get(adresse + suite).status_code == 200
        assert Journal.objects.count() == avant + 1, suite


def test_sans_ligne_au_journal_la_page_n_est_pas_envoyee(monkeypatch) -> None:
    pose, client = du_rhone(), au_bureau("lecture")
    adresse = ouvrir(client, pose)
    client.raise_request_exception = False

    def tomber(*_a: Any, **_k: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("dossier.journal.Journal.save", tomber)
    reponse = client.get(adresse)
    assert reponse.status_code == 500
    assert pose.neph not in reponse.content.decode()


@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE dossier_journal SET motif = 'courrier'",
        "DELETE FROM dossier_journal",
        "TRUNCATE dossier_journal",
        "DELETE FROM dossier_journal WHERE set_config('mespoints.effacement', dossier_id::text, true) <> ''",
    ],
)
def test_le_journal_ne_s_efface_pas(requete: str) -> None:
    ouvrir(au_bureau(), du_rhone())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(requete)
    assert actes() == ["recherche"]


def test_le_titulaire_lit_le_service_et_le_motif_jamais_l_agent() -> None:
    pose, client = du_rhone(), au_bureau("lecture")
    adresse = ouvrir(client, pose)
    client.get(adresse)
    client.get(adresse)
    client.get(f"{adresse}conducteur/")
    chercher(au_bureau(departement="75"), neph=pose.neph)
    titulaire, lecteur = CompteFactory(), Client()
    Rattachement.objects.create(user=titulaire, dossier=pose, origine="numero")
    lecteur.force_login(titulaire)
    page = unescape(lecteur.get("/mes-points/consultations/").content.decode())
    assert "Préfecture du Rhône" in page
    assert "a consulté votre dossier (2 fois)" in page
    assert "Préfecture de police de Paris" in page
    assert "refusé" in page
    assert "vous étiez au guichet ou au téléphone" in page
    for cache in (client.agent.email, "demande au guichet", "127.0.0"):  # type: ignore[attr-defined]
        assert cache not in page
    assert json.loads(json.dumps(RECHERCHE))["precision"] not in page


def test_le_journal_se_cherche_et_ne_se_lit_que_par_l_administration() -> None:
    pose, client = du_rhone(), au_bureau("lecture")
    ouvrir(client, pose)
    assert client.get("/admin/dossier/journal/").status_code == 403
    chef = au_bureau("administration", None)
    for terme, combien in ((str(client.agent.pk), 1), (pose.neph, 1), ("990175199999", 0), ("", 1)):  # type: ignore[attr-defined]
        assert chef.get("/admin/dossier/journal/", {"q": terme}).context["cl"].result_count == combien, terme
    assert chef.get("/admin/dossier/dossier/").status_code == 403, "an administrator opens no dossier"


def test_ce_que_voit_le_conducteur_ne_peut_rien_envoyer() -> None:
    pose, client = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 6)), au_bureau("lecture")
    adresse = ouvrir(client, pose)
    for suite in ("conducteur/", "conducteur/previsionnel/"):
        page = client.get(adresse + suite).content.decode()
        assert "<form" not in page
        assert "<button" not in page
        assert "/mes-points/" not in page
        assert "Ce que voit le conducteur" in page
        assert client.post(adresse + suite).status_code == 405


# --- The day ----------------------------------------------------------------------------------------------------------


def du_jour(client: Client, debut: str) -> Any:
    (travail,) = [t for t in client.get("/admin/").context["travaux"] if t.titre.startswith(debut)]
    return travail


def test_les_lignes_refusees_se_disent_avec_quoi_faire(tmp_path: Path) -> None:
    client = au_bureau("administration", None)
    assert "Aucun chargement" in du_jour(client, "Lignes refusées").detail
    flux = tmp_path / "MARTIN-camille.ndjson"
    flux.write_bytes(octets(ligne(PERMIS)) + b"\n{}\n")
    with pytest.raises(SystemExit):
        call_command("import_dossiers", flux, "--au-plus-de", "50")
    travail = du_jour(client, "Lignes refusées")
    assert (travail.nombre, travail.presse) == (1, True)
    assert "1 acceptées, 0 inchangées" in travail.detail
    assert "rejets.ndjson" in travail.detail
    page = client.get(travail.adresse)
    assert page.status_code == 200
    assert "MARTIN" not in page.content.decode()
    flux.write_bytes(octets(ligne(PERMIS)) + b"\n")
    call_command("import_dossiers", flux)
    travail = du_jour(client, "Lignes refusées")
    assert (travail.nombre, travail.presse) == (0, False)
    assert "rejets" not in travail.detail


def test_la_verification_du_grand_livre_se_dit_avec_son_age() -> None:
    client = au_bureau("administration", None)
    titre = "Dossiers dont le grand livre"
    jamais = du_jour(client, titre)
    assert jamais.presse
    assert "Jamais vérifié" in jamais.detail
    du_rhone()
    call_command("verify_ledger")
    faite = du_jour(client, titre)
    assert (faite.nombre, faite.presse) == (0, False)
    assert "1 dossiers vérifiés" in faite.detail
    VerificationDuLivre.objects.update(finished_at=now() - timedelta(days=9))
    ancienne = du_jour(client, titre)
    assert ancienne.presse
    assert "Il y a 9 jours" in ancienne.detail.replace("\u00a0", " ")
    VerificationDuLivre.objects.create(started_at=now(), verifies=5, differents=2)
    assert (du_jour(client, titre).nombre, du_jour(client, titre).presse) == (2, True)
    assert client.get(faite.adresse).status_code == 200


def test_ce_qui_presse_d_abord_et_chaque_ligne_mene_quelque_part() -> None:
    for role, departement in (("validation", "69"), ("administration", None)):
        client = au_bureau(role, departement)
        travaux = client.get("/admin/").context["travaux"]
        rangs = [(not travail.presse, not travail.nombre) for travail in travaux]
        assert rangs == sorted(rangs)
        assert all(travail.adresse or not travail.nombre for travail in travaux)
        assert {client.get(t.adresse).status_code for t in travaux if t.adresse} == {200}
