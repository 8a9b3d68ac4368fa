"""Dossiers for the tests of the documents, made through the real import; and accounts attached to them."""

import json
from datetime import date
from itertools import count
from typing import Any

from django.test import Client
from django.utils.timezone import localdate

from accounts.models import User
from accounts.services import attach_dossier
from dossier.feed import lire_ligne
from dossier.models import Dossier
from dossier.services import import_lot

_rang = count(1)
PERMIS = {"id": "p1", "type": "permis_obtenu", "date_obtention": "1999-01-15", "filiere": "classique"}
CAMILLE: dict[str, Any] = {
    "nom_naissance": "MARTIN",
    "nom_usage": "DUPRÉ",
    "prenoms": ["Camille", "Anne"],
    "sexe": "F",
    "date_naissance": "1979-12-31",
    "lieu_naissance": "75056",
    "pays_naissance": "99100",
    "adresse": {"lignes": ["2 avenue des Érables", "Bâtiment C"], "code_postal": "75012", "commune": "Paris"},
}
CATEGORIES = [
    {"code": "B", "date_obtention": "1999-01-15", "restrictions": ["01.06"]},
    {"code": "C", "date_obtention": "2004-03-02", "date_fin": "2090-03-02", "restrictions": []},
]


def infraction(points: int, *, id: str = "i1", commise: str = "2025-01-10", definitive: str = "2025-02-20") -> Any:
    """An offence that cost points, with a place and a label that no ADCS may show."""
    return {
        "id": id,
        "type": "infraction",
        "date_commission": commise,
        "date_definitive": definitive,
        "points": points,
        "nature": "contravention",
        "classe": 4,
        "lieu": "Boulevard du Secret, Dijon",
        "libelle": "Conduite en tenant un téléphone",
    }


def suspension(debut: str, fin: str | None = None, *, id: str = "s1", nature: str = "administrative") -> Any:
    return {"id": id, "type": "suspension", "date_debut": debut, "date_fin": fin, "nature": nature}


INVALIDATION = {"id": "v1", "type": "invalidation", "date_notification": "2025-06-02"}
ANNULATION = {"id": "a1", "type": "annulation", "date_effet": "2025-06-02", "interdiction_mois": 12}
SOLDE_NUL = [infraction(6, id=f"i{n}", commise=f"2025-0{n}-10", definitive=f"2025-0{n}-20") for n in (1, 2)]


def make_dossier(*faits: Any, permis: bool = True, categories: Any = None, au: date | None = None, **civil: Any) -> int:
    """Import one driver and give the dossier's id; ``civil`` replaces fields of the état civil."""
    neph = f"99{next(_rang):010d}"
    ligne = {
        "format": "mespoints-dossier/1",
        "neph": neph,
        "etat_civil": CAMILLE | civil,
        "categories": CATEGORIES if categories is None else categories,
        "faits": [PERMIS, *faits] if permis else list(faits),
    }
    import_lot(lignes=[lire_ligne(json.dumps(ligne).encode())], au=au or localdate())
    return Dossier.objects.get(neph=neph).pk


def client_of(dossier_id: int | None) -> Client:
    """A browser signed in, by password, to an account attached to this dossier (None: to no dossier)."""
    user = User.objects.create_user(f"titulaire{next(_rang)}@exemple.fr", "demonstration-2026")
    if dossier_id is not None:
        attach_dossier(user=user, dossier_id=dossier_id, origine="demonstration")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
