"""What a driver must know first, for each way in which a licence may stand: undone, kept up, foreign, lacking."""

from datetime import date
from typing import Any

import pytest

from dossier import presenters
from dossier.selectors import Situation
from tests.dossier.lignes import PERMIS, infraction
from tests.dossier.test_suites import AU, alertes, etapes, invalidation, remise, situation

Fait = dict[str, Any]
DOUZE = [infraction("a", "2025-01-05", "2025-02-05", 6), infraction("b", "2025-03-05", "2025-04-05", 6)]
PERDU = [PERMIS, *DOUZE, invalidation("2025-06-02")]
ETRANGER = {"id": "e", "type": "permis_etranger", "date_debut": "2024-03-01", "pays": "99127"}
INTERDICTION = {"id": "ic", "type": "interdiction_circuler", "date_notification": "2026-02-02"}
SUSPENDU = {"id": "s", "type": "suspension", "date_debut": "2026-08-01", "date_fin": "2026-09-30"}


def levee(portee: str, motif: str, jour: str = "2026-10-01", fait: str = "inv", **autres: Any) -> Fait:
    return {"id": "v", "type": "levee", "fait": fait, "portee": portee, "motif": motif, "date_effet": jour} | autres


RENDU = [*PERDU, levee("retroactive", "annulation_juge")]
SECOND = {"id": "p2", "type": "permis_obtenu", "date_obtention": "2026-05-04", "filiere": "classique"}
ETATS: dict[str, tuple[list[Fait], tuple[str, ...]]] = {
    "suspension maintenue": (
        [PERMIS, SUSPENDU | {"nature": "administrative"}],
        ("toujours suspendu : vous ne pouvez pas conduire", "R. 221-14-1", "commission médicale", "médecin agréé"),
    ),
    "maintenue, six mois": (
        [PERMIS, SUSPENDU | {"nature": "judiciaire", "date_debut": "2026-04-01"}],
        ("six mois ou plus : un examen psychotechnique est aussi demandé (article R. 224-21)",),
    ),
    "rendu par un juge": (
        [*RENDU, remise("2025-06-10")],
        (
            "Votre permis vous est rendu : il n'a jamais cessé d'être valable",
            "Le juge a annulé la lettre 48SI du 2 juin 2025, avec effet le 1er octobre 2026",
            "demandez à votre préfecture de vous le rendre",
        ),
    ),
    "retiré par le ministre, titre gardé": (
        [*PERDU, levee("retroactive", "retrait")],
        ("L'administration a retiré la lettre 48SI", "Gardez une copie de la décision"),
    ),
    "provisoire": (
        [*PERDU, levee("provisoire", "refere")],
        (
            "Vous pouvez conduire pour l'instant, par une décision provisoire du juge",
            "Le juge des référés a suspendu la lettre 48SI du 2 juin 2025",
            "votre permis redeviendra non valable, à la date qu'elle portait",
        ),
    ),
    "deux permis": (
        [*RENDU, SECOND],
        ("Le permis que vous avez repassé le 4 mai 2026 ne compte plus", "Vous préférez garder le permis du 4 mai"),
    ),
    "échangé": (
        [PERMIS, {"id": "x", "type": "echange", "date_echange": "2026-02-02", "pays": "99140"}],
        ("échangé contre un permis étranger", "le 2 février 2026 (Suisse)"),
    ),
    "permis étranger": (
        [ETRANGER, infraction("i", "2025-01-05", "2025-02-05", 3)],
        ("a des points, en France seulement", "(Italie)", "12 points", "La lettre 48SI ne vous concerne pas", "ADCS"),
    ),
    "permis étranger sans point": (
        [ETRANGER, *DOUZE],
        ("Vous n'avez plus de points pour conduire en France", "Elle ne l'est pas encore : vous pouvez conduire"),
    ),
    "interdit": (
        [ETRANGER, *DOUZE, INTERDICTION],
        ("Vous ne pouvez plus conduire en France jusqu'au 1er février 2027 inclus", "notifiée le 2 février 2026"),
    ),
    "dossier incomplet": (
        DOUZE,
        ("Votre dossier est incomplet", "2 infractions à points", "Signalez-le", "pas la vôtre"),
    ),
    "décédé": (
        [PERMIS, {"id": "d", "type": "deces", "date_deces": "2026-02-02"}],
        ("Ce dossier est clos", "décédé le 2 février 2026", "C'est une erreur, et elle se corrige"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("etat", ETATS)
def test_ce_que_la_page_dit_d_abord(etat: str) -> None:
    faits, attendus = ETATS[etat]
    premiere = alertes(*faits)[0]
    assert [dit for dit in attendus if dit not in premiere] == []


@pytest.mark.parametrize("etat", ETATS)
def test_l_etape_n_est_pas_celle_d_un_permis_valable(etat: str) -> None:
    """Nobody is told that there is nothing to do, nor that a 48SI may come, where it is not so."""
    faits, _ = ETATS[etat]
    situ = situation(*faits)
    if situ.replay.etat not in ("valide", "solde_nul"):
        assert "Rien à faire" not in " ".join(etapes(*faits))
    if situ.replay.etranger:
        assert "votre permis est encore valable" not in " ".join(alertes(*faits))


def test_un_dossier_incomplet_ne_dit_jamais_qu_il_n_y_a_pas_de_permis() -> None:
    situ = situation(*DOUZE)
    panneau = presenters.solde(situ)
    dit = " ".join([*alertes(*DOUZE), *etapes(*DOUZE), panneau.unite, panneau.etat.badge, panneau.etat.phrase]).lower()
    assert panneau.etat.badge == "DOSSIER INCOMPLET"
    assert "n'avez pas de permis" not in dit
    assert "aucun permis n'est enregistré" not in dit
    assert "le jour de votre permis" not in dit


def test_le_permis_conserve_ne_rend_pas_le_premier() -> None:
    """The driver chose the later licence: the page says nothing of one given back."""
    conserve = [*PERDU, SECOND, levee("retroactive", "annulation_juge", permis_conserve="p2")]
    assert alertes(*conserve) == []


def test_la_decision_n_est_plus_annoncee_un_an_apres() -> None:
    assert alertes(*RENDU, au=date(2027, 9, 30))
    assert not [a for a in alertes(*RENDU, au=date(2027, 10, 1)) if "rendu" in a]


def test_interdit_le_jour_ou_les_points_reviennent() -> None:
    assert etapes(ETRANGER, *DOUZE, INTERDICTION) == [
        "Le 2 février 2027 | L'interdiction prend fin, et 12 points vous sont affectés de nouveau, sans démarche."
    ]
    fini = ETRANGER | {"date_fin": "2026-06-01"}
    assert "ne dit pas que vous tenez encore un permis étranger" in etapes(fini, *DOUZE, INTERDICTION)[0]


@pytest.mark.parametrize(
    ("faits", "badge"),
    [
        (ETATS["provisoire"][0], "VALIDE À TITRE PROVISOIRE"),
        (ETATS["permis étranger"][0], "PERMIS ÉTRANGER"),
        (ETATS["permis étranger sans point"][0], "PLUS DE POINTS"),
        ([ETRANGER, *DOUZE, SUSPENDU | {"nature": "judiciaire", "date_fin": None}], "PERMIS SUSPENDU"),
        (ETATS["rendu par un juge"][0], "PERMIS VALIDE"),
    ],
)
def test_le_badge(faits: list[Fait], badge: str) -> None:
    if badge == "PERMIS VALIDE":  # the points lost before count all the same: only an annulled offence gives them back
        faits = [*faits, {"id": "ann", "type": "infraction_annulee", "infraction": "b", "date_decision": str(AU)}]
    assert presenters.solde(situation(*faits)).etat.badge == badge


def test_suspendu_sous_un_solde_nul_le_titre_ne_dit_pas_valable() -> None:
    titres = alertes(PERMIS, *DOUZE, SUSPENDU | {"nature": "administrative", "date_fin": None})
    assert not [titre for titre in titres if "encore valable" in titre]


def categories(*codes: tuple[str, str | None], visite: Fait | None = None) -> Situation:
    situ = situation(PERMIS, *([visite] if visite else []))
    situ.dossier.categories = [
        {"code": code, "date_obtention": "1999-01-15", "date_fin": fin, "restrictions": []} for code, fin in codes
    ]
    return situ


def dit_de(situ: Situation) -> tuple[str, str]:
    alerte = " ".join(" ".join([a.titre, *a.phrases]) for a in presenters.alertes(situ))
    suite = " ".join(f"{e.quand} | {e.texte}" for e in presenters.etapes(situ))
    return alerte.replace("\u00a0", " "), suite.replace("\u00a0", " ")


def test_sans_categorie_en_cours_on_ne_lit_ni_valide_ni_rien_a_faire() -> None:
    situ = categories(("B", "2026-10-10"))
    alerte, suite = dit_de(situ)
    assert "vous ne pouvez rien conduire" in alerte
    assert "La catégorie B a pris fin le 10 octobre 2026" in alerte
    assert "Rien à faire" not in suite
    assert presenters.solde(situ).etat.badge == "AUCUNE CATÉGORIE EN COURS"


def test_une_categorie_finie_une_autre_non() -> None:
    alerte, _ = dit_de(categories(("B", None), ("C", "2026-11-20"), ("CE", "2026-11-20"), ("D", "2020-01-01")))
    assert "Vous ne pouvez plus conduire avec les catégories C et CE" in alerte
    assert "Les catégories C et CE ont pris fin le 20 novembre 2026" in alerte


def test_la_categorie_gardee_par_un_avis_favorable() -> None:
    visite = {"id": "v", "type": "visite_medicale", "date_visite": "2026-11-10", "avis": "apte"}
    alerte, _ = dit_de(categories(("B", None), ("C", "2026-11-20"), visite=visite))
    assert "Catégorie C : vous pouvez encore conduire, à titre provisoire" in alerte
    assert "tant que le préfet n'a pas statué" in alerte


def test_le_prochain_dernier_jour_est_dit_avant_le_reste() -> None:
    situ = categories(("B", None), ("BE", "2027-04-30"), ("C", "2027-04-30"))
    situ.dossier.titres = [{"etat": "actif", "date_expiration": "2027-01-10"}, {"etat": "perdu", "date_expiration": ""}]
    _, suite = dit_de(situ)
    assert suite.startswith("Avant le 10 janvier 2027 | Votre titre (la carte) expire")
    assert "Avant le 30 avril 2027 | Visite médicale, pour garder les catégories BE et C" in suite
    assert "Rien à faire" not in suite


def test_un_dossier_qui_ne_dit_aucune_categorie_n_en_dit_rien() -> None:
    assert dit_de(categories()) == ("", "Rien à faire | Votre solde est au maximum : 12 points.")


SANS_FIN = SUSPENDU | {"nature": "judiciaire", "date_fin": None}


@pytest.mark.parametrize(
    "faits",
    [
        [*ETATS["provisoire"][0], SANS_FIN],
        [*RENDU, remise("2025-06-10"), SANS_FIN],
        [ETRANGER, *DOUZE, SANS_FIN],
    ],
    ids=["provisoire", "rendu", "permis étranger sans point"],
)
def test_une_suspension_qui_court_n_est_contredite_par_rien(faits: list[Fait]) -> None:
    dit = " ".join(alertes(*faits))
    assert "suspendu" in dit
    for permission in ("Vous pouvez conduire", "vous pouvez conduire", "encore valable"):
        assert permission not in dit


def test_les_categories_d_un_ancien_permis_ne_disent_rien_d_un_permis_etranger() -> None:
    situ = situation(ETRANGER)
    situ.dossier.categories = [{"code": "B", "date_obtention": "1999-01-15", "date_fin": "2020-01-01"}]
    assert presenters.solde(situ).etat.badge == "PERMIS ÉTRANGER"
    assert "ne pouvez rien conduire" not in dit_de(situ)[0]


def test_un_dossier_clos_n_avertit_de_rien_d_autre() -> None:
    lettre = {"id": "l", "type": "lettre", "reference": "48SI", "date_presentation": "2026-01-20", "fait": "b"}
    mort = {"id": "d", "type": "deces", "date_deces": "2026-02-02"}
    situ = situation(PERMIS, *DOUZE, lettre, SANS_FIN | {"date_debut": "2026-01-10"}, mort)
    assert [a.titre for a in presenters.alertes(situ)] == ["Ce dossier est clos"]
    assert presenters.alerte_48si(situ) == []
    assert presenters.solde(situ).etat.classe == "fr-badge--info"


def test_une_lettre_en_suspens_passe_avant_les_categories() -> None:
    lettre = {"id": "l", "type": "lettre", "reference": "48SI", "date_presentation": "2026-11-02", "fait": "b"}
    situ = situation(PERMIS, *DOUZE, lettre)
    situ.dossier.categories = [{"code": "B", "date_obtention": "1999-01-15", "date_fin": "2026-01-01"}]
    assert presenters.solde(situ).etat.badge == "PERMIS À VÉRIFIER"
    assert [a.titre for a in presenters.alertes(situ)][0].startswith("Votre permis n'est peut-être plus valable")
