"""A letter to be issued: what settling found due. Making and sending it belongs to the documents."""

from django.db import models


class Lettre(models.Model):
    """A letter due for a movement: its reference, the movement's legal day and the fact it is about."""

    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="lettres", db_index=False)
    reference = models.CharField("référence", max_length=4)
    date = models.DateField("date du mouvement")
    fait = models.CharField("fait", max_length=64, null=True)  # noqa: DJ001 null for a reconstitution totale
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "lettre due"
        verbose_name_plural = "lettres dues"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "reference", "date", "fait"], name="lettre_due_unique", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"lettre {self.reference} n° {self.pk}"
