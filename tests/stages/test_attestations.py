"""An attestation becomes a fact and its points count, or it is refused and keeps its reason; a 48N is answered."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossier import presenters as du_dossier
from dossier.feed import LigneRefusee
from dossier.models import Fait
from stages import presenters, selectors, services
from stages.models import Attestation, Centre
from tests.dossier.lignes import dossier, infraction
from tests.stages.attestations import CLE, RETRAIT, attestation, entourer, ordonne, recevoir, situation, suivis, texte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


# --- From the attestation to the points -------------------------------------------------------------------------------


def test_une_attestation_devient_un_fait_et_les_points_comptent_du_lendemain_du_stage() -> None:
    pose = dossier(RETRAIT)
    assert recevoir(attestation(recue_le=date(2026, 11, 12))) == [services.Decision("enregistree")]
    pose.refresh_from_db()
    assert pose.points == 10
    (mouvement,) = pose.mouvements.filter(nature="recuperation_stage")
    assert (mouvement.date, mouvement.points) == (date(2026, 11, 7), 4)
    fait = Fait.objects.get(type="stage").contenu
    assert (fait["enregistre_le"], fait["agrement"], fait["departement"]) == ("2026-11-21", CLE, "69")
    (suivi,) = suivis()
    dit = texte(suivi)
    assert suivi.titre.replace("\u00a0", " ") == "Stage volontaire du 5 au 6 novembre 2026"
    assert "ENREGISTRÉ | Suivi terminé le 6 novembre 2026 | Attestation reçue le 12 novembre 2026" in dit
    assert "Enregistré le 21 novembre 2026 | Points +4 points, comptent depuis le 7 novembre 2026" in dit
    assert "compte pourtant depuis le 7 novembre 2026" in dit


def test_un_stage_termine_aujourd_hui_compte_demain() -> None:
    dossier(RETRAIT)
    recevoir(attestation("2026-11-21"))
    (suivi,) = suivis()
    assert "+4 points, compteront le 22 novembre 2026" in texte(suivi)
    assert situation().replay.points == 6


def test_la_meme_attestation_deux_fois_ne_change_rien() -> None:
    dossier(RETRAIT)
    recevoir(attestation())
    avant = list(Fait.objects.values_list()), list(Attestation.objects.values_list())
    assert recevoir(attestation(), au=date(2026, 12, 1)) == [services.Decision("inchangee")]
    assert (list(Fait.objects.values_list()), list(Attestation.objects.values_list())) == avant


def test_un_stage_que_le_fichier_national_connait_n_est_pas_compte_deux_fois() -> None:
    connu = {"id": "st1", "type": "stage", "date_fin": "2026-11-06", "nature": "volontaire"}
    pose = dossier(RETRAIT, connu)
    assert recevoir(attestation()) == [services.Decision("enregistree")]
    assert Attestation.objects.get().fait == "st1"
    assert Fait.objects.filter(dossier=pose, type="stage").count() == 1
    assert situation().replay.anomalies == ()


def test_un_solde_nul_est_sauve_avant_la_48si() -> None:
    pose = dossier(RETRAIT, infraction("i2", "2026-04-01", "2026-05-01", 6))
    assert situation().replay.etat == "solde_nul"
    recevoir(attestation())
    pose.refresh_from_db()
    assert (pose.points, pose.etat) == (4, "valide")


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("autres", "raison"),
    [
        ({"heures": 13}, "plus court que la règle : 13 heures"),
        ({"heures": 16}, "plus long que la règle : 16 heures"),
        ({"date_debut": date(2026, 11, 6)}, "plus court que la règle : il s'étend sur un seul jour"),
        ({"date_debut": date(2026, 11, 4)}, "plus long que la règle : il s'étend sur 3 jours"),
        ({"agrement": "R1906900990"}, "Aucune liste de préfecture ne porte ce numéro"),
    ],
)
def test_une_attestation_qui_ne_vaut_pas_est_gardee_avec_sa_raison(autres: dict[str, Any], raison: str) -> None:
    dossier(RETRAIT)
    (decision,) = recevoir(attestation(**autres))
    assert decision.etat == "refusee"
    assert raison in decision.raison
    assert not Fait.objects.filter(type="stage").exists()
    (suivi,) = suivis()
    assert suivi.badge == "ATTESTATION REFUSÉE"
    assert raison in texte(suivi)
    assert recevoir(attestation(**autres)) == [services.Decision("inchangee")]


def test_une_attestation_corrigee_ne_se_dit_plus_refusee() -> None:
    dossier(RETRAIT)
    recevoir(attestation(heures=13), attestation("2026-11-10", heures=13), attestation())
    corrigee, fautive = sorted(suivis(), key=lambda suivi: suivi.date_fin)
    assert (corrigee.badge, fautive.badge) == ("ENREGISTRÉ", "ATTESTATION REFUSÉE")
    assert "+4 points" in texte(corrigee)


def test_un_centre_sans_agrement_ce_jour_la_et_le_recours() -> None:
    dossier(RETRAIT)
    Centre.objects.update(agree_au=date(2026, 11, 5))
    (decision,) = recevoir(attestation())
    assert "Le centre n'était pas agréé du 05/11/2026 au 06/11/2026" in decision.raison
    assert "n° 467984" in texte(suivis()[0])
    Centre.objects.update(agree_au=date(2031, 12, 31))  # the list was late, not the centre
    assert recevoir(attestation()) == [services.Decision("enregistree")]
    assert Attestation.objects.get().refus == ""


def test_un_centre_renouvele_a_un_autre_agrement_les_jours_d_avant() -> None:
    dossier(RETRAIT)
    une = services.LigneCentre(
        CLE, "Route Sereine Lyon", "12 rue de l'Exemple", "69003", "Lyon", "69", date(2026, 11, 10), date(2031, 11, 9)
    )
    services.record_centres(lignes=[une], liste=services.Liste("Préfecture", date(2026, 11, 20)))
    assert recevoir(attestation()) == [services.Decision("enregistree")]


def test_un_agrement_renouvele_pendant_le_stage_est_un_agrement() -> None:
    dossier(RETRAIT)
    Centre.objects.update(agree_au=date(2026, 11, 5))  # attestation(): the 5th and the 6th
    une = services.LigneCentre(
        CLE, "Route Sereine Lyon", "12 rue de l'Exemple", "69003", "Lyon", "69", date(2026, 11, 6), date(2031, 11, 5)
    )
    services.record_centres(lignes=[une], liste=services.Liste("Préfecture", date(2026, 11, 20)))
    assert recevoir(attestation()) == [services.Decision("enregistree")]


@pytest.mark.parametrize(
    ("faits", "autres", "points", "raison"),
    [
        pytest.param([], {}, 12, "Aucun retrait de points n'était encore effectif", id="pas encore de retrait"),
        pytest.param(
            [infraction("i0", "2020-01-01", "2020-02-01", 3)], {}, 12, "au plafond de 12 points", id="au plafond"
        ),
        pytest.param([RETRAIT], {"cas": "peine"}, 6, "décidé par la justice", id="judiciaire"),
        pytest.param([RETRAIT], {"cas": "alternative"}, 6, "décidé par la justice", id="alternative aux poursuites"),
        pytest.param(
            [RETRAIT, {"id": "s0", "type": "stage", "date_fin": "2026-03-08", "nature": "volontaire"}],
            {}, 10, "un autre stage en a rendu le 9 mars 2026, moins d'un an avant", id="second dans l'année",
        ),
        pytest.param(
            [RETRAIT, {"id": "n", "type": "invalidation", "date_notification": "2026-11-06"}],
            {}, 0, "notifiée le 6 novembre 2026, dernier jour du stage : il ne rend aucun point", id="invalidé",
        ),
    ],
)  # fmt: skip
def test_un_stage_vrai_qui_ne_rend_rien_est_un_fait_et_dit_pourquoi(
    faits: list[dict[str, Any]], autres: dict[str, Any], points: int, raison: str
) -> None:
    pose = dossier(*faits)
    assert recevoir(attestation(**autres)) == [services.Decision("enregistree")]
    pose.refresh_from_db()
    assert pose.points == points
    suivi = suivis()[0]
    assert suivi.badge == "POINTS REFUSÉS"
    assert raison in texte(suivi)


@pytest.mark.parametrize(
    ("autres", "raison"),
    [
        ({"neph": "000000000000"}, "aucun dossier"),
        ({"nom_naissance": "Durand"}, "n'est pas celui du dossier"),
        ({"date_fin": date(2026, 11, 22), "date_debut": date(2026, 11, 21)}, "n'est pas terminé"),
        ({"recue_le": date(2026, 11, 22)}, "à venir"),
    ],
)
def test_une_ligne_de_personne_ou_d_un_stage_a_venir_n_est_pas_gardee(autres: dict[str, Any], raison: str) -> None:
    dossier(RETRAIT)
    with pytest.raises(LigneRefusee, match=raison):
        recevoir(attestation(**autres))
    assert not Attestation.objects.exists()


def test_le_nom_est_reconnu_sans_accents_ni_casse_et_le_nom_d_usage_aussi() -> None:
    dossier(RETRAIT, nom_naissance="Lefèvre-d'Ây", nom_usage="Durand")
    assert recevoir(attestation(nom_naissance="LEFEVRE D AY"))[0].etat == "enregistree"
    assert recevoir(attestation(nom_naissance="durand"))[0].etat == "inchangee"


@pytest.mark.parametrize(
    ("connu", "atteste"),
    [
        ("Leboeuf", "LEBŒUF"),
        ("LEBŒUF", "leboeuf"),
        ("SØRENSEN", "Sorensen"),
        ("Ægidius", "AEGIDIUS"),
        ("Wałęsa", "WALESA"),
    ],
)
def test_le_nom_est_reconnu_quelle_que_soit_l_ecriture_des_lettres_liees(connu: str, atteste: str) -> None:
    dossier(RETRAIT, nom_naissance=connu)
    assert recevoir(attestation(nom_naissance=atteste))[0].etat == "enregistree"


# --- 48N --------------------------------------------------------------------------------------------------------------


def test_une_48n_suivie_a_temps_se_ferme_seule() -> None:
    ordonne()
    cas = presenters.cas(situation())
    assert (cas.titre.replace("\u00a0", " "), cas.compte) == (
        "Vous devez suivre un stage au plus tard le 21 février 2027",
        92,
    )
    assert "135 €" in " ".join(cas.phrases).replace("\u00a0", " ")
    assert du_dossier.alertes(situation()) != []
    recevoir(attestation("2026-11-14", cas="obligatoire"))
    assert du_dossier.alertes(situation()) == []
    assert presenters.cas(situation()).compte is None
    (suivi,) = suivis()
    assert "Il répond à votre lettre 48N, notifiée le 21 octobre 2026, dans le délai" in texte(suivi)
    assert selectors.list_48n_en_defaut(au=date(2027, 6, 1)) == []


def test_une_48n_repond_meme_quand_le_stage_ne_rend_rien() -> None:
    """Within a year of another course: no point, and the letter is answered (L. 223-6 and R. 223-4 are two things)."""
    ordonne()
    recevoir(attestation("2026-11-04"), attestation("2026-11-14", cas="obligatoire"))
    dernier, premier = suivis()
    assert (premier.badge, dernier.badge) == ("ENREGISTRÉ", "POINTS REFUSÉS")
    assert "dans le délai" in texte(dernier)
    assert situation().stage_ordonne_le is None


@pytest.mark.parametrize(
    ("fin", "au", "motifs"),
    [
        (None, "2027-02-21", []),
        (None, "2027-02-22", ["manquant"]),
        ("2027-02-21", "2027-06-01", []),
        ("2027-02-22", "2027-06-01", ["en retard"]),
    ],
    ids=["dernier jour", "manquant", "le dernier jour", "en retard"],
)
def test_les_48n_manquantes_ou_tardives_sont_listees(fin: str | None, au: str, motifs: list[str]) -> None:
    ordonne()
    if fin:
        recevoir(attestation(fin, cas="obligatoire"), au=date.fromisoformat(au))
    retards = selectors.list_48n_en_defaut(au=date.fromisoformat(au))
    assert [r.motif for r in retards] == motifs
    assert all(r.limite == date(2027, 2, 21) for r in retards)


@pytest.mark.django_db(transaction=True)
def test_les_48n_se_cherchent_par_index() -> None:
    ordonne()
    with CaptureQueriesContext(connection) as requetes:
        selectors.list_48n_en_defaut(au=date(2027, 3, 1))
    assert len(requetes) == 2
    entourer()
    with connection.cursor() as curseur:
        curseur.execute("EXPLAIN " + requetes.captured_queries[0]["sql"])
        assert "fait_48n" in str(curseur.fetchall())
