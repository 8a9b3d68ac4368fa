"""The addresses of the site with the holes of their arguments, and what a page lets one send."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.urls import URLPattern, URLResolver, get_resolver

from tests.bancs.attaques.valeurs import Valeur, hostile, octets

_TROU = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|\([^()]*\)")
GROS = ("0", "1", "2147483648", "9223372036854775808", "9" * 60)


class Route(NamedTuple):
    """An address: its name, and its parts, where a pair (converter, argument) is a hole."""

    nom: str
    parties: tuple[str | tuple[str, str], ...]

    def chemin(self, hasard: random.Random, connus: dict[str, list[str]]) -> str:
        """One path, its holes filled with what exists or with what does not."""
        return "".join(p if isinstance(p, str) else self._remplir(p, hasard, connus) for p in self.parties)

    @staticmethod
    def _remplir(trou: tuple[str, str], hasard: random.Random, connus: dict[str, list[str]]) -> str:
        genre, nom = trou
        if nom in connus and hasard.random() < 0.7:
            return quote(hasard.choice(connus[nom]), safe="")
        if genre == "int":
            return hasard.choice(GROS)
        return quote(octets(hostile(hasard))[:300], safe="") or "x"


def routes() -> list[Route]:
    """Walk the resolver: every pattern, ours and the libraries'."""
    return list(_parcourir(get_resolver().url_patterns, "/", ""))


def _parcourir(motifs: list[URLPattern | URLResolver], avant: str, espace: str) -> Iterator[Route]:
    for motif in motifs:
        texte = avant + re.sub(r"\^|\$$|\\Z", "", str(motif.pattern)).replace("\\.", ".")
        if isinstance(motif, URLResolver):
            yield from _parcourir(motif.url_patterns, texte, f"{motif.namespace}:" if motif.namespace else espace)
        else:
            yield Route(f"{espace}{motif.name}", _decouper(texte))


def _decouper(texte: str) -> tuple[str | tuple[str, str], ...]:
    parties: list[str | tuple[str, str]] = []
    fin = 0
    for trou in _TROU.finditer(texte):
        parties += [texte[fin : trou.start()], (trou[1] or "str", trou[2] or trou[3] or "")]
        fin = trou.end()
    return (*parties, texte[fin:])


class Formulaire(NamedTuple):
    """A form of a page: where it goes, how, and its fields with what they hold."""

    methode: str
    action: str
    champs: list[tuple[str, str]]
    choix: dict[str, list[str]]


class _Lecteur(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, ici: str) -> None:
        super().__init__()
        self.ici = ici
        self.formulaires: list[Formulaire] = []
        self.liens: list[str] = []
        self.liste = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dits = {nom: valeur or "" for nom, valeur in attrs}
        if tag == "a" and dits.get("href", "").startswith(("/", "?")):
            self.liens.append(urljoin(self.ici, dits["href"].partition("#")[0]))
        elif tag == "form":
            action = urljoin(self.ici, dits.get("action", ""))
            self.formulaires.append(Formulaire(dits.get("method", "get").upper(), action, [], {}))
        elif self.formulaires and (nom := dits.get("name", "")) and tag in {"input", "textarea", "button", "select"}:
            self._champ(tag, nom, dits)
        elif self.formulaires and tag == "option" and self.liste:
            self.formulaires[-1].choix[self.liste].append(dits.get("value", ""))

    def _champ(self, tag: str, nom: str, dits: dict[str, str]) -> None:
        formulaire = self.formulaires[-1]
        self.liste = nom if tag == "select" else ""
        if self.liste or dits.get("type") in {"radio", "checkbox", "submit"} or tag == "button":
            formulaire.choix.setdefault(nom, []).extend([] if self.liste else [dits.get("value", "on")])
        else:
            formulaire.champs.append((nom, dits.get("value", "")))


def lire(page: str, ici: str) -> tuple[list[Formulaire], list[str]]:
    """The forms and the links of a page, those that stay on the site."""
    lecteur = _Lecteur(ici)
    lecteur.feed(page)
    ici_meme = [f for f in lecteur.formulaires if not urlsplit(f.action).netloc]
    return ici_meme, lecteur.liens


def remplir(formulaire: Formulaire, hasard: random.Random, bons: dict[str, list[str]]) -> list[tuple[Valeur, Valeur]]:
    """A form as sent: mostly kept or good, one field or two spoilt."""
    envoi: list[tuple[Valeur, Valeur]] = [
        (nom, hasard.choice(bons[nom]) if not valeur and nom in bons else valeur) for nom, valeur in formulaire.champs
    ]
    for nom, valeurs in formulaire.choix.items():
        if valeurs and hasard.random() < 0.8:
            envoi.append((nom, hasard.choice(valeurs)))
    for _ in range(hasard.choice((0, 1, 1, 2, len(envoi)))):
        if envoi:
            rang = hasard.randrange(len(envoi))
            envoi[rang] = (envoi[rang][0], hostile(hasard))
    if envoi and hasard.random() < 0.1:
        del envoi[hasard.randrange(len(envoi))]
    return envoi
