"""What the last verifications of the ledger found."""

from django.db import models


class VerificationDuLivre(models.Model):
    """One run of ``verify_ledger`` over every dossier, written when it ended."""

    started_at = models.DateTimeField("commencée le")
    finished_at = models.DateTimeField("terminée le", auto_now_add=True)
    verifies = models.PositiveIntegerField("dossiers vérifiés")
    differents = models.PositiveIntegerField("dossiers qui diffèrent")

    class Meta:
        verbose_name = "vérification du grand livre"
        verbose_name_plural = "vérifications du grand livre"

    def __str__(self) -> str:
        return f"vérification {self.pk}"
