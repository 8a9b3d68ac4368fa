"""Synthetic dossiers: the proportions of the national file, replayed by the production engine."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import islice
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command

from demo.synthese import synthese
from demo.synthese.synthese import dossiers
from dossier.feed import LigneDossier, lire_ligne
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from tests.bareme import figure_au_bareme

AU = date(2026, 11, 20)
DIX_ANS_AVANT = date(2016, 11, 20)
NOMBRE, GRAINE = 3_000, 2026


class Rejoue(NamedTuple):
    """A synthetic dossier, as read by the feed and replayed."""

    brut: dict[str, Any]
    ligne: LigneDossier
    replay: Replay


@pytest.fixture(scope="module")
def rejoues() -> list[Rejoue]:
    resultat = []
    for brut in dossiers(NOMBRE, GRAINE, AU):
        ligne = lire_ligne(json.dumps(brut, ensure_ascii=False).encode())
        resultat.append(Rejoue(brut, ligne, rejouer(ligne.parcours, AU)))
    return resultat


def _faits(rejoues: list[Rejoue], type_: str) -> Iterator[dict[str, Any]]:
    return (fait for r in rejoues for fait in r.brut["faits"] if fait["type"] == type_)


def test_79_pour_cent_des_conducteurs_ont_12_points(rejoues: list[Rejoue]) -> None:
    points = [r.replay.points for r in rejoues if r.replay.points is not None]
    assert points.count(12) / len(points) == pytest.approx(0.79, abs=0.03)


def test_un_conducteur_a_au_moins_1_6_infraction_en_dix_ans(rejoues: list[Rejoue]) -> None:
    en_dix_ans = [
        infraction
        for r in rejoues
        for infraction in r.ligne.parcours.infractions
        if infraction.points and infraction.date_definitive and DIX_ANS_AVANT < infraction.date_definitive <= AU
    ]
    assert len(en_dix_ans) / NOMBRE >= 1.6


def test_un_tiers_des_points_vient_des_infractions_a_un_point_et_un_dixieme_de_celles_a_six(
    rejoues: list[Rejoue],
) -> None:
    retires: Counter[int] = Counter()
    for r in rejoues:
        nominaux = {infraction.id: infraction.points for infraction in r.ligne.parcours.infractions}
        for mouvement in r.replay.mouvements:
            if mouvement.nature == "retrait" and mouvement.date > DIX_ANS_AVANT:
                retires[nominaux[str(mouvement.fait)]] -= mouvement.points
    total = retires.total()
    assert retires[1] / total == pytest.approx(0.33, abs=0.05)
    assert retires[6] / total == pytest.approx(0.10, abs=0.03)


def test_chaque_etat_est_represente(rejoues: list[Rejoue]) -> None:
    etats = {r.replay.etat for r in rejoues}
    assert etats == {"sans_permis", "valide", "solde_nul", "suspendu", "invalide", "annule"}


def test_chaque_mouvement_est_represente(rejoues: list[Rejoue]) -> None:
    natures = {mouvement.nature for r in rejoues for mouvement in r.replay.mouvements}
    assert natures == {
        "capital_initial", "majoration_probatoire", "fin_delai_probatoire", "retrait", "reattribution_un_point",
        "reattribution_dix_ans", "reconstitution_totale", "recuperation_stage", "invalidation", "annulation",
    }  # fmt: skip


def test_une_48si_ne_rencontre_jamais_un_solde_positif(rejoues: list[Rejoue]) -> None:
    fins = [m for r in rejoues for m in r.replay.mouvements if m.nature == "invalidation"]
    assert fins
    assert all(mouvement.points >= 0 for mouvement in fins)


def test_les_situations_rares_sont_representees(rejoues: list[Rejoue]) -> None:
    infractions = list(_faits(rejoues, "infraction"))
    assert any(fait["groupe"] for fait in infractions)
    assert any(fait["date_definitive"] is None for fait in infractions)
    assert any("enregistre_le" in fait for fait in infractions)
    assert {fait["filiere"] for fait in _faits(rejoues, "permis_obtenu")} == {"classique", "aac", "supervisee"}
    assert any(_faits(rejoues, "formation_complementaire"))
    assert any(_faits(rejoues, "resultat_examen"))
    assert {fait["reference"] for fait in _faits(rejoues, "lettre")} >= {"48", "48M", "48N", "48SI"}
    assert {titre["format"] for r in rejoues for titre in r.brut["titres"]} == {"carte", "trois_volets"}
    assert any(len(r.brut["categories"]) > 1 for r in rejoues)


def test_chaque_infraction_est_au_bareme_du_jour(rejoues: list[Rejoue]) -> None:
    assert [fait for fait in _faits(rejoues, "infraction") if not figure_au_bareme(fait)] == []


def test_la_meme_graine_donne_le_meme_flux_et_le_debut_d_un_plus_long() -> None:
    court, long = list(dossiers(200, 7, AU)), list(dossiers(400, 7, AU))
    assert court == long[:200]
    assert court != list(dossiers(200, 8, AU))


def test_le_flux_suit_le_jour() -> None:
    for jour in (date(2024, 2, 29), date(2026, 12, 31), date(2030, 1, 1)):
        for brut in dossiers(300, GRAINE, jour):
            ligne = lire_ligne(json.dumps(brut).encode())
            definitives = [i.date_definitive for i in ligne.parcours.infractions if i.date_definitive]
            assert all(definitive <= jour for definitive in definitives)


def test_les_neph_sont_uniques() -> None:
    nephs = {brut["neph"] for brut in dossiers(20_000, GRAINE, AU)}
    assert len(nephs) == 20_000
    # The rank gives the last digits through a permutation; a rank one block further takes another month.
    assert gcd(synthese._PAS, synthese._CLES_NEPH) == 1


def test_le_premier_dossier_n_attend_pas_le_dernier() -> None:
    assert len(list(islice(dossiers(synthese.CAPACITE, GRAINE, AU), 3))) == 3


def test_au_dela_de_la_capacite_on_refuse() -> None:
    with pytest.raises(ValueError, match="NEPH"):
        next(dossiers(synthese.CAPACITE + 1, GRAINE, AU))


def test_la_commande_ecrit_sur_la_sortie_standard() -> None:
    sortie = StringIO()
    call_command("seed_demo", count=1_200, seed=3, au=AU, stdout=sortie)
    lignes = sortie.getvalue().splitlines()
    assert [json.loads(ligne) for ligne in lignes] == list(dossiers(1_200, 3, AU))


def test_la_commande_ecrit_un_fichier(tmp_path: Path) -> None:
    chemin = tmp_path / "flux.ndjson"
    call_command("seed_demo", "--count=5", "--seed=3", "--au=2026-11-20", f"--sortie={chemin}", stdout=StringIO())
    lignes = chemin.read_text(encoding="utf-8").splitlines()
    assert [json.loads(ligne) for ligne in lignes] == list(dossiers(5, 3, AU))


@pytest.mark.parametrize(
    "option",
    [
        pytest.param("--count=-1", id="nombre négatif"),
        pytest.param(f"--count={synthese.CAPACITE + 1}", id="au-delà de la capacité"),
        pytest.param("--au=2026-02-30", id="date impossible"),
    ],
)
def test_la_commande_refuse_en_francais(option: str) -> None:
    with pytest.raises(CommandError, match=r"attendue?[ ,]"):
        call_command("seed_demo", "--count=1", "--seed=1", option, stdout=StringIO())
