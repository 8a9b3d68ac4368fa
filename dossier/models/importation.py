"""What the last loadings of the national file gave, those that failed too."""

from datetime import timedelta

from django.db import models
from django.utils.timezone import now

#: A loading that has not written for that long was killed: it writes every ten seconds.
SILENCE = timedelta(minutes=10)


class Importation(models.Model):
    """One file given to ``import_dossiers``, written when it begins. No file's name: it may hold one of a person."""

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        TERMINE = "termine", "terminé"
        REFUSE = "refuse", "refusé, rien n'a été chargé"
        ARRETE = "arrete", "arrêté, ce qui précède est chargé"

    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.EN_COURS, db_default=Etat.TERMINE)
    raison = models.CharField("raison", max_length=400, blank=True, default="", db_default="")
    started_at = models.DateTimeField("commencé le")
    vu_at = models.DateTimeField("dernier signe", null=True)
    finished_at = models.DateTimeField("terminé le", null=True)
    acceptes = models.PositiveIntegerField("lignes acceptées", default=0, db_default=0)
    inchanges = models.PositiveIntegerField("lignes inchangées", default=0, db_default=0)
    refuses = models.PositiveIntegerField("lignes refusées", default=0, db_default=0)
    sequence = models.PositiveBigIntegerField("numéro d'envoi", null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "chargement"
        verbose_name_plural = "chargements"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"chargement {self.pk}"

    @property
    def interrompu(self) -> bool:
        """Whether it was killed: it says neither that it ended nor that it goes on."""
        return self.etat == self.Etat.EN_COURS and now() - (self.vu_at or self.started_at) > SILENCE

    @property
    def issue(self) -> str:
        """How it ended, or did not."""
        return "interrompu, ce qui précède est chargé" if self.interrompu else str(self.Etat(self.etat).label)
