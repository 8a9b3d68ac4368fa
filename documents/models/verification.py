"""Each time somebody checked an ADCS: when, how, and what the answer was. Never by whom."""

from django.db import models

from documents.models.document import DocumentEmis


class Voie(models.TextChoices):
    """How the check was asked."""

    QR = "qr", "code QR"
    CODE = "code", "code à seize caractères"


class Verification(models.Model):
    """A check of one document, kept for its holder. Neither an address nor anything else of who asked is written.

    ``conclusion`` is a ``documents.code.jeton.Conclusion``.
    """

    document = models.ForeignKey(DocumentEmis, on_delete=models.PROTECT, related_name="verifications", db_index=False)
    faite_at = models.DateTimeField("faite à")
    voie = models.CharField("voie", max_length=4, choices=Voie.choices)
    conclusion = models.CharField("conclusion", max_length=32)

    class Meta:
        verbose_name = "vérification"
        verbose_name_plural = "vérifications"
        indexes = [models.Index(fields=["document", "-faite_at"], name="verification_du_document")]
        constraints = [models.CheckConstraint(condition=models.Q(voie__in=Voie.values), name="verification_voie")]

    def __str__(self) -> str:
        return f"vérification {self.pk}"
