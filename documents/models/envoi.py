"""Sending the letters by post: those that wait, the batches that agents took, and the day each batch left.

A letter waits until it is in a batch, or until a fact says that it was sent. The rest is only added to.
"""

from django.db import models

from documents.models.document import DocumentEmis


class AEnvoyer(models.Model):
    """A letter whose file is made and which nobody has taken yet: the row goes away when somebody does.

    ``departement`` is that of the dossier on the day the letter was made, like the address that it bears.
    """

    document = models.OneToOneField(DocumentEmis, on_delete=models.PROTECT, primary_key=True, related_name="a_envoyer")
    departement = models.CharField("département", max_length=3, null=True)  # noqa: DJ001 nobody's

    class Meta:
        verbose_name = "lettre à envoyer"
        verbose_name_plural = "lettres à envoyer"
        indexes = [models.Index(fields=["departement", "document"], name="a_envoyer_du_departement")]

    def __str__(self) -> str:
        return f"lettre à envoyer {self.pk}"


class Envoi(models.Model):
    """A batch: the letters that an agent printed together. ``agent`` is the number of an account."""

    departement = models.CharField("département", max_length=3)
    agent = models.BigIntegerField("agent n°")
    prepared_at = models.DateTimeField("préparé le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi de lettres"
        verbose_name_plural = "envois de lettres"
        indexes = [models.Index(fields=["departement", "-prepared_at"], name="envoi_du_departement")]

    def __str__(self) -> str:
        return f"envoi n° {self.pk}"


class LettreDEnvoi(models.Model):
    """A letter in its batch: one batch only, the database says so."""

    envoi = models.ForeignKey(Envoi, on_delete=models.PROTECT, related_name="lignes")
    document = models.OneToOneField(DocumentEmis, on_delete=models.PROTECT, related_name="envoi")

    class Meta:
        verbose_name = "lettre d'un envoi"
        verbose_name_plural = "lettres des envois"

    def __str__(self) -> str:
        return f"lettre {self.pk} de l'envoi n° {self.envoi_id}"


class Depart(models.Model):
    """The day on which a batch went to the post, as an agent told it. Said once."""

    envoi = models.OneToOneField(Envoi, on_delete=models.PROTECT, related_name="depart")
    jour = models.DateField("parti le")
    agent = models.BigIntegerField("agent n°")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "départ d'un envoi"
        verbose_name_plural = "départs des envois"

    def __str__(self) -> str:
        return f"départ de l'envoi n° {self.envoi_id}"
