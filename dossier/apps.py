from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate

from mespoints.lib.grants import grant_application


class DossierConfig(AppConfig):
    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        post_migrate.connect(_accorder, sender=self)


def _accorder(sender: AppConfig, using: str, **_reste: Any) -> None:
    """After the migrations of every app: the application's role may do what it needs, and only add to the ledger."""
    grand_livre = [sender.get_model(nom)._meta.db_table for nom in ("Fait", "Mouvement", "Journal")]  # noqa: SLF001
    grant_application(connections[using], role=settings.DATABASE_APPLICATION_ROLE, ledgers=grand_livre)
