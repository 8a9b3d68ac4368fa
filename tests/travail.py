"""What a page does for its visitor, counted: the proof that its time tells two visitors nothing, on any machine.

The same statements, hashes, rows, commands, messages and bytes take the same time, but for what a processor and a disk
make of it: ``make timing`` measures that.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

import redis
from celery import Celery
from django.contrib.auth.hashers import get_hashers
from django.core import mail
from django.db import connection
from django.test import Client, TestCase

_ECRITES = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
T = TypeVar("T")
_POINT_DE_REPRISE = re.compile(r"s\d+_x\d+")


class Travail(NamedTuple):
    """Of one request, to the end of what follows its commit: what was done, nothing of the values it was done with."""

    requetes: list[str]
    hachages: list[str]  # of passwords, made or compared: with which algorithm
    lignes: Counter[str]  # written, by table
    cache: list[str]
    taches: list[str]  # told to the worker
    courriels: int  # sent at once
    reponse: tuple[int, int, dict[str, int]]  # status, bytes of the body, bytes of each header and cookie


class ClientCompte(Client):
    """Django's client, which counts the work of each of its requests: ``travaux``, in their order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.travaux: list[Travail] = []
        super().__init__(*args, **kwargs)

    def request(self, **requete: Any) -> Any:
        reponse, fait = mesurer(lambda: super(ClientCompte, self).request(**requete))
        entetes = {nom: len(valeur) for nom, valeur in reponse.items()}
        entetes |= {nom: len(temoin.OutputString()) for nom, temoin in reponse.cookies.items()}
        self.travaux.append(fait._replace(reponse=(reponse.status_code, len(reponse.content), entetes)))
        return reponse


def mesurer(faire: Callable[[], T]) -> tuple[T, Travail]:
    """Do it, and count: what it gave, and its work, without an answer."""
    requetes, hachages, cache, taches = [], [], [], []

    def noter(executer: Callable[..., Any], sql: str, *reste: Any) -> Any:
        requetes.append(_POINT_DE_REPRISE.sub("", sql))
        return executer(sql, *reste)

    lignes, envoyes = _ecrites(), len(mail.outbox)
    with ExitStack() as pile:
        pile.enter_context(connection.execute_wrapper(noter))
        pile.enter_context(_hachages(hachages))
        pile.enter_context(_appels(redis.Redis, "execute_command", cache))
        pile.enter_context(_appels(Celery, "send_task", taches))
        pile.enter_context(TestCase.captureOnCommitCallbacks(execute=True))
        donne = faire()
    ecrites, courriels = _ecrites() - lignes, len(mail.outbox) - envoyes
    return donne, Travail(requetes, hachages, ecrites, cache, taches, courriels, (0, 0, {}))


def _ecrites() -> Counter[str]:
    """Rows written since the transaction of the test began."""
    with connection.cursor() as curseur:
        curseur.execute(_ECRITES)
        return Counter(dict(curseur.fetchall()))


@contextmanager
def _appels(classe: type, methode: str, appels: list[str]) -> Iterator[None]:
    """Write down the first argument of each call."""
    vraie = getattr(classe, methode)

    def noter(soi: Any, quoi: str, *reste: Any, **options: Any) -> Any:
        appels.append(quoi)
        return vraie(soi, quoi, *reste, **options)

    with patch.object(classe, methode, noter):
        yield


@contextmanager
def _hachages(faits: list[str]) -> Iterator[None]:
    """Write down each hash, once: some hashers compare by making another."""
    dedans = []

    def compte(vraie: Callable[..., Any]) -> Callable[..., Any]:
        def noter(soi: Any, *reste: Any) -> Any:
            if not dedans:
                faits.append(soi.algorithm)
            dedans.append(None)
            try:
                return vraie(soi, *reste)
            finally:
                dedans.pop()

        return noter

    with ExitStack() as pile:
        for classe in map(type, get_hashers()):
            for methode in ("encode", "verify"):
                pile.enter_context(patch.object(classe, methode, compte(getattr(classe, methode))))
        yield
