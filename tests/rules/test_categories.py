"""What may be driven: last days, favourable opinions (R221-11 III), and the categories of a licence given back."""

from datetime import date
from typing import Any

import pytest

from dossier.rules.categories import Validite, avis_favorable, categories_tenues, prochaines_fins, validite
from dossier.rules.faits import FinDePermis, FinLevee, Visite
from dossier.rules.vocabulaire import TypeFait

FIN, AU = date(2026, 11, 30), date(2026, 12, 10)
J = date.fromisoformat


def visite(jour: str, avis: str = "apte", decision: str | None = None, jusqu_au: str | None = None) -> Visite:
    return Visite("v", J(jour), avis, J(decision) if decision else None, None, J(jusqu_au) if jusqu_au else None)


@pytest.mark.parametrize(
    ("visites", "attendu"),
    [
        ([visite("2026-11-20")], "2026-11-20"),
        ([visite("2026-11-20", "apte_avec_restrictions")], "2026-11-20"),
        ([visite("2026-11-30")], "2026-11-30"),  # the last day is still before the end
        ([visite("2026-12-01")], None),  # given once it had ended
        ([visite("2026-11-20", decision="2026-12-05")], None),  # the préfet has decided
        ([visite("2026-11-20", decision="2026-12-11")], "2026-11-20"),  # not yet
        ([visite("2026-11-20", "inapte")], None),
        ([visite("2026-11-20"), visite("2026-12-02", "inapte")], None),
        ([visite("2026-11-20", "inapte"), visite("2026-11-25")], "2026-11-25"),
        ([visite("2021-11-25", jusqu_au="2026-11-30")], None),  # of the period that ends
        ([visite("2026-01-10", jusqu_au="2031-01-10")], "2026-01-10"),  # says that it is about the next
        ([visite("2026-11-20", jusqu_au="2026-12-09")], None),  # good no longer
        ([visite("2026-11-20", jusqu_au="2026-12-10")], "2026-11-20"),
        ([visite("2026-05-30")], "2026-05-30"),
        ([visite("2026-05-29")], None),  # half a year before: of which period, nobody says
        ([], None),
    ],
)
def test_l_avis_favorable_garde_la_categorie(visites: list[Visite], attendu: str | None) -> None:
    trouve = avis_favorable(FIN, visites, AU)
    assert trouve == (J(attendu) if attendu else None)
    assert validite(None, FIN, AU, provisoire=trouve is not None) is (
        Validite.PROVISOIRE if attendu else Validite.EXPIREE
    )


@pytest.mark.parametrize(
    ("obtenue", "fin", "attendu"),
    [
        (None, None, Validite.EN_COURS),
        (date(1999, 1, 15), AU, Validite.EN_COURS),
        (date(1999, 1, 15), date(2026, 12, 9), Validite.EXPIREE),
        (AU, None, Validite.EN_COURS),
        (date(2026, 12, 11), None, Validite.A_VENIR),
    ],
)
def test_les_deux_jours_sont_bons(obtenue: date | None, fin: date | None, attendu: Validite) -> None:
    assert validite(obtenue, fin, AU) is attendu


def _categorie(code: str, fin: str | None) -> dict[str, Any]:
    return {"code": code, "date_obtention": "1999-01-15", "date_fin": fin, "restrictions": []}


def test_une_categorie_finie_avec_un_permis_rendu_n_est_pas_finie() -> None:
    """The file dates the end of the categories by the 48SI: undone, it ended none."""
    levee = FinLevee(FinDePermis("inv", date(2026, 6, 2), TypeFait.INVALIDATION), AU, "annulation_juge", False)
    lues = [_categorie("B", "2026-06-02"), _categorie("BE", "2026-06-01"), _categorie("C", "2026-05-31")]
    codes = {t.code: t.validite for t in categories_tenues(lues, (), [levee], AU)}
    assert codes == {"B": Validite.EN_COURS, "BE": Validite.EN_COURS, "C": Validite.EXPIREE}
    assert {t.validite for t in categories_tenues(lues, (), [], AU)} == {Validite.EXPIREE}


def test_les_prochaines_fins_par_jour() -> None:
    lues = [_categorie("C", "2027-04-30"), _categorie("BE", "2027-04-30"), _categorie("D", "2027-01-02")]
    lues += [_categorie("A", "2029-01-01"), _categorie("B", None), _categorie("AM", "2026-01-01")]
    tenues = categories_tenues(lues, (), [], AU)
    assert list(prochaines_fins(tenues, AU, date(2027, 12, 10)).items()) == [
        (date(2027, 1, 2), ["D"]),
        (date(2027, 4, 30), ["BE", "C"]),
    ]
