"""The tree keeps the shape that CONTRIBUTING.md gives: small modules, thin views, nothing unsafe, nothing unused.

What ruff or the import contracts already hold is not here, but where a file of theirs is exempt and ours is not.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.arbre import (
    GABARITS,
    RACINE,
    STATIQUES,
    Fonction,
    chaines,
    code,
    fonctions,
    lignes_de,
    modules,
    modules_de_vues,
    noeuds,
    nom,
)

LIGNES_PAR_MODULE = 400
LIGNES_PAR_FONCTION = 50
LIGNES_PAR_VUE = 25
SIGNES_PAR_LIGNE = 200

#: Each of them turns off an escape or a check.
DANGEREUX = {"mark_safe", "SafeString", "SafeText", "SafeData", "html_safe", "csrf_exempt", "__html__"}
#: The programs that speak to a terminal.
PARLENT = (
    *("manage.py", "scripts/", "demo/", "mespoints/local/launcher.py", "mespoints/local/demonstration.py"),
    "mespoints/local/children.py",
)
#: Templates that a library asks for by name, and has none of its own.
CHERCHES_PAR_NOM = {"account/password_reset_help_text.html"}  # allauth: the help of a field for the current password
#: Static files that no page loads.
NON_CHARGES = {"fonts/OFL.txt", "fonts/FONTLOG.txt", "js/altcha/LICENSE.txt"}  # a licence goes wherever its work goes

#: `{% %}`, `{{ }}` and `{# #}`: what is left is what the visitor's browser reads.
BALISE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
EN_LIGNE = re.compile(
    r"""<\s*script\b(?![^>]*\ssrc=)|<\s*style\b|\s(?:style|on[a-z]+)\s*=|["'=]\s*javascript:""", re.IGNORECASE
)
A_NE_PAS_ENVOYER = re.compile(r"<!--|\b(?:TODO|FIXME|XXX)\b")
#: « 1 juin 2026 »: ``en_lettres`` and ``instant_en_lettres`` write « 1er », and let no line cut it.
JOUR_SANS_ER = re.compile(r"""\|\s*date\s*:\s*["'][^"']*[jd] ?[FMNEb]""")
SANS_ECHAPPEMENT = re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off\s*%}")


def gabarits(*suffixes: str) -> list[Path]:
    return sorted(chemin for chemin in GABARITS.rglob("*") if chemin.is_file() and chemin.suffix in suffixes)


def identifiants(chemin: Path) -> Iterator[str]:
    """Every name that a module uses, imports or defines."""
    for noeud in noeuds(chemin):
        match noeud:
            case ast.Name(id=mot) | ast.Attribute(attr=mot) | ast.alias(name=mot) | ast.FunctionDef(name=mot):
                yield mot


# --- Python ---------------------------------------------------------------------------------------------------------


def test_le_parcours_voit_l_arbre() -> None:
    """Or every test below would pass on an empty list."""
    assert {"manage.py", "dossier/rules/solde.py", "tests/conftest.py"} <= {nom(chemin) for chemin in modules()}
    assert {"dossier/views.py", "documents/views.py", "mespoints/pages/views.py"} <= {nom(c) for c in modules_de_vues()}
    assert all(chemin.is_file() for chemin in modules_de_vues())


def test_aucun_module_ne_passe_400_lignes() -> None:
    longueurs = {nom(chemin): len(chemin.read_text(encoding="utf-8").splitlines()) for chemin in modules()}
    assert {module: n for module, n in longueurs.items() if n > LIGNES_PAR_MODULE} == {}


def test_aucune_fonction_ne_passe_50_lignes() -> None:
    longues = {
        f"{nom(chemin)}:{fonction.lineno} {fonction.name}": lignes_de(fonction)
        for chemin in code()
        for fonction in fonctions(chemin)
        if lignes_de(fonction) > LIGNES_PAR_FONCTION
    }
    assert longues == {}


def test_une_vue_tient_en_25_lignes() -> None:
    longues = {
        f"{nom(chemin)}:{fonction.lineno} {fonction.name}": lignes_de(fonction)
        for chemin in modules_de_vues()
        for fonction in fonctions(chemin)
        if recoit_une_requete(fonction) and lignes_de(fonction) > LIGNES_PAR_VUE
    }
    assert longues == {}


def recoit_une_requete(fonction: Fonction) -> bool:
    return any(argument.arg == "request" for argument in [*fonction.args.posonlyargs, *fonction.args.args])


def test_aucun_module_fourre_tout() -> None:
    noms = {(*chemin.relative_to(RACINE).parent.parts, chemin.stem): nom(chemin) for chemin in modules()}
    assert [module for parties, module in noms.items() if {"utils", "helpers", "common", "misc"} & set(parties)] == []


def test_une_vue_n_interroge_pas_la_base() -> None:
    fautes = [
        f"{nom(chemin)}:{noeud.lineno} .{noeud.attr}"
        for chemin in modules_de_vues()
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.Attribute) and noeud.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert fautes == []


def test_rien_n_eteint_une_protection() -> None:
    assert [f"{nom(c)} {mot}" for c in modules() for mot in identifiants(c) if mot in DANGEREUX] == []


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils.safestring import mark_safe as sur",
        "sur = safestring.SafeString('x')",
        "@csrf_exempt\ndef vue(request): ...",
        "class Titre:\n    def __html__(self): ...",
    ],
)
def test_une_protection_eteinte_se_voit(tmp_path: Path, source: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(source)
    assert DANGEREUX.intersection(identifiants(module))


def test_seuls_les_programmes_de_terminal_ecrivent_sur_la_sortie() -> None:
    fautes = [
        f"{nom(chemin)}:{noeud.lineno}"
        for chemin in code()
        if not nom(chemin).startswith(PARLENT) and "management" not in chemin.parts
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id in {"print", "pprint"}
    ]
    assert fautes == []


def test_aucun_import_relatif() -> None:
    fautes = [
        f"{nom(chemin)}:{noeud.lineno}"
        for chemin in modules()
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.ImportFrom) and noeud.level > 0
    ]
    assert fautes == []


# --- Migrations -----------------------------------------------------------------------------------------------------


def migrations() -> list[Path]:
    return sorted(RACINE.glob("*/migrations/[!_]*.py"))


def test_une_migration_porte_un_nom() -> None:
    noms = [chemin.stem for chemin in migrations()]
    assert noms
    assert [stem for stem in noms if not re.fullmatch(r"\d{4}_[a-z0-9_]+", stem) or "_auto_" in stem] == []


def test_une_migration_se_defait() -> None:
    sans_retour = [
        f"{nom(chemin)}:{noeud.lineno}"
        for chemin in migrations()
        for noeud in noeuds(chemin)
        if isinstance(noeud, ast.Call)
        and isinstance(noeud.func, ast.Attribute)
        and noeud.func.attr in {"RunPython", "RunSQL"}
        and len(noeud.args) < 2
        and not {"reverse_code", "reverse_sql"} & {mot.arg for mot in noeud.keywords}
    ]
    assert sans_retour == []


# --- Templates ------------------------------------------------------------------------------------------------------


def fautes_de(expression: re.Pattern[str], texte: str) -> list[str]:
    return [f"{texte[: t.start()].count(chr(10)) + 1} {t[0].strip()}" for t in expression.finditer(texte)]


def test_aucun_style_ni_script_en_ligne() -> None:
    """The policy would refuse them."""
    fautes = [
        f"{nom(chemin)}:{faute}"
        for chemin in gabarits(".html", ".svg")
        for faute in fautes_de(EN_LIGNE, BALISE.sub(lambda balise: "\n" * balise[0].count("\n"), chemin.read_text()))
    ]
    assert fautes == []


def test_aucune_adresse_du_site_n_est_ecrite_en_dur() -> None:
    """But the home page and two files, in the page of a failure: it must come out when no address can be looked up."""
    ecrites = {
        (chemin.relative_to(GABARITS).as_posix(), adresse)
        for chemin in gabarits(".html")
        for adresse in re.findall(r"""\b[\w-]+=["'](/[^"']*)["']""", chemin.read_text())
    }
    fichiers = {("layout/panne.html", "/static/css/site.css"), ("layout/panne.html", "/static/images/anneau.svg")}
    assert ecrites == fichiers | {("layout/_marque.html", "/"), ("500.html", "/")}


def test_tout_est_echappe() -> None:
    fautes = [
        f"{nom(chemin)}:{faute}"
        for chemin in gabarits(".html", ".svg")
        for faute in fautes_de(SANS_ECHAPPEMENT, chemin.read_text())
    ]
    assert fautes == []


def test_un_jour_en_lettres_dit_1er() -> None:
    fautes = [
        f"{nom(chemin)}:{faute}"
        for chemin in gabarits(".html", ".svg", ".txt")
        for faute in fautes_de(JOUR_SANS_ER, chemin.read_text())
    ]
    assert fautes == []


@pytest.mark.parametrize(
    ("expression", "texte"),
    [
        (EN_LIGNE, '<p style="color:red">'),
        (EN_LIGNE, '<a href="#" onclick="x()">'),
        (EN_LIGNE, "<SCRIPT type=module>"),
        (EN_LIGNE, "<script>let src= 1"),
        (EN_LIGNE, "<style>p{}</style>"),
        (EN_LIGNE, '<a href="javascript:x()">'),
        (SANS_ECHAPPEMENT, "{{ a|safe }}"),
        (SANS_ECHAPPEMENT, "{{ a | safe }}"),
        (SANS_ECHAPPEMENT, "{% autoescape off %}"),
        (JOUR_SANS_ER, '{{ jour|date:"j F Y" }}'),
        (JOUR_SANS_ER, "{{ jour | date:'l j F' }}"),
        (A_NE_PAS_ENVOYER, "<!-- au visiteur -->"),
        (A_NE_PAS_ENVOYER, "{# TODO #}"),
    ],
)
def test_les_expressions_voient_ce_qu_ils_cherchent(expression: re.Pattern[str], texte: str) -> None:
    assert expression.search(texte)


def test_un_script_de_nos_fichiers_n_est_pas_en_ligne() -> None:
    assert EN_LIGNE.search('<script src="" defer></script>') is None


def test_un_gabarit_n_envoie_pas_de_commentaire_et_ne_remet_rien_a_plus_tard() -> None:
    """`{# #}` stays here; an HTML comment goes to every visitor."""
    fautes = [
        f"{nom(chemin)}:{faute}"
        for chemin in gabarits(".html", ".svg", ".txt")
        for faute in fautes_de(A_NE_PAS_ENVOYER, chemin.read_text())
    ]
    assert fautes == []


def test_aucune_ligne_de_gabarit_ne_passe_200_caracteres() -> None:
    """But of a mail, whose line is a paragraph as it is sent."""
    longues = {
        f"{nom(chemin)}:{rang}": len(ligne)
        for chemin in gabarits(".html", ".css")
        for rang, ligne in enumerate(chemin.read_text().splitlines(), 1)
        if len(ligne) > SIGNES_PAR_LIGNE
    }
    assert longues == {}


def test_un_seul_gabarit_ecrit_un_champ() -> None:
    """Its label, its hint, its input and its errors: the page of an answer chosen in a list of pictures is no field."""
    etiquette = 'for="{{ champ.id_for_label }}"'
    ecrivent = {c.relative_to(GABARITS).as_posix() for c in gabarits(".html") if etiquette in c.read_text()}
    assert ecrivent == {"components/champ.html", "bureau/_etiquette.html"}  # the second is the first's, at the desk
    assert "bureau/_etiquette.html" not in {
        nomme
        for c in gabarits(".html")
        if c.stem != "champ"
        for nomme in nommes_par(c.relative_to(GABARITS).as_posix())
    }


# --- Nothing unused -------------------------------------------------------------------------------------------------


def test_chaque_gabarit_sert() -> None:
    """Rendered by our code or a library's, or extended or included, from one that is."""
    tous = {chemin.relative_to(GABARITS).as_posix() for chemin in GABARITS.rglob("*") if chemin.is_file()}
    ecrits = {texte for chemin in code() for texte in chaines(chemin)}
    vus: set[str] = set()
    a_voir = {gabarit for gabarit in tous if rendu_par_le_code(gabarit, ecrits) or surcharge(gabarit)}
    while a_voir:
        gabarit = a_voir.pop()
        vus.add(gabarit)
        a_voir |= (nommes_par(gabarit) & tous) - vus
    assert tous - vus == set()


def rendu_par_le_code(gabarit: str, ecrits: set[str]) -> bool:
    """Its name is written whole; a PDF's without folder and suffix (``documents.pdf.rendering``)."""
    modele = gabarit.removeprefix("documents/pdf/").rpartition(".")[0]
    return gabarit in ecrits or gabarit in CHERCHES_PAR_NOM or (modele != gabarit and modele in ecrits)


def surcharge(gabarit: str) -> bool:
    """A library has a template of that name: ours is found first."""
    return any((Path(app.path) / "templates" / gabarit).is_file() for app in apps.get_app_configs())


def nommes_par(gabarit: str) -> set[str]:
    """What a template extends or includes, and the pictures that a PDF's style sheet names."""
    texte = (GABARITS / gabarit).read_text()
    if gabarit.startswith("documents/pdf/") and gabarit.endswith(".html"):
        texte += f"""{{% include "documents/pdf/{Path(gabarit).stem}.css" %}}"""  # of the same day
    pictures = {f"documents/pdf/{image}" for image in re.findall(r"url\(bundled:([\w.-]+)\)", texte)}
    return set(re.findall(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""", texte)) | pictures


def test_chaque_fichier_statique_sert() -> None:
    """Named by a template or a style sheet; the sheets of static/css go whole into css/site.css."""
    tous = {chemin.relative_to(STATIQUES).as_posix() for chemin in STATIQUES.rglob("*") if chemin.is_file()}
    feuilles = {chemin for chemin in tous if re.fullmatch(r"css/[\w-]+\.css", chemin)}
    pages = "".join(chemin.read_text() for chemin in gabarits(".html"))
    nommes = set(re.findall(r"""{%\s*static\s+["']([^"']+)["']""", pages))
    for feuille in feuilles:
        nommes |= set(re.findall(r"url\([\"']?\.\./([^\"')]+)", (STATIQUES / feuille).read_text()))
    assert tous - feuilles - nommes == NON_CHARGES
    d_ailleurs = {"mfa/js/webauthn-json.js", "admin/css/changelists.css"}  # allauth's, Django's
    assert nommes - tous == {"css/site.css"} | d_ailleurs  # the first is made by the finder


def test_chaque_classe_de_nos_feuilles_sert() -> None:
    """A class that nothing names styles nothing. `mp-jeton--{{ … }}` names all those of that beginning."""
    noms = {"presenters", "forms", "views"}
    sources = [*gabarits(".html", ".svg"), *(c for c in code() if {c.stem, c.parent.name} & noms)]
    mots = set(re.findall(r"mp-[\w-]+", " ".join(chemin.read_text() for chemin in sources)))
    ecrites = {classe for c in STATIQUES.glob("css/*.css") for classe in re.findall(r"\.(mp-[\w-]+)", c.read_text())}
    colles = tuple(mot for mot in mots if mot.endswith("-"))
    assert {classe for classe in ecrites - mots if not classe.startswith(colles)} == set()
