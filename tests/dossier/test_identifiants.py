"""Nobody chooses the number of a line of the ledger: PostgreSQL gives it, one after the other."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from documents.models import Depart, Envoi, LettreDEnvoi, Ouverture
from dossier.journal import Acte, Motif, Pourquoi, Trace, noter
from dossier.models import Dossier, Fait, Journal, Mouvement
from mespoints.lib.visiteur import Agent
from tests.dossier.lignes import dossier, importer, infraction, ligne

pytestmark = pytest.mark.django_db
GRAND_LIVRE: list[type[Model]] = [Fait, Mouvement, Journal]
AJOUT_SEUL = [*GRAND_LIVRE, Ouverture, Envoi, LettreDEnvoi, Depart]


@pytest.fixture
def pose() -> Dossier:
    pose = dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=date(2026, 10, 31))
    agent = Agent("lecture", "69", 7)
    noter(agent, Trace(Acte.CONSULTATION, pose.pk, Pourquoi(Motif.GUICHET)))
    return pose


def colonnes(modele: type[Model], *, sauf: str = "") -> str:
    return ", ".join(champ.column for champ in modele._meta.local_concrete_fields if champ.column != sauf)


def enregistrer(modele: type[Model]) -> None:
    une = modele._default_manager.latest("pk")
    une.pk = 900_000_000
    une.save(force_insert=True)


def en_nombre(modele: type[Model]) -> None:
    une = modele._default_manager.latest("pk")
    une.pk = 900_000_000
    modele._default_manager.bulk_create([une])


def _inserer(modele: type[Model], clause: str) -> None:
    autres = colonnes(modele, sauf="id")
    with connection.cursor() as curseur:
        table = modele._meta.db_table
        derniere = f"SELECT 900000000, {autres} FROM {table} ORDER BY id DESC LIMIT 1"  # noqa: S608 our own text
        curseur.execute(f"INSERT INTO {table} (id, {autres}) {clause} {derniere}")


def inserer(modele: type[Model]) -> None:
    _inserer(modele, "")


def passer_outre(modele: type[Model]) -> None:
    _inserer(modele, "OVERRIDING SYSTEM VALUE")


def copier(modele: type[Model]) -> None:
    """COPY passes over GENERATED ALWAYS: the right to the column alone stops it."""
    table = modele._meta.db_table
    with connection.cursor() as curseur:
        derniere = f"SELECT {colonnes(modele)} FROM {table} ORDER BY id DESC LIMIT 1"  # noqa: S608 our own text
        with curseur.copy(f"COPY ({derniere}) TO STDOUT") as lu:
            brut = b"".join(bytes(morceau) for morceau in lu)
        with curseur.copy(f"COPY {table} ({colonnes(modele)}) FROM STDIN") as ecrit:
            ecrit.write(b"900000000" + brut[brut.index(b"\t") :])


def reculer(modele: type[Model]) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 900000000)", [modele._meta.db_table])


#: Refused to whoever does not say OVERRIDING SYSTEM VALUE; the others are refused by the right to the column.
PAR_MEGARDE = (enregistrer, en_nombre, inserer)


@pytest.mark.parametrize("modele", GRAND_LIVRE, ids=lambda modele: modele.__name__)
@pytest.mark.parametrize(
    "maniere", [enregistrer, en_nombre, inserer, passer_outre, copier, reculer], ids=lambda m: m.__name__
)
def test_l_application_ne_choisit_aucun_numero(
    pose: Dossier, modele: type[Model], maniere: Callable[[type[Model]], None]
) -> None:
    avant = list(modele._default_manager.order_by("pk").values_list("pk", flat=True))
    with pytest.raises((DatabaseError, psycopg.Error)) as refus, transaction.atomic():
        maniere(modele)
    cause = refus.value if isinstance(refus.value, psycopg.Error) else refus.value.__cause__
    assert cause.sqlstate == ("428C9" if maniere in PAR_MEGARDE else "42501")  # type: ignore[union-attr]
    assert list(modele._default_manager.order_by("pk").values_list("pk", flat=True)) == avant


@pytest.mark.parametrize("modele", AJOUT_SEUL, ids=lambda modele: modele.__name__)
def test_ses_droits_d_ajout_laissent_le_numero(modele: type[Model]) -> None:
    """Of every table to which it may only add: all the columns but that one."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT attname, has_column_privilege(attrelid, attnum, 'INSERT') FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [modele._meta.db_table],
        )
        droits = dict(curseur.fetchall())
    assert {nom for nom, permis in droits.items() if not permis} == {"id"}


@pytest.mark.parametrize("modele", GRAND_LIVRE, ids=lambda modele: modele.__name__)
def test_le_proprietaire_ne_le_choisit_pas_par_megarde(
    proprietaire: psycopg.Connection[Any], pose: Dossier, modele: type[Model]
) -> None:
    table, autres = modele._meta.db_table, colonnes(modele, sauf="id")
    with pytest.raises(psycopg.errors.GeneratedAlways):
        proprietaire.execute(f"INSERT INTO {table} (id, {autres}) SELECT 9, {autres} FROM {table}")  # noqa: S608


def test_ce_qui_s_ecrit_s_ecrit_toujours(pose: Dossier) -> None:
    """By COPY, in bulk and one at a time: the numbers grow."""
    derniers = [modele._default_manager.latest("pk").pk for modele in GRAND_LIVRE]
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    traces = [Trace(Acte.CONSULTATION, pose.pk, Pourquoi(Motif.GUICHET))] * 2
    noter(Agent("lecture", "69", 7), *traces)
    assert all(
        modele._default_manager.latest("pk").pk > dernier for modele, dernier in zip(GRAND_LIVRE, derniers, strict=True)
    )
