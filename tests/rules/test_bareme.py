"""The points scale as dated data."""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from dossier.rules.bareme import LigneBareme, bareme, bareme_au, trouver


def periodes() -> dict[tuple[object, ...], list[LigneBareme]]:
    """The lines of one offence, in order of time."""
    groupes = defaultdict(list)
    for ligne in bareme():
        groupes[ligne.natinf or ligne.libelle, ligne.article].append(ligne)
    return {cle: sorted(lignes, key=lambda li: li.du) for cle, lignes in groupes.items()}


def test_il_est_entier() -> None:
    assert len(bareme()) == 121
    assert {ligne.nature for ligne in bareme()} == {"contravention", "delit"}
    for ligne in bareme():
        assert 0 <= ligne.points <= 9
        assert (ligne.classe is None) == (ligne.nature == "delit")
        assert ligne.du <= ligne.au
        assert ligne.article
        assert ligne.source


def test_un_jour_une_valeur() -> None:
    """No offence is worth two things on one day, and a reform leaves no gap."""
    for cle, lignes in periodes().items():
        for avant, apres in zip(lignes, lignes[1:], strict=False):
            assert avant.au + timedelta(days=1) == apres.du, cle


@pytest.mark.parametrize(
    ("natinf", "jour", "points", "classe"),
    [
        pytest.param("202", "2018-09-18", 4, 4, id="R415-11 piéton, veille du décret 2018-795"),
        pytest.param("202", "2018-09-19", 6, 4, id="R415-11 piéton, jour du décret 2018-795"),
        pytest.param("23800", "2012-01-04", 2, 4, id="R412-6-1 téléphone, avant 2012"),
        pytest.param("23800", "2012-01-05", 3, 4, id="R412-6-1 téléphone, depuis 2012"),
        pytest.param("217", "2026-01-01", 3, 2, id="R412-10 clignotant : classe 2, trois points"),
        pytest.param("25387", "2023-12-31", 1, 3, id="R413-14 moins de 20 km/h hors agglomération"),
        pytest.param("6093", "2026-01-01", 3, 4, id="R412-9"),
    ],
)
def test_au_jour_de_la_commission(natinf: str, jour: str, points: int, classe: int) -> None:
    ligne = trouver(natinf, date.fromisoformat(jour))
    assert ligne is not None
    assert (ligne.points, ligne.classe) == (points, classe)


def test_ce_qui_a_pris_fin_n_est_plus_trouve() -> None:
    assert trouver("25387", date(2024, 1, 1)) is None


@pytest.mark.parametrize(("jour", "points"), [("2025-07-10", 6), ("2025-07-11", 9)])
def test_l235_1_alcool_et_stupefiants(jour: str, points: int) -> None:
    lignes = [li for li in bareme_au(date.fromisoformat(jour)) if "ET sous état alcoolique" in li.libelle]
    assert [li.points for li in lignes] == [points]


def test_exces_de_cinquante_devient_un_delit() -> None:
    """29 December 2025: no longer a contravention of class 5."""
    veille = {li.nature for li in bareme_au(date(2025, 12, 28)) if "50 km/h ou plus (" in li.libelle}
    jour = {li.nature for li in bareme_au(date(2025, 12, 29)) if "50 km/h ou plus (" in li.libelle}
    assert (veille, jour) == ({"contravention"}, {"delit"})
