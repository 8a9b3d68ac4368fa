"""The law as code: every rule names its article, every figure has a value for every day."""

import ast
import inspect
import pkgutil
import sys
from datetime import date, timedelta
from importlib import import_module
from types import ModuleType

import pytest

from dossier import rules
from dossier.rules import articles, parametres
from dossier.rules.articles import REGLES, Article, article_adresse, article_lisible
from dossier.rules.calendrier import jours_feries, paques, plus_ans, plus_mois

MODULES = [import_module(f"dossier.rules.{m.name}") for m in pkgutil.iter_modules(rules.__path__)]


@pytest.mark.parametrize("nom", sorted(REGLES))
def test_une_regle_cite_son_article(nom: str) -> None:
    """And quotes the sentence it applies, or says in its docstring what it reads."""
    cites = REGLES[nom]
    assert cites
    assert all(isinstance(article, Article) and article.numero for article in cites)
    definies = [vars(m)[nom] for m in MODULES if getattr(vars(m).get(nom), "__module__", "") == m.__name__]
    assert any(fonction.__doc__ for fonction in definies)


@pytest.mark.parametrize(
    ("article", "adresse"),
    [
        ("L223-6 al. 3", "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000023718484"),
        (
            "R223-1 I",
            "https://www.legifrance.gouv.fr/codes/section_lc/LEGITEXT000006074228/LEGISCTA000006177146",
        ),
        ("131-10 code pénal", "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006070719"),
    ],
)
def test_adresse_de_l_article(article: str, adresse: str) -> None:
    assert article_adresse(article) == adresse


@pytest.mark.parametrize(
    ("article", "lisible"),
    [
        ("L223-6 al. 3", "article L.\u00a0223-6, al. 3 du Code de la route"),
        ("R223-1 I", "article R.\u00a0223-1 I du Code de la route"),
        ("131-10 code pénal", "article 131-10 du Code pénal"),
    ],
)
def test_article_lisible(article: str, lisible: str) -> None:
    assert article_lisible(article) == lisible


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_un_article_ne_vient_que_d_une_regle(module: ModuleType) -> None:
    """A movement bears the article of the rule that made it: nowhere else is one named, but under ``@regle``."""
    if module is articles:
        return
    constantes = {nom for nom, valeur in vars(articles).items() if isinstance(valeur, Article)}
    noeuds = list(ast.walk(ast.parse(inspect.getsource(module))))
    decorateurs = [d for n in noeuds if isinstance(n, ast.FunctionDef) for d in n.decorator_list]
    inscrits = {n.id for d in decorateurs for n in ast.walk(d) if isinstance(n, ast.Name)}
    nommes = {n.id for n in noeuds if isinstance(n, ast.Name)} | {
        n.attr for n in noeuds if isinstance(n, ast.Attribute)
    }
    assert nommes & constantes <= inscrits


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_les_regles_n_importent_que_la_bibliotheque_standard(module: object) -> None:
    arbre = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.ImportFrom):
            racine = (noeud.module or "").split(".")[0]
            assert racine == "dossier" or racine in sys.stdlib_module_names
            assert racine != "dossier" or (noeud.module or "").startswith("dossier.rules")


def test_chaque_jour_a_sa_regle() -> None:
    """Temporal coverage: no dated figure has a gap, from the first text to ten years ahead."""
    dates = [p for p in vars(parametres).values() if isinstance(p, parametres.Parametre)]
    assert len(dates) >= 6
    jour = date(1992, 7, 1)
    while jour < date(2036, 1, 1):
        for parametre in dates:
            parametre.au(jour)
        jour += timedelta(days=1)


def test_un_chiffre_sans_valeur_le_dit() -> None:
    with pytest.raises(LookupError):
        parametres.Parametre("essai", ((date(2020, 1, 1), 1),)).au(date(2019, 12, 31))


@pytest.mark.parametrize(
    ("origine", "mois", "terme"),
    [
        ("2023-08-31", 6, "2024-02-29"),
        ("2022-08-31", 6, "2023-02-28"),
        ("2022-08-30", 6, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2021-07-21", 24, "2023-07-21"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2021-12-15", 1, "2022-01-15"),
        ("2013-10-29", 6, "2014-04-29"),
    ],
)
def test_de_quantieme_a_quantieme(origine: str, mois: int, terme: str) -> None:
    assert plus_mois(date.fromisoformat(origine), mois) == date.fromisoformat(terme)


def test_un_terme_s_ajoute_une_fois_depuis_l_origine() -> None:
    origine = date(2024, 2, 29)
    pas_a_pas = origine
    for _ in range(4):
        pas_a_pas = plus_ans(pas_a_pas, 1)
    assert (plus_ans(origine, 4), pas_a_pas) == (date(2028, 2, 29), date(2028, 2, 28))


@pytest.mark.parametrize(
    ("annee", "jour"), [(2008, (3, 23)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))]
)
def test_paques(annee: int, jour: tuple[int, int]) -> None:
    assert paques(annee) == date(annee, *jour)


def test_onze_jours_feries() -> None:
    assert {len(jours_feries(annee)) for annee in range(2020, 2035)} <= {10, 11}  # 2008: Ascension on 1 May
    assert date(2026, 5, 14) in jours_feries(2026)
    assert date(2026, 5, 25) in jours_feries(2026)
