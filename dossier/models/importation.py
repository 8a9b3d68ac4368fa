"""What the last loadings of the national file gave, in numbers."""

from django.db import models


class Importation(models.Model):
    """One run of ``import_dossiers``, written when it ended: an interrupted one is not here. No file's name: it may
    hold one of a person."""

    started_at = models.DateTimeField("commencé le")
    finished_at = models.DateTimeField("terminé le", auto_now_add=True)
    acceptes = models.PositiveIntegerField("lignes acceptées")
    inchanges = models.PositiveIntegerField("lignes inchangées")
    refuses = models.PositiveIntegerField("lignes refusées")

    class Meta:
        verbose_name = "chargement"
        verbose_name_plural = "chargements"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"chargement {self.pk}"
