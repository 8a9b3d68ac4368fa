"""Who is who in the private PostgreSQL: the application, the owner of the tables, and a superuser that neither is."""

import psycopg

from mespoints.local.places import DATABASE, MIGRATION_ROLE, ROLE, SUPERUSER, Places

Connection = psycopg.Connection[tuple[object, ...]]


def connect(places: Places) -> Connection:
    """As the superuser, who makes the rest."""
    return psycopg.connect(
        host=str(places.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=3, autocommit=True
    )


def arrange(places: Places) -> None:
    """Make what is missing of the roles and of the database."""
    with connect(places) as connection:
        known = connection.execute("SELECT rolname FROM pg_roles").fetchall()
        if (ROLE,) not in known:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        if (MIGRATION_ROLE,) not in known:
            connection.execute(f"CREATE ROLE {MIGRATION_ROLE} LOGIN CREATEDB")
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {MIGRATION_ROLE}")
