"""A backup is one that was restored: dump, restore beside, and have the ledger verified in what came out.

The roles are those of MIGRATION_DATABASE_URL (the owner, who dumps and restores) and of DATABASE_URL (the site's, who
verifies: what it may read and add to came back too).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from mespoints.lib.binaries import find_postgres
from mespoints.lib.launcher import private_services_wanted
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


class DrillFailed(Exception):
    """What came out is not what went in; said in one French line."""


def elsewhere(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def dump(url: str, file: Path) -> None:
    """Write a consistent copy of a database that goes on being used."""
    _run("pg_dump", "--format=custom", "--compress=1", f"--file={file}", f"--dbname={url}")


def restore(url: str, file: Path) -> None:
    """Make the database of ``url`` anew from a copy, statistics included: without them its first hours are slow."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(file))
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            connection.execute(SQL("ANALYZE {}").format(Identifier(str(table))))


def drop(url: str) -> None:
    """Drop the database of ``url``, whoever is in it."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(database)))


def count(url: str) -> Counts:
    """How many rows each table holds, and how many protections there are."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counts = {
            str(name): _number(connection, SQL("SELECT count(*) FROM {}").format(Identifier(name)).as_string())
            for (name,) in tables
        }
        return counts | {"(protections)": _number(connection, PROTECTIONS)}


def _number(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


def compare(before: Counts, after: Counts) -> None:
    """Refuse a copy that lacks something. What was added to a living base meanwhile is not in it, and may be more."""
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


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs: those of the server that we started, else those of the machine."""
    found = shutil.which(program)
    if private_services_wanted():
        places = locate()
        found = str(find_postgres(places, account_for(places)).directory / program)
    if not found:
        raise DrillFailed(f"{program} manque sur cette machine (paquet postgresql-client).")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DrillFailed(f"{program} : {done.stderr.strip()[-400:]}")
