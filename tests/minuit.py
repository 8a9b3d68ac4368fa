"""A run that begins one day and ends the next: what was collected the day before is collected again.

Lists of cases hold days (« forty days ago ») that are computed while they are collected. Past midnight in Paris, the
site's day is another: before such a test runs, its file is read again, and the same case of it is run.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.utils.timezone import localdate


class Relecture:
    """A plugin. ``aujourdhui`` is the day as the site tells it."""

    def __init__(self, aujourdhui: Callable[[], date] = localdate) -> None:
        self.aujourdhui = aujourdhui
        self.jour, self.passe = date.min, False  # whether midnight has passed
        self.relus: dict[str, pytest.Item] = {}
        self.fichiers: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        self.jour = self.aujourdhui()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if self.aujourdhui() != self.jour:
            self._oublier()
        if self.passe and item is not (relu := self._relire(item)):
            item.session._setupstate.teardown_exact(relu)  # the fixtures of yesterday's file
            suivant = nextitem and self._relire(nextitem)
            return bool(item.config.hook.pytest_runtest_protocol(item=relu, nextitem=suivant))
        return None

    def _oublier(self) -> None:
        """From now on every file is read again, and what each takes from another with it."""
        self.jour, self.passe = self.aujourdhui(), True
        self.relus.clear()
        self.fichiers.clear()
        for nom in [nom for nom in sys.modules if nom.rpartition(".")[2].startswith("test_")]:
            del sys.modules[nom]

    def _relire(self, item: pytest.Item) -> pytest.Item:
        """The same case of the file as it is today; itself, when it is that one, or when its name held a day."""
        module = item.getparent(pytest.Module)
        if module is None or self.relus.get(item.nodeid) is item:
            return item
        if module.nodeid not in self.fichiers:
            self.fichiers.add(module.nodeid)
            neuf = pytest.Module.from_parent(module.parent, path=module.path)
            self.relus |= {feuille.nodeid: feuille for feuille in _feuilles(neuf)}
        return self.relus.get(item.nodeid, item)


def _feuilles(noeud: pytest.Collector) -> Iterator[pytest.Item]:
    for enfant in noeud.collect():
        if isinstance(enfant, pytest.Item):
            yield enfant
        elif isinstance(enfant, pytest.Collector):
            yield from _feuilles(enfant)
