"""`make demo`: the services, the invented drivers, the web server and the worker, until Ctrl-C."""

import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from mespoints.lib.timeouts import BATCH_TIMEOUTS
from mespoints.local import services
from mespoints.local.addresses import private_services_wanted
from mespoints.local.children import Child, end, end_survivors, launch, remember, start_again, watch
from mespoints.local.places import CHECKOUT, ServiceError

# Not beside the services' data: what root reads here must not be writable by the account that runs them.
FOLDER = CHECKOUT / "var" / "demo"
REGISTER = FOLDER / "processus.json"
COMPTES = CHECKOUT / "demo" / "comptes.json"
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def run() -> int:
    """Run the demonstration until a signal (exit code 0), or until a process dies again and again (exit code 1)."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    port = read_port(os.environ.get("PORT", "8000"))
    free_addresses(_port_simulateur(port))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_only_one())
        end_survivors(REGISTER)
        addresses = free_addresses(port)
        try:
            if private_services_wanted():
                stack.enter_context(_services())
            for name, command in preparation():
                _prepare(name, command)
            return _serve(port, addresses)
        except KeyboardInterrupt:
            print("\nArrêt de la démonstration.", flush=True)
            return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def read_port(text: str) -> int:
    """Read the PORT of the environment."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ServiceError(f"PORT={text} : un nombre de 1 à 65535 est attendu.")
    return int(text)


def _port_simulateur(port: int) -> int:
    """The stand-in's port, as the settings say it: a thousand above the site's."""
    return read_port(str(port + 1000))


def free_addresses(port: int) -> list[str]:
    """Give the loopback addresses to listen on, IPv6 only where the machine has it; refuse a port already taken."""
    found = []
    for family, host in LOOPBACKS:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise ServiceError(
                    f"Le port {port} est déjà pris : arrêtez le programme qui l'occupe, ou « PORT=8001 make demo »."
                ) from None
            if problem.errno == errno.EACCES:
                raise ServiceError(f"Le port {port} est réservé : « PORT=8000 make demo ».") from None
            if family == socket.AF_INET:
                raise
        else:
            found.append(f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}")
    return found


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the lock of this checkout's demonstration; it goes with the launcher, however it dies."""
    descriptor = os.open(FOLDER / "verrou", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ServiceError(
            "La démonstration tourne déjà ici : arrêtez-la d'abord (Ctrl-C dans son terminal)."
        ) from None
    finally:
        os.close(descriptor)


@contextmanager
def _services() -> Iterator[None]:
    """Start PostgreSQL and Redis, and stop them at the end unless they ran before, on their own."""
    ours = FOLDER / "services"  # outlives a launcher that could not stop what it had started
    started = services.start()
    if started.postgres or started.redis:
        ours.touch()
    print("services| PostgreSQL et Redis répondent.", flush=True)
    try:
        yield
    finally:
        if ours.exists():
            services.stop()
            ours.unlink()
            print("services| PostgreSQL et Redis sont arrêtés.", flush=True)


def preparation() -> list[tuple[str, list[str]]]:
    """List what makes the data of the demonstration, in order; each may be run again.

    The invented drivers are written once: their dates follow the day of writing, and a fact already held does not
    change. `make clean` forgets them.
    """
    manage = [sys.executable, "manage.py"]
    feed = [str(FOLDER / name) for name in ("01-initial.ndjson", "02-increment.ndjson")]
    personas = [sys.executable, "-m", "demo.personas", "--dossier", str(FOLDER)]
    write = [] if all(Path(name).exists() for name in feed) else [("les conducteurs imaginaires sont écrits", personas)]
    return [
        ("les clés des documents sont fabriquées", [*manage, "create_cles_demo", str(FOLDER)]),
        ("la base est mise à jour", [*manage, "migrate", "--verbosity", "0"]),
        *write,
        ("leur histoire est importée", [*manage, "import_dossiers", feed[0]]),
        ("ce que l'on a su plus tard est importé", [*manage, "import_dossiers", feed[1]]),
        ("ce qui est échu aujourd'hui est réglé", [*manage, "settle"]),
        ("leurs comptes sont créés", [*manage, "create_comptes_demo"]),
        (
            "des centres et des stages inventés sont chargés",
            [sys.executable, "-m", "demo.stages", "--dossier", str(FOLDER)],
        ),
    ]


def _prepare(name: str, command: list[str]) -> None:
    print(f"données | {name}…", flush=True)
    if subprocess.run(command, cwd=CHECKOUT, env=_environ(), stdin=subprocess.DEVNULL, check=False).returncode:
        raise ServiceError(
            f"La démonstration s'arrête : l'étape « {name} » a échoué ({' '.join(command[1:])}).\n"
            "Une démonstration d'un autre jour a pu laisser ses conducteurs : « make clean » les oublie."
        )


def programs(addresses: list[str]) -> dict[str, list[str]]:
    """Name the programs of the demonstration and say how each is run."""
    web = [sys.executable, "-m", "gunicorn", "--config", "python:mespoints.gunicorn", "mespoints.wsgi"]
    worker = [sys.executable, "-m", "celery", "--quiet", "-A", "mespoints", "worker", "--beat", "--concurrency", "2"]
    schedule = ["--schedule", str(FOLDER / "celerybeat-schedule"), "--without-gossip", "--without-mingle"]
    return {
        "courriel": [sys.executable, "-m", "demo.courriels"],
        "web": [*web, *(argument for address in addresses for argument in ("--bind", address))],
        "worker": [*worker, *schedule],
        "fc": [sys.executable, "-m", "demo.franceconnect"],
    }


def _environ() -> dict[str, str]:
    port = int(read_port(os.environ.get("PORT", "8000")))
    settings = {
        "DJANGO_SETTINGS_MODULE": "mespoints.settings.dev",
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": f"http://localhost:{port}",
        "FRANCECONNECT_ISSUER": f"http://localhost:{port + 1000}/api/v2",
        "FRANCECONNECT_CLIENT_ID": "mespoints-demonstration",
        "FRANCECONNECT_CLIENT_SECRET": "demonstration-only-this-secret-is-public",
    }
    return settings | dict(os.environ)


def _serve(port: int, addresses: list[str]) -> int:
    children: list[Child] = []
    deaths: dict[str, list[float]] = {}
    try:
        for name, command in programs(addresses).items():
            timeouts = {} if name == "web" else BATCH_TIMEOUTS
            children.append(launch(name, command, timeouts | _environ()))
            remember(REGISTER, children)
        announcement = _Announcement(port, children)
        while True:
            dead = watch(children, announcement.when_ready)
            said = f"Le processus « {dead.name} » s'est arrêté (code {dead.process.returncode})"
            if not start_again(children, dead, deaths):
                print(f"{said}, encore : tout s'arrête.", file=sys.stderr, flush=True)
                return 1
            remember(REGISTER, children)
            print(f"{said} : il repart.", file=sys.stderr, flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(children)
        REGISTER.unlink(missing_ok=True)


class _Announcement:
    """Says once, when the site answers, where it is, who may log in and how to stop."""

    def __init__(self, port: int, children: list[Child]) -> None:
        self.port, self.children, self.made = port, children, False

    def when_ready(self) -> None:
        if self.made:
            return
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return
        self.made = True
        print(announcement(self.port, {child.name: child.process.pid for child in self.children}, COMPTES), flush=True)


def _sans_compte(conducteurs: list[dict[str, str]]) -> list[str]:
    """Say what to type at /compte/creer/ to make an account, one line a driver."""
    if not conducteurs:
        return []
    lines = [f"  {c['prenoms']} {c['nom_naissance']}, {c['date_naissance']}  {c['montre']}" for c in conducteurs]
    return ["", "Sans compte, pour en créer un sur /compte/creer/ (nom et date de naissance) :", *lines]


def announcement(port: int, processes: dict[str, int], comptes: Path) -> str:
    """Compose what is printed once the site answers."""
    demo = json.loads(comptes.read_text()) if comptes.exists() else {"comptes": []}
    width = max((len(compte["email"]) for compte in demo["comptes"]), default=0)
    lines = ["", f"Mes Points Permis : http://localhost:{port}", ""]
    lines += [f"  {compte['email']:<{width}}  {compte['montre']}" for compte in demo["comptes"]]
    if demo["comptes"]:
        lines += ["", f"Mot de passe de tous : {demo['mot_de_passe']}"]
    lines += _sans_compte(demo.get("sans_compte", []))
    lines += ["", f"FranceConnect est simulé (http://localhost:{port + 1000}) : son bouton montre qui l'on peut être."]
    if agents := demo.get("agents"):
        lines += ["", f"Administration : http://localhost:{port}/admin/ (le code du moment : python -m demo.codes)"]
        lines += [f"  {a['email']:<{width}}  {a['montre']}, clé TOTP {a['secret_totp']}" for a in agents]
    lines += ["", f"Courriels que le site envoie : http://localhost:{os.environ.get('MAIL_PORT', '8025')}"]
    running = ", ".join(f"{name} ({pid})" for name, pid in processes.items())
    return "\n".join([*lines, f"Processus : {running}. Pour arrêter : Ctrl-C.", ""])
