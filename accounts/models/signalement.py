"""What somebody tells us is wrong, followed by its reference; and what is told when an account takes a dossier."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models.compte import Rattachement
from accounts.models.demande import DemandeCompte


class Signalement(models.Model):
    """A difficulty that a person must look into. Read with its reference and its mailbox, without an account."""

    class Motif(models.TextChoices):
        """What is wrong, in the words of who tells it."""

        INCONNU = "inconnu", "Mon numéro de dossier est introuvable"
        DISCORDANT = "discordant", "Mon état civil ne correspond pas au dossier"

    class Statut(models.TextChoices):
        """Where it stands."""

        RECU = "recu", "Reçu"
        EN_COURS = "en_cours", "En cours d'examen"
        CLOS = "clos", "Réponse donnée"

    reference = models.CharField("référence", max_length=13, unique=True)  # S-2026-XXXXXX
    motif = models.CharField("motif", max_length=16, choices=Motif.choices)
    statut = models.CharField("statut", max_length=8, choices=Statut.choices, default=Statut.RECU)
    email = models.EmailField("adresse électronique")
    contenu = models.JSONField("ce qui a été saisi")
    message = models.TextField("message", max_length=1000, blank=True)
    reponse = models.TextField("réponse", blank=True)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)
    updated_at = models.DateTimeField("mis à jour le", auto_now=True)
    demande = models.OneToOneField(
        DemandeCompte, on_delete=models.SET_NULL, null=True, blank=True, related_name="signalement"
    )  # one signalement a demande, however often the button is pressed
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="signalements"
    )

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        indexes: ClassVar = [models.Index(fields=["statut", "created_at"], name="signalement_file")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^S-[0-9]{4}-[A-HJ-NP-Z2-9]{6}$"), name="signalement_reference"
            ),
            models.CheckConstraint(
                condition=~models.Q(statut="clos") | ~models.Q(reponse=""), name="signalement_clos_avec_reponse"
            ),
        ]

    def __str__(self) -> str:
        return f"signalement {self.reference}"


class AvisRattachement(models.Model):
    """What is owed to the driver when an account takes the dossier by its number: they may not be who asked for it.

    A mail to each other account of the dossier, and a letter to the record's address. Not a ``Lettre``, which is due
    for a movement of points and has a legal reference.
    """

    rattachement = models.OneToOneField(Rattachement, on_delete=models.PROTECT, related_name="avis")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)
    courriels_at = models.DateTimeField("autres comptes avertis le", null=True, blank=True)
    lettre_at = models.DateTimeField("lettre partie le", null=True, blank=True)

    class Meta:
        verbose_name = "avis de rattachement"
        verbose_name_plural = "avis de rattachement"
        indexes: ClassVar = [
            models.Index(fields=["recorded_at"], condition=models.Q(lettre_at=None), name="avis_lettre_due"),
        ]

    def __str__(self) -> str:
        return f"avis de rattachement n° {self.pk}"
