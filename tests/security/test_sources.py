"""What our own code never does with what a visitor sends: each rule is looked for in the whole tree, and in a twin."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.arbre import GABARITS, RACINE, STATIQUES, code, noeuds, nom

#: A laptop's and the demonstration's programs start others and draw at random: neither is in the site's image.
PORTABLE = ("mespoints/local/", "demo/", "scripts/")
#: Who starts a program, and which.
LANCENT = {"documents/pdf/rendering.py": "our own renderer", "mespoints/restoration.py": "pg_dump and pg_restore"}
#: Who draws at random what may be guessed, and what.
TIRENT = {
    "dossier/services.py": "the pause before trying a transaction again",
    "mespoints/lib/http.py": "when those whom the crowd sent away come back, not all at once",
}
#: Parsers and readers that would run, fetch or follow what they are given.
LECTEURS = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "xmlrpc", "ldap", "jinja2", "memcache"}
FAIBLES = {"md5", "sha1", "MD5", "SHA1", "ECB", "PKCS1v15", "ARC4", "TripleDES", "Blowfish", "DES"}
#: Text of ours, kept apart under a name, completed by other text of ours.
COMPLETEES = {
    "stages/selectors.py": "a condition that `ouvrable_sql` wrote, its values apart",
    "documents/bureau/lettres.py": "the same; and a sentence",
    "dossier/rules/capital.py": "a day in a sentence that says why a fact ends nothing",
    "dossier/rules/stage.py": "the same, of a course",
    "documents/courriers/contenu.py": "the figures of the law in a letter's sentences",
}

Regle = Callable[[str, ast.AST], Iterator[str]]


def _appel(noeud: ast.AST) -> tuple[str, ast.Call] | None:
    """The last word of what is called."""
    match noeud:
        case ast.Call(func=ast.Name(id=mot) | ast.Attribute(attr=mot)):
            return mot, noeud
    return None


def _importes(noeud: ast.AST) -> set[str]:
    match noeud:
        case ast.Import(names=noms):
            return {alias.name.partition(".")[0] for alias in noms}
        case ast.ImportFrom(module=str(module)):
            return {module.partition(".")[0]}
    return set()


def execute(_ou: str, noeud: ast.AST) -> Iterator[str]:
    """Text run as a program: Python's own, or a shell's."""
    match noeud:
        case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" | "__import__" as mot)):
            yield mot
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen" as mot)):
            yield f"os.{mot}"
        case ast.keyword(arg="shell"):
            yield "shell="


def lance(ou: str, noeud: ast.AST) -> Iterator[str]:
    if "subprocess" in _importes(noeud) and ou not in LANCENT:
        yield "subprocess"


def lit(_ou: str, noeud: ast.AST) -> Iterator[str]:
    yield from LECTEURS & _importes(noeud)


def tire(ou: str, noeud: ast.AST) -> Iterator[str]:
    if "random" in _importes(noeud) and ou not in TIRENT:
        yield "random"


def chiffre(_ou: str, noeud: ast.AST) -> Iterator[str]:
    match noeud:
        case ast.Attribute(attr=mot) | ast.alias(name=mot) if mot in FAIBLES:
            yield mot


def colle(_ou: str, noeud: ast.AST) -> Iterator[str]:
    """A statement made with a value: an f-string, `%`, or a sum with what is no constant of a module of ours."""
    venu = _appel(noeud)
    if venu is None or venu[0] not in {"execute", "executemany", "raw", "extra", "RawSQL"}:
        return
    for dit in venu[1].args[:1]:
        yield from (venu[0] for n in ast.walk(dit) if isinstance(n, ast.JoinedStr | ast.Mod))
        termes = _termes(dit)
        yield from (f"{venu[0]} + {ast.unparse(n)}" for n in termes if len(termes) > 1 and not _a_nous(n))


def _termes(dit: ast.expr) -> list[ast.expr]:
    """Of a sum; of anything else, itself."""
    return [*_termes(dit.left), *_termes(dit.right)] if isinstance(dit, ast.BinOp) else [dit]


def _a_nous(dit: ast.expr) -> bool:
    """A text written there, or a constant of a module."""
    match dit:
        case ast.Name(id=mot) | ast.Attribute(attr=mot):
            return mot.isupper()
    return isinstance(dit, ast.Constant)


def complete(ou: str, noeud: ast.AST) -> Iterator[str]:
    """A format that is no text of ours: written there, or a constant of a module, or psycopg's own."""
    match noeud:
        case ast.Call(func=ast.Attribute(value=format_, attr="format" | "format_map")):
            if not _a_nous(format_) and (_appel(format_) or ("",))[0] != "SQL" and ou not in COMPLETEES:
                yield ast.unparse(format_)


def expression(_ou: str, noeud: ast.AST) -> Iterator[str]:
    """A regular expression made of a value that is not one of a module's constants, nor escaped."""
    match noeud:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[ast.JoinedStr() as motif, *_]):
            pris = [n.value for n in motif.values if isinstance(n, ast.FormattedValue)]
            noms = {n.id for valeur in pris for n in ast.walk(valeur) if isinstance(n, ast.Name)}
            yield from (mot for mot in noms if not mot.isupper())


def gabarit(_ou: str, noeud: ast.AST) -> Iterator[str]:
    """A template made of text: ours are files."""
    match noeud:
        case ast.Call(func=ast.Name(id="Template")) | ast.Call(func=ast.Attribute(attr="from_string")):
            yield "Template"


#: What each looks for, and a twin that it must find.
REGLES: dict[Regle, str] = {
    execute: "subprocess.run(texte, shell=True)",
    lance: "import subprocess",
    lit: "from xml.etree import ElementTree",
    tire: "from random import choice",
    chiffre: "hashlib.md5(b'')",
    colle: "curseur.execute(f'SELECT {nom}')",
    complete: "saisie.format(x=1)",
    expression: "re.search(rf'^{saisie}', texte)",
    gabarit: "Template(saisie)",
}


def fautes(regle: Regle, ou: str, lus: Iterable[ast.AST]) -> list[str]:
    return [mot for noeud in lus for mot in regle(ou, noeud)]


def du_site() -> list[Path]:
    return [chemin for chemin in code() if not nom(chemin).startswith(PORTABLE)]


@pytest.mark.parametrize("regle", REGLES, ids=lambda regle: regle.__name__)
def test_notre_code_ne_fait_jamais(regle: Regle) -> None:
    assert len(du_site()) > 200
    trouvees = {nom(c): fautes(regle, nom(c), noeuds(c)) for c in du_site()}
    assert {ou: mots for ou, mots in trouvees.items() if mots} == {}


@pytest.mark.parametrize(
    ("regle", "source"),
    [
        *REGLES.items(),
        (execute, "eval(saisie)"),
        (execute, "os.system(saisie)"),
        (colle, "curseur.execute('SELECT ' + saisie)"),
        (colle, "curseur.execute('SELECT %s' % saisie)"),
    ],
    ids=lambda valeur: getattr(valeur, "__name__", valeur),
)
def test_ce_qui_est_cherche_se_voit(regle: Regle, source: str) -> None:
    assert fautes(regle, "ailleurs.py", ast.walk(ast.parse(source)))


def test_une_exception_qui_ne_sert_plus_est_retiree() -> None:
    for exceptions in (LANCENT, TIRENT, COMPLETEES):
        assert {ou for ou in exceptions if not (RACINE / ou).is_file()} == set()
    assert all("import subprocess" in (RACINE / ou).read_text() for ou in LANCENT)
    assert all("import random" in (RACINE / ou).read_text() for ou in TIRENT)
    assert all(re.search(r"\.format(_map)?\(", (RACINE / ou).read_text()) for ou in COMPLETEES)


#: Who speaks to another machine, and to whom: PostgreSQL and Redis apart, which Django's settings name.
APPELLENT = {
    "accounts/franceconnect/echange.py": "FranceConnect",
    "accounts/courriels.py": "the mail server",
    "mespoints/lib/smtp.py": "the same, where its waits are kept",
    "mespoints/lib/webworker.py": "nobody: it reads what visitors send, on sockets that they opened",
}
CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "socket", "smtplib", "ftplib"}


def clients(lus: Iterable[ast.AST]) -> set[str]:
    """The clients of a network that a module imports."""
    imports = [n for n in lus if isinstance(n, ast.Import | ast.ImportFrom)]
    entiers = {alias.name for n in imports if isinstance(n, ast.Import) for alias in n.names}
    de = {f"{n.module}" for n in imports if isinstance(n, ast.ImportFrom)}
    parties = {f"{n.module}.{a.name}" for n in imports if isinstance(n, ast.ImportFrom) for a in n.names}
    return CLIENTS & (entiers | de | parties)


def test_nul_autre_ne_parle_a_une_autre_machine() -> None:
    """A visitor who gave an address would find nobody to call it: docs/menaces.md says who does, and where to."""
    assert {nom(c) for c in du_site() if clients(noeuds(c))} == {ou for ou in APPELLENT if (RACINE / ou).is_file()}
    for source in (
        "import requests",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import socket",
    ):
        assert clients(ast.walk(ast.parse(source)))


# --- In the browser ---------------------------------------------------------------------------------------------------

#: Each writes HTML, runs text, keeps something in the browser, hears another site, or refuses what is pasted.
INTERDITS = re.compile(
    r"\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.(?:write|cookie|domain)\b|\beval\(|\bnew Function\b"
    r"|\b(?:local|session)Storage\b|\bindexedDB\b|\bset(?:Timeout|Interval)\(\s*[\"'`]|__proto__|\bprototype\b"
    r"|(?:window|self|parent|opener|top)\.(?:addEventListener\(\s*[\"']message|postMessage|onmessage)"
    r"|(?<![.\w])addEventListener\(\s*[\"']message|[\"']paste[\"']|\bonpaste\b"
)


def scripts() -> list[Path]:
    """Ours; that of ALTCHA computes, in a worker that sees no page."""
    return sorted(STATIQUES.glob("js/*.js"))


def test_un_script_n_ecrit_que_du_texte_et_ne_garde_rien() -> None:
    assert len(scripts()) >= 5
    assert {nom(c): INTERDITS.findall(c.read_text()) for c in scripts() if INTERDITS.search(c.read_text())} == {}


@pytest.mark.parametrize(
    "source",
    [
        "bloc.innerHTML = texte",
        "document.write(texte)",
        "localStorage.setItem('a', 1)",
        "eval(texte)",
        "setTimeout('x()', 1)",
        "window.addEventListener('message', lire)",
        "addEventListener('message', lire)",
        "champ.addEventListener('paste', refuser)",
        "objet.__proto__ = x",
    ],
)
def test_ce_qu_un_script_ne_fait_pas_se_voit(source: str) -> None:
    assert INTERDITS.search(source)


def test_aucune_page_ne_porte_d_objet_ni_de_cadre() -> None:
    """No plug-in, no frame; and a script comes from our own files (its address is checked page by page)."""
    portent = {
        nom(c) for c in GABARITS.rglob("*.html") if re.search(r"<(object|embed|applet|i?frame)\b", c.read_text())
    }
    assert portent == set()
