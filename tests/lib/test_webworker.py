"""The order in which whole requests are given to the threads."""

from types import SimpleNamespace
from typing import Any

import pytest

from mespoints.lib.webworker import WholeRequests, _alive


@pytest.fixture
def donnees(monkeypatch: pytest.MonkeyPatch) -> tuple[WholeRequests, list[str]]:
    """A worker of two threads that only says what it would run."""
    ordre: list[str] = []
    monkeypatch.setattr(WholeRequests, "enqueue_req", lambda _, quoi: ordre.append(quoi))
    monkeypatch.setattr("gunicorn.workers.gthread.ThreadWorker.finish_request", lambda *_: None)
    cfg: Any = SimpleNamespace(threads=2, worker_connections=2, keepalive=0, max_requests=0, worker_tmp_dir=None)
    ouvrier = WholeRequests.__new__(WholeRequests)
    monkeypatch.setattr("gunicorn.workers.gthread.ThreadWorker.__init__", lambda soi, cfg: setattr(soi, "cfg", cfg))
    ouvrier.__init__(cfg)  # type: ignore[misc]
    return ouvrier, ordre


def test_qui_lit_passe_devant_ce_qui_est_envoye_sans_l_arreter(donnees: tuple[WholeRequests, list[str]]) -> None:
    ouvrier, ordre = donnees
    ouvrier.waiting[False].extend(f"envoi {rang}" for rang in range(9))
    ouvrier.dispatch()
    assert ordre == ["envoi 0", "envoi 1"]
    ouvrier.waiting[True].extend(f"page {rang}" for rang in range(9))
    ouvrier.dispatch()
    assert len(ordre) == 2, "both threads are taken"
    while ouvrier.waiting[True] or ouvrier.waiting[False]:
        ouvrier.finish_request(None, None)  # type: ignore[arg-type]
    pages = [quoi for quoi in ordre if quoi.startswith("page")]
    assert ordre[2] == "page 0"
    assert [quoi.split()[1] for quoi in pages] == [str(rang) for rang in range(9)], "among readers, each in turn"
    melange = ordre[2 : ordre.index("page 8")]
    assert 2 <= sum(quoi.startswith("envoi") for quoi in melange) <= 3, "one time in four, a form"
    assert len(ordre) == 18
    assert ouvrier.running == 2


def test_la_vie_dit_quel_commit_tourne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MESPOINTS_COMMIT", raising=False)
    assert b"X-Commit" not in _alive()
    monkeypatch.setenv("MESPOINTS_COMMIT", "abc123")
    tete, _, corps = _alive().partition(b"\r\n\r\n")
    assert b"X-Commit: abc123" in tete.split(b"\r\n")
    assert (corps, b"no-store" in tete) == (b"ok\n", True)
