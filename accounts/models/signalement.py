"""What somebody tells us is wrong, followed by its reference; and what is told when an account takes a dossier."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models.agent import Agent
from accounts.models.compte import Rattachement
from accounts.models.demande import DemandeCompte


class Signalement(models.Model):
    """A difficulty that a person must look into. Read with its reference and its mailbox, without an account.

    ``dossier`` is the one it is about, where one is known: that of its driver, or of the number given. It says whose
    desk answers; without one, or where nobody knows the département, any desk may.
    """

    class Motif(models.TextChoices):
        """What is wrong, in the words of who tells it."""

        # The same words: who tells it does not know which, and a page must not say whether the number exists.
        INCONNU = "inconnu", "Mon numéro et mon état civil ne correspondent pas"
        DISCORDANT = "discordant", "Mon numéro et mon état civil ne correspondent pas"
        PAS_MOI = "pas_moi", "Le dossier proposé n'est pas le mien"
        INTROUVE = "introuve", "Mon dossier n'a pas pu être retrouvé avec FranceConnect"
        DONNEES = "donnees", "Des informations de mon dossier sont inexactes"
        AUTRE_PERSONNE = "autre_personne", "Mon dossier contient des informations d'une autre personne"
        STAGE = "stage", "Mon stage n'est pas compté"
        SUSPECT = "suspect", "Un compte que je ne connais pas ouvre mon dossier"

    class Statut(models.TextChoices):
        """Where it stands. What its driver writes after an answer puts it back under way."""

        RECU = "recu", "Reçu"
        EN_COURS = "en_cours", "En cours d'examen"
        REPONDU = "repondu", "Réponse donnée"
        CLOS = "clos", "Clos"

    #: Told from a dossier, by its driver signed in: read so, and by no link of a mail alone.
    DU_DOSSIER = (Motif.DONNEES, Motif.AUTRE_PERSONNE, Motif.STAGE, Motif.SUSPECT)

    reference = models.CharField("référence", max_length=13, unique=True)  # S-2026-XXXXXX
    motif = models.CharField("motif", max_length=16, choices=Motif.choices)
    statut = models.CharField("statut", max_length=8, choices=Statut.choices, default=Statut.RECU)
    email = models.EmailField("adresse électronique", blank=True)  # FranceConnect may give none: seen once signed in
    contenu = models.JSONField("ce qui a été saisi")
    message = models.TextField("message", max_length=1000, blank=True)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)
    updated_at = models.DateTimeField("mis à jour le", auto_now=True)
    repondu_at = models.DateTimeField("dernière réponse le", null=True, blank=True)
    demande = models.OneToOneField(
        DemandeCompte, on_delete=models.SET_NULL, null=True, blank=True, related_name="signalement"
    )  # one signalement a demande, however often the button is pressed
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="signalements"
    )
    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="signalements"
    )
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="signalements", verbose_name="suivi par"
    )

    class Meta:
        verbose_name = "signalement"
        verbose_name_plural = "signalements"
        indexes: ClassVar = [models.Index(fields=["statut", "created_at"], name="signalement_file")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "motif"],
                condition=~models.Q(statut="clos"),
                name="signalement_un_ouvert_par_motif",
            ),
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^S-[0-9]{4}-[A-HJ-NP-Z2-9]{6}$"), name="signalement_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(statut="recu", agent=None)
                | (models.Q(statut__in=["en_cours", "repondu", "clos"]) & models.Q(agent__isnull=False)),
                name="signalement_suivi_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=models.Q(statut__in=["recu", "en_cours"]) | models.Q(repondu_at__isnull=False),
                name="signalement_clos_avec_reponse",
            ),
        ]

    def __str__(self) -> str:
        return f"signalement {self.reference}"


class MessageSignalement(models.Model):
    """One message of the exchange about a signalement: an agent's, or without one its driver's. Only added."""

    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one message
    signalement = models.ForeignKey(Signalement, on_delete=models.PROTECT, related_name="messages")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="agent")
    texte = models.TextField("texte", max_length=4000)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "message d'un signalement"
        verbose_name_plural = "messages des signalements"
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(texte=""), name="message_non_vide")]

    def __str__(self) -> str:
        return f"message n° {self.pk}"


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
