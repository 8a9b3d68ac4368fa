"""An answer as text: what it says, leads to and asks for, whatever its markup."""

import re
import subprocess
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

import tinyhtml5

from tests.bancs.mesures.parcours import XHTML
from tests.visiteur import Reponse

#: What stays in its line; the rest begins another, so that a template may be laid out anew.
EN_LIGNE = {"a", "abbr", "b", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "time"}
MUETS = {"script", "style", "path", "circle", "rect", "g"}
#: What a visitor is told, and what a browser sends, beside the text.
DITS = (
    *("href", "src", "action", "method", "type", "name", "value", "content", "alt", "title", "placeholder", "lang"),
    *("aria-label", "aria-current", "role", "datetime", "autocomplete", "inputmode", "maxlength", "pattern", "scope"),
    *("required", "checked", "selected", "disabled", "hidden", "open", "colspan", "rowspan"),
)
_BLANCS = re.compile(r"[ \t\n\r\f]+")
_RENVOIS = {301, 302, 303, 307, 308}


def decrire(reponse: Reponse) -> str:
    """An answer as lines: its status, where it leads, and its text if it has one that can be read."""
    genre = (reponse.entetes["Content-Type"] or "").partition(";")[0]
    tete = f"{reponse.statut} {genre} {reponse.entetes['Location'] or ''}".strip()
    if reponse.statut in _RENVOIS:
        return tete
    if genre == "text/html":
        return f"{tete}\n{texte(reponse.corps.decode())}"
    if genre == "application/pdf":
        nom = reponse.entetes["Content-Disposition"] or ""
        return f"{tete} {nom}\n{du_pdf(reponse.corps)}"
    return f"{tete}\n{reponse.corps.decode()}" if genre.startswith("text/") else tete


def texte(html: str) -> str:
    """Every word, link, field and button of a page, one block a line; no-break spaces count, other spaces do not."""
    lignes = _BLANCS.sub(" ", "".join(_lire(tinyhtml5.parse(html)))).split("\v")
    return "\n".join(ligne.strip(" ") for ligne in lignes if ligne.strip(" "))


def _lire(element: Element) -> Iterator[str]:
    if isinstance(element.tag, str):
        balise = element.tag.rpartition("}")[2]
        coupe = "" if balise in EN_LIGNE else "\v"
        dits = " ".join(f"{nom}={element.get(nom)}" for nom in DITS if element.get(nom) is not None)
        yield f"{coupe}{f'[{balise} {dits}]' if dits else coupe}"
        if balise not in MUETS:
            yield element.text or ""
            for enfant in element:
                yield from _lire(enfant)
        yield coupe
    yield element.tail or ""


def du_pdf(octets: bytes) -> str:
    """What a PDF says of itself, then its text, by poppler."""
    sortis = [
        subprocess.run([programme, "-", *vers], input=octets, capture_output=True, check=True).stdout.decode()
        for programme, vers in (("pdfinfo", []), ("pdftotext", ["-"]))
    ]
    return "\n".join(sortis)


class Formulaire(NamedTuple):
    """Where it goes, what a browser would send of it untouched, its buttons (the first of each name), all its names."""

    action: str
    champs: dict[str, str]
    boutons: dict[str, str]
    noms: set[str]


def elements(reponse: Reponse, balise: str) -> Iterator[Element]:
    """Those of that name in a page; none in a file."""
    if (reponse.entetes["Content-Type"] or "").startswith("text/html"):
        yield from tinyhtml5.parse(reponse.corps.decode()).iter(f"{XHTML}{balise}")


def formulaires(reponse: Reponse) -> Iterator[Formulaire]:
    """Each form of a page."""
    for element in elements(reponse, "form"):
        trouve = Formulaire(element.get("action") or "", {}, {}, set())
        for champ in element.iter():
            nom, balise = champ.get("name") or "", str(champ.tag).removeprefix(XHTML)
            if not nom or balise not in {"input", "select", "textarea", "button"}:
                continue
            trouve.noms.add(nom)
            if balise == "button":
                trouve.boutons.setdefault(nom, champ.get("value") or "")
            elif champ.get("type") not in {"radio", "checkbox"} or champ.get("checked") is not None:
                trouve.champs[nom] = _valeur(champ, balise)
        yield trouve


def _valeur(element: Element, balise: str) -> str:
    if balise == "select":
        options = list(element.iter(f"{XHTML}option"))
        choisies = [option for option in options if option.get("selected") is not None] or options[:1]
        return next((option.get("value") or "" for option in choisies), "")
    return (element.text or "") if balise == "textarea" else element.get("value") or ""
