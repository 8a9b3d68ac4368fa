"""Two clear months to contest, counted by hand on a calendar."""

from datetime import date

import pytest

from dossier.rules.recours import dernier_jour_de_recours


@pytest.mark.parametrize(
    ("notifiee", "dernier"),
    [
        ("2024-11-12", "2025-01-13"),  # the Conseil d'État's own days, a Monday
        ("2026-11-12", "2027-01-13"),
        ("2026-10-30", "2026-12-31"),
        ("2026-10-31", "2027-01-04"),  # 1 January, then a Saturday and a Sunday
        ("2026-10-24", "2026-12-28"),  # Christmas, a Saturday, a Sunday
        ("2026-10-26", "2026-12-28"),  # a Sunday
        ("2025-12-29", "2026-03-02"),  # no 29 February: 28, then 1 March, a Sunday
        ("2025-12-31", "2026-03-02"),
        ("2027-12-29", "2028-03-01"),  # 29 February, then the morrow
        ("2026-12-31", "2027-03-01"),
        ("2026-02-27", "2026-04-28"),
        ("2026-02-04", "2026-04-07"),  # 5 April is Easter, the Monday a holiday
        ("2026-03-13", "2026-05-15"),  # 14 May is Ascension Day: the day before the last does not matter
        ("2026-03-12", "2026-05-13"),
        ("2026-06-13", "2026-08-14"),
        ("2026-06-14", "2026-08-17"),  # 15 August, a Saturday
        ("2026-09-09", "2026-11-10"),
        ("2026-09-10", "2026-11-12"),  # 11 November
    ],
)
def test_deux_mois_francs_et_un_jour_ouvrable(notifiee: str, dernier: str) -> None:
    assert dernier_jour_de_recours(date.fromisoformat(notifiee)) == date.fromisoformat(dernier)
