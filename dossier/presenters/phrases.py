"""How the pages write: days in words, no-break spaces, an article as one reads it aloud, and its address."""

import re
from datetime import date
from functools import lru_cache

from dossier.rules.articles import legifrance
from dossier.rules.calendrier import en_lettres

_JOUR = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})\b")


def insecables(texte: str) -> str:
    """A sentence with the no-break spaces that French wants before « : ; ? ! »."""
    for signe in ":;?!":
        texte = texte.replace(f" {signe}", f"\u00a0{signe}")
    return texte


def en_prose(texte: str) -> str:
    """A sentence of the engine as a page prints it: its days, written in figures there, become words."""
    return insecables(_JOUR.sub(_en_lettres, texte))


def _en_lettres(trouve: re.Match[str]) -> str:
    jour, mois, annee = trouve.groups()
    return en_lettres(date(int(annee), int(mois), int(jour)))


@lru_cache(maxsize=100)
def article_lisible(article: str) -> str:
    """« L223-6 al. 3 » as it is written: « article L. 223-6, al. 3 du Code de la route »."""
    numero, _, partie = article.partition(" ")
    if partie == "code pénal":
        return f"article {numero} du Code pénal"
    suite = f", {partie}" if partie.startswith(("al.", "dernier")) else f" {partie}" if partie else ""
    return f"article {numero[0]}.\u00a0{numero[1:]}{suite} du Code de la route"


@lru_cache(maxsize=100)
def article_adresse(article: str) -> str:
    """Where Légifrance shows this article."""
    return legifrance(article.partition(" ")[0])
