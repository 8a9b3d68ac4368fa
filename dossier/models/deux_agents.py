"""What one agent proposes and another decides, whatever it is."""

from django.db import models
from django.db.models import F, Q

from mespoints.lib.visiteur import Agent


class DeuxAgents(models.Model):
    """Proposed by ``auteur``, decided once by ``second``, who says why when it is put aside.

    The two are agents by the number of their account, or by a key where the model knows them: each model says. A person
    is the number of their own dossier as a driver, where it is known: somebody who had two accounts, one after the
    other, is still one. The database itself refuses one account, or one person, on both sides; and a row that was
    decided never changes again (``sql/deux_agents.sql``).
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
    auteur_personne = models.BigIntegerField("auteur, comme conducteur", null=True, editable=False)
    second_personne = models.BigIntegerField("second agent, comme conducteur", null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(second=None) | ~Q(second=F("auteur")), name="%(class)s_deux_agents"),
            models.CheckConstraint(
                condition=Q(second_personne=None) | Q(auteur_personne=None) | ~Q(second_personne=F("auteur_personne")),
                name="%(class)s_deux_personnes",
            ),
            models.CheckConstraint(
                condition=Q(statut="attente", second=None, tranchee_at=None)
                | (Q(statut__in=["validee", "ecartee"]) & Q(second__isnull=False, tranchee_at__isnull=False)),
                name="%(class)s_tranchee_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=~Q(statut="ecartee") | ~Q(refus=""), name="%(class)s_ecartee_dit_pourquoi"
            ),
        ]

    def est_de(self, agent: Agent) -> bool:
        """Whether this agent is its author, by the account or by the person."""
        numero = getattr(self, "auteur_id", None) or getattr(self, "auteur", None)
        return numero == agent.numero or (agent.dossier_id is not None and agent.dossier_id == self.auteur_personne)
