"""The day on which a driver first opened a letter (R223-3-1 III): what counts is kept once, and never changes."""

from django.db import models

from documents.models.document import DocumentEmis


class Ouverture(models.Model):
    """The first opening of a letter on this site. Append-only, like the letter itself."""

    document = models.OneToOneField(DocumentEmis, on_delete=models.PROTECT, related_name="ouverture")
    opened_at = models.DateTimeField("ouverte le")
    jour = models.DateField("jour d'ouverture")
    niveau = models.CharField("niveau de la session", max_length=8)

    class Meta:
        verbose_name = "ouverture de lettre"
        verbose_name_plural = "ouvertures de lettres"

    def __str__(self) -> str:
        return f"ouverture {self.pk}"
