"""``python -m demo.franceconnect``: the stand-in on the loopback, described by the same environment as the site."""

import os
import sys
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from demo import HOTE
from demo.franceconnect.application import Fournisseur
from demo.franceconnect.citoyens import lire_citoyens
from demo.franceconnect.regles import Client
from mespoints.settings.environment import env


class Serveur(ThreadingMixIn, WSGIServer):
    """A thread a request: a browser keeps a connection open."""

    daemon_threads = True


class Silencieux(WSGIRequestHandler):
    """No line a request: its address holds the code and the state."""

    def log_message(self, *_: Any) -> None:
        return


def servir(application: Fournisseur, port: int, hote: str = "127.0.0.1") -> WSGIServer:
    """A server, bound and not yet running."""
    return make_server(hote, port, application, server_class=Serveur, handler_class=Silencieux)


def main() -> None:
    """Run until a signal."""
    emetteur, site = os.environ["FRANCECONNECT_ISSUER"], os.environ["SITE_URL"]
    retours, sorties = [f"{site}/franceconnect/retour/"], [f"{site}/franceconnect/sortie/"]
    secret = env.str("FRANCECONNECT_CLIENT_SECRET")
    client = Client(os.environ["FRANCECONNECT_CLIENT_ID"], secret, retours, sorties)
    port = urlsplit(emetteur).port
    if port is None:
        sys.exit("FRANCECONNECT_ISSUER doit porter un port.")
    with servir(Fournisseur(emetteur, client, lire_citoyens()), port, HOTE) as serveur:
        print("Le simulateur d'identité répond.", flush=True)
        serveur.serve_forever()


if __name__ == "__main__":
    main()
