"""Every figure of the law is a dated ``Parametre`` with its source: the next bare one is found here."""

import ast
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from dossier.rules import parametres
from dossier.rules.parametres import Parametre
from tests.architecture.arbre import RACINE

REGLES = sorted(
    chemin for app in ("dossier", "stages", "documents") for chemin in (RACINE / app / "rules").rglob("*.py")
)
#: What makes a dated figure, and what counts places.
TUS = {"Parametre", "fixe", "itemgetter"}
#: Numbers at the top of a module that are no figure of the law, and what they are.
ADMIS = {
    "dossier/rules/calendrier.py": {"UN_JOUR": "a day"},
    "dossier/rules/departements.py": {"DEPARTEMENTS": "a place in a line of the table"},
    "documents/rules/permis.py": {"CODES": "the first days of two tables"},
    "dossier/rules/francais.py": {"DUREES_MOIS": "the words of some durations"},
    "dossier/rules/reconstitution.py": {"ALINEAS": "which paragraph speaks of how many years"},
    "dossier/rules/capital.py": {"ORDRE_DES_FINS": "an order", "REOUVERTURE": "an order", "OUVERTURE": "an order"},
    "dossier/rules/fil.py": {"CAPITAL": "the order of the steps within a day"},
}
#: Inside a function: none and one, and the months of a year.
NOMBRES_D_UNE_REGLE = {-1, 0, 1, 12}
#: Modules of days and of French, which count weekdays and moons.
SANS_DROIT = {"calendrier.py", "francais.py", "articles.py", "departements.py", "bareme.py", "lieux.py", "permis.py"}


def nombres(noeud: ast.AST) -> Iterator[ast.Constant]:
    """The numbers written in a piece of code, but those that a ``Parametre`` dates."""
    if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id in TUS:
        return
    if isinstance(noeud, ast.Subscript):
        yield from nombres(noeud.value)  # a place in a tuple is no figure
        return
    if isinstance(noeud, ast.Constant) and type(noeud.value) in (int, float):
        yield noeud
    for enfant in ast.iter_child_nodes(noeud):
        yield from nombres(enfant)


def chiffres_nus(source: str, admis: set[str]) -> list[str]:
    """The names of a module's top that hold a number which nothing dates."""
    nus = []
    for noeud in ast.parse(source).body:
        if isinstance(noeud, ast.Assign | ast.AnnAssign) and noeud.value is not None:
            cible = noeud.targets[0] if isinstance(noeud, ast.Assign) else noeud.target
            premier = cible.elts[0] if isinstance(cible, ast.Tuple) else cible
            nom = ast.unparse(premier)
            if nom not in admis and any(nombres(noeud.value)):
                nus.append(nom)
    return nus


@pytest.mark.parametrize("chemin", REGLES, ids=lambda c: str(c.relative_to(RACINE)))
def test_aucun_chiffre_nu_dans_les_regles(chemin: Path) -> None:
    admis = set(ADMIS.get(str(chemin.relative_to(RACINE)), {}))
    assert chiffres_nus(chemin.read_text(encoding="utf-8"), admis) == []


@pytest.mark.parametrize(
    "source",
    ["A = 3", "DEBUT, FIN = 6, 12", "CLASSES = frozenset({4, 5})", "TAUX: float = 1.5", "A = timedelta(days=3)"],
)
def test_un_chiffre_nu_se_trouve(source: str) -> None:
    assert chiffres_nus(source, set())
    assert not chiffres_nus('DELAI = fixe("L223-6", 3)\nAUTRE = Parametre("L1", ((date(2011, 1, 1), 3),))', set())


@pytest.mark.parametrize(
    "chemin", [c for c in REGLES if c.name not in SANS_DROIT], ids=lambda c: str(c.relative_to(RACINE))
)
def test_aucun_chiffre_dans_le_corps_d_une_regle(chemin: Path) -> None:
    """A figure of the law hides no better in a line than in a constant."""
    fonctions = [n for n in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    ecrits = {(n.value, n.lineno) for f in fonctions for n in nombres(f)}
    assert [(valeur, ligne) for valeur, ligne in sorted(ecrits) if valeur not in NOMBRES_D_UNE_REGLE] == []


def test_chaque_parametre_a_une_source_et_ses_jours() -> None:
    tous = {nom: p for nom, p in vars(parametres).items() if isinstance(p, Parametre)}
    assert len(tous) >= 33
    for nom, parametre in tous.items():
        jours = [jour for jour, _ in parametre.valeurs]
        assert any(c.isdigit() for c in parametre.source) or "pratique" in parametre.source, nom
        assert jours == sorted(set(jours)), nom


def test_la_valeur_est_celle_du_jour() -> None:
    reforme = Parametre("essai", ((date(2000, 1, 1), 6), (date(2027, 1, 1), 3)))
    veille = reforme.depuis - timedelta(days=1)
    assert (reforme.au(veille), reforme.au(reforme.depuis), reforme.derniere) == (6, 3, 3)
