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
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

#: What must be the same on both sides besides the rows, one text each: the ledger's protections, every rule of every
#: table, whose it is and who may do what. By name and kind: PostgreSQL does not write the same expression twice alike.
RULES = """
    SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled, tgtype, tgfoid::regproc) FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, contype, convalidated, condeferred)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'index', indrelid::regclass, relname, indisunique, indisvalid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'function', proname, md5(prosrc), provolatile, prosecdef) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'owner', relname, relowner::regrole) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')
    UNION ALL SELECT concat_ws(' ', 'right', relname, grantee::regrole, privilege_type)
        FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'right', relname, attname, grantee::regrole, privilege_type)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'right', proname, grantee::regrole, privilege_type)
        FROM pg_proc, aclexplode(proacl) WHERE pronamespace = 'public'::regnamespace
"""
Connection = psycopg.Connection[tuple[object, ...]]


class Held(NamedTuple):
    """What a database holds: how many rows a table, and its rules."""

    rows: dict[str, int]
    rules: frozenset[str]


class DrillFailed(Exception):
    """What came out is not what went in; said in one French line."""


def elsewhere(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def moment(url: str) -> Iterator[tuple[Held, str]]:
    """One moment of a database that goes on being used: what it holds, and the name by which `dump` copies the same."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = str(_first(connection, "SELECT pg_export_snapshot()"))
        yield _held(connection), snapshot


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write a copy of that moment, whatever is added or purged meanwhile."""
    _run("pg_dump", url, "--format=custom", "--compress=1", f"--snapshot={snapshot}", f"--file={file}")


def restore(url: str, file: Path) -> None:
    """Make the database of ``url`` anew from a copy, statistics included: without them its first hours are slow.

    A copy that cannot be read whole leaves no database behind.
    """
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        try:
            server.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))
        except psycopg.errors.DuplicateDatabase:
            raise DrillFailed(
                f"La base « {database} » existe : rien n'a été touché. ALTER DATABASE {database} RENAME TO …, d'abord."
            ) from None
        except psycopg.errors.InsufficientPrivilege:
            raise DrillFailed(f"Il manque un droit : ALTER ROLE {server.info.user} CREATEDB.") from None
    try:
        _run("pg_restore", url, "--no-owner", "--exit-on-error", str(file))
    except DrillFailed:
        drop(url)
        raise
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            connection.execute(SQL("ANALYZE {}").format(Identifier(str(table))))


def drop(url: str) -> None:
    """Drop the database of ``url``, whoever is in it."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(elsewhere(url, "postgres"), autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(database)))


def count(url: str) -> Held:
    """What the database of ``url`` holds now."""
    with psycopg.connect(url) as connection:
        return _held(connection)


def _held(connection: Connection) -> Held:
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    counts = {
        str(name): int(
            str(_first(connection, SQL("SELECT count(*) FROM {}").format(Identifier(str(name))).as_string()))
        )
        for (name,) in tables
    }
    return Held(counts, frozenset(str(rule) for (rule,) in connection.execute(RULES.encode())))


def _first(connection: Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def compare(before: Held, after: Held) -> None:
    """Refuse a copy that is not the moment it was made of."""
    tables = sorted(before.rows.keys() | after.rows.keys())
    changed = [
        f"{t} {before.rows.get(t, 0)} → {after.rows.get(t, 0)}"
        for t in tables
        if before.rows.get(t) != after.rows.get(t)
    ]
    changed += [f"perdu : {rule[:120]}" for rule in sorted(before.rules - after.rules)]
    changed += [f"en trop : {rule[:120]}" for rule in sorted(after.rules - before.rules)]
    if changed:
        raise DrillFailed(f"La copie diffère de l'original : {' ; '.join(changed)}.")


def verify(application_url: str) -> str:
    """Replay every dossier of the copy, as the site's own role; raise where one differs."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_ledger"],
        cwd=Path(__file__).resolve().parents[1],
        env=os.environ | {"DATABASE_URL": application_url, "DATABASE_URL_FILE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DrillFailed(f"Le grand livre de la copie diffère : {(done.stdout + done.stderr).strip()[-400:]}")
    return done.stdout.strip()


def _run(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, the first on the PATH, on a database."""
    found = shutil.which(program)
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
