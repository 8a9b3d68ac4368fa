"""docker-compose.yml read as Compose reads it: merges, `${…}` filled in, what each container runs and is given."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

RACINE = Path(__file__).resolve().parents[3]
FICHIER = RACINE / "docker-compose.yml"
#: Where our own images are named; the others are somebody else's programs.
IMAGES = ("mespoints-site:", "mespoints-drill:", "mespoints-demo:")
_VARIABLE = re.compile(r"\$(?:\$|{(\w+)(?::([-?])([^}]*))?})")


class Manquante(Exception):
    """A variable that the file wants and that nobody gave."""


def lire(variables: Mapping[str, str], fichier: Path = FICHIER) -> dict[str, Any]:
    """The services, every string filled in."""
    services: dict[str, Any] = _remplir(YAML(typ="safe").load(fichier.read_text())["services"], variables)
    return services


def _remplir(noeud: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(noeud, dict):
        return {cle: _remplir(valeur, variables) for cle, valeur in noeud.items()}
    if isinstance(noeud, list):
        return [_remplir(valeur, variables) for valeur in noeud]
    return remplir(noeud, variables) if isinstance(noeud, str) else noeud


def remplir(texte: str, variables: Mapping[str, str]) -> str:
    """`${A}`, `${A:-else}`, `${A:?why}` and `$$`, as Compose fills them in."""

    def valeur(trouve: re.Match[str]) -> str:
        nom, signe, reste = trouve.groups()
        if nom is None:
            return "$"
        donnee = variables.get(nom, "")
        if not donnee and signe == "?":
            raise Manquante(f"{nom} : {reste}")
        return donnee or (reste if signe == "-" else "")

    return _VARIABLE.sub(valeur, texte)


def les_notres(services: Mapping[str, Any]) -> dict[str, Any]:
    """The services that run an image of ours."""
    return {nom: service for nom, service in services.items() if service["image"].startswith(IMAGES)}


def commande(service: Mapping[str, Any], dockerfile: Path = RACINE / "Dockerfile") -> list[str]:
    """What the container runs: its own command, else the image's."""
    if "command" in service:
        return [str(mot) for mot in service["command"]]
    return _instruction("CMD", dockerfile)


def _instruction(nom: str, dockerfile: Path) -> list[str]:
    [ligne] = re.findall(rf"^{nom} \[(.+)\]$", dockerfile.read_text(), re.MULTILINE)
    return re.findall(r'"([^"]*)"', ligne)
