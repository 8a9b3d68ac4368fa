from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate

from mespoints.lib.grants import restrict_application


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        from documents import checks, receveurs  # noqa: F401  # what they register

        post_migrate.connect(_restreindre, sender=self)


def _restreindre(sender: AppConfig, using: str, **_reste: Any) -> None:
    """After the rights that ``dossier`` gives on every table: an issued document may be added, its statut updated; an
    opening, a batch of letters and its departure may be added."""
    ajouts = ("Ouverture", "Envoi", "LettreDEnvoi", "Depart")
    permis: dict[str, list[str]] = {"DocumentEmis": ["statut"], **{nom: [] for nom in ajouts}}
    tables = {sender.get_model(nom)._meta.db_table: colonnes for nom, colonnes in permis.items()}  # noqa: SLF001
    restrict_application(connections[using], role=settings.DATABASE_APPLICATION_ROLE, tables=tables)
