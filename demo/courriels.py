"""The demonstration's mail server: takes every message, delivers none, and shows them at http://localhost:8025.

``python -m demo.courriels`` listens on this machine only; MAIL_PORT moves the page, and the SMTP server with it (the
next port). The messages are in memory and end with it.
"""

import os
import signal
import sys
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default as politique
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import FrameType
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Reception
from django.utils.html import urlize

from demo import HOTE

GARDES = 300
HOTES = {"localhost", "127.0.0.1", "[::1]"}
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
li { margin-block: .75rem; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
dt { font-weight: bold; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class Courriel:
    """A message received."""

    numero: int
    recu_at: datetime
    de: str
    a: str
    sujet: str
    texte: str


class Boite(Reception):
    """What was received, newest last; safe between the SMTP thread and those of the page."""

    def __init__(self) -> None:
        super().__init__(message_class=None)
        self.courriels: deque[Courriel] = deque(maxlen=GARDES)
        self.total = 0

    def prepare_message(self, session: object, envelope: object) -> Message:
        """Parse with the modern policy, which decodes headers."""
        return message_from_bytes(envelope.content, policy=politique)  # type: ignore[attr-defined]

    def handle_message(self, message: Message) -> None:
        corps = message.get_body(("plain", "html"))  # type: ignore[attr-defined]
        self.total += 1
        self.courriels.append(
            Courriel(
                numero=self.total,
                recu_at=datetime.now().astimezone(),
                de=str(message["From"]),
                a=str(message["To"]),
                sujet=str(message["Subject"]),
                texte=corps.get_content() if corps else "",
            )
        )

    def get(self, numero: int) -> Courriel | None:
        return next((courriel for courriel in list(self.courriels) if courriel.numero == numero), None)


def page(titre: str, contenu: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(titre)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        f"</head><body><main><h1>{escape(titre)}</h1>{contenu}</main></body></html>"
    )


def liste(boite: Boite) -> str:
    """All that was received, newest first."""
    lignes = "".join(
        f'<li><a href="/{c.numero}">{escape(c.sujet)}</a><br>à {escape(c.a)}, {c.recu_at:%H:%M:%S}</li>'
        for c in reversed(list(boite.courriels))
    )
    corps = f"<ul>{lignes}</ul>" if lignes else "<p>Aucun courriel n'est encore parti.</p>"
    return page(
        "Courriels de la démonstration",
        f"<p>Ils n'ont quitté cette machine pour aucune autre. Rechargez la page pour voir les suivants.</p>{corps}",
    )


def un_courriel(courriel: Courriel) -> str:
    tete = "".join(
        f"<dt>{nom}</dt><dd>{escape(valeur)}</dd>"
        for nom, valeur in (("De", courriel.de), ("À", courriel.a), ("Reçu à", f"{courriel.recu_at:%H:%M:%S}"))
    )
    return page(
        courriel.sujet,
        f'<p><a href="/">Tous les courriels</a></p><dl>{tete}</dl><pre>{urlize(courriel.texte, autoescape=True)}</pre>',
    )


class Lecture(BaseHTTPRequestHandler):
    """The page. Bound to a ``Boite`` by ``serveur_de_lecture``."""

    boite: Boite

    def do_GET(self) -> None:
        if (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "") not in {h.strip("[]") for h in HOTES}:
            self._repondre(HTTPStatus.BAD_REQUEST, "Adresse inconnue.", "text/plain")  # a name that points here
        elif self.path == "/style.css":
            self._repondre(HTTPStatus.OK, STYLE, "text/css")
        elif self.path == "/":
            self._repondre(HTTPStatus.OK, liste(self.boite))
        elif (numero := self.path[1:]).isdecimal() and (courriel := self.boite.get(int(numero[:9]))):
            self._repondre(HTTPStatus.OK, un_courriel(courriel))
        else:
            vide = page("Ce courriel n'existe pas", '<p><a href="/">Tous les courriels</a></p>')
            self._repondre(HTTPStatus.NOT_FOUND, vide)

    def _repondre(self, statut: HTTPStatus, texte: str, genre: str = "text/html") -> None:
        contenu = texte.encode()
        self.send_response(statut)
        self.send_header("Content-Type", f"{genre}; charset=utf-8")
        self.send_header("Content-Length", str(len(contenu)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(contenu)

    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""


def serveur_de_lecture(boite: Boite, port: int) -> ThreadingHTTPServer:
    return ThreadingHTTPServer((HOTE, port), type("LectureDeLaBoite", (Lecture,), {"boite": boite}))


def serveur_smtp(boite: Boite, port: int) -> Controller:
    return Controller(boite, hostname=HOTE, port=port)


def main() -> int:
    port = int(os.environ.get("MAIL_PORT", "8025"))
    boite, fin = Boite(), Event()
    try:
        lecture, smtp = serveur_de_lecture(boite, port), serveur_smtp(boite, port + 1)
        smtp.start()
    except OSError as problem:
        print(
            f"Courriels : les ports {port} et {port + 1} ne sont pas libres ({problem.strerror})."
            " « MAIL_PORT=9025 make demo » en prend d'autres.",
            file=sys.stderr,
        )
        return 1

    def finir(_numero: int, _cadre: FrameType | None) -> None:
        fin.set()

    for numero in (signal.SIGTERM, signal.SIGINT):
        signal.signal(numero, finir)
    print(f"les courriels se lisent à http://localhost:{port}", flush=True)
    Thread(target=lecture.serve_forever, daemon=True).start()
    fin.wait()
    lecture.shutdown()
    smtp.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
