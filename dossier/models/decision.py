"""What one agent enters and another must approve: facts that would change points or the right to drive."""

import uuid

from django.db import models
from django.db.models import Q

from dossier.models.deux_agents import DeuxAgents


class Decision(DeuxAgents):
    """Facts waiting for a second agent. Written by ``dossier.bureau.decisions``, settled once.

    ``faits`` are in the feed's words; ``effet`` is what the author was shown, ``effet_tranche`` what the second agent
    saw. An agent is the number of an account.
    """

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4)  # of the form: sent twice, it makes one decision
    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="decisions")
    departement = models.CharField("département", max_length=3)
    acte = models.CharField("acte", max_length=24)  # a form of the desk
    faits = models.JSONField("faits")
    effet = models.JSONField("effet vu par l'auteur")
    piece = models.CharField("pièce", max_length=200)
    auteur = models.BigIntegerField("agent n°")
    second = models.BigIntegerField("second agent n°", null=True)
    effet_tranche = models.JSONField("effet vu par le second agent", null=True)

    class Meta(DeuxAgents.Meta):
        verbose_name = "décision"
        verbose_name_plural = "décisions à valider"
        indexes = [
            models.Index(
                fields=["departement", "proposee_at"], condition=Q(statut="attente"), name="decision_en_attente"
            ),
            models.Index(fields=["auteur", "-proposee_at"], name="decision_par_auteur"),
        ]

    def __str__(self) -> str:
        return f"décision n° {self.pk}"
