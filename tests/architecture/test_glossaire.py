"""One concept, one word: the glossary is what the code says."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db.models import DateField, DateTimeField

from tests.architecture.arbre import GABARITS, RACINE, code, modules, noeuds, nom
from tests.architecture.documents import arborescence

#: Where a driver's record is spoken of. Elsewhere, a status is HTTP's and a record is a log's.
VOCABULAIRE = ("dossier/", "documents/contenus.py", "accounts/models/", "accounts/services.py")
#: Names that hold a word of the « not » column and mean something else.
ADMIS = {
    "_report": "French: the putting off of a day",
    "report_apres_probatoire": "the same",
    "record_faits": "to record, the verb",
    "RESTITUTION_TITRE": "the giving back of a title, which the Code names so",
}
#: Names that hold a word of the house's « not » column, and why.
D_AILLEURS = {
    "retrieve_matching_jwk": "mozilla-django-oidc's",
    "GUICHET": "where the driver stands who asks for a dossier to be opened",
}
IDENTIFIANT = re.compile(r"`([A-Za-z_]\w*)`")
BALISE = re.compile(r"{[%{](.*?)[%}]}", re.DOTALL)
PHRASE = re.compile(r""""[^"]* [^"]*"|'[^']* [^']*'""")  # quoted in a template, a sentence: it names nothing


class Entree(NamedTuple):
    """A row of the glossary."""

    mot: str
    identifiants: list[str]
    bannis: list[str]


def glossaire(titre: str) -> list[Entree]:
    page = (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {titre}\n")[2].partition("\n## ")[0]
    lignes = [ligne.strip().strip("|").split("|") for ligne in section.splitlines() if ligne.startswith("|")]
    return [
        Entree(
            mot.strip(),
            IDENTIFIANT.findall(code),
            [banni.strip() for banni in bannis.split(",") if banni.strip() != "—"],
        )
        for mot, code, bannis in lignes[2:]  # after the header and its rule
    ]


LOI, MAISON = glossaire("Words of the law"), glossaire("Words of the house")


@cache
def mots_du_code() -> set[str]:
    """Names, modules, and the strings that are one word: natures of movements, fields of the feed, kinds of facts."""
    pieces = {mot for chemin in code() for mot in chemin.relative_to(RACINE).with_suffix("").parts}
    return pieces | {mot for chemin in code() for noeud in noeuds(chemin) for mot in _mots(noeud)}


def _mots(noeud: ast.AST) -> Iterator[str]:
    match noeud:
        case ast.Name(id=mot) | ast.Attribute(attr=mot) | ast.arg(arg=mot) | ast.keyword(arg=str(mot)):
            yield mot
        case ast.FunctionDef(name=mot) | ast.ClassDef(name=mot) | ast.Constant(value=str(mot)):
            yield mot


@cache
def vocabulaire() -> list[tuple[str, str, str]]:
    """Where each name of the vocabulary's modules is given, that name, and its words."""
    return [
        (f"{nom(chemin)}:{ligne}", identifiant, decoupe(identifiant))
        for chemin in code()
        if nom(chemin).startswith(VOCABULAIRE)
        for ligne, identifiant in noms_donnes(chemin)
    ]


def noms_donnes(chemin: Path) -> Iterator[tuple[int, str]]:
    """What a module names: itself, what it defines, assigns, takes, and imports under another name."""
    yield 1, chemin.stem
    for noeud in noeuds(chemin):
        match noeud:
            case ast.FunctionDef(name=mot) | ast.ClassDef(name=mot) | ast.arg(arg=mot) | ast.alias(asname=str(mot)):
                yield noeud.lineno, mot
            case ast.Name(id=mot, ctx=ast.Store()) | ast.Attribute(attr=mot, ctx=ast.Store()):
                yield noeud.lineno, mot


def decoupe(identifiant: str) -> str:
    """``FileNumber`` and ``FILE_NUMBERS`` as ``_file_number_``: a banned word is looked for between underscores."""
    minuscules = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifiant).lower()
    return f"_{'_'.join(mot.removesuffix('s') for mot in minuscules.split('_') if mot)}_"


def test_le_glossaire_est_lu() -> None:
    table = {entree.mot: entree for entree in LOI}
    assert table["titulaire"] == Entree("titulaire", ["titulaire"], ["driver", "holder"])
    assert Entree("the prefecture's desk", ["bureau"], ["guichet"]) in MAISON
    assert len(LOI) >= 10
    assert len(MAISON) >= 10
    assert all(entree.identifiants and entree.bannis for entree in LOI)
    assert all(entree.identifiants or entree.bannis for entree in MAISON)


@pytest.mark.parametrize("entree", [*LOI, *MAISON], ids=lambda entree: entree.mot)
def test_chaque_mot_du_glossaire_est_dans_le_code(entree: Entree) -> None:
    assert set(entree.identifiants) - mots_du_code() == set()


def ecartes(entree: Entree) -> Iterator[tuple[str, str]]:
    """Where a word of the « not » column is given as a name, and that name."""
    bannis = [decoupe(banni) for banni in entree.bannis]
    for ou, identifiant, mots in vocabulaire():
        if any(banni in mots for banni in bannis):
            yield ou, identifiant


@pytest.mark.parametrize("entree", LOI, ids=lambda entree: entree.mot)
def test_aucun_mot_ecarte_n_est_dans_le_vocabulaire(entree: Entree) -> None:
    assert [(ou, identifiant) for ou, identifiant in ecartes(entree) if identifiant not in ADMIS] == []


def test_une_exception_qui_ne_sert_plus_est_retiree() -> None:
    assert set(ADMIS) - {identifiant for entree in LOI for _, identifiant in ecartes(entree)} == set()


def noms_de_la_maison() -> Iterator[tuple[str, str]]:
    """Every name given in the tree: files and folders, Python's names, what templates name.

    Tests included, but for the name of a test: it is a sentence.
    """
    for chemin in arborescence():
        yield chemin, Path(chemin).stem
    for module in modules():
        for ligne, identifiant in noms_donnes(module):
            if not identifiant.startswith("test_"):
                yield f"{nom(module)}:{ligne}", identifiant
    for gabarit in GABARITS.rglob("*.*"):
        for balise in BALISE.findall(gabarit.read_text(encoding="utf-8")):
            for identifiant in re.findall(r"\w+", PHRASE.sub("", balise)):
                yield nom(gabarit), identifiant


@cache
def maison() -> list[tuple[str, str, str]]:
    """The same once each, with its words."""
    return [(ou, identifiant, decoupe(identifiant)) for ou, identifiant in frozenset(noms_de_la_maison())]


@pytest.mark.parametrize("entree", [e for e in MAISON if e.bannis], ids=lambda entree: entree.mot)
def test_aucun_mot_ecarte_ne_nomme_rien_dans_la_maison(entree: Entree) -> None:
    bannis = [decoupe(banni) for banni in entree.bannis]
    trouves = {(ou, mot) for ou, mot, mots in maison() if any(banni in mots for banni in bannis)}
    assert {(ou, mot) for ou, mot in trouves if mot not in D_AILLEURS} == set()


def test_le_statut_d_une_adcs_est_une_seule_enumeration() -> None:
    definitions = [
        nom(chemin)
        for chemin in code()
        if nom(chemin).startswith("documents/")
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.ClassDef) and noeud.name == "Statut"
    ]
    assert len(definitions) == 1


# --- Days and moments -------------------------------------------------------------------------------------------------

#: Days that are nouns, and the two ends of a period.
JOURS = re.compile(r".+_le|jour|date|date_\w+|prochaine_echeance|\w+_(du|au)")


def test_un_champ_de_jour_finit_par_le_un_champ_de_moment_par_at() -> None:
    """``date_joined`` and ``last_login`` are Django's."""
    champs = [champ for modele in apps.get_models() for champ in modele._meta.fields]
    siens = [champ for champ in champs if champ.model.__module__.split(".")[0] not in {"django", "allauth"}]
    moments = [str(champ) for champ in siens if isinstance(champ, DateTimeField)]
    jours = [champ for champ in siens if isinstance(champ, DateField) and not isinstance(champ, DateTimeField)]
    assert [nom for nom in moments if not re.fullmatch(r"(.+_)?at", nom.rpartition(".")[2])] == [
        "accounts.User.last_login", "accounts.User.date_joined",
    ]  # fmt: skip
    assert jours
    assert [str(champ) for champ in jours if not JOURS.fullmatch(champ.name)] == []


def _annotes(chemin: Path) -> Iterator[tuple[int, str, str]]:
    for noeud in noeuds(chemin):
        match noeud:
            case ast.AnnAssign(target=ast.Name(id=mot), annotation=ast.expr() as type_):
                yield noeud.lineno, mot, ast.unparse(type_)
            case (
                ast.arg(arg=mot, annotation=ast.expr() as type_)
                | ast.FunctionDef(name=mot, returns=ast.expr() as type_)
            ):
                yield noeud.lineno, mot, ast.unparse(type_)


def test_un_jour_ne_finit_pas_par_at_ni_un_moment_par_le() -> None:
    fautes = [
        f"{nom(chemin)}:{ligne} {mot}"
        for chemin in code()
        for ligne, mot, type_ in _annotes(chemin)
        if (mot.endswith("_le") and re.search(r"\bdatetime\b", type_))
        or (mot.endswith("_at") and re.search(r"\bdate\b", type_))
    ]
    assert fautes == []


@pytest.mark.parametrize(
    ("identifiant", "banni"),
    [("list_offences", "offence"), ("FileNumber", "file_number"), ("STATUS", "status"), ("get_balance", "balance")],
)
def test_un_mot_ecarte_est_reconnu(identifiant: str, banni: str) -> None:
    assert decoupe(banni) in decoupe(identifiant)


@pytest.mark.parametrize(("identifiant", "banni"), [("recorded_at", "record"), ("eventuel", "event")])
def test_un_autre_mot_qui_commence_pareil_ne_l_est_pas(identifiant: str, banni: str) -> None:
    assert decoupe(banni) not in decoupe(identifiant)
