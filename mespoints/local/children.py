"""Several programs run side by side, each line they print marked with their name, and all ended together."""

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from mespoints.local.places import CHECKOUT
from mespoints.local.processes import is_alive, started_at

GRACE_SECONDS = 15
#: So many times in so long, and a program that dies is started again: Redis killed at the wrong moment ends a worker.
RESTARTS, WINDOW_SECONDS = 3, 60.0
NAME_WIDTH = 8


@dataclass
class Child:
    """A program that runs: its name on the screen, its process and how it was started, a line not yet complete."""

    name: str
    process: subprocess.Popen[bytes]
    command: Sequence[str]
    environ: Mapping[str, str] = field(repr=False)
    unfinished: bytes = field(default=b"", repr=False)

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout  # noqa: S101 - always a pipe, see launch
        return self.process.stdout


def launch(name: str, command: Sequence[str], environ: Mapping[str, str]) -> Child:
    """Start a program in a process group of its own, so that a Ctrl-C reaches the launcher and nobody else."""
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
    )
    os.set_blocking(process.stdout.fileno(), False)  # type: ignore[union-attr]
    return Child(name, process, command, environ)


def start_again(children: list[Child], dead: Child, deaths: dict[str, list[float]]) -> bool:
    """Put a new one in the place of a program that died; False when it dies too often for that to be of any use.

    ``deaths``: when those of each name died.
    """
    now = time.monotonic()
    recent = deaths[dead.name] = [at for at in deaths.get(dead.name, []) if now - at < WINDOW_SECONDS] + [now]
    if len(recent) > RESTARTS:
        return False
    end_group(dead.process.pid)
    dead.output.close()
    children[children.index(dead)] = launch(dead.name, dead.command, dead.environ)
    return True


def watch(children: Sequence[Child], each_second: Callable[[], None]) -> Child:
    """Relay what the children print until one of them dies, and return that one."""
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(child.output, selectors.EVENT_READ, child)
        while True:
            for key, _ in selector.select(timeout=1):
                if not relay(key.data):
                    selector.unregister(key.fileobj)
            for child in children:
                if child.process.poll() is not None:
                    relay(child)
                    relay(child)  # the end of its output: a last line without a newline is printed then
                    return child
            each_second()


def relay(child: Child) -> bool:
    """Print the complete lines that a child wrote, marked with its name; return whether it may write more."""
    try:
        chunk = child.output.read()
    except ValueError:
        return False
    if chunk is None:  # nothing to read now
        return True
    *lines, child.unfinished = (child.unfinished + chunk).split(b"\n")
    if not chunk and child.unfinished:
        lines, child.unfinished = [child.unfinished], b""
    for line in lines:
        print(f"{child.name:<{NAME_WIDTH}}| {line.decode(errors='replace')}", flush=True)
    return bool(chunk)


def end(children: Sequence[Child]) -> None:
    """End the children: politely, then their whole group once their time is up."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        while child.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError):
                relay(child)
            time.sleep(0.05)
        end_group(child.process.pid)
        child.process.wait()
        child.output.close()


def end_group(leader: int) -> None:
    """Kill what is left of a process group that `launch` made."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def remember(register: Path, children: Sequence[Child]) -> None:
    """Write down who runs, with the moment each started: a number alone may later be another program's."""
    found = [{"pid": child.process.pid, "started_at": started_at(child.process.pid)} for child in children]
    register.write_text(json.dumps(found))


def end_survivors(register: Path) -> None:
    """End the children of a launcher that died without ending them (kill -9, power cut)."""
    try:
        known = json.loads(register.read_text())
    except (FileNotFoundError, ValueError):
        return
    survivors = [
        entry["pid"] for entry in known if entry["started_at"] and started_at(entry["pid"]) == entry["started_at"]
    ]
    for pid in survivors:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for pid in survivors:
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        end_group(pid)
    register.unlink(missing_ok=True)
