"""Bounds for what is slow: fewer visitors wait for it at once than a process has threads, so that pages go on.

A ``Borne`` is one slow thing (hashing, a document, FranceConnect): half of the threads do it at once, and all of them
together, those who wait for their turn included, leave one thread to the pages. Who finds no place is told so at once:
nothing was begun. A ``Disjoncteur`` stops asking somebody who no longer answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from time import monotonic

from django.conf import settings


class Encombre(Exception):
    """Too many ask for slow things at this moment: nothing was done."""


_verrou = Condition()


class Borne:
    """One slow thing. ``patience``: how many seconds who comes may wait for a place."""

    tous = 0  # who does or waits for anything slow in this process

    def __init__(self, patience: float = 0.0) -> None:
        self.patience, self.dedans = patience, 0

    def sonder(self) -> None:
        """Raise ``Encombre`` if there is not even room to wait: cheaper to know before anything is looked at."""
        if Borne.tous >= max(1, settings.WEB_THREADS - 1):
            raise Encombre

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place. Raises ``Encombre``."""
        moitie = max(1, settings.WEB_THREADS // 2)
        with _verrou:
            self.sonder()
            Borne.tous += 1
            if not _verrou.wait_for(lambda: self.dedans < moitie, self.patience):
                Borne.tous -= 1
                raise Encombre
            self.dedans += 1
        try:
            yield
        finally:
            with _verrou:
                self.dedans -= 1
                Borne.tous -= 1
                _verrou.notify_all()


class Disjoncteur:
    """After ``echecs`` deadlines in a row nobody asks for ``repos`` seconds; then one does, for all the others."""

    def __init__(self, echecs: int = 3, repos: float = 30.0) -> None:
        self.echecs, self.repos = echecs, repos
        self.suite, self.reprise = 0, 0.0
        self._verrou = Lock()

    def passe(self) -> bool:
        """Say whether this one may ask."""
        with self._verrou:
            if self.suite < self.echecs:
                return True
            if monotonic() < self.reprise:
                return False
            self.reprise = monotonic() + self.repos  # the others wait for what this one finds
            return True

    def noter(self, *, en_retard: bool) -> None:
        """Learn how it ended: any answer in time, be it a refusal, closes the circuit."""
        with self._verrou:
            self.suite = self.suite + 1 if en_retard else 0
            self.reprise = monotonic() + self.repos
