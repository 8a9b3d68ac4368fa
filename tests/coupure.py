"""A cable between a program and a server of this machine, which a test may cut: nothing passes, nobody is told."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Cable:
    """A port of the loopback that leads to a unix socket."""

    def __init__(self, vers: Path) -> None:
        self.vers = vers
        self.ecoute = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.ecoute.getsockname()[1])
        self.coupe, self.fini = threading.Event(), threading.Event()
        self.passes = 0  # bytes of the program's that reached the server
        self.fil = threading.Thread(target=self._porter, daemon=True)

    def _porter(self) -> None:
        with selectors.DefaultSelector() as guet, self.ecoute:
            guet.register(self.ecoute, selectors.EVENT_READ)
            while not self.fini.is_set():
                if self.coupe.is_set():
                    self.fini.wait(0.02)
                    continue
                for cle, _ in guet.select(0.05):
                    if not self.coupe.is_set():
                        self._passer(guet, cle)
            for cle in list(guet.get_map().values()):
                cle.fileobj.close()  # type: ignore[union-attr]

    def _passer(self, guet: selectors.BaseSelector, cle: selectors.SelectorKey) -> None:
        if cle.fileobj is self.ecoute:
            ici, la = self.ecoute.accept()[0], socket.socket(socket.AF_UNIX)
            la.connect(str(self.vers))
            guet.register(ici, selectors.EVENT_READ, (la, True))
            guet.register(la, selectors.EVENT_READ, (ici, False))
            return
        bout: socket.socket = cle.fileobj  # type: ignore[assignment]
        autre, aller = cle.data
        octets = b""
        with suppress(OSError):
            octets = bout.recv(65536)
            autre.sendall(octets)
        self.passes += len(octets) * aller
        if not octets:
            for un in (bout, autre):
                with suppress(KeyError, ValueError):
                    guet.unregister(un)
                un.close()


@contextmanager
def cable(vers: Path) -> Iterator[Cable]:
    """Lay one, and take it away."""
    pose = Cable(vers)
    pose.fil.start()
    try:
        yield pose
    finally:
        pose.fini.set()
        pose.fil.join()
