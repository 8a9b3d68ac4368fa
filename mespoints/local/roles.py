"""Who is who in the private PostgreSQL: the application, the owner of the tables, and a superuser that neither is."""

import psycopg

from mespoints.local.places import DATABASE, MIGRATION_ROLE, ROLE, SUPERUSER, Places

#: The first layout had one role, the application's, which was the cluster's superuser.
BRIDGE = "mespoints_passage"

Connection = psycopg.Connection[tuple[object, ...]]


def superuser_of(places: Places) -> str | None:
    """Name the superuser of the server that answers; None when no server does."""
    for role in (SUPERUSER, ROLE):
        try:
            _connect(places, role).close()
        except psycopg.OperationalError:
            continue
        return role
    return None


def _connect(places: Places, role: str, database: str = "postgres") -> Connection:
    return psycopg.connect(host=str(places.sockets), user=role, dbname=database, connect_timeout=3, autocommit=True)


def arrange(places: Places) -> None:
    """Make what is missing of the roles and of the database; bring what the first layout made up to date."""
    if superuser_of(places) == ROLE:
        _rename_the_superuser(places)
    with _connect(places, SUPERUSER) as connection:
        known = connection.execute("SELECT rolname FROM pg_roles").fetchall()
        if (ROLE,) not in known:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        if (MIGRATION_ROLE,) not in known:
            connection.execute(f"CREATE ROLE {MIGRATION_ROLE} LOGIN CREATEDB")
        if (BRIDGE,) in known:
            connection.execute(f"DROP ROLE {BRIDGE}")
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {MIGRATION_ROLE}")
    with _connect(places, SUPERUSER, DATABASE) as connection:
        _hand_over(connection)


def _rename_the_superuser(places: Places) -> None:
    """A role cannot rename itself: a second superuser does it, and goes."""
    with _connect(places, ROLE) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [BRIDGE]).rowcount:
            connection.execute(f"CREATE ROLE {BRIDGE} LOGIN SUPERUSER")
    with _connect(places, BRIDGE) as connection:
        connection.execute(f"ALTER ROLE {ROLE} RENAME TO {SUPERUSER}")


def _hand_over(connection: Connection) -> None:
    """Give what the superuser of the first layout made to the migration role; their sequences follow the tables."""
    connection.execute(f"ALTER DATABASE {DATABASE} OWNER TO {MIGRATION_ROLE}")
    tables = connection.execute(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname = 'public' AND tableowner = %s",
        [SUPERUSER],
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"ALTER TABLE {table} OWNER TO {MIGRATION_ROLE}")
