"""What one agent proposes about the tie between an account and a dossier, and another decides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.agent import Agent
from accounts.models.compte import Rattachement
from accounts.models.signalement import Signalement
from dossier.models import DeuxAgents


class PropositionLien(DeuxAgents):
    """A tie to make or to take away, an account to block or to let in again: proposed once, decided once.

    ``compte`` is None when the account is still to be made, for the mailbox that sent the signalement.
    """

    class Nature(models.TextChoices):
        """What is proposed."""

        RATTACHER = "rattacher", "Rattacher le compte au dossier"
        RETIRER = "retirer", "Retirer le dossier au compte"
        BLOQUER = "bloquer", "Bloquer le compte et lui retirer le dossier"
        DEBLOQUER = "debloquer", "Laisser le compte, ou l'identité FranceConnect, revenir"

    signalement = models.ForeignKey(Signalement, on_delete=models.PROTECT, related_name="propositions")
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, null=True, related_name="+")
    rattachement = models.ForeignKey(Rattachement, on_delete=models.PROTECT, null=True, related_name="+")
    raisons = models.TextField("raisons", max_length=1000)
    auteur = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(DeuxAgents.Meta):
        verbose_name = "proposition de lien"
        verbose_name_plural = "propositions de lien"
        constraints: ClassVar = [
            *DeuxAgents.Meta.constraints,
            models.UniqueConstraint(
                fields=["signalement"], condition=Q(statut="attente"), name="proposition_une_en_attente"
            ),
            models.CheckConstraint(
                condition=Q(nature="rattacher", dossier__isnull=False, rattachement=None)
                | (
                    Q(nature__in=["retirer", "bloquer"])
                    & Q(dossier__isnull=False, rattachement__isnull=False, compte__isnull=False)
                )
                | Q(nature="debloquer", compte__isnull=False, rattachement=None, dossier=None),
                name="proposition_vise_quelque_chose",
            ),
        ]

    def __str__(self) -> str:
        return f"proposition n° {self.pk}"
