"""Dossiers for the tests of the documents, through the real import; and browsers signed in to them."""

from datetime import date, datetime
from itertools import count
from typing import Any

from django.test import Client
from django.utils.timezone import localdate, now

from accounts.services import attach_dossier
from documents.models import DocumentEmis
from documents.services import Modele, issue_document
from tests.accounts.factories import CompteFactory
from tests.dossier.lignes import dossier, infraction

_rang = count(1)
CAMILLE: dict[str, Any] = {
    "nom_usage": "DUPRÉ",
    "prenoms": ["Camille", "Anne"],
    "lieu_naissance": "75056",
    "pays_naissance": "99100",
    "adresse": {"lignes": ["2 avenue des Érables", "Bâtiment C"], "code_postal": "75012", "commune": "Paris"},
}
CATEGORIES = [
    {"code": "B", "date_obtention": "1999-01-15", "restrictions": ["01.06"]},
    {"code": "C", "date_obtention": "2004-03-02", "date_fin": "2090-03-02", "restrictions": []},
]
INVALIDATION = {"id": "v1", "type": "invalidation", "date_notification": "2025-06-02"}
ANNULATION = {"id": "a1", "type": "annulation", "date_effet": "2025-06-02", "interdiction_mois": 12}
PERTE = infraction("i1", "2026-01-10", "2026-02-20", 6, lieu="Boulevard du Secret, Dijon", libelle="Téléphone tenu")
SOLDE_NUL = [PERTE, PERTE | {"id": "i2", "date_commission": "2026-03-10", "date_definitive": "2026-04-20"}]


def suspension(debut: str, fin: str | None = None, *, nature: str = "administrative") -> dict[str, Any]:
    return {"id": "s1", "type": "suspension", "date_debut": debut, "date_fin": fin, "nature": nature}


def make_dossier(*faits: Any, permis: bool = True, categories: Any = None, au: date | None = None, **civil: Any) -> int:
    """Import one driver and give the dossier's id; ``civil`` replaces fields of the état civil."""
    donne = {"neph": f"99{next(_rang):010d}", "categories": CATEGORIES if categories is None else categories}
    return dossier(*faits, au=au or localdate(), permis=permis, **donne, **CAMILLE | civil).pk


def client_of(dossier_id: int | None) -> Client:
    """A browser signed in, by password, to an account attached to this dossier (None: to no dossier)."""
    user = CompteFactory()
    if dossier_id is not None:
        attach_dossier(user=user, dossier_id=dossier_id, origine="demonstration")
    client = Client()
    client.force_login(user)
    return client


def issue(modele: Modele, dossier_id: int, at: datetime | None = None) -> DocumentEmis:
    """Issue a document as the view does."""
    return issue_document(modele, dossier_id, now=at or now(), niveau="password")


def file_of(modele: Modele, dossier_id: int) -> bytes:
    return bytes(issue(modele, dossier_id).octets)
