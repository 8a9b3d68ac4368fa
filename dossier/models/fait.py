"""A fact, as the national file told it: never edited, never deleted."""

from django.db import models
from django.db.models import Q

from dossier.rules.vocabulaire import TypeFait


class Fait(models.Model):
    """One fact of a dossier. ``contenu`` is its canonical form in the feed's words (``dossier.feed``): all its fields,
    no null. A fact is corrected by another fact, never in place."""

    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, related_name="faits", db_index=False
    )  # the unique index starts with it
    identifiant = models.CharField("identifiant", max_length=64)
    type = models.CharField("type", max_length=24)
    contenu = models.JSONField("contenu")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "fait"
        verbose_name_plural = "faits"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "identifiant"], name="fait_identifiant_unique"),
            models.CheckConstraint(condition=Q(type__in=[type_.value for type_ in TypeFait]), name="fait_type_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"
