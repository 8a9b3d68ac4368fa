"""One driver's record: who, which licence, and the snapshot of what the ledger says."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dossier.rules.mots.bureau import ETATS
from dossier.rules.vocabulaire import Etat


class Dossier(models.Model):
    """A driver's record. Points, plafond and état are a snapshot: the pages replay the facts and never trust it.

    État civil, ``titres`` and ``categories`` are replaced as one by the feed: what is replaced is kept as a
    ``VersionDossier``. Lists and addresses are the feed's own JSON (``format-dossier.md``): read whole, never joined.
    """

    neph = models.CharField("numéro NEPH", max_length=19, unique=True)
    nom_naissance = models.CharField("nom de naissance", max_length=120)
    nom_usage = models.CharField("nom d'usage", max_length=120, null=True, blank=True)  # noqa: DJ001 absent, not empty
    prenoms = ArrayField(models.CharField(max_length=120), verbose_name="prénoms")
    sexe = models.CharField("sexe", max_length=1)
    date_naissance = models.CharField("date de naissance", max_length=10)  # 00: unknown day or month
    lieu_naissance = models.CharField("lieu de naissance", max_length=5, null=True, blank=True)  # noqa: DJ001
    pays_naissance = models.CharField("pays de naissance", max_length=5, null=True, blank=True)  # noqa: DJ001
    adresse = models.JSONField("adresse", null=True, blank=True)
    titres = models.JSONField("titres", default=list)
    categories = models.JSONField("catégories", default=list)

    points = models.SmallIntegerField("points", null=True)
    plafond = models.SmallIntegerField("plafond", null=True)
    etat = models.CharField("état", max_length=12, choices=[(etat.value, ETATS[etat]) for etat in Etat])
    prochaine_echeance = models.DateField("prochaine échéance", null=True)
    #: That of the address's postcode, else of the newest title that names one (departement.sql): whose desk.
    departement = models.GeneratedField(
        expression=models.Func("adresse", "titres", function="departement_de"),
        output_field=models.CharField("département", max_length=3, null=True),
        db_persist=True,
    )
    mis_a_jour_le = models.DateField("mis à jour le")

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        indexes = [
            models.Index(fields=["prochaine_echeance", "id"], name="dossier_echeance"),
            models.Index(fields=["departement"], name="dossier_departement"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__isnull=True, plafond__isnull=True) | Q(points__gte=0, points__lte=12),
                name="dossier_points_bornes",
            ),
            models.CheckConstraint(condition=Q(etat__in=[etat.value for etat in Etat]), name="dossier_etat_connu"),
        ]

    def __str__(self) -> str:
        return f"dossier n° {self.pk}"  # never the NEPH: this text reaches logs


class VersionDossier(models.Model):
    """What an update replaced: état civil, titres and catégories as they were, in the feed's words."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions")
    contenu = models.JSONField("contenu remplacé")
    replaced_at = models.DateTimeField("remplacé le", auto_now_add=True)

    class Meta:
        verbose_name = "version de dossier"
        verbose_name_plural = "versions de dossier"

    def __str__(self) -> str:
        return f"version {self.pk} du dossier n° {self.dossier_id}"
