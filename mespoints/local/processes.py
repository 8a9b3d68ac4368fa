"""What is known of other processes: alive or only not yet buried, and working in which directory."""

from pathlib import Path

import psutil


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that is dead but not yet reaped by its parent does not."""
    try:
        return psutil.Process(pid).status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.NoSuchProcess:
        return False


def started_at(pid: int) -> float | None:
    """Give the moment at which a living process started, which with its number names it for good; None if dead."""
    try:
        return psutil.Process(pid).create_time() if is_alive(pid) else None
    except psutil.NoSuchProcess:
        return None


def working_in(directory: Path) -> list[int]:
    """List the living processes whose current directory is this one: for a PostgreSQL data directory, its servers.

    Where the system hides that (a container's root without CAP_SYS_PTRACE), every process of the directory's owner may
    be one of them.
    """
    owner = directory.stat().st_uid
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(directory) and is_alive(process.pid):
                found.append(process.pid)
        except psutil.AccessDenied:
            if process.uids().effective == owner:
                found.append(process.pid)
        except psutil.NoSuchProcess:
            continue
    return found


def is_server(pid: int, name: str) -> bool:
    """Tell whether a living process runs a program whose name begins so."""
    try:
        return is_alive(pid) and psutil.Process(pid).name().startswith(name)
    except psutil.NoSuchProcess:
        return False
