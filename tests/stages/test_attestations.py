"""An attestation becomes a fact and its points count, or it is refused and keeps its reason; what staff must see."""

import csv
import io
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossier import presenters as du_dossier
from dossier.feed import LigneRefusee
from dossier.models import Dossier, Fait
from dossier.selectors import Situation, get_situation
from stages import presenters, selectors, services
from stages.feed import LigneAttestation
from stages.models import AnnonceStage, Attestation, Centre
from tests.dossier.lignes import AU, PERMIS, dossier, importer, infraction, ligne
from tests.stages.conftest import AGREMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]

RETRAIT = infraction("i1", "2026-01-10", "2026-03-01", 6)
NEPH, CLE = "990175100001", "R1906900120"
PROBATOIRE = {"id": "p1", "type": "permis_obtenu", "date_obtention": "2025-07-18", "filiere": "classique"}
LETTRE = {"id": "l1", "type": "lettre", "reference": "48N", "date_notification": "2026-10-21", "fait": "i1"}
TITRES = "neph;nom_naissance;agrement;date_debut;date_fin;heures;cas"


def attestation(fin: str = "2026-11-06", **autres: Any) -> LigneAttestation:
    """Two days, fourteen hours, voluntary."""
    dernier = date.fromisoformat(fin)
    valeurs = {
        **{"neph": NEPH, "nom_naissance": "Martin", "agrement": CLE, "session": "", "heures": 14, "cas": "volontaire"},
        **{"date_debut": date.fromordinal(dernier.toordinal() - 1), "date_fin": dernier, "recue_le": None},
    }
    return LigneAttestation(**valeurs | autres)


def recevoir(*lignes: LigneAttestation, au: date = AU) -> list[services.Decision]:
    return [services.record_attestation(ligne=une, au=au) for une in lignes]


def situation(au: date = AU) -> Situation:
    return get_situation(Dossier.objects.get().pk, au=au)


def suivis(au: date = AU) -> list[presenters.Suivi]:
    pk = Dossier.objects.get().pk
    return presenters.suivis(situation(au), *selectors.list_annonces_et_attestations(pk))


def texte(suivi: presenters.Suivi) -> str:
    pas = " | ".join(f"{p.nom} {p.quand}" for p in suivi.pas)
    return f"{suivi.badge} | {pas} | {' '.join(suivi.phrases)}".replace("\u00a0", " ")


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
            {}, 0, "la lettre 48SI vous a été notifiée le 6 novembre 2026", id="invalidé",
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


# --- 48N --------------------------------------------------------------------------------------------------------------


def ordonne() -> Dossier:
    faits = [PROBATOIRE, infraction("i1", "2026-09-12", "2026-10-07", 3), LETTRE]
    assert importer(ligne(*faits))[0].etat == "accepte"
    return Dossier.objects.get()


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


def test_les_48n_se_cherchent_par_index() -> None:
    ordonne()
    with CaptureQueriesContext(connection) as requetes:
        selectors.list_48n_en_defaut(au=date(2027, 3, 1))
    assert len(requetes) == 2
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        curseur.execute("EXPLAIN " + requetes.captured_queries[0]["sql"])
        assert "fait_48n" in str(curseur.fetchall())


# --- Announced --------------------------------------------------------------------------------------------------------


def annoncer(fin: str = "2026-11-06", **autres: Any) -> AnnonceStage:
    valeurs = {"agrement": CLE, "nature": "volontaire"} | autres
    pk = Dossier.objects.get().pk
    return services.announce_stage(dossier_id=pk, date_fin=date.fromisoformat(fin), **valeurs)


@pytest.mark.parametrize(
    ("au", "motifs", "phrase"),
    [
        ("2026-11-21", [], "Le centre a quinze jours"),
        ("2026-11-22", ["15 jours"], "Le délai du centre est passé"),
        ("2026-12-06", ["15 jours"], "Le délai du centre est passé"),
        ("2026-12-07", ["un mois"], "Plus d'un mois après"),
    ],
)
def test_un_stage_annonce_sans_attestation_est_liste(au: str, motifs: list[str], phrase: str) -> None:
    dossier(RETRAIT)
    annoncer()
    jour = date.fromisoformat(au)
    for ou in ("", "69"):
        assert [r.motif for r in selectors.list_annonces_sans_attestation(au=jour, departement=ou)] == motifs
    assert selectors.list_annonces_sans_attestation(au=jour, departement="13") == []
    (suivi,) = suivis(jour)
    assert suivi.badge == "ATTESTATION ATTENDUE"
    assert phrase in texte(suivi)


def test_l_attestation_recue_ou_le_fait_connu_retire_l_annonce_de_la_liste() -> None:
    dossier(RETRAIT)
    annoncer()
    recevoir(attestation(heures=13))
    assert selectors.list_annonces_sans_attestation(au=date(2026, 12, 31)) == []
    (suivi,) = suivis()
    assert "annoncé le" in texte(suivi)
    annoncer("2026-11-10")
    connu = {"id": "st", "type": "stage", "date_fin": "2026-11-10", "nature": "volontaire"}
    importer(ligne(PERMIS, RETRAIT, connu))
    assert selectors.list_annonces_sans_attestation(au=date(2026, 12, 31)) == []


def test_un_stage_annonce_fait_attendre_le_suivant() -> None:
    dossier(RETRAIT)
    cas = presenters.cas(situation(), [annoncer()])
    assert cas.titre.startswith("Attendez")
    dit = " ".join(cas.phrases).replace("\u00a0", " ")
    assert "il rend 4 points, qui compteront à partir du 7 novembre 2026" in dit
    assert "le prochain devra commencer à partir du 7 novembre 2027" in dit


def test_un_numero_qu_aucune_liste_ne_porte_est_dit() -> None:
    dossier(RETRAIT)
    annoncer("2026-11-06", agrement="R1906900990")
    annoncer("2026-10-06")
    inconnu, connu = (texte(suivi) for suivi in suivis())
    assert "Ce numéro ne figure sur aucune liste" in inconnu
    assert "aucune liste" not in connu


def test_annonces_refusees() -> None:
    dossier(RETRAIT)
    for fin in ("2026-11-06", "2026-10-06", "2026-09-06"):
        annoncer(fin)
    with pytest.raises(services.AnnonceRefusee, match="pour ces jours-là"):
        annoncer("2026-11-07")
    with pytest.raises(services.AnnonceRefusee, match="trois stages"):
        annoncer("2026-08-06")
    recevoir(attestation("2026-10-06"))
    with pytest.raises(services.AnnonceRefusee, match="déjà reçue"):
        annoncer("2026-10-06")
    annoncer("2026-08-06")


# --- The commands -----------------------------------------------------------------------------------------------------


def lancer(nom: str, *arguments: Any) -> str:
    sortie = io.StringIO()
    with suppress(SystemExit):
        call_command(nom, *arguments, stdout=sortie, stderr=io.StringIO())
    return sortie.getvalue()


def test_import_attestations_deux_fois(fichier: Callable[..., Path]) -> None:
    pose = dossier(RETRAIT)
    chemin = fichier(
        TITRES,
        f"{NEPH};MARTIN;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};MARTIN;R 99;05/06/2026;06/06/2026;14;1",
        f"{NEPH};DURAND;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};=cmd;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};MARTIN;{AGREMENT};05/11/2026;06/11/2026;14;5",
        encodage="latin-1",
    )
    comptes = lancer("import_attestations", chemin, "--au", "2026-11-21")
    assert comptes == "enregistrées: 1, refusées: 0, inchangées: 0, rejetées: 4\n"
    with chemin.with_name(chemin.name + ".rejets.csv").open(encoding="utf-8-sig", newline="") as rejets:
        raisons = {ligne["ligne"]: ligne["raison"] for ligne in csv.DictReader(rejets, delimiter=";")}
    assert raisons["3"].startswith("agrement : doit compter")
    assert "n'est pas celui du dossier" in raisons["4"]
    assert "nom_naissance" in raisons["5"]
    assert "cas : « 5 » n'est pas un cas" in raisons["6"]
    pose.refresh_from_db()
    assert pose.points == 10
    assert lancer("import_attestations", chemin, "--au", "2026-11-22").startswith("enregistrées: 0, refusées: 0, inch")
    assert Attestation.objects.count() == 1


def test_la_liste_du_personnel_ne_dit_qui_qu_au_fichier(tmp_path: Path) -> None:
    pose = ordonne()
    annoncer()
    dite = lancer("list_stages_a_verifier", "--au", "2027-03-01")
    assert f"48N;manquant;21/02/2027;;;;{pose.pk}" in dite
    assert f"annonce sans attestation;un mois;21/11/2026;06/11/2026;{CLE};69;{pose.pk}" in dite
    assert "annonces sans attestation: 1, 48N: 1" in dite
    assert NEPH not in dite
    assert "MARTIN" not in dite
    chemin = tmp_path / "liste.csv"
    lancer("list_stages_a_verifier", "--au", "2027-03-01", "--fichier", chemin)
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert chemin.read_text(encoding="utf-8-sig").count(f"{NEPH};MARTIN Camille") == 2
    assert "sans attestation: 1, 48N: 0" in lancer(
        "list_stages_a_verifier", "--au", "2027-03-01", "--departement", "Rhône"
    )
    with pytest.raises(CommandError, match="n'est pas un département"):
        call_command("list_stages_a_verifier", "--departement", "lune")
