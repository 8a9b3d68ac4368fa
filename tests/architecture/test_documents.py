"""What the documents say of the tree is true of it: paths, links, targets of make, commands, settings, addresses."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from tests.architecture.arbre import APPS, RACINE, nom
from tests.architecture.documents import (
    DOCUMENTS,
    ancres,
    arborescence,
    chemins,
    codes,
    est_la,
    liens,
    lire,
    tous_les_codes,
)

DECISIONS = RACINE / "docs" / "decisions"
PROJET = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: What whoever runs the site makes, and the name of a format.
D_AILLEURS = {
    "docker-compose.override.yml",
    "secrets/",
    "./secrets",
    "css/site.css",
    "FILE.rejets.csv",
    "mespoints-dossier/1",
}
#: Words in capitals that stand for a value.
A_REMPLACER = {"NAME_FILE", "FIRST_USE", "LAST_CHANGE"}
#: Addresses that no view answers: those of probes and of static files, and folders of a server.
SANS_VUE = {"/livez", "/readyz", "/static/", "/srv/flux"}


def test_les_documents_sont_lus() -> None:
    """Or every test below would pass on an empty list."""
    assert {"README.md", "CONTRIBUTING.md", "docs/installer.md"} <= {nom(document) for document in DOCUMENTS}
    assert len(list(tous_les_codes())) > 300
    assert "dossier/rules/solde.py" in arborescence()


@pytest.mark.parametrize("document", DOCUMENTS, ids=nom)
def test_chaque_lien_mene_quelque_part(document: Path) -> None:
    perdus = []
    for lien in liens(document):
        cible, _, ancre = lien.partition("#")
        but = (document.parent / cible).resolve() if cible else document
        if not but.exists() or (ancre and ancre not in ancres(but)):
            perdus.append(lien)
    assert perdus == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=nom)
def test_chaque_chemin_nomme_est_dans_l_arbre(document: Path) -> None:
    absents = {
        chemin
        for code in codes(document)
        for chemin in chemins(code.texte)
        if chemin not in D_AILLEURS and not est_la(chemin)
    }
    assert absents == set()


def test_chaque_document_cite_par_le_code_est_dans_l_arbre() -> None:
    absents = {
        (chemin, cite)
        for chemin in arborescence()
        if chemin.endswith((".py", ".yml", ".sh", ".toml", ".html", "Makefile")) and "tests/architecture" not in chemin
        for cite in re.findall(r"[\w/-]+\.md\b", (RACINE / chemin).read_text(encoding="utf-8"))
        if not est_la(cite)
    }
    assert absents == set()


def test_chaque_cible_de_make_existe() -> None:
    cibles = set(re.findall(r"^([a-z0-9-]+):", (RACINE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    fautes = [
        code
        for code in tous_les_codes()
        for cible in re.findall(r"\bmake ([a-z0-9-]+)", code.texte)
        if cible not in cibles
    ]
    assert fautes == []


def commandes_citees() -> list[tuple[str, str, str]]:
    """Document, command and what follows it."""
    return [
        (code.document, commande, suite)
        for code in tous_les_codes()
        for commande, suite in re.findall(r"manage\.py ([a-z_]+)([^|;&#>]*)", code.texte)
    ]


def test_chaque_commande_citee_existe_avec_ses_options() -> None:
    fautes = []
    for document, nom_commande, suite in commandes_citees():
        app = get_commands().get(nom_commande)
        if app is None:
            fautes.append(f"{document} {nom_commande}")
            continue
        commande = load_command_class(app, nom_commande) if isinstance(app, str) else app
        connues = commande.create_parser("manage.py", nom_commande)._option_string_actions
        fautes += [
            f"{document} {nom_commande} {option}" for option in re.findall(r"--[\w-]+", suite) if option not in connues
        ]
    assert fautes == []


def test_chaque_commande_du_site_est_dite() -> None:
    """Those of the demonstration are run by ``make demo``."""
    du_site = {c.stem for app in (*APPS, "mespoints") for c in RACINE.glob(f"{app}/management/commands/[!_]*.py")}
    assert len(du_site) > 10
    assert du_site - {commande for _, commande, _ in commandes_citees()} == set()


def test_chaque_reglage_cite_est_dans_le_code() -> None:
    cites = {
        mot
        for code in tous_les_codes()
        for mot in re.findall(r"(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w)", code.texte)
    }
    textes = [
        (RACINE / chemin).read_text(encoding="utf-8")
        for chemin in arborescence()
        if chemin.endswith((".py", ".yml", ".sh", ".example", ".env", "Makefile"))
    ]
    assert len(cites) > 20
    assert {mot for mot in cites - A_REMPLACER if not any(mot in texte for texte in textes)} == set()


def test_chaque_adresse_citee_repond() -> None:
    perdues = []
    citees = {code.texte for code in tous_les_codes() if re.fullmatch(r"/[a-z0-9/_-]*", code.texte)}
    assert len(citees) > 8
    for adresse in citees - SANS_VUE:
        try:
            resolve(adresse, urlconf="demo.urls")
        except Resolver404:
            perdues.append(adresse)
    assert perdues == []


# --- The form of each ------------------------------------------------------------------------------------------------


def test_le_readme_tient_en_180_lignes() -> None:
    assert len(lire(RACINE / "README.md").splitlines()) <= 180


def test_le_readme_mene_a_chaque_document() -> None:
    menes = {(RACINE / lien.partition("#")[0]).resolve() for lien in liens(RACINE / "README.md")}
    assert {nom(d) for d in DOCUMENTS if d.parent != DECISIONS and d.name != "README.md" and d not in menes} == set()


def decisions() -> list[Path]:
    return sorted(chemin for chemin in DECISIONS.glob("*.md") if chemin.name != "README.md")


@pytest.mark.parametrize("decision", decisions(), ids=lambda chemin: chemin.stem)
def test_une_decision_dit_ses_cinq_parties(decision: Path) -> None:
    forme = re.fullmatch(
        rf"# {decision.stem[:4]} · \S.+\n\nDate: (\S+)\n\nStatus: (in force|replaced by \[\d{{4}}\]\(\S+\))\n"
        r"\n## What\n\n\S[^#]+\n## Why\n\n\S[^#]+\n## What it costs\n\n\S[^#]+",
        lire(decision),
    )
    assert forme
    assert date.fromisoformat(forme[1])


def test_les_decisions_se_suivent_et_sont_toutes_dans_leur_liste() -> None:
    assert [chemin.stem[:4] for chemin in decisions()] == [f"{n:04}" for n in range(1, len(decisions()) + 1)]
    titres = [(chemin.name, lire(chemin).partition("\n")[0].partition(" · ")[2]) for chemin in decisions()]
    assert re.findall(r"^- \[\d{4}\]\((\S+)\) (.+)$", lire(DECISIONS / "README.md"), re.MULTILINE) == titres


def test_dix_questions_ont_leur_reponse() -> None:
    """The tree answers: each is a path, and the test of the paths has looked for it."""
    section = lire(RACINE / "CONTRIBUTING.md").partition("\n## Where is …?\n")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\| [^|`]+ \| (?:`[\w./]+`(?:, )?)+ \|$", section, re.MULTILINE)) == 10


def test_le_journal_des_changements_suit_la_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", lire(RACINE / "CHANGELOG.md"), re.MULTILINE)
    assert versions[:2] == ["Unreleased", PROJET["version"]]


def test_la_licence_est_entiere_et_dite() -> None:
    texte = lire(RACINE / "LICENSE")
    assert PROJET["license"] == "EUPL-1.2"
    assert texte.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert re.findall(r"^(\d+)\.[A-Z]", texte, re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in texte
    assert [chemin for chemin in PROJET["license-files"] if not (RACINE / chemin).is_file()] == []


def test_la_licence_de_ce_que_d_autres_ont_fait_est_dite() -> None:
    """Each package that the site asks for, and each licence that lies beside its work."""
    page = lire(RACINE / "docs" / "licences.md")
    section = page.partition("\n## Packages that the site asks for\n")[2].partition("\n## ")[0]
    dits = set(re.findall(r"^\| ([a-z0-9-]+) \| [^|]+ \| [^|]+ \|$", section, re.MULTILINE)) - {"package"}
    assert dits == {re.split(r"[\[=<>~]", paquet)[0] for paquet in PROJET["dependencies"]}
    assert {chemin for chemin in PROJET["license-files"][1:] if f"`{chemin}`" not in page} == set()


def test_l_arbre_suit_editorconfig() -> None:
    """Spaces, a last line that ends, no space at the end of one."""
    fautes = [
        chemin
        for chemin in arborescence()
        if (RACINE / chemin).suffix in {".py", ".html", ".css", ".js", ".md", ".yml", ".sh", ".toml", ".csv"}
        and not chemin.startswith("static/js/altcha/")
        and (texte := (RACINE / chemin).read_text(encoding="utf-8"))
        and (not texte.endswith("\n") or re.search(r"[ \t]$|\t|\r", texte, re.MULTILINE))
    ]
    assert fautes == []
