"""The project's own files, and what its Python says once parsed."""

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
APPS = ("accounts", "dossier", "documents", "stages")
GABARITS = RACINE / "templates"
STATIQUES = RACINE / "static"
#: What a checkout holds besides its sources; hidden folders (the environment, caches) are left out as well.
AILLEURS = {"var"}

Fonction = ast.FunctionDef | ast.AsyncFunctionDef


def nom(chemin: Path) -> str:
    """``dossier/views.py``: what a finding is called."""
    return chemin.relative_to(RACINE).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the project but migrations, tests included."""
    dossiers = [d for d in RACINE.iterdir() if d.is_dir() and not d.name.startswith(".") and d.name not in AILLEURS]
    trouves = [*RACINE.glob("*.py"), *(chemin for dossier in dossiers for chemin in dossier.rglob("*.py"))]
    return tuple(sorted(chemin for chemin in trouves if chemin.parent.name != "migrations"))


def est_un_test(chemin: Path) -> bool:
    return chemin.is_relative_to(RACINE / "tests")


def code() -> Iterator[Path]:
    """The modules that the site, its commands and its demonstration run."""
    return (chemin for chemin in modules() if not est_un_test(chemin))


def modules_de_vues() -> list[Path]:
    """Where views are: ``views.py`` or ``views/`` of a slice, and the project's other pages."""
    des_apps = [c for c in code() if c.name == "views.py" or c.parent.name == "views"]
    return [
        *des_apps,
        *(RACINE / "mespoints" / module for module in ("pages/affichage.py", "pages/comprendre.py", "errors.py")),
    ]


@cache
def arbre(chemin: Path) -> ast.Module:
    """Parsed once, without the collector of cycles, which would look again and again at what is all kept."""
    gc.disable()
    try:
        return ast.parse(chemin.read_text(encoding="utf-8"), chemin.name)
    finally:
        gc.enable()


@cache
def noeuds(chemin: Path) -> tuple[ast.AST, ...]:
    """Walked once: a tree has a hundred times more nodes than names, and each test looks at all of them."""
    gc.disable()
    try:
        return tuple(ast.walk(arbre(chemin)))
    finally:
        gc.enable()


def fonctions(chemin: Path) -> Iterator[Fonction]:
    """Functions and methods, nested ones too."""
    return (noeud for noeud in noeuds(chemin) if isinstance(noeud, Fonction))


def lignes_de(fonction: Fonction) -> int:
    """From ``def`` to the last line, docstring included, decorators not."""
    return (fonction.end_lineno or fonction.lineno) - fonction.lineno + 1


def chaines(chemin: Path) -> set[str]:
    """The literal strings of a module."""
    return {n.value for n in noeuds(chemin) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
