"""The courses at the desk: those that are missing, opened one at a time for that reason, and no name in the lists."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from dossier.models import Journal
from dossier.rules.calendrier import plus_mois
from mespoints.lib.visiteur import LECTURE, Agent
from stages import selectors, services
from stages.models import AnnonceStage
from tests.accounts.parcours import texte
from tests.dossier.bureau import RHONE, au_bureau, du_rhone
from tests.dossier.lignes import dossier
from tests.stages.attestations import CLE, entourer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

PAGE = "/admin/stages/annoncestage/"
OBLIGATOIRES, ANNONCES = "Stages obligatoires non suivis", "Stages annoncés sans attestation"


def lettre(jours: int, **autres: Any) -> dict[str, Any]:
    recue = str(localdate() - timedelta(days=jours))
    return {"id": "l1", "type": "lettre", "reference": "48N", "date_notification": recue} | autres


def stage(jours: int) -> dict[str, Any]:
    return {"id": "s1", "type": "stage", "date_fin": str(localdate() - timedelta(days=jours)), "nature": "obligatoire"}


def du_jour(client: Client, debut: str) -> Any:
    (travail,) = [t for t in client.get("/admin/").context["travaux"] if t.titre.startswith(debut)]
    return travail


def test_une_48n_sans_stage_est_du_travail_et_s_ouvre_par_son_motif() -> None:
    en_retard = du_rhone(lettre(150))
    du_rhone(lettre(150), stage(60), neph="990175100002")
    tardif = du_rhone(lettre(300), stage(30), neph="990175100003")
    du_rhone(lettre(60), neph="990175100004")
    annulee = {"id": "a1", "type": "infraction_annulee", "infraction": "i9", "date_decision": str(localdate())}
    du_rhone(lettre(150, fait="i9"), annulee, neph="990175100005")
    ailleurs = dossier(lettre(150), adresse=RHONE | {"code_postal": "33000"}, neph="990175100006")
    client = au_bureau("lecture")
    travail = du_jour(client, OBLIGATOIRES)
    assert (travail.nombre, travail.adresse) == (1, PAGE)
    assert "Suivis en retard : 1" in travail.detail.replace("\u00a0", " ")
    page = client.get(PAGE)
    assert {r.dossier_id for r, _ in page.context["ordonnes"]} == {en_retard.pk, tardif.pk}
    assert du_jour(au_bureau("lecture", dossier=en_retard), OBLIGATOIRES).nombre == 0, "not the agent's own"
    assert "990175" not in texte(page)
    assert "MARTIN" not in texte(page)
    for interdit in (ailleurs.pk, 0):
        assert client.post(PAGE, {str(interdit): "1"}).status_code == 403
    reponse = client.post(PAGE, {str(en_retard.pk): "1"}, follow=True)
    assert en_retard.neph in texte(reponse)
    ligne = Journal.objects.latest("pk")
    assert (ligne.acte, ligne.motif) == ("consultation", "controle")
    assert "lettre 48N, stage à suivre jusqu'au" in ligne.precision


def annoncer(pose: Any, jours: int) -> None:
    fin = localdate() - timedelta(days=jours)
    services.announce_stage(dossier_id=pose.pk, date_fin=fin, agrement=CLE, nature="volontaire")


def test_un_stage_annonce_presse_apres_un_mois_et_s_ouvre_dans_sa_prefecture() -> None:
    recent, ancien = du_rhone(), du_rhone(neph="990175100002")
    d_ailleurs = dossier(adresse=RHONE | {"code_postal": "33000"}, neph="990175100003")
    annoncer(recent, 16)
    annoncer(d_ailleurs, 17)
    client = au_bureau("lecture")
    travail = du_jour(client, ANNONCES)
    assert (travail.nombre, travail.presse) == (2, False)
    annoncer(ancien, 40)
    travail = du_jour(client, ANNONCES)
    assert (travail.nombre, travail.presse) == (3, True)
    assert "plus d'un mois : 1" in travail.detail.replace("\u00a0", " ")
    page = texte(client.get(PAGE))
    assert "Autre préfecture" in page
    assert client.post(PAGE, {str(d_ailleurs.pk): "1"}).status_code == 403
    client.post(PAGE, {str(ancien.pk): "1"}, follow=True)
    assert "stage annoncé" in Journal.objects.latest("pk").precision
    assert du_jour(au_bureau("lecture", "33"), ANNONCES).nombre == 0


def test_un_centre_inconnu_est_l_affaire_de_la_prefecture_du_conducteur() -> None:
    annoncer(du_rhone(), 20)
    AnnonceStage.objects.update(departement="")
    assert du_jour(au_bureau("lecture"), ANNONCES).nombre == 1
    assert du_jour(au_bureau("lecture", "33"), ANNONCES).nombre == 0


def test_un_conducteur_sans_departement_connu_est_l_affaire_de_toutes() -> None:
    perdu = dossier(lettre(150), adresse=RHONE | {"code_postal": "99999"})
    assert perdu.departement is None
    annoncer(perdu, 20)
    client = au_bureau("lecture")
    assert du_jour(client, ANNONCES).nombre == 1, "of the centre's préfecture"
    AnnonceStage.objects.update(departement="")
    for un in (client, au_bureau("lecture", "33")):
        assert [du_jour(un, quoi).nombre for quoi in (OBLIGATOIRES, ANNONCES)] == [1, 1]
        assert un.post(PAGE, {str(perdu.pk): "1"}).status_code == 302
    AnnonceStage.objects.update(departement="69")
    assert du_jour(au_bureau("lecture", "33"), ANNONCES).nombre == 0, "the centre's préfecture received nothing"


@pytest.mark.parametrize("jours", range(119, 125))
def test_la_lecture_par_index_n_ecarte_que_ce_qui_est_sur(jours: int) -> None:
    """Four months are 120 to 123 days: what SQL does not read, the law had nothing to say of."""
    recue, au = date(2026, 5, 31), date(2026, 11, 21)
    limite = plus_mois(recue, 4)
    fin = recue + timedelta(days=jours)
    suivi = {"id": "s1", "type": "stage", "date_fin": fin.isoformat(), "nature": "obligatoire"}
    du_rhone({"id": "l1", "type": "lettre", "reference": "48N", "date_notification": recue.isoformat()}, suivi)
    assert [r.motif for r in selectors.list_48n_en_defaut(au=au)] == ["en retard"] * (fin > limite)


@pytest.mark.django_db(transaction=True)
def test_les_annonces_se_cherchent_par_index() -> None:
    dossier()
    with CaptureQueriesContext(connection) as requetes:
        selectors.list_annonces_sans_attestation(au=localdate(), pour=Agent(LECTURE, "69", 0), combien=200)
    assert len(requetes) == 1
    entourer()
    with connection.cursor() as curseur:
        curseur.execute("EXPLAIN " + requetes.captured_queries[0]["sql"])
        assert "annonce_departement" in str(curseur.fetchall())
