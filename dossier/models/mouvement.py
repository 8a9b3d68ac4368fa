"""The ledger: what was posted, line after line. A mistake is corrected by another line."""

from django.db import models
from django.db.models import Q

from dossier.rules.vocabulaire import Nature

CORRECTION = "correction"


class Mouvement(models.Model):
    """A posted movement. ``date`` is its legal day, ``recorded_at`` the instant of posting.

    ``solde`` is the balance after the line in posting order; the balance in legal order is replayed from the facts.
    ``reprise`` counts the lines of the same nature, fact and day posted before: 0, then 1 once line 0 is corrected, and
    so on. A correction has the legal day, the fact and the opposite points of the line it undoes; its ``reprise``
    counts likewise, since two lines of one fact and one day may both be undone. A trigger holds all this
    (``sql/corrections.sql``).
    """

    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, related_name="mouvements", db_index=False
    )  # the unique index starts with it
    date = models.DateField("date")
    nature = models.CharField("nature", max_length=24)
    points = models.SmallIntegerField("points")
    solde = models.SmallIntegerField("solde")
    plafond = models.SmallIntegerField("plafond")
    fait = models.CharField("fait", max_length=64, null=True)  # noqa: DJ001 null for a reconstitution totale
    article = models.CharField("article", max_length=40)
    explication = models.TextField("explication")
    corrige = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="corrections",
        verbose_name="mouvement corrigé",
    )
    reprise = models.SmallIntegerField("reprise", default=0)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "mouvement"
        verbose_name_plural = "mouvements"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "nature", "fait", "date", "reprise"],
                name="mouvement_unique",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["corrige"], condition=Q(corrige__isnull=False), name="mouvement_corrige_une_fois"
            ),
            models.CheckConstraint(
                condition=Q(nature=CORRECTION, corrige__isnull=False)
                | (~Q(nature=CORRECTION) & Q(corrige__isnull=True)),
                name="mouvement_correction_vise_un_mouvement",
            ),
            models.CheckConstraint(
                condition=~Q(nature=Nature.RETRAIT.value) | Q(points__lte=0), name="mouvement_retrait_negatif"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.pk}"
