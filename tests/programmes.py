"""Our programs, run by a process that has already imported what others wrote: half of what each would do again.

What is ours, and what reads settings or the environment while it is imported, each program imports by itself: it is
forked from one that has neither thread, nor connection, nor settings.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from mespoints.local.places import CHECKOUT

PRECHARGES = [
    *("argon2", "asn1crypto.cms", "celery.app.amqp", "celery.app.base", "celery.app.builtins", "celery.signals"),
    *("cryptography.hazmat.primitives.asymmetric.ec", "cryptography.hazmat.primitives.serialization.pkcs12"),
    *("csp.middleware", "cryptography.x509", "django.contrib.staticfiles.finders", "django.core.cache.backends.redis"),
    *("django.core.handlers.wsgi", "django.core.mail", "django.core.management.commands.check", "django.db.models"),
    *("django.db.migrations.executor", "django.forms", "django.template.defaulttags", "django.template.loader_tags"),
    *("django.views.generic", "environ", "fido2.server", "kombu.transport.redis", "psycopg.types.json", "redis"),
    *("requests", "sqlparse", "tinycss2", "whitenoise.middleware"),
]
PATIENCE = 120  # seconds


def lancer(*commande: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """``python`` with these arguments, a program of ours or ``-c`` and its text, from the root, in this environment."""
    with tempfile.TemporaryDirectory() as dossier:
        sortie, erreur = Path(dossier, "sortie"), Path(dossier, "erreur")
        lance = _contexte().Process(target=_jouer, args=(commande, dict(environ), (str(sortie), str(erreur))))
        lance.start()
        lance.join(PATIENCE)
        code = lance.exitcode
        if code is None:
            lance.kill()
            lance.join()
            raise subprocess.TimeoutExpired(commande, PATIENCE)
        lance.close()
        return subprocess.CompletedProcess(commande, code, sortie.read_text(), erreur.read_text())


@cache
def _contexte() -> ForkServerContext:
    contexte = multiprocessing.get_context("forkserver")
    contexte.set_forkserver_preload(PRECHARGES)
    return contexte


def _jouer(commande: tuple[str, ...], environ: dict[str, str], chemins: tuple[str, str]) -> None:
    """In the process of the program."""
    for numero, chemin in enumerate(chemins, start=1):
        os.dup2(os.open(chemin, os.O_WRONLY | os.O_CREAT, 0o600), numero)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(CHECKOUT)
    premier, *arguments = commande
    if premier == "-c":
        sys.argv = ["-c", *arguments[1:]]
        exec(arguments[0], {"__name__": "__main__"})  # noqa: S102
    else:
        sys.argv = [premier, *arguments]
        runpy.run_path(premier, run_name="__main__")
