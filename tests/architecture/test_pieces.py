"""The rooms of the house, counted from the imports: an app is a plan that one reads, not a list of files.

A room is a module, or a folder seen from its parent; a corridor is one room that imports another.
"""

import re
import tomllib
from typing import NamedTuple

import grimp
import pytest

from tests.architecture.arbre import RACINE

#: By app: the rooms at its top, those of its widest folder, and the corridors between the rooms of its top, at most.
BORNES = {"accounts": (26, 12, 75), "documents": (20, 12, 55)}
ETAGES = 11


class Plan(NamedTuple):
    """What is counted of an app."""

    pieces: int
    plus_large: int
    couloirs: int


def plan(app: str) -> Plan:
    graphe = grimp.build_graph(app, cache_dir=None)
    pieces = {piece for piece in graphe.find_children(app) if not piece.endswith(".migrations")}
    largeurs = [
        len(graphe.find_children(module)) for module in graphe.modules if module != app and "migrations" not in module
    ]
    for piece in pieces:
        graphe.squash_module(piece)
    couloirs = sum(len(graphe.find_modules_directly_imported_by(piece) & pieces) for piece in pieces)
    return Plan(len(pieces), max(largeurs), couloirs)


@pytest.mark.parametrize("app", BORNES)
def test_une_app_garde_peu_de_pieces_et_peu_de_couloirs(app: str) -> None:
    compte = plan(app)
    assert all(vu <= borne for vu, borne in zip(compte, BORNES[app], strict=True)), compte
    assert min(compte) > 1  # or nothing was read


@pytest.mark.parametrize("app", BORNES)
def test_la_page_d_architecture_dit_ces_nombres(app: str) -> None:
    page = (RACINE / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(rf"^\| `{app}` \| (\d+) \| (\d+) \| (\d+) \|$", page, re.M) == [tuple(map(str, plan(app)))]


def test_les_etages_d_une_app_ont_peu_de_noms() -> None:
    contrats = tomllib.loads((RACINE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (etages,) = [c["layers"] for c in contrats if c["name"] == "Inside an app, imports only go down"]
    assert len(etages) == 8
    assert len(re.findall(r"\w+", " ".join(etages))) <= ETAGES
