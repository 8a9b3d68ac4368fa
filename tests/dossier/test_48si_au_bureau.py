"""A 48SI at the desk: what the post did of it, at which address, and what decides whether it was notified."""

from html import unescape
from typing import Any

import pytest
from django.utils.timezone import localdate

from dossier.models import Decision, Fait
from dossier.services import record_faits
from tests.dossier.bureau import RHONE, Poste, au_bureau, decision_url, du_rhone, il_y_a, jj, valider
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db

PERTES = [
    infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 9),
    infraction("i0", str(il_y_a(210)), str(il_y_a(160)), 3),
]
ENVOI = {
    "date_envoi": jj(il_y_a(40)),
    "date_presentation": jj(il_y_a(36)),
    "adresse_utilisee": "dossier",
    "fait": "i1",
    "piece": "AR 1A 123 456 7890 1",
}
AILLEURS = {"adresse_utilisee": "autre", "adresse_lignes": "9 rue du Port", "adresse_commune": "Sète"}
REMISE = {"issue": "remise", "date_notification": jj(il_y_a(36))}
REVENUE = {"issue": "npai"}
PROUVEE = {"adresse_prouvee": "on"}


@pytest.fixture
def poste() -> Poste:
    return Poste(du_rhone(*PERTES, au=localdate()))


@pytest.mark.parametrize("issue", ["avisee_non_reclamee", "refusee"])
def test_presentee_et_non_retiree_elle_est_notifiee_ce_jour_la(poste: Poste, issue: str) -> None:
    page = poste.voir_l_effet("notification-48si", ENVOI | {"issue": issue})
    assert "notifiée le jour de sa présentation (Conseil d'État, 17 avril 2025, n° 492072)" in page
    poste.soumettre("notification-48si", ENVOI | {"issue": issue, "date_avis": jj(il_y_a(36))})
    lettre, fin = Decision.objects.get().faits
    assert (lettre["issue"], lettre["date_notification"]) == (issue, str(il_y_a(36)))
    assert lettre["adresse"] == RHONE
    assert (fin["type"], fin["date_notification"]) == ("invalidation", str(il_y_a(36)))


REFUS: dict[str, tuple[dict[str, Any], str]] = {
    "notifiée un autre jour que présentée": (
        {"issue": "refusee", "date_notification": jj(il_y_a(30))},
        "Ce pli est notifié le jour de sa présentation",
    ),
    "refusée sans jour de présentation": (
        {"issue": "refusee", "date_presentation": ""},
        "un pli qui n'a pas été remis est notifié ce jour-là",
    ),
    "remise sans jour": ({"issue": "remise"}, "À saisir : le jour de la remise."),
    "encore à la poste": (
        {"issue": "avisee_non_reclamee", "date_presentation": jj(il_y_a(15)), "date_envoi": jj(il_y_a(20))},
        f"celui-ci peut l'être jusqu'au {jj(il_y_a(0))}",
    ),
    "perdue": ({"issue": "perdue"}, "Une lettre perdue n'est pas notifiée"),
    "revenue, rien de prouvé": (REVENUE, "avis du 18 septembre 2009, n° 327027"),
    "ailleurs, rien de prouvé": (REMISE | AILLEURS, "avis du 18 septembre 2009, n° 327027"),
    "ailleurs, où": (REMISE | {"adresse_utilisee": "autre"} | PROUVEE, "l'adresse qui figure sur le pli"),
    "sans adresse": (REMISE | {"adresse_utilisee": ""}, "Faites un choix."),
    "sans issue": (REMISE | {"issue": ""}, "Faites un choix."),
    "présentée avant son envoi": (
        REMISE | {"date_presentation": jj(il_y_a(41))},
        "Envoi, présentation, notification : les dates doivent se suivre.",
    ),
    "d'un permis inconnu": (REMISE | {"permis": "p9"}, "Ce choix n'est plus possible"),
}


@pytest.mark.parametrize("cas", REFUS)
def test_ce_qui_ne_notifie_pas_est_refuse(poste: Poste, cas: str) -> None:
    saisie, dit = REFUS[cas]
    page = poste.voir_l_effet("notification-48si", ENVOI | saisie)
    assert dit in page
    assert 'name="vu"' not in page
    assert "AR 1A 123 456 7890 1" in page, "what was typed stays"
    assert not Fait.objects.filter(type__in=("lettre", "invalidation")).exists()


def test_quinze_jours_apres_la_presentation_le_pli_ne_se_retire_plus(poste: Poste) -> None:
    saisie = {"issue": "avisee_non_reclamee", "date_presentation": jj(il_y_a(16)), "date_envoi": jj(il_y_a(20))}
    assert 'name="vu"' in poste.voir_l_effet("notification-48si", ENVOI | saisie)


@pytest.mark.parametrize("saisie", [REVENUE, REMISE | AILLEURS], ids=["revenue", "ailleurs"])
def test_l_adresse_utilisee_se_lit_a_cote_de_celle_du_dossier(poste: Poste, saisie: dict[str, str]) -> None:
    """With the proof that it was the right one, it is recorded, and the doubt is told to the second agent as well."""
    page = poste.voir_l_effet("notification-48si", ENVOI | PROUVEE | saisie)
    assert "n'a pas été remise à l'adresse du dossier" in page, "the doubt, in the effect"
    poste.soumettre("notification-48si", ENVOI | PROUVEE | saisie)
    decision = Decision.objects.get()
    page = unescape(au_bureau("validation").get(decision_url(decision)).content.decode())
    utilisee = "9 rue du Port, Sète" if "adresse_lignes" in saisie else "1 quai de la Saône, 69002 Lyon"
    for nom, valeur in (("Adresse utilisée", utilisee), ("Adresse du dossier", "1 quai de la Saône, 69002 Lyon")):
        assert f"<dt>{nom}</dt><dd>{valeur}</dd>" in page
    assert "avis du 18 septembre 2009, n° 327027" in page
    assert "Validé et enregistré" in valider(au_bureau("validation"), decision)


def test_une_notification_a_un_solde_positif_reste_refusee() -> None:
    poste = Poste(du_rhone(PERTES[0], au=localdate()))
    page = poste.voir_l_effet("notification-48si", ENVOI | REMISE)
    assert "n'était pas nul (points : 3)" in page
    assert 'name="vu"' not in page


def test_un_retrait_appris_depuis_compte_au_jour_de_la_notification() -> None:
    """The refusal says « enregistrez d'abord ce qui manque »: recorded today, it must be heard."""
    pose = du_rhone(PERTES[0], au=localdate())
    appris = PERTES[1] | {"enregistre_le": str(localdate())}
    record_faits(dossier_id=pose.pk, faits=[appris], au=localdate())
    assert 'name="vu"' in Poste(pose).voir_l_effet("notification-48si", ENVOI | REMISE)


def test_elle_ne_met_fin_a_aucun_permis_etranger() -> None:
    italien = {"id": "e1", "type": "permis_etranger", "date_debut": str(il_y_a(900)), "pays": "Italie"}
    poste = Poste(du_rhone(italien, *PERTES, permis=False, au=localdate()))
    page = poste.voir_l_effet("notification-48si", ENVOI | REMISE)
    assert "Aucun permis français n'était tenu" in page
    assert 'name="vu"' not in page


@pytest.mark.parametrize(
    ("points", "dit"), [(3, "une interdiction de circuler ne se notifie qu'à un solde nul"), (0, "")]
)
def test_une_interdiction_de_circuler_non_plus_a_un_solde_positif(points: int, dit: str) -> None:
    italien = {"id": "e1", "type": "permis_etranger", "date_debut": str(il_y_a(900)), "pays": "Italie"}
    poste = Poste(du_rhone(italien, *PERTES[: 1 if points else 2], permis=False, au=localdate()))
    page = poste.voir_l_effet("interdiction", {"date_notification": jj(il_y_a(9)), "piece": "AR"})
    assert dit in page
    assert ('name="vu"' in page) is (points == 0)
    sans = Poste(du_rhone(neph="990175100002", au=localdate()))
    page = sans.voir_l_effet("interdiction", {"date_notification": jj(il_y_a(9)), "piece": "AR"})
    assert "Aucun permis étranger ne portait de points" in page


def test_l_issue_d_une_48si_s_enregistre_sans_mettre_fin_au_permis(poste: Poste) -> None:
    saisie = {cle: valeur for cle, valeur in ENVOI.items() if cle != "fait"} | {"reference": "48SI", "issue": "perdue"}
    assert "Enregistré." in poste.soumettre("lettre", saisie)
    assert Fait.objects.get(type="lettre").contenu["issue"] == "perdue"
    assert not Fait.objects.filter(type="invalidation").exists()
    page = poste.voir_l_effet("lettre", saisie | {"issue": "remise", "date_notification": jj(il_y_a(30))})
    assert "La notification d'une 48SI met fin au permis" in page
