"""The documents, as a test reads them: their links, what they write as code, and what the tree holds."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.architecture.arbre import AILLEURS, RACINE, nom

DOCUMENTS = [*sorted(RACINE.glob("*.md")), *sorted((RACINE / "docs").rglob("*.md"))]
BLOC = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EN_LIGNE = re.compile(r"`([^`]+)`")
LIEN = re.compile(r"\]\(([^)\s]+)\)")
#: What a file of ours may end with; a name that ends so is a file.
SUFFIXES = {".py", ".md", ".csv", ".yml", ".sh", ".toml", ".html", ".css", ".js", ".sql", ".txt", ".json"}


class Code(NamedTuple):
    """What a document writes as code, and where."""

    document: str
    texte: str


@cache
def lire(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def codes(document: Path) -> Iterator[Code]:
    """The lines of its blocks but drawings and examples of data, then what stands between backquotes."""
    for langue, bloc in BLOC.findall(lire(document)):
        if langue == "sh":
            yield from (Code(nom(document), ligne) for ligne in bloc.splitlines())
    for texte in EN_LIGNE.findall(BLOC.sub("", lire(document))):
        yield Code(nom(document), " ".join(texte.split()))


def tous_les_codes() -> Iterator[Code]:
    return (code for document in DOCUMENTS for code in codes(document))


def liens(document: Path) -> list[str]:
    """Where it leads inside the tree."""
    texte = EN_LIGNE.sub("", BLOC.sub("", lire(document)))
    return [lien for lien in LIEN.findall(texte) if "://" not in lien]


def ancres(document: Path) -> set[str]:
    """Its titles, as the forges make addresses of them."""
    titres = re.findall(r"^#+ (.+)$", BLOC.sub("", lire(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", titre.lower()).replace(" ", "-") for titre in titres}


@cache
def arborescence() -> frozenset[str]:
    """Every file from the root, and every folder that holds one; hidden folders and what a checkout makes are left out.

    A folder that git left behind, with Python's own files in it, is no folder of the tree.
    """
    racine = [c for c in RACINE.iterdir() if c.name not in AILLEURS and not (c.is_dir() and c.name.startswith("."))]
    dessous = (c for dossier in racine if dossier.is_dir() for c in dossier.rglob("*") if "__pycache__" not in c.parts)
    fichiers = [chemin for chemin in [*racine, *dessous] if chemin.is_file()]
    dossiers = {parent for chemin in fichiers for parent in chemin.parents if parent.is_relative_to(RACINE)} - {RACINE}
    return frozenset(nom(chemin) for chemin in [*fichiers, *dossiers])


def est_la(chemin: str) -> bool:
    """From the root where it begins there, else anywhere: `parametres.py`, `bureau/views/`; `*` stands for a name."""
    motif = re.escape(chemin.rstrip("/")).replace(r"\*", r"[^/]+")
    debut = "" if chemin.partition("/")[0] in arborescence() else r"(?:.*/)?"
    return any(re.fullmatch(debut + motif, present) for present in arborescence())


def chemins(texte: str) -> Iterator[str]:
    """The words of a code that name a file or a folder of the tree."""
    mots = [mot.strip(",;()«»").rstrip(":") for mot in texte.split()]
    for mot in mots:
        if re.fullmatch(r"[\w*.-]+(?:/[\w*.-]+)*/?", mot) and not mot.startswith(".venv/"):
            racine = mot.partition("/")[0]
            if ("/" in mot and (racine in arborescence() or len(mots) == 1)) or (
                len(mots) == 1 and Path(mot).suffix in SUFFIXES
            ):
                yield mot
