"""What a visitor asks of us by mail: an account, or a link. What is answered is decided by the worker, not the page."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class DemandeCompte(models.Model):
    """An account asked for: what was typed, and what became of it. Deleted once it can serve no more.

    ``cle`` is that of the answers: sending the same ones twice makes one demande.
    """

    class Issue(models.TextChoices):
        """What became of it. The mailbox alone learns of it, and not which of INCONNU and DISCORDANT."""

        ACTIVABLE = "activable", "à activer"
        INCONNU = "inconnu", "numéro introuvable"
        DISCORDANT = "discordant", "état civil différent"
        DEJA_UN_COMPTE = "deja_un_compte", "adresse d'un compte existant"
        TROP_D_ESSAIS = "trop_d_essais", "trop d'essais sur ce numéro"
        MUETTE = "muette", "trop de demandes pour cette adresse, aucun courriel"
        RETENUE = "retenue", "trop d'échecs sur le site, décidée plus tard"

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4)
    email = models.EmailField("adresse électronique")
    password = models.CharField("mot de passe haché", max_length=128, blank=True)
    format = models.CharField("format du permis", max_length=24)
    neph = models.CharField("numéro NEPH", max_length=19)
    nom_naissance = models.CharField("nom de naissance", max_length=120)
    prenoms = ArrayField(models.CharField(max_length=120), verbose_name="prénoms")
    date_naissance = models.CharField("date de naissance", max_length=10)  # 00: unknown day or month
    created_at = models.DateTimeField("déposée le", auto_now_add=True)
    instruite_at = models.DateTimeField("instruite le", null=True, blank=True)
    issue = models.CharField("issue", max_length=16, choices=Issue.choices, blank=True)
    expire_at = models.DateTimeField("lien valable jusqu'au", null=True, blank=True)
    courriels = models.PositiveSmallIntegerField("courriels partis", default=0)
    essais = models.PositiveSmallIntegerField("mots de passe essayés sur la page du lien", default=0)
    activee_at = models.DateTimeField("activée le", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="demandes"
    )

    class Meta:
        verbose_name = "demande de compte"
        verbose_name_plural = "demandes de compte"
        indexes: ClassVar = [
            models.Index(fields=["email", "created_at"], name="demande_par_adresse"),
            models.Index(fields=["neph", "created_at"], name="demande_par_neph"),
            models.Index(fields=["created_at"], condition=models.Q(instruite_at=None), name="demande_a_instruire"),
            models.Index(
                fields=["instruite_at"],
                condition=models.Q(issue__in=["inconnu", "discordant"]),
                name="demande_echouee",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(activee_at=None) | models.Q(issue="activable"), name="demande_activee_si_activable"
            ),
        ]

    def __str__(self) -> str:
        return f"demande de compte n° {self.pk}"  # neither address nor NEPH: this text reaches logs

    @property
    def est_perimee(self) -> bool:
        """Whether its link opens nothing any more."""
        return not self.activee_at and (self.expire_at is None or self.expire_at < timezone.now())

    @property
    def a_un_motif(self) -> bool:
        """Whether it failed for a reason that a person may look into."""
        return self.issue in {self.Issue.INCONNU, self.Issue.DISCORDANT}


class DemandeLien(models.Model):
    """A mail asked for by its address alone: the one of an account asked for, of a signalement, of an account's owner.

    A row whatever the address is worth: the page answers, and takes the time, before anybody knows.
    """

    #: In place of a signalement's reference: the link of a forgotten password, the warning that somebody tries.
    MOT_DE_PASSE, ESSAIS_REPETES = "mot de passe", "essais répétés"

    email = models.EmailField("adresse électronique")
    reference = models.CharField("référence du signalement", max_length=16, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)

    class Meta:
        verbose_name = "demande de lien"
        verbose_name_plural = "demandes de lien"

    def __str__(self) -> str:
        return f"demande de lien n° {self.pk}"
