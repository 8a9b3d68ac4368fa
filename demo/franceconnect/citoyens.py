"""The invented citizens, read in ``demo/comptes.json``, and what FranceConnect would say of each."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

COMPTES = Path(__file__).resolve().parents[1] / "comptes.json"
FRANCE = "99100"


class Citoyen(NamedTuple):
    """Someone who may sign in at the stand-in. ``naissance_brute``: as the identity provider holds it, 00 unknown."""

    cle: str
    prenoms: list[str]
    nom: str
    sexe: str
    naissance: str
    montre: str
    lieu: str = ""
    pays: str = FRANCE
    nom_usage: str = ""
    email: str = ""
    naissance_brute: str = ""
    neph: str = ""
    deja_rattache: str = ""

    @property
    def sub(self) -> str:
        """Pairwise and a hash of the pivot identity, as FranceConnect's is: a corrected état civil has another one."""
        pivot = [" ".join(self.prenoms), self.nom, self.naissance, self.sexe, self.lieu, self.pays]
        return hashlib.sha256("mespoints".join(pivot).encode()).hexdigest() + "v1"

    def dires(self, scopes: str) -> dict[str, Any]:
        """The claims of the userinfo for these scopes."""
        demandes = set(scopes.split())
        dits: dict[str, Any] = {"sub": self.sub}
        if "identite_pivot" in demandes:
            dits |= {
                "given_name": " ".join(self.prenoms),
                "given_name_array": self.prenoms,
                "family_name": self.nom,
                "birthdate": self.naissance,
                "gender": self.sexe,
                "birthplace": self.lieu,
                "birthcountry": self.pays,
            }
        if "preferred_username" in demandes and self.nom_usage:
            dits["preferred_username"] = self.nom_usage
        if "idp_birthdate" in demandes:
            dits["idp_birthdate"] = self.naissance_brute or self.naissance
        if "email" in demandes and self.email:
            dits["email"] = self.email
        return dits


def lire_citoyens(fichier: Path = COMPTES) -> dict[str, Citoyen]:
    """Every citizen by key."""
    return {c["cle"]: Citoyen(**c) for c in json.loads(fichier.read_text(encoding="utf-8"))["franceconnect"]}
