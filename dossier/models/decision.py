"""What one agent enters and another must approve: facts that would change points or the right to drive."""

import uuid

from django.db import models
from django.db.models import F, Q


class Decision(models.Model):
    """Facts waiting for a second agent. Written by ``dossier.bureau.decisions``, settled once.

    ``faits`` are in the feed's words; ``effet`` is what the author was shown, ``effet_tranche`` what the second agent
    saw. The database itself refuses one person on both sides.
    """

    class Statut(models.TextChoices):
        """Where it stands."""

        ATTENTE = "attente", "En attente"
        VALIDEE = "validee", "Validée"
        ECARTEE = "ecartee", "Écartée"

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4)  # of the form: sent twice, it makes one decision
    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="decisions")
    departement = models.CharField("département", max_length=3)
    acte = models.CharField("acte", max_length=24)  # a form of the desk
    faits = models.JSONField("faits")
    effet = models.JSONField("effet vu par l'auteur")
    piece = models.CharField("pièce", max_length=200)
    statut = models.CharField("statut", max_length=8, choices=Statut.choices, default=Statut.ATTENTE)
    auteur = models.BigIntegerField("agent n°")
    proposee_at = models.DateTimeField("soumise le", auto_now_add=True)
    second = models.BigIntegerField("second agent n°", null=True)
    tranchee_at = models.DateTimeField("tranchée le", null=True)
    effet_tranche = models.JSONField("effet vu par le second agent", null=True)
    raison = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions à valider"
        indexes = [
            models.Index(
                fields=["departement", "proposee_at"], condition=Q(statut="attente"), name="decision_en_attente"
            ),
            models.Index(fields=["auteur", "-proposee_at"], name="decision_par_auteur"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("auteur")), name="decision_deux_agents"),
            models.CheckConstraint(
                condition=Q(statut="attente", second=None, tranchee_at=None)
                | (Q(statut__in=["validee", "ecartee"]) & Q(second__isnull=False, tranchee_at__isnull=False)),
                name="decision_tranchee_par_quelqu_un",
            ),
            models.CheckConstraint(condition=~Q(statut="ecartee") | ~Q(raison=""), name="decision_ecartee_avec_raison"),
        ]

    def __str__(self) -> str:
        return f"décision n° {self.pk}"
