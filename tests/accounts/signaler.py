"""Signalements already told, for the tests of the desk."""

import itertools
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import IdentiteFranceConnect, Rattachement, Signalement, User
from tests.accounts.factories import CompteFactory

NUMEROS = itertools.count()
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CAMILLE = {
    "neph": "990175100001",
    "nom_naissance": "Martin",
    "prenoms": ["Camille"],
    "date_naissance": "1979-12-31",
}


def signalement(*, jours: int = 0, **champs: Any) -> Signalement:
    """A signalement received so many days ago; without more, « numéro introuvable » from a mailbox."""
    n = next(NUMEROS)
    reference = f"S-2026-AB{ALPHABET[n // 900 % 30]}{ALPHABET[n // 30 % 30]}{ALPHABET[n % 30]}C"
    valeurs: dict[str, Any] = {"motif": "inconnu", "email": "camille@exemple.fr", "contenu": CAMILLE} | champs
    pose = Signalement.objects.create(reference=reference, **valeurs)
    if jours:
        Signalement.objects.filter(pk=pose.pk).update(created_at=timezone.now() - timedelta(days=jours))
        pose.refresh_from_db()
    return pose


def compte_franceconnect(**champs: Any) -> User:
    user = User.objects.create_sans_adresse()
    IdentiteFranceConnect.objects.create(user=user, empreinte=f"{next(NUMEROS):064}", pivot="", **champs)
    return user


def lie(dossier: Any, *, origine: str = "numero", user: User | None = None) -> Rattachement:
    return Rattachement.objects.create(user=user or CompteFactory(), dossier=dossier, origine=origine)


def adresse(pose: Signalement, suite: str = "") -> str:
    return f"/admin/accounts/signalement/{pose.pk}/{suite}"


def prendre(client: Client, pose: Signalement, *, a: Any = "") -> None:
    """« Je m'en charge », ``a`` being who has it on the page."""
    assert client.post(adresse(pose, "prendre/"), {"tenu_par": a}).status_code == 302
