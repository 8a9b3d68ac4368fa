"""« Et maintenant ? »: each état says what is urgent, what comes, what the driver may do, with its days computed."""

from datetime import date
from typing import Any

import pytest

from dossier import presenters
from dossier.fabrique import parcours_de
from dossier.models import Dossier
from dossier.rules.solde import rejouer
from dossier.rules.stage import eligibilite
from dossier.selectors import Situation
from tests.dossier.lignes import PERMIS, infraction

AU = date(2026, 11, 21)
NEUF_POINTS = [infraction("a", "2026-01-05", "2026-02-05", 6), infraction("b", "2026-03-05", "2026-04-05", 6)]
Fait = dict[str, Any]


def situation(*faits: Fait, au: date = AU) -> Situation:
    tenus = [{champ: v for champ, v in fait.items() if v is not None} for fait in faits]  # as the import keeps them
    parcours = parcours_de(tenus)
    replay = rejouer(parcours, au)
    dossier = Dossier(mis_a_jour_le=au, adresse=None)
    return Situation(dossier, tenus, parcours, replay, eligibilite(replay), False)


def alertes(*faits: Fait, au: date = AU) -> list[str]:
    """Title and sentences of each alert, spaces made ordinary."""
    return [
        " ".join([alerte.titre, *alerte.phrases]).replace("\u00a0", " ")
        for alerte in presenters.alertes(situation(*faits, au=au))
    ]


def etapes(*faits: Fait, au: date = AU) -> list[str]:
    return [f"{e.quand} | {e.texte}".replace("\u00a0", " ") for e in presenters.etapes(situation(*faits, au=au))]


def lettre_48n(notifiee: str) -> Fait:
    return {"id": "l48n", "type": "lettre", "reference": "48N", "date_notification": notifiee, "fait": "i"}


def invalidation(jour: str, id: str = "inv") -> Fait:
    return {"id": id, "type": "invalidation", "date_notification": jour}


def remise(jour: str) -> Fait:
    return {"id": "rt", "type": "restitution_titre", "date_restitution": jour}


PROBATOIRE = {"id": "p", "type": "permis_obtenu", "date_obtention": "2025-07-18", "filiere": "classique"}
RETRAIT_PROBATOIRE = infraction("i", "2026-09-12", "2026-10-07", 3)


def test_rien_d_urgent_a_douze_points() -> None:
    assert alertes(PERMIS) == []
    assert etapes(PERMIS) == ["Rien à faire | Votre solde est au maximum : 12 points."]


def test_des_points_a_recuperer() -> None:
    faits = (PERMIS, infraction("i", "2026-09-07", "2026-10-12", 3))
    assert alertes(*faits) == []
    assert etapes(*faits) == [
        "Le 12 octobre 2029 | Vous retrouvez vos 12 points, sans démarche, si vous ne commettez aucune infraction "
        "d'ici là.",
        "Sans attendre | Un stage de deux jours vous rend 3 points dès le lendemain : 4 au plus, sans dépasser 12.",
    ]


def test_un_point_puis_les_autres() -> None:
    faits = (PERMIS, infraction("i", "2026-05-07", "2026-06-12", 3), infraction("j", "2026-09-07", "2026-10-12", 1))
    premiere, seconde, _ = etapes(*faits)
    assert premiere.startswith("Le 12 avril 2027 | 1 point revient, sans démarche : votre solde sera de 9 sur 12, si")
    assert seconde.startswith("Le 12 octobre 2029 | Vous retrouvez vos 12 points")


def test_un_stage_de_moins_d_un_an_repousse_le_suivant() -> None:
    stage = {"id": "s", "type": "stage", "date_fin": "2026-03-08", "nature": "volontaire"}
    *_, derniere = etapes(PERMIS, infraction("i", "2025-09-07", "2025-10-12", 8), stage)
    assert derniere.startswith("À partir du 9 mars 2027 | Un stage")
    assert derniere.endswith("un seul compte par an.")


def test_solde_nul_un_stage_peut_sauver() -> None:
    (alerte,) = alertes(PERMIS, *NEUF_POINTS)
    assert alerte.startswith("Vous n'avez plus de points, mais votre permis est encore valable")
    assert "votre solde serait de 4 points dès le lendemain. Il peut commencer dès demain." in alerte
    assert etapes(PERMIS, *NEUF_POINTS)[0].startswith("Sans attendre | Un stage")


def test_solde_nul_un_stage_ne_suffirait_pas() -> None:
    """From −5, four points leave −1: no hope is given that the law does not give."""
    (alerte,) = alertes(PERMIS, *NEUF_POINTS, infraction("c", "2026-05-05", "2026-06-05", 5))
    assert "Vos retraits dépassent votre solde de 5 points" in alerte
    assert "ne suffirait pas" in alerte
    assert "sauver" not in alerte


def test_48si_notifiee_le_delai_de_remise_court() -> None:
    """Received on Thursday 26 March 2026: 7 April, after Easter Monday (regles-points.md, « Deadlines »)."""
    (alerte,) = alertes(PERMIS, *NEUF_POINTS[:1], invalidation("2026-03-26"), au=date(2026, 4, 1))
    assert "Remettez votre permis à votre préfecture au plus tard le 7 avril 2026" in alerte
    assert "contester cette décision jusqu'au 27 mai 2026" in alerte


def test_48si_notifiee_le_delai_de_remise_est_passe() -> None:
    (alerte,) = alertes(PERMIS, invalidation("2026-03-26"), au=date(2026, 4, 8))
    assert "a pris fin le 7 avril 2026 : remettez-le sans attendre" in alerte


@pytest.mark.parametrize(
    ("autres", "premier"),
    [
        ((), "2 mai 2027"),
        (
            (
                {"id": "p0", "type": "permis_obtenu", "date_obtention": "1998-01-01", "filiere": "classique"},
                invalidation("2022-10-27", "inv0"),
            ),
            "2 novembre 2027",
        ),
        (
            (
                {"id": "p0", "type": "permis_obtenu", "date_obtention": "1998-01-01", "filiere": "classique"},
                invalidation("2021-10-20", "inv0"),
            ),
            "2 mai 2027",
        ),
    ],
    ids=["six mois", "un an si la précédente a moins de cinq ans", "six mois si elle en a plus"],
)
def test_permis_remis_premier_jour_d_un_nouveau(autres: tuple[Fait, ...], premier: str) -> None:
    """L. 223-5 II."""
    permis = {"id": "p1", "type": "permis_obtenu", "date_obtention": "2023-08-01", "filiere": "classique"}
    (alerte,) = alertes(*autres, permis, invalidation("2026-10-23"), remise("2026-11-02"))
    assert f"Un nouveau permis pourra vous être délivré à partir du {premier}" in alerte
    assert "Remettez votre permis" not in alerte


def test_recours_plus_de_deux_mois_apres_on_n_en_parle_plus() -> None:
    (alerte,) = alertes(PERMIS, invalidation("2026-03-26"), remise("2026-04-01"))
    assert "contester" not in alerte


def test_annule_par_un_juge() -> None:
    annulation = {"id": "an", "type": "annulation", "date_effet": "2026-09-21", "interdiction_mois": 12}
    (alerte,) = alertes(PERMIS, annulation, remise("2026-09-27"))
    assert "Vous ne pouvez pas demander de nouveau permis avant le 21 septembre 2027." in alerte
    assert "Remettez" not in alerte
    (sans_remise,) = alertes(PERMIS, annulation | {"interdiction_mois": None})
    assert "La décision du juge dit" in sans_remise
    assert "Remettez votre permis" in sans_remise


def test_suspendu_a_douze_points_ce_n_est_pas_rien_a_faire() -> None:
    suspension = {
        "id": "s", "type": "suspension", "date_debut": "2026-10-02", "date_fin": "2027-04-02",
        "nature": "administrative",
    }  # fmt: skip
    (alerte,) = alertes(PERMIS, suspension)
    assert "vous ne pouvez pas conduire" in alerte
    assert "par décision du préfet, jusqu'au 2 avril 2027 inclus" in alerte
    (etape,) = etapes(PERMIS, suspension)
    assert etape.startswith("Le 3 avril 2027 | Votre suspension prend fin.")
    (ouverte,) = etapes(PERMIS, suspension | {"date_fin": None})
    assert ouverte.startswith("Avant de reprendre le volant")


def test_suspendu_et_solde_nul_les_deux_se_disent() -> None:
    suspension = {"id": "s", "type": "suspension", "date_debut": "2026-10-02", "nature": "judiciaire"}
    titres = [alerte.split(" :")[0] for alerte in alertes(PERMIS, *NEUF_POINTS, suspension)]
    assert titres[0] == "Votre permis est suspendu"
    assert titres[1].startswith("Vous n'avez plus de points")


def test_48n_quatre_mois_depuis_la_notification() -> None:
    """R. 223-4."""
    (alerte,) = alertes(PROBATOIRE, RETRAIT_PROBATOIRE, lettre_48n("2026-10-21"))
    assert alerte.startswith("Vous devez suivre un stage au plus tard le 21 février 2027")
    assert "il vous reste 92 jours" in alerte
    assert "135 €" in alerte
    premiere, *_ = etapes(PROBATOIRE, RETRAIT_PROBATOIRE, lettre_48n("2026-10-21"))
    assert premiere.startswith("Au plus tard le 21 février 2027 |")


def test_fin_du_delai_probatoire_sans_infraction() -> None:
    """Nobody « finds again » twelve points never held."""
    premiere, derniere = etapes(PROBATOIRE)
    assert "2 points s'ajoutent" in premiere
    assert derniere.startswith(
        "Le 18 juillet 2028 | Votre permis n'est plus probatoire, et votre solde passe à 12 points"
    )


def test_48n_presentee_et_jamais_retiree_compte() -> None:
    lettre = lettre_48n("2026-10-21") | {"date_notification": None, "date_presentation": "2026-10-20"}
    assert alertes(PROBATOIRE, RETRAIT_PROBATOIRE, lettre)[0].startswith(
        "Vous devez suivre un stage au plus tard le 20 février 2027"
    )


@pytest.mark.parametrize(
    ("stages", "au", "titre"),
    [
        ([], date(2027, 2, 21), "Vous devez suivre un stage"),
        ([], date(2027, 2, 22), "Le délai de votre stage obligatoire a pris fin le 21 février 2027"),
        ([("obligatoire", "2026-12-05")], date(2027, 2, 22), None),
        ([("volontaire", "2026-12-05")], date(2027, 2, 22), "Le délai de votre stage obligatoire a pris fin"),
        ([("obligatoire", "2026-10-05")], date(2027, 2, 22), "Le délai de votre stage obligatoire a pris fin"),
    ],
    ids=["dernier jour", "lendemain", "suivi", "un volontaire n'y suffit pas", "suivi avant la lettre"],
)
def test_48n_suivie_ou_non(stages: list[tuple[str, str]], au: date, titre: str | None) -> None:
    faits = [
        {"id": f"s{n}", "type": "stage", "date_fin": fin, "nature": nature} for n, (nature, fin) in enumerate(stages)
    ]
    dites = alertes(PROBATOIRE, RETRAIT_PROBATOIRE, lettre_48n("2026-10-21"), *faits, au=au)
    assert [alerte.startswith(titre) for alerte in dites] == [True] if titre else dites == []


def test_48n_d_un_permis_perdu_ne_demande_plus_rien() -> None:
    faits = (PROBATOIRE, RETRAIT_PROBATOIRE, lettre_48n("2026-10-21"), invalidation("2026-11-02"))
    assert [a for a in alertes(*faits) if "stage" in a.split(".")[0]] == []


def test_restriction_a_l_ethylotest() -> None:
    restriction = {
        "id": "r", "type": "suspension", "date_debut": "2026-10-02", "date_fin": "2027-04-02", "nature": "restriction"
    }  # fmt: skip
    (alerte,) = alertes(PERMIS, restriction)
    assert "éthylotest antidémarrage" in alerte
    assert "2 avril 2027" in alerte


def test_en_attente_a_prevoir() -> None:
    assert "À prévoir | Une infraction n'est pas encore définitive : 4 points en jeu." in etapes(
        PERMIS, infraction("i", "2026-10-31", None, 4)
    )


def test_candidat_et_ses_examens() -> None:
    examen = {
        "id": "r", "type": "resultat_examen", "date_examen": "2026-06-21", "categorie": "B", "epreuve": "theorique",
        "resultat": "favorable", "score": 36,
    }  # fmt: skip
    lus = presenters.examens(situation(examen, examen | {"id": "r2", "date_examen": "2026-10-28", "epreuve": None}))
    assert [(e.date.replace("\u00a0", " "), e.resultat) for e in lus] == [
        ("28 octobre 2026", "favorable"),
        ("21 juin 2026", "favorable"),
    ]
    assert "6 points" in etapes(examen)[0]


@pytest.mark.parametrize(
    ("points", "classe"),
    [(12, "mp-solde"), (7, "mp-solde"), (6, "mp-solde mp-solde--bas"), (3, "mp-solde mp-solde--bas")]
    + [(2, "mp-solde mp-solde--critique"), (0, "mp-solde mp-solde--critique")],
)
def test_la_couleur_avertit_a_six_et_alarme_a_deux(points: int, classe: str) -> None:
    vu = presenters.solde(situation(PERMIS, infraction("i", "2026-01-05", "2026-02-05", 12 - points)))
    assert (vu.chiffre, vu.classe) == (str(points), classe)


def test_le_gain_annonce_est_celui_que_l_on_verra() -> None:
    """From −1, twelve points come back in sight, not thirteen."""
    vu = presenters.solde(situation(PERMIS, *NEUF_POINTS, infraction("c", "2026-05-05", "2026-06-05", 1)))
    assert (vu.chiffre, vu.gain) == ("0", "+12")
