"""What one agent proposes about the tie between an account and a dossier, and another decides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.agent import Agent
from accounts.models.compte import Rattachement
from accounts.models.signalement import Signalement


class PropositionLien(models.Model):
    """A tie to make or to take away, an account to block or to let in again: proposed once, decided once.

    ``compte`` is None when the account is still to be made, for the mailbox that sent the signalement. The database
    itself refuses one person on both sides.
    """

    class Nature(models.TextChoices):
        """What is proposed."""

        RATTACHER = "rattacher", "Rattacher le compte au dossier"
        RETIRER = "retirer", "Retirer le dossier au compte"
        BLOQUER = "bloquer", "Bloquer le compte et lui retirer le dossier"
        DEBLOQUER = "debloquer", "Laisser le compte, ou l'identité FranceConnect, revenir"

    class Statut(models.TextChoices):
        """Where it stands."""

        ATTENTE = "attente", "En attente"
        APPROUVEE = "approuvee", "Approuvée"
        REFUSEE = "refusee", "Refusée"

    signalement = models.ForeignKey(Signalement, on_delete=models.PROTECT, related_name="propositions")
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, null=True, related_name="+")
    rattachement = models.ForeignKey(Rattachement, on_delete=models.PROTECT, null=True, related_name="+")
    raisons = models.TextField("raisons", max_length=1000)
    statut = models.CharField("statut", max_length=9, choices=Statut.choices, default=Statut.ATTENTE)
    auteur = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    proposee_at = models.DateTimeField("proposée le", auto_now_add=True)
    second = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    tranchee_at = models.DateTimeField("tranchée le", null=True)
    refus = models.CharField("raison du refus", max_length=300, blank=True)

    class Meta:
        verbose_name = "proposition de lien"
        verbose_name_plural = "propositions de lien"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["signalement"], condition=Q(statut="attente"), name="proposition_une_en_attente"
            ),
            models.CheckConstraint(condition=~Q(second=F("auteur")), name="proposition_deux_agents"),
            models.CheckConstraint(
                condition=Q(statut="attente", second=None, tranchee_at=None)
                | (Q(statut__in=["approuvee", "refusee"]) & Q(second__isnull=False, tranchee_at__isnull=False)),
                name="proposition_tranchee_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=~Q(statut="refusee") | ~Q(refus=""), name="proposition_refusee_dit_pourquoi"
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
