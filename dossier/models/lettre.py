"""A letter to be issued: what settling found due. Making and sending it belongs to the documents."""

from typing import ClassVar

from django.db import models


class Lettre(models.Model):
    """A letter due for a movement: its reference, the movement's legal day and the fact it is about.

    ``sans_objet_at``: since when a 48SI has lost its ground. It is kept, and never printed nor sent.
    """

    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="lettres", db_index=False)
    reference = models.CharField("référence", max_length=4)
    date = models.DateField("date du mouvement")
    fait = models.CharField("fait", max_length=64, null=True)  # noqa: DJ001 null for a reconstitution totale
    sans_objet_at = models.DateTimeField("sans objet depuis", null=True, editable=False)
    recorded_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "lettre due"
        verbose_name_plural = "lettres dues"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "reference", "date", "fait"],
                name="lettre_due_unique",
                nulls_distinct=False,
                condition=models.Q(sans_objet_at=None),
            )
        ]
        indexes: ClassVar = [
            # Which 48SI lose their ground is asked at each settling: they are few.
            models.Index(
                fields=["dossier"],
                condition=models.Q(reference="48SI", sans_objet_at=None),
                name="lettre_48si_en_cours",
            )
        ]

    def __str__(self) -> str:
        return f"lettre {self.reference} n° {self.pk}"
