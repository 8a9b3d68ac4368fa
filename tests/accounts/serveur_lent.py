"""A real SMTP server that stops where it is told: what it took is counted, whether it said so or not."""

import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ACCUEIL, EHLO, RCPT, MESSAGE, QUIT = "accueil", "EHLO", "RCPT", "message", "QUIT"


class Serveur(socketserver.ThreadingTCPServer):
    """``attentes`` are seconds by stage; ``SANS_FIN`` waits for the end of the test, ``GOUTTES`` says a byte now and
    then. ``reponses`` replace « 250 »; an empty one closes. ``recu`` is set when a message came."""

    daemon_threads = True
    SANS_FIN, GOUTTES = 1e9, -1.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.attentes: dict[str, float] = {}
        self.reponses: dict[str, str] = {}
        self.copies: Counter[str] = Counter()
        self.recu, self.fin = threading.Event(), threading.Event()


class Session(socketserver.StreamRequestHandler):
    server: Serveur

    def handle(self) -> None:
        with suppress(OSError, EOFError):  # who called hung up
            self._parler()

    def _dire(self, etape: str, dit: str) -> None:
        attente = self.server.attentes.get(etape, 0)
        if attente == Serveur.GOUTTES:
            while not self.server.fin.wait(0.05):
                self.wfile.write(b"2")
        self.server.fin.wait(attente)
        dit = self.server.reponses.get(etape, dit)
        if not dit:
            self.connection.shutdown(socket.SHUT_RDWR)
            raise EOFError
        self.wfile.write(dit.encode() + b"\r\n")

    def _lire(self) -> bytes:
        ligne = self.rfile.readline()
        if not ligne:
            raise EOFError
        return ligne.strip()

    def _parler(self) -> None:
        self._dire(ACCUEIL, "220 essai")
        a = ""
        while True:
            mot, _, reste = self._lire().decode().partition(" ")
            if mot.upper() == "DATA":
                self._dire("DATA", "354 j'ecoute")
                while self._lire() != b".":
                    pass
                self.server.copies[a] += 1
                self.server.recu.set()
                self._dire(MESSAGE, "250 pris")
            elif mot.upper() == QUIT:
                self._dire(QUIT, "221 au revoir")
                return
            else:
                a = reste.partition("<")[2].rstrip(">") if mot.upper() == RCPT else a
                self._dire(mot.upper(), "250 bien")


@contextmanager
def serveur_lent() -> Iterator[Serveur]:
    """The server, until the block ends."""
    with Serveur() as serveur:
        fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        fil.start()
        try:
            yield serveur
        finally:
            serveur.fin.set()
            serveur.shutdown()
            fil.join()
