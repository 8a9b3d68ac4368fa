"""Corrections and reprises as the table holds them: raw SQL by the application's role."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dossier.models import Dossier, Mouvement
from tests.dossier.lignes import AU, dossier, importer, infraction, ligne

pytestmark = pytest.mark.django_db

CONTRAINTE, CLE = "23514", "23505"
COLONNES = (
    *("dossier_id", "date", "nature", "points", "solde", "plafond", "fait", "article", "explication", "corrige_id"),
    *("reprise", "recorded_at"),
)
POSER = """
INSERT INTO dossier_mouvement (dossier_id, date, nature, points, solde, plafond, fait, article, explication, corrige_id,
                               reprise, recorded_at)
VALUES (%(dossier_id)s, %(date)s, %(nature)s, %(points)s, %(solde)s, %(plafond)s, %(fait)s, %(article)s,
        %(explication)s, %(corrige_id)s, %(reprise)s, %(recorded_at)s)
"""


@pytest.fixture
def pose() -> Dossier:
    """A retrait that was corrected: its offence has been annulled; another that stands."""
    pose = dossier(infraction("i1", "2026-01-01", "2026-02-01", 4), infraction("i2", "2026-05-01", "2026-06-01", 2))
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    assert [m.nature for m in pose.mouvements.order_by("pk")] == [
        *("capital_initial", "retrait", "retrait", "correction"),
    ]
    return pose


def retrait(pose: Dossier, fait: str) -> Mouvement:
    return pose.mouvements.get(nature="retrait", fait=fait)


def comme(ligne_posee: Mouvement, **autres: Any) -> dict[str, Any]:
    """The columns of a line like this one."""
    return {colonne: getattr(ligne_posee, colonne) for colonne in COLONNES} | autres


def correction_de(corrigee: Mouvement, **autres: Any) -> dict[str, Any]:
    return comme(corrigee, nature="correction", points=-corrigee.points, corrige_id=corrigee.pk) | autres


def poser(*lignes: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as curseur:
        for une in lignes:
            curseur.execute(POSER, une)


def refuse(code: str, *lignes: dict[str, Any]) -> None:
    """The last of these lines is refused; those before it are not."""
    avant = Mouvement.objects.count()
    with transaction.atomic():
        poser(*lignes[:-1])
        with pytest.raises(DatabaseError) as refus:
            poser(lignes[-1])
        transaction.set_rollback(True)
    assert refus.value.__cause__.sqlstate == code  # type: ignore[union-attr]
    assert Mouvement.objects.count() == avant


def test_une_ligne_corrigee_se_repose_une_fois(pose: Dossier) -> None:
    corrigee = retrait(pose, "i1")
    poser(comme(corrigee, reprise=1))
    refuse(CLE, comme(corrigee, reprise=1))
    refuse(CONTRAINTE, comme(corrigee, reprise=2))


def test_une_ligne_debout_ne_se_repose_pas(pose: Dossier) -> None:
    debout = retrait(pose, "i2")
    refuse(CONTRAINTE, comme(debout, reprise=1))
    refuse(CLE, comme(debout))


@pytest.mark.parametrize("reprise", [-1, 1, 2, 3])
def test_une_reprise_suit_la_precedente(pose: Dossier, reprise: int) -> None:
    """Of a line never posted, or skipping one."""
    refuse(CONTRAINTE, comme(retrait(pose, "i1"), fait="i9", reprise=reprise))
    if reprise != 1:
        refuse(CONTRAINTE, comme(retrait(pose, "i1"), reprise=reprise))


def test_une_reprise_de_ce_qui_n_a_pas_de_fait(pose: Dossier) -> None:
    """No fact is a fact like another: a reconstitution totale."""
    totale = comme(retrait(pose, "i2"), nature="reconstitution_totale", points=2, fait=None)
    refuse(CONTRAINTE, totale, totale | {"reprise": 1})
    poser(totale)
    inscrite = pose.mouvements.get(nature="reconstitution_totale")
    poser(correction_de(inscrite))
    poser(totale | {"reprise": 1})


def test_une_correction_vise_une_ligne_du_meme_dossier(pose: Dossier) -> None:
    voisin = dossier(infraction("i2", "2026-05-01", "2026-06-01", 2), neph="990175100002")
    refuse(CONTRAINTE, correction_de(retrait(voisin, "i2"), dossier_id=pose.pk))


def test_une_correction_ne_se_corrige_pas(pose: Dossier) -> None:
    refuse(CONTRAINTE, correction_de(pose.mouvements.get(nature="correction"), reprise=1))


def test_une_ligne_se_corrige_une_fois(pose: Dossier) -> None:
    refuse(CLE, correction_de(retrait(pose, "i1"), reprise=1))


@pytest.mark.parametrize(
    "champs",
    [
        *({"points": 1}, {"points": -2}, {"points": 0}, {"date": AU}, {"fait": "i1"}, {"fait": None}),
        *({"reprise": 1}, {"corrige_id": None}, {"corrige_id": 2**40}),
    ],
    ids=str,
)
def test_une_correction_est_la_ligne_a_l_envers(pose: Dossier, champs: dict[str, Any]) -> None:
    refuse(CONTRAINTE, correction_de(retrait(pose, "i2"), **champs))


def test_deux_lignes_d_un_fait_et_d_un_jour_se_corrigent(pose: Dossier) -> None:
    """The second correction has ``reprise`` 1; without it, the key is taken."""
    jumelle = comme(retrait(pose, "i2"), nature="recuperation_stage", points=2)
    poser(correction_de(retrait(pose, "i2")), jumelle)
    inscrite = pose.mouvements.get(nature="recuperation_stage")
    refuse(CLE, correction_de(inscrite))
    poser(correction_de(inscrite, reprise=1))


def copier(*lignes: dict[str, Any]) -> None:
    ordre = f"COPY dossier_mouvement ({', '.join(COLONNES)}) FROM STDIN"
    with (
        transaction.atomic(),
        connection.wrap_database_errors,
        connection.cursor() as curseur,
        curseur.copy(ordre) as flux,
    ):
        for une in lignes:
            flux.write_row([une[colonne] for colonne in COLONNES])


def test_un_copy_aussi(pose: Dossier) -> None:
    """Rows of one statement see each other: a correction and what it lets be posted again may travel together."""
    reposee = comme(retrait(pose, "i2"), reprise=1)
    with pytest.raises(DatabaseError) as refus:
        copier(reposee)
    assert refus.value.__cause__.sqlstate == CONTRAINTE  # type: ignore[union-attr]
    copier(reposee, correction_de(retrait(pose, "i2")))
    assert pose.mouvements.filter(fait="i2", date=date(2026, 6, 1)).count() == 3
