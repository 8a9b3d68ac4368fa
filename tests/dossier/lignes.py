"""Feed lines for tests, loaded through the real import: no test builds a dossier which the site could not."""

import json
from datetime import date
from typing import Any

from dossier.feed import FORMAT, lire_ligne
from dossier.models import Dossier
from dossier.services import Resultat, import_lot

AU = date(2026, 11, 21)
PERMIS = {"id": "p1", "type": "permis_obtenu", "date_obtention": "1999-01-15", "filiere": "classique"}


def infraction(id: str, commise: str, definitive: str | None, points: int = 3, **autres: Any) -> dict[str, Any]:
    """A contravention of class 4, unless ``autres`` says otherwise."""
    return {
        "id": id,
        "type": "infraction",
        "date_commission": commise,
        "date_definitive": definitive,
        "points": points,
        "nature": "contravention",
        "classe": 4,
        "libelle": "Franchissement d'une ligne continue",
        "lieu": "Tours",
    } | autres


def ligne(*faits: dict[str, Any], neph: str = "990175100001", **etat_civil: Any) -> dict[str, Any]:
    civil = {"nom_naissance": "MARTIN", "prenoms": ["Camille"], "sexe": "F", "date_naissance": "1979-12-31"}
    return {"format": FORMAT, "neph": neph, "etat_civil": civil | etat_civil, "faits": list(faits)}


def octets(contenu: dict[str, Any]) -> bytes:
    return json.dumps(contenu).encode()


def importer(*lignes: dict[str, Any], au: date = AU) -> list[Resultat]:
    return import_lot(lignes=[lire_ligne(octets(contenu)) for contenu in lignes], au=au)


def dossier(
    *faits: dict[str, Any], au: date = AU, permis: bool = True, categories: Any = None, **champs: Any
) -> Dossier:
    """A dossier holding a licence of 1999, unless ``permis`` is false, and these facts: the tests' one builder."""
    contenu = ligne(*[PERMIS][: int(permis)], *faits, **champs)
    if categories is not None:
        contenu["categories"] = categories
    assert importer(contenu, au=au)[0].etat == "accepte"
    return Dossier.objects.get(neph=contenu["neph"])
