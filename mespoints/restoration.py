"""A backup is one that was restored: dump, restore beside, and have the ledger verified in what came out.

The roles are those of MIGRATION_DATABASE_URL (the owner, who dumps and restores) and of DATABASE_URL (the site's, who
verifies: what it may read and add to came back too).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from mespoints.lib.binaries import find_postgres
from mespoints.lib.launcher import is_ours
from mespoints.lib.places import CHECKOUT, account_for, locate

#: What must be the same on both sides besides the rows: the ledger's own protections, and every rule of every table.
PROTECTIONS = """
    SELECT count(*) FROM (
        SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT relname, 'rights', relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relacl IS NOT NULL
    ) AS rules
"""
Counts = dict[str, int]
Connection = psycopg.Connection[tuple[object, ...]]


class DrillFailed(Exception):
    """What came out is not what went in; said in one French line."""


def elsewhere(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def moment(url: str) -> Iterator[tuple[Counts, str]]:
    """One moment of a database that goes on being used: what it holds, and the name by which `dump` copies the same."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = str(_first(connection, "SELECT pg_export_snapshot()"))
        yield _counts(connection), snapshot


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write a copy of that moment, whatever is added or purged meanwhile."""
    _run("pg_dump", url, "--format=custom", "--compress=1", f"--snapshot={snapshot}", f"--file={file}")


def restore(url: str, file: Path) -> None:
    """Make the database of ``url`` anew from a copy, statistics included: without them its first hours are slow."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        try:
            server.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
        except psycopg.errors.InsufficientPrivilege:
            raise DrillFailed(f"Il manque un droit : ALTER ROLE {server.info.user} CREATEDB.") from None
    _run("pg_restore", url, "--no-owner", "--exit-on-error", str(file))
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            connection.execute(SQL("ANALYZE {}").format(Identifier(str(table))))


def drop(url: str) -> None:
    """Drop the database of ``url``, whoever is in it."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(database)))


def count(url: str) -> Counts:
    """How many rows each table holds now, and how many protections there are."""
    with psycopg.connect(url) as connection:
        return _counts(connection)


def _counts(connection: Connection) -> Counts:
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    counts = {
        str(name): int(
            str(_first(connection, SQL("SELECT count(*) FROM {}").format(Identifier(str(name))).as_string()))
        )
        for (name,) in tables
    }
    return counts | {"(protections)": int(str(_first(connection, PROTECTIONS)))}


def _first(connection: Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def compare(before: Counts, after: Counts) -> None:
    """Refuse a copy that lacks something of the moment it was made of."""
    lost = [f"{name} {before[name]} → {after.get(name, 0)}" for name in before if after.get(name, 0) < before[name]]
    if lost:
        raise DrillFailed(f"La copie a perdu : {', '.join(lost)}.")


def verify(application_url: str) -> str:
    """Replay every dossier of the copy, as the site's own role; raise where one differs."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_ledger"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": application_url, "DATABASE_URL_FILE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DrillFailed(f"Le grand livre de la copie diffère : {(done.stdout + done.stderr).strip()[-400:]}")
    return done.stdout.strip()


def _run(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database: ours for the server that we started, else the machine's."""
    found = shutil.which(program)
    if is_ours(url):
        places = locate()
        found = str(find_postgres(places, account_for(places)).directory / program)
    if not found:
        raise DrillFailed(f"{program} manque sur cette machine (paquet postgresql-client).")
    shown, secret = without_password(url)
    done = subprocess.run(  # noqa: S603
        [found, f"--dbname={shown}", *arguments], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DrillFailed(f"{program} : {done.stderr.strip()[-400:]}")


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """An address for a command line, which everybody on the machine may read, and the password apart."""
    parts = urlsplit(url)
    if not parts.password:
        return url, {}
    who, _, where = parts.netloc.rpartition("@")
    shown = urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}@{where}"))
    return shown, {"PGPASSWORD": unquote(parts.password)}
