"""The way back to a licence: days, and the practical test that is spared (R224-20)."""

from datetime import date

import pytest

from dossier.rules.faits import FinDePermis, Licence, PermisObtenu
from dossier.rules.retour import dernier_jour_de_demande, dispense_de_pratique, retour
from dossier.rules.vocabulaire import TypeFait

J = date.fromisoformat


def licence(obtenu: str, fin: str, nature: TypeFait = TypeFait.INVALIDATION, rang: int = 0) -> Licence:
    permis = PermisObtenu(f"p{rang}", J(obtenu), "classique")
    return Licence(J(obtenu), permis, rang, FinDePermis(f"f{rang}", J(fin), nature))


@pytest.mark.parametrize(
    ("depuis", "perdu", "mois", "attendu"),
    [
        ("2023-11-10", "2026-11-10", 6, True),  # three years to the day
        ("2023-11-11", "2026-11-10", 6, False),
        ("1997-11-04", "2026-11-10", 11, True),
        ("1997-11-04", "2026-11-10", 12, False),  # a year is not less than a year
        ("1997-11-04", "2026-11-10", 0, True),
    ],
)
def test_la_pratique_est_epargnee(depuis: str, perdu: str, mois: int, attendu: bool) -> None:
    assert dispense_de_pratique(J(depuis), J(perdu), mois) is attendu


def test_moins_de_neuf_mois_apres() -> None:
    assert dernier_jour_de_demande(date(2027, 5, 18)) == date(2028, 2, 17)


def test_une_48si_et_la_remise() -> None:
    perdue = licence("1997-11-04", "2026-11-10")
    attente = retour([perdue], remis_le=None, interdiction_mois=None, au=date(2026, 12, 1))
    assert attente is not None
    assert (attente.mois, attente.autorise_le, attente.demander_avant) == (6, None, None)
    rendu = retour([perdue], remis_le=date(2026, 11, 18), interdiction_mois=None, au=date(2026, 12, 1))
    assert rendu is not None
    assert (rendu.autorise_le, rendu.sans_pratique, rendu.demander_avant) == (
        date(2027, 5, 18),
        True,
        date(2028, 2, 17),
    )


def test_une_seconde_48si_en_moins_de_cinq_ans() -> None:
    """A year of waiting, and the practical test: a year is not « moins d'un an »."""
    licences = [licence("1997-11-04", "2022-01-10"), licence("2022-09-01", "2026-11-10", rang=1)]
    suite = retour(licences, remis_le=date(2026, 11, 18), interdiction_mois=None, au=date(2026, 12, 1))
    assert suite is not None
    assert (suite.mois, suite.autorise_le, suite.sans_pratique) == (12, date(2027, 11, 18), False)


def test_le_juge_dit_combien_de_mois_ou_ne_le_dit_pas() -> None:
    annulee = licence("1994-03-15", "2026-10-01", TypeFait.ANNULATION)
    dit = retour([annulee], remis_le=None, interdiction_mois=6, au=date(2026, 12, 1))
    assert dit is not None
    assert (dit.par_un_juge, dit.autorise_le, dit.demander_avant) == (True, date(2027, 4, 1), date(2027, 12, 31))
    tu = retour([annulee], remis_le=None, interdiction_mois=None, au=date(2026, 12, 1))
    assert tu is not None
    assert (tu.mois, tu.autorise_le, tu.sans_pratique) == (None, None, False)


def test_qui_n_a_rien_perdu() -> None:
    tenu = licence("1994-03-15", "2026-10-01")._replace(fin=None)
    assert retour([tenu], remis_le=None, interdiction_mois=None, au=date(2026, 12, 1)) is None
    assert retour([], remis_le=None, interdiction_mois=None, au=date(2026, 12, 1)) is None
    echange = licence("1994-03-15", "2026-10-01", TypeFait.ECHANGE)
    assert retour([echange], remis_le=None, interdiction_mois=None, au=date(2026, 12, 1)) is None
