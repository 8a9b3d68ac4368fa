"""Models read by a statement of ours: what Django composes at each ``raw()`` is composed once.

For what every visitor asks. The statement says ``{columns}`` where the model's own are, under the alias of its table.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class _Plan(NamedTuple):
    sql: str
    fields: list[str]
    converters: list[tuple[int, Callable[..., Any], Any]]  # of the columns that are not read as they are written


def select(
    model: type[M], sql: str, params: Sequence[Any] | Mapping[str, Any], *, alias: str, more: Sequence[str] = ()
) -> list[M]:
    """The rows as models, each with the attributes ``more``, which are the last columns of the statement."""
    plan = _plan(model, sql, alias)
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, params)
        rows = cursor.fetchall()
    return [_model(model, plan, row, more) for row in rows]


def _model(model: type[M], plan: _Plan, row: Sequence[Any], more: Sequence[str]) -> M:
    values = list(row[: len(plan.fields)])
    for rank, convert, field in plan.converters:
        values[rank] = convert(values[rank], field, connection)
    read = model.from_db(connection.alias, plan.fields, values)
    read.__dict__.update(zip(more, row[len(values) :], strict=True))
    return read


@cache
def _plan(model: type[models.Model], sql: str, alias: str) -> _Plan:
    meta = model._meta  # noqa: SLF001  what Django documents under this name
    fields = list(meta.concrete_fields)
    columns = ", ".join(f'{alias}."{field.column}"' for field in fields)
    compiled = [field.get_col(meta.db_table) for field in fields]
    converters = [
        (rank, convert, col)
        for rank, col in enumerate(compiled)
        for convert in [*connection.ops.get_db_converters(col), *col.get_db_converters(connection)]
    ]
    return _Plan(sql.replace("{columns}", columns), [field.attname for field in fields], converters)
