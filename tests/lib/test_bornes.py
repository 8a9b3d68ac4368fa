"""What is slow never takes the last thread; who no longer answers is no longer asked."""

import ast
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from mespoints.lib import bornes
from mespoints.lib.bornes import Borne, Disjoncteur, Encombre
from mespoints.lib.cache import SILENCE
from tests.architecture.arbre import code, noeuds, nom
from tests.circuits import CIRCUITS, refermer


@pytest.fixture(autouse=True)
def quatre_fils(settings) -> None:
    settings.WEB_THREADS = 4


def test_le_nombre_de_fils_est_dit_une_fois(tmp_path) -> None:
    """In a process of its own: the server's configuration turns the metrics of whoever reads it into a server's."""
    lire = (
        "from mespoints import gunicorn; from mespoints.settings import base; print(gunicorn.threads, base.WEB_THREADS)"
    )
    lu = subprocess.run(
        [sys.executable, "-c", lire], env=os.environ | {"TMPDIR": str(tmp_path)}, capture_output=True, check=True
    )
    assert lu.stdout.split() == [b"4", b"4"]


def test_la_moitie_des_fils_au_plus_et_tout_est_rendu() -> None:
    borne = Borne()
    with borne.place(), borne.place(), pytest.raises(Encombre), borne.place():
        raise AssertionError("a third one entered")
    with pytest.raises(ZeroDivisionError), borne.place():
        raise ZeroDivisionError
    with borne.place(), borne.place():
        assert Borne.tous == 2
    assert Borne.tous == borne.dedans == 0


def test_tout_ce_qui_est_lent_ensemble_laisse_un_fil_aux_pages() -> None:
    lentes = [Borne(patience=60) for _ in range(3)]
    with ExitStack() as pile:
        for lente in lentes:
            pile.enter_context(lente.place())
        for lente in lentes:
            with pytest.raises(Encombre), lente.place():
                raise AssertionError("the last thread was taken")
    assert Borne.tous == 0


def test_qui_attend_entre_des_qu_une_place_se_libere_et_qui_attend_trop_est_renvoye() -> None:
    patiente, rendre = Borne(patience=60), threading.Event()

    def tenir() -> None:
        with patiente.place():
            assert rendre.wait(60)

    with ThreadPoolExecutor(3) as fils:
        tenus = [fils.submit(tenir) for _ in range(3)]
        while Borne.tous < 3:
            threading.Event().wait(0.01)
        assert patiente.dedans == 2
        with pytest.raises(Encombre), patiente.place():
            raise AssertionError("four wait, of four threads")
        rendre.set()
        for tenu in tenus:
            tenu.result(60)
    presse = Borne(patience=0.01)
    with presse.place(), presse.place(), pytest.raises(Encombre), presse.place():
        raise AssertionError("a third one entered")
    assert Borne.tous == presse.dedans == patiente.dedans == 0


def test_trois_retards_de_suite_ouvrent_le_circuit_et_un_seul_essaie_ensuite(monkeypatch: pytest.MonkeyPatch) -> None:
    heure = [100.0]
    monkeypatch.setattr(bornes, "monotonic", lambda: heure[0])
    disjoncteur = Disjoncteur(echecs=3, repos=30)
    for retards in ((True, True, False), (True, True, True)):
        for en_retard in retards:
            assert disjoncteur.passe()
            disjoncteur.noter(en_retard=en_retard)
    assert not disjoncteur.passe()
    heure[0] += 29.9
    assert not disjoncteur.passe()
    heure[0] += 0.2
    assert [disjoncteur.passe() for _ in range(3)] == [True, False, False], "one tries, for all the others"
    disjoncteur.noter(en_retard=True)
    assert not disjoncteur.passe()
    heure[0] += 30.1
    assert disjoncteur.passe()
    disjoncteur.noter(en_retard=False)
    assert disjoncteur.passe()


def test_aucun_circuit_ouvert_ne_survit_a_l_essai_qui_l_ouvre() -> None:
    """Each ``Disjoncteur`` of a module of ours is closed again before the next test."""
    trouves = {
        (nom(chemin).removesuffix(".py").replace("/", "."), cible.id)
        for chemin in code()
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.Assign) and isinstance(noeud.value, ast.Call)
        if isinstance(noeud.value.func, ast.Name) and noeud.value.func.id == "Disjoncteur"
        for cible in noeud.targets
        if isinstance(cible, ast.Name)
    }
    assert trouves == set(CIRCUITS)
    for _ in range(SILENCE.echecs):
        SILENCE.noter(en_retard=True)
    assert not SILENCE.passe()
    refermer()
    assert SILENCE.passe()
