"""The catalogue of infractions says what the scale says."""

from datetime import date

import pytest

from demo.synthese.catalogue import CATALOGUE, Entree, entree
from tests.bareme import BAREME, simplifie


@pytest.mark.parametrize("ligne", CATALOGUE, ids=lambda e: f"{e.cle}-{e.debut}")
def test_chaque_entree_est_une_ligne_du_bareme(ligne: Entree) -> None:
    attendu = (ligne.natinf, simplifie(ligne.libelle), *ligne[3:8])
    assert attendu in {tuple(b) for b in BAREME}


def test_les_versions_d_une_meme_infraction_ne_se_chevauchent_pas() -> None:
    for cle in {ligne.cle for ligne in CATALOGUE}:
        versions = sorted((e.debut, e.fin) for e in CATALOGUE if e.cle == cle)
        assert all(fin < debut for (_, fin), (debut, _) in zip(versions, versions[1:], strict=False))


@pytest.mark.parametrize(
    ("cle", "jour", "points", "nature"),
    [
        pytest.param("pieton", date(2018, 9, 18), 4, "contravention", id="piéton : quatre points jusqu'en 2018"),
        pytest.param("pieton", date(2018, 9, 19), 6, "contravention", id="piéton : six points depuis"),
        pytest.param("telephone", date(2012, 1, 4), 2, "contravention", id="téléphone : deux points avant 2012"),
        pytest.param("exces_grave", date(2025, 12, 29), 6, "delit", id="excès de 50 km/h : délit depuis fin 2025"),
        pytest.param("stupefiants_alcool", date(2025, 7, 11), 9, "delit", id="cumul : neuf points depuis juillet 2025"),
    ],
)
def test_l_entree_est_celle_du_jour(cle: str, jour: date, points: int, nature: str) -> None:
    trouvee = entree(cle, jour)
    assert (trouvee.points, trouvee.nature) == (points, nature)


def test_une_infraction_qui_n_existait_pas_est_refusee() -> None:
    with pytest.raises(KeyError):
        entree("gants", date(2010, 1, 1))
