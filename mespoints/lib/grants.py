"""What the application's role may do in the database: rows everywhere, tables nowhere, and only add rows to a ledger.

The tables belong to the migration role. The rights are given again after each ``migrate``, the same whatever was there.

The owner could be a role that never logs in, which the migration role would become by SET ROLE: it would still put the
triggers to sleep whenever it liked, in two steps instead of one. What protects them is that nobody holds that role when
nothing is being migrated: ``ALTER ROLE … NOLOGIN`` closes it between two deployments, and the site does not notice.
"""

from collections.abc import Mapping, Sequence

from django.core.management.base import CommandError
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Composed, Identifier

RIGHTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",  # the import makes a temporary table
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}",
)
#: The columns are all but the number of the line, which PostgreSQL gives: INSERT … OVERRIDING SYSTEM VALUE and COPY
#: pass over GENERATED ALWAYS, not over this. Given again after each migration: a column that comes is there.
LEDGER_RIGHTS = (
    "REVOKE ALL ON {table} FROM {role}",
    "GRANT SELECT, INSERT ({columns}) ON {table} TO {role}",
)


def grant_application(connection: BaseDatabaseWrapper, *, role: str, ledgers: Sequence[str]) -> None:
    """Give ``role`` its rights in this database; ``ledgers`` are the tables to which it may only add.

    Nothing to give where one role does everything: it owns the tables.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        owner, database, schema = _where(cursor)
        if role in {"", owner}:
            return
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.rowcount:
            raise CommandError(f"Le rôle « {role} » de DATABASE_URL n'existe pas dans PostgreSQL : créez-le d'abord.")
        names = {"database": Identifier(database), "schema": Identifier(schema), "role": Identifier(role)}
        for right in RIGHTS:
            cursor.execute(SQL(right).format(**names))
        for table in _present(cursor, schema, ledgers):
            _only_add(cursor, schema, table, role)


def restrict_application(connection: BaseDatabaseWrapper, *, role: str, tables: Mapping[str, Sequence[str]]) -> None:
    """Leave ``role``, on each of these tables, to read, to add, and to update the named columns alone.

    To be called after ``grant_application``, by the apps whose migrations come later.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        owner, _, schema = _where(cursor)
        if role in {"", owner}:
            return
        for table in _present(cursor, schema, list(tables)):
            _only_add(cursor, schema, table, role)
            if columns := tables[table]:
                names = {"table": Identifier(schema, table), "role": Identifier(role), "columns": _listed(columns)}
                cursor.execute(SQL("GRANT UPDATE ({columns}) ON {table} TO {role}").format(**names))


def _only_add(cursor: CursorWrapper, schema: str, table: str, role: str) -> None:
    """Read, and add rows whose number is not chosen."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attidentity = ''",
        [schema, table],
    )
    columns = _listed([name for (name,) in cursor.fetchall()])
    for right in LEDGER_RIGHTS:
        names = {"table": Identifier(schema, table), "role": Identifier(role), "columns": columns}
        cursor.execute(SQL(right).format(**names))


def _listed(columns: Sequence[str]) -> Composed:
    return SQL(", ").join(map(Identifier, columns))


def _where(cursor: CursorWrapper) -> tuple[str, str, str]:
    """The role that runs the migrations, its database and its schema."""
    cursor.execute("SELECT current_user, current_database(), current_schema()")
    owner, database, schema = cursor.fetchone()
    return owner, database, schema


def _present(cursor: CursorWrapper, schema: str, tables: Sequence[str]) -> list[str]:
    """The tables that are there: `migrate dossier zero` takes them away."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')"
        " AND relname = ANY(%s)",
        [schema, list(tables)],
    )
    return [name for (name,) in cursor.fetchall()]
