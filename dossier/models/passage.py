"""What the nightly job did: a run for a day, its batches, and the dossiers that it had to leave."""

from django.db import models


class Passage(models.Model):
    """One run of the job that brings dossiers to a business day. The day is kept here, never read from a clock."""

    jour = models.DateField("jour réglé", unique=True)
    started_at = models.DateTimeField("commencé le", auto_now_add=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "passage de nuit"
        verbose_name_plural = "passages de nuit"
        ordering = ("-jour",)

    def __str__(self) -> str:
        return f"passage du {self.jour:%d/%m/%Y}"


class PassageLot(models.Model):
    """A batch, written in the transaction that settled it: its rows are the progress, and add up without a lock."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="lots")
    traites = models.IntegerField("dossiers traités")
    changes = models.IntegerField("dossiers changés")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "lot"
        verbose_name_plural = "lots"

    def __str__(self) -> str:
        return f"lot {self.pk} du passage {self.passage_id}"


class Incident(models.Model):
    """A dossier that could not be settled in a run: left as it was, so that the others go on."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="incidents")
    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="incidents")
    raison = models.CharField("raison", max_length=80)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "incident"
        verbose_name_plural = "incidents"
        constraints = [models.UniqueConstraint(fields=["dossier", "passage"], name="incident_une_fois_par_passage")]

    def __str__(self) -> str:
        return f"incident {self.pk}"
