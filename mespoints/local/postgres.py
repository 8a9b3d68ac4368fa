"""The private PostgreSQL: made, started, stopped; found again after any kind of death."""

import shlex
import shutil
import time
from pathlib import Path

import psycopg

from mespoints.local.binaries import PostgresPrograms, find_postgres, run_as
from mespoints.local.places import SUPERUSER, Account, Places, ServiceError
from mespoints.local.processes import is_server, working_in
from mespoints.local.roles import arrange, connect

PATIENCE_SECONDS = 45
#: What keeps people out of the server's journal; production's server has them too (docker-compose.yml).
PRIVACY = {
    "log_statement": "none",
    "log_min_error_statement": "panic",  # statements hold what visitors wrote
    "log_error_verbosity": "terse",  # DETAIL and CONTEXT quote rows
    "log_min_duration_statement": "-1",  # a slow statement is written whole, and its parameters with it
    "log_parameter_max_length_on_error": "0",
}
SETTINGS = PRIVACY | {
    "listen_addresses": "",
    "port": "5432",  # only the name of the socket
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "fsync": "on",
}


def is_answering(places: Places) -> bool:
    """Tell whether the server takes connections now."""
    try:
        connect(places).close()
    except psycopg.OperationalError:
        return False
    return True


def start(places: Places, account: Account | None) -> bool:
    """Start PostgreSQL unless it answers already; make its cluster, its roles and its database the first time.

    Returns whether it had to be started.
    """
    already = is_answering(places)
    if not already:
        _launch(places, account)
    arrange(places)
    return not already


def _launch(places: Places, account: Account | None) -> None:
    """Start the server. After the death of one its children and its process entry may linger for seconds: starting is
    tried again until they have gone, and the lock file of a server that may live is left alone.
    """
    programs = find_postgres(places, account)
    data = places.state / f"postgresql-{programs.major}"
    if not data.exists():
        _make_cluster(programs, data, account)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        _forget_the_dead(places, data)
        how = ["-l", str(places.state / "postgresql.log"), "-o", _options(places)]
        said = _pg_ctl(programs, data, account, *how, "start")
        if is_answering(places):
            break
        _end_the_unreachable(programs, places, data, account)
        if time.monotonic() > deadline:
            raise ServiceError(_why(places, said))
        time.sleep(0.5)


def stop(places: Places, account: Account | None) -> bool:
    """Stop PostgreSQL; return whether a server was there."""
    running = [data for data in places.state.glob("postgresql-*/") if _server_pid(data)]
    for data in running:
        programs = find_postgres(places, account)
        _pg_ctl(programs, data, account, "-m", "fast", "-t", "30", "stop")
        if _server_pid(data):
            _pg_ctl(programs, data, account, "-m", "immediate", "-t", "10", "stop")
        if _server_pid(data):
            raise ServiceError(f"PostgreSQL ne s'arrête pas : voir {places.state / 'postgresql.log'}.")
    return bool(running)


def _server_pid(data: Path) -> int | None:
    """Give the number of the living server of a data directory."""
    try:
        pid = int((data / "postmaster.pid").read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if is_server(pid, "postgres") else None


def _make_cluster(programs: PostgresPrograms, data: Path, account: Account | None) -> None:
    """Run initdb beside its final place: a directory cut short never passes for a cluster.

    It does not wait for the disk, which may take ten times as long: there is nothing to lose in it yet.
    """
    unfinished = data.with_name(f"inacheve-{data.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(programs.directory / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust"]
    done = run_as(account, [*command, "--encoding=UTF8", "--locale=C.UTF-8", "-k", "--no-sync"])
    if done.returncode:
        raise ServiceError(f"PostgreSQL : la création de la base a échoué ({_last_line(done.stdout)}).")
    unfinished.rename(data)


def _options(places: Places) -> str:
    directory = '"' + str(places.sockets).replace('"', '""') + '"'  # the setting is a list: a comma would cut it
    settings = {**SETTINGS, "unix_socket_directories": directory}
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())


def _pg_ctl(programs: PostgresPrograms, data: Path, account: Account | None, *arguments: str) -> str:
    """Run pg_ctl and wait for it; return what it said."""
    command = [str(programs.directory / "pg_ctl"), "-D", str(data), "-w", *arguments]
    return run_as(account, command).stdout


def _forget_the_dead(places: Places, data: Path) -> None:
    """Take away the lock files of a server that has surely gone, when its number now belongs to another process.

    PostgreSQL takes any living process of that number, even one not yet reaped, for the server. Nothing is touched
    while a process works in the data directory, as the server and all its children do.
    """
    if working_in(data):
        return
    for lock in (data / "postmaster.pid", places.sockets / f"{places.postgres_socket.name}.lock"):
        lock.unlink(missing_ok=True)


def _end_the_unreachable(programs: PostgresPrograms, places: Places, data: Path, account: Account | None) -> None:
    """End a server that lives without its socket (a cleaner of temporary files took it): nobody can reach it."""
    if _server_pid(data) and not places.postgres_socket.exists():
        _pg_ctl(programs, data, account, "-m", "fast", "-t", "30", "stop")


def _why(places: Places, said: str) -> str:
    journal = places.state / "postgresql.log"
    lines = journal.read_text(errors="replace").splitlines() if journal.exists() else []
    reasons = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
    because = _last_line(reasons[-1] if reasons else said)
    return f"PostgreSQL ne démarre pas ({because}) : voir {journal}. « make clean » oublie ses données."


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "sans explication"
