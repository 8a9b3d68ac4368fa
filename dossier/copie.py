"""Rows written by COPY: a hundred thousand dossiers are loaded at the pace of the disk, not of the ORM.

Texts come from the feed's readers and from the rules: no tab, no line break, no NUL. Only the backslash is escaped.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

NUL = r"\N"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def texte(valeur: str | None) -> str:
    if valeur is None:
        return NUL
    return valeur.replace("\\", "\\\\") if "\\" in valeur else valeur


def contenu(valeur: Any) -> str:
    """A JSON value."""
    return NUL if valeur is None else _JSON(valeur).replace("\\", "\\\\")


def jour(valeur: date | None) -> str:
    return NUL if valeur is None else valeur.isoformat()


def nombre(valeur: int | None) -> str:
    return NUL if valeur is None else str(valeur)


def noms(valeurs: Sequence[str]) -> str:
    """A text array of names: they hold no quote and no backslash (``champs.nom``)."""
    return "{" + ",".join(f'"{nom}"' for nom in valeurs) + "}"


def _table(modele: type[Model]) -> str:
    return modele._meta.db_table  # noqa: SLF001 the documented name of a table


def copier(modele: type[Model], colonnes: Sequence[str], lignes: Iterable[str]) -> None:
    """COPY rows (tab-separated, as made by the functions above) into a model's table."""
    table = connection.ops.quote_name(_table(modele))
    with (
        connection.wrap_database_errors,  # what psycopg raises while it copies is not translated by Django's cursor
        connection.cursor() as curseur,
        curseur.copy(f"COPY {table} ({', '.join(colonnes)}) FROM STDIN") as flux,
    ):
        flux.write("".join(f"{ligne}\n" for ligne in lignes))


def reserver(modele: type[Model], combien: int) -> list[int]:
    """Take primary keys from a model's sequence, so that its children can be written in the same go."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [_table(modele), combien],
        )
        return [cle for (cle,) in curseur.fetchall()]
