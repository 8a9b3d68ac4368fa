"""The articles that the rules apply, as data.

A rule is a function under ``@regle``: a test refuses a rule without an article, and each movement bears the article of
the rule that made it, which the pages link to the text. ``version`` is the Légifrance identifier of the text read, or
the day on which the Code was read.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, ParamSpec, Protocol, TypeVar, cast

CODE_LU_LE = "Code de la route en vigueur au 22/08/2026"


class Article(NamedTuple):
    """One place of the Code de la route: ``Article("L223-6", "al. 3")`` prints « L223-6 al. 3 »."""

    numero: str
    partie: str = ""
    version: str = CODE_LU_LE

    def __str__(self) -> str:
        return f"{self.numero} {self.partie}".rstrip()


L223_1_AL1 = Article("L223-1", "al. 1")
L223_1_AL2 = Article("L223-1", "al. 2")
L223_1_AL3 = Article("L223-1", "al. 3")
L223_1_AL4 = Article("L223-1", "al. 4")
L223_1_DERNIER = Article("L223-1", "dernier al.")
L223_2_III = Article("L223-2", "III")
L223_5_I = Article("L223-5", "I")
L223_5_II = Article("L223-5", "II")
L223_6_AL1 = Article("L223-6", "al. 1", "LEGIARTI000023718484")
L223_6_AL2 = Article("L223-6", "al. 2", "LEGIARTI000023718484")
L223_6_AL3 = Article("L223-6", "al. 3", "LEGIARTI000023718484")
L223_6_AL4 = Article("L223-6", "al. 4", "LEGIARTI000023718484")
L223_6_AL5 = Article("L223-6", "al. 5", "LEGIARTI000023718484")
L223_10_I = Article("L223-10", "I", "LEGIARTI000033460330")
L223_10_II = Article("L223-10", "II", "LEGIARTI000033460330")
L223_11 = Article("L223-11", "", "LEGIARTI000033460328")
L224_9 = Article("L224-9")
L224_16 = Article("L224-16")
L225_2_III = Article("L225-2", "III", "LEGIARTI000006841012")
R221_5 = Article("R221-5")
R221_11_III = Article("R221-11", "III", "LEGIARTI000046217357")
R221_13 = Article("R221-13", "", "LEGIARTI000035977215")
R221_14_1 = Article("R221-14-1", "", "LEGIARTI000035974572")
R223_1_I = Article("R223-1", "I")
R223_1_II = Article("R223-1", "II")
R223_1_III = Article("R223-1", "III")
R223_1_IV = Article("R223-1", "IV")
R223_1_V = Article("R223-1", "V")
R223_2 = Article("R223-2")
R223_3_III = Article("R223-3", "III")
R223_4 = Article("R223-4")
R223_4_1 = Article("R223-4-1")
R223_5 = Article("R223-5")
R223_8_I = Article("R223-8", "I")
R223_8_II = Article("R223-8", "II")
R223_8_III = Article("R223-8", "III")
R213_2_II = Article("R213-2", "II")
R224_20 = Article("R224-20", "", "LEGIARTI000024777482")
R225_1_3 = Article("R225-1", "3°", "LEGIARTI000036942280")
R225_6_III = Article("R225-6", "III")
CODE_PENAL_131_10 = Article("131-10", "code pénal", "Code pénal, peines complémentaires")

#: Légifrance's addresses: an article whose text was read under an identifier, the sections by first article, the Code.
LEGIFRANCE = "https://www.legifrance.gouv.fr/codes"
CODE_DE_LA_ROUTE, CODE_PENAL = "LEGITEXT000006074228", "LEGITEXT000006070719"
SECTIONS = {
    "L223": "LEGISCTA000006159515",
    "R223": "LEGISCTA000006177146",
    "L225": "LEGISCTA000006159517",
    "R225": "LEGISCTA000006159566",
}
#: The articles read under an identifier of Légifrance, from the constants above.
ARTICLES_LUS = {
    article.numero: article.version
    for article in tuple(globals().values())
    if isinstance(article, Article) and article.version.startswith("LEGIARTI")
}
#: Articles of the same chapter that the section does not hold.
HORS_SECTION = frozenset({"R223-8"})


def legifrance(numero: str) -> str:
    """Where to read an article of the Code de la route: itself, else its section, else the whole Code.

    A bare number, as 131-10, is the Code pénal's.
    """
    if numero in ARTICLES_LUS:
        return f"{LEGIFRANCE}/article_lc/{ARTICLES_LUS[numero]}"
    if not numero.startswith(("L", "R")):
        return f"{LEGIFRANCE}/texte_lc/{CODE_PENAL}"
    section = SECTIONS.get(numero.partition("-")[0])
    if section is None or numero in HORS_SECTION:
        return f"{LEGIFRANCE}/texte_lc/{CODE_DE_LA_ROUTE}"
    return f"{LEGIFRANCE}/section_lc/{CODE_DE_LA_ROUTE}/{section}"


@lru_cache(maxsize=100)
def article_lisible(article: Article | str) -> str:
    """« L223-6 al. 3 » as it is written: « article L. 223-6, al. 3 du Code de la route »."""
    numero, _, partie = str(article).partition(" ")
    if partie == "code pénal":
        return f"article {numero} du Code pénal"
    suite = f", {partie}" if partie.startswith(("al.", "dernier")) else f" {partie}" if partie else ""
    return f"article {numero[0]}.\u00a0{numero[1:]}{suite} du Code de la route"


@lru_cache(maxsize=100)
def article_adresse(article: Article | str) -> str:
    """Where Légifrance shows this article."""
    return legifrance(str(article).partition(" ")[0])


P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class Regle(Protocol[P, R]):
    """A rule of the law, as a function; ``article`` is the first of those that it applies: its movements bear it."""

    article: Article

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...


#: Every rule of the law, by name, with the articles that it applies.
REGLES: dict[str, tuple[Article, ...]] = {}


def regle(*articles: Article) -> Callable[[Callable[P, R]], Regle[P, R]]:
    """Register a function as the application of these articles. Costs nothing when the function is called."""

    def inscrire(fonction: Callable[P, R]) -> Regle[P, R]:
        REGLES[fonction.__name__] = articles
        inscrite = cast(Regle[P, R], fonction)
        inscrite.article = articles[0]
        return inscrite

    return inscrire
