"""Every address of the site, with something plausible in the place of its arguments."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

EXEMPLES = {"int": "1", "str": "a", "path": "a", "slug": "a", "uuid": "00000000-0000-4000-8000-000000000000"}


class Adresse(NamedTuple):
    chemin: str
    nom: str
    vue: Any


def adresses() -> list[Adresse]:
    """Walk the resolver: all patterns, ours and the libraries'."""
    return list(_parcourir(get_resolver().url_patterns, "/", ""))


def _parcourir(routes: list[URLPattern | URLResolver], prefixe: str, espace: str) -> Iterator[Adresse]:
    for route in routes:
        chemin = prefixe + exemple(str(route.pattern))
        if isinstance(route, URLResolver):
            yield from _parcourir(route.url_patterns, chemin, f"{route.namespace}:" if route.namespace else espace)
        else:
            yield Adresse(chemin, f"{espace}{route.name}", route.callback)


def exemple(route: str) -> str:
    texte = re.sub(
        r"<(?:(\w+):)?\w+>", lambda trouve: EXEMPLES[trouve[1] or "str"], re.sub(r"\(\?P<\w+>[^)]*\)", "1", route)
    )
    return texte.replace("^", "").replace("$", "").replace("\\", "")
