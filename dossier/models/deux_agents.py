"""What one agent proposes and another decides, whatever it is."""

from django.db import models
from django.db.models import F, Q


class DeuxAgents(models.Model):
    """Proposed by ``auteur``, decided once by ``second``, who says why when it is put aside.

    The two are agents by the number of their account, or by a key where the model knows them: each model says. The
    database itself refuses one person on both sides.
    """

    class Statut(models.TextChoices):
        """Where it stands."""

        ATTENTE = "attente", "En attente"
        VALIDEE = "validee", "Validée"
        ECARTEE = "ecartee", "Écartée"

    statut = models.CharField("statut", max_length=8, choices=Statut.choices, default=Statut.ATTENTE)
    proposee_at = models.DateTimeField("proposée le", auto_now_add=True)
    tranchee_at = models.DateTimeField("tranchée le", null=True)
    refus = models.CharField("raison du refus", max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("auteur")), name="%(class)s_deux_agents"),
            models.CheckConstraint(
                condition=Q(statut="attente", second=None, tranchee_at=None)
                | (Q(statut__in=["validee", "ecartee"]) & Q(second__isnull=False, tranchee_at__isnull=False)),
                name="%(class)s_tranchee_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=~Q(statut="ecartee") | ~Q(refus=""), name="%(class)s_ecartee_dit_pourquoi"
            ),
        ]
