"""Where the private services of a checkout live, and under which account they run: paths only, nothing is started.

As root they live in /var/tmp/mespoints-<hash of the checkout's path>, owned by the unprivileged account they run under:
it could not enter root's home. As anybody else they live in var/services of the checkout; the sockets alone go to
/var/tmp when the system's limit on the length of a socket's path (107 bytes) would be near.
"""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]
TEMPORARY = Path("/var/tmp")  # noqa: S108 - only under a name of our own, 0700 and checked to be ours
SOCKET_PATH_LIMIT = 100
ACCOUNTS = ("postgres", "nobody", "daemon")
POSTGRES_SOCKET = ".s.PGSQL.5432"
ROLE = DATABASE = "mespoints"
MIGRATION_ROLE = "mespoints_migration"
SUPERUSER = "postgres"


class ServiceError(Exception):
    """Something that the person at the terminal must know, said in one French line."""


@dataclass(frozen=True)
class Account:
    """An account of the machine to which root drops before it runs a server."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The two directories of the services, both 0700: `state` keeps data and journals, `sockets` the doors."""

    state: Path
    sockets: Path

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / POSTGRES_SOCKET

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def database_url(self) -> str:
        """The address of the database, in libpq's form: the directory of the socket is an argument."""
        return self._address(ROLE)

    @property
    def migration_url(self) -> str:
        """The same database for the owner of its tables."""
        return self._address(MIGRATION_ROLE)

    def _address(self, role: str) -> str:
        return f"postgres://{role}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}"


def locate(checkout: Path = CHECKOUT, *, uid: int | None = None, environ: Mapping[str, str] = os.environ) -> Places:
    """Compute the places of a checkout for a user; MESPOINTS_SERVICES_DIR replaces the usual state directory."""
    uid = os.geteuid() if uid is None else uid
    replaced = environ.get("MESPOINTS_SERVICES_DIR")
    named = f"{uid}:{replaced or checkout}"
    shared = TEMPORARY / f"mespoints-{hashlib.sha256(named.encode()).hexdigest()[:12]}"
    usual = shared if uid == 0 else checkout / "var" / "services"
    state = Path(replaced).absolute() if replaced else usual
    sockets = state / "run"
    if len(os.fsencode(sockets / POSTGRES_SOCKET)) > SOCKET_PATH_LIMIT or "," in str(sockets):  # libpq: several hosts
        sockets = shared / "run"
    return Places(state=state, sockets=sockets)


def account_for(places: Places) -> Account | None:
    """Choose the account that runs the servers: none for an ordinary user, who runs them as himself.

    A state directory that already has an owner keeps it: installing PostgreSQL later, which makes the account
    `postgres`, must not lock the data away.
    """
    if os.geteuid() != 0:
        return None
    found = {entry.pw_name: entry for entry in pwd.getpwall()}
    candidates = [Account(name, found[name].pw_uid, found[name].pw_gid) for name in ACCOUNTS if name in found]
    if not candidates:
        raise ServiceError(f"Aucun de ces comptes n'existe sur cette machine : {', '.join(ACCOUNTS)}.")
    if places.state.is_dir():
        owner = places.state.lstat().st_uid
        kept = [account for account in candidates if account.uid == owner]
        if not kept and owner != 0:
            raise ServiceError(f"{places.state} appartient à un autre compte : supprimez ce répertoire.")
        candidates = kept or candidates
    return candidates[0]


def prepare(places: Places, account: Account | None) -> None:
    """Make the private directories, or refuse them if somebody else could enter them. No parent is ever changed."""
    places.state.parent.mkdir(parents=True, exist_ok=True)
    _private_directory(places.state, account)
    if places.sockets.parent != places.state:
        _private_directory(places.sockets.parent, account)
    _private_directory(places.sockets, account)


def _private_directory(path: Path, account: Account | None) -> None:
    owner = account.uid if account else os.geteuid()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise ServiceError(f"{path} n'est pas un répertoire à nous : supprimez-le.")
    if found.st_uid != owner and account:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
