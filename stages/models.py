"""Approved centres, their sessions, what drivers announce and what centres attest.

An attestation changes no point by itself: it becomes a fact of the dossier, or is refused and keeps its reason.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dossier.rules.calendrier import UN_JOUR
from dossier.rules.mots import complet
from dossier.rules.parametres import STAGE_PLACES
from dossier.rules.vocabulaire import NatureStage


class Centre(models.Model):
    """A line of a préfecture's list. ``retire_le``: the date of the first list that no longer has it."""

    agrement = models.CharField("numéro d'agrément", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=120)
    adresse = models.CharField("adresse", max_length=300)
    code_postal = models.CharField("code postal", max_length=5)
    commune = models.CharField("commune", max_length=120)
    departement = models.CharField("département", max_length=3)
    agree_du = models.DateField("agréé du")
    agree_au = models.DateField("agréé jusqu'au")
    source = models.CharField("source de la liste", max_length=300)
    liste_du = models.DateField("date de la liste")
    exemple = models.BooleanField("donnée d'exemple", default=False)
    retire_le = models.DateField("retiré de la liste le", null=True)

    class Meta:
        verbose_name = "centre agréé"
        verbose_name_plural = "centres agréés"
        indexes: ClassVar = [
            models.Index(fields=["departement", "commune", "nom", "id"], name="centre_departement"),
            models.Index(fields=["code_postal", "commune", "nom", "id"], name="centre_code_postal"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(agree_au__gte=F("agree_du")), name="centre_periode"),
        ]

    def __str__(self) -> str:
        return f"centre {self.agrement}"


class VersionCentre(models.Model):
    """What a later list replaced: a course is judged by the agrément of its own days."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="versions")
    contenu = models.JSONField("contenu remplacé")
    replaced_at = models.DateTimeField("remplacé le", auto_now_add=True)

    class Meta:
        verbose_name = "version de centre"
        verbose_name_plural = "versions de centre"

    def __str__(self) -> str:
        return f"version {self.pk} du centre n° {self.centre_id}"


class Session(models.Model):
    """Two days in a row, six to twenty people (R223-5 and its arrêté)."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="sessions", db_index=False)
    numero = models.CharField("numéro du stage", max_length=32)
    date_debut = models.DateField("premier jour")
    date_fin = models.DateField("second jour")
    places = models.PositiveSmallIntegerField("places")
    lieu = models.CharField("lieu, s'il n'est pas celui du centre", max_length=300, blank=True)
    annulee = models.BooleanField("annulée", default=False)

    class Meta:
        verbose_name = "session"
        verbose_name_plural = "sessions"
        indexes: ClassVar = [models.Index(fields=["centre", "date_debut"], name="session_a_venir")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "numero"], name="session_numero_unique"),
            models.CheckConstraint(condition=Q(date_fin=F("date_debut") + UN_JOUR), name="session_deux_jours"),
            models.CheckConstraint(condition=Q(places__range=STAGE_PLACES.derniere), name="session_places"),
        ]

    def __str__(self) -> str:
        return f"session {self.numero}"


class AnnonceStage(models.Model):
    """What a driver says to have followed. It gives nothing: it lets the missing attestation be looked for."""

    class Nature(models.TextChoices):
        """Why it was followed."""

        VOLONTAIRE = NatureStage.VOLONTAIRE.value, "Volontaire"
        OBLIGATOIRE = NatureStage.OBLIGATOIRE.value, "Obligatoire (lettre 48N)"

    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="annonces_stage")
    agrement = models.CharField("numéro d'agrément", max_length=20)
    departement = models.CharField("département du stage", max_length=3, blank=True)
    date_fin = models.DateField("second jour")
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    announced_at = models.DateTimeField("annoncé le", auto_now_add=True)

    class Meta:
        verbose_name = "stage annoncé"
        verbose_name_plural = "stages annoncés"
        indexes: ClassVar = [models.Index(fields=["departement", "date_fin"], name="annonce_departement")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "date_fin"], name="annonce_unique"),
        ]

    def __str__(self) -> str:
        return f"annonce n° {self.pk}"


class Attestation(models.Model):
    """What a centre attests. Either ``fait``, the fact of the dossier that it became, or ``refus``, why it did not."""

    class Cas(models.TextChoices):
        """The four cases of the attestation's model."""

        VOLONTAIRE = NatureStage.VOLONTAIRE.value, "Cas 1 : volontaire"
        OBLIGATOIRE = NatureStage.OBLIGATOIRE.value, "Cas 2 : obligatoire en délai probatoire (48N)"
        ALTERNATIVE = "alternative", "Cas 3 : alternative aux poursuites ou composition pénale"
        PEINE = "peine", "Cas 4 : peine prononcée par un juge"

    dossier = models.ForeignKey("dossier.Dossier", on_delete=models.PROTECT, related_name="attestations_stage")
    agrement = models.CharField("numéro d'agrément", max_length=20)
    session = models.CharField("numéro du stage", max_length=32, blank=True)
    date_debut = models.DateField("premier jour")
    date_fin = models.DateField("dernier jour")
    heures = models.PositiveSmallIntegerField("heures suivies")
    cas = models.CharField("cas", max_length=12, choices=Cas.choices)
    recue_le = models.DateField("reçue le")
    fait = models.CharField("fait enregistré", max_length=64, blank=True)
    refus = models.CharField("motif du refus", max_length=400, blank=True)
    decidee_le = models.DateField("décidée le")

    class Meta:
        verbose_name = "attestation de stage"
        verbose_name_plural = "attestations de stage"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "date_fin", "date_debut", "agrement", "cas", "heures"], name="attestation_unique"
            ),
            models.CheckConstraint(
                condition=(Q(fait="") & ~Q(refus="")) | (~Q(fait="") & Q(refus="")), name="attestation_fait_ou_refus"
            ),
        ]

    def __str__(self) -> str:
        return f"attestation n° {self.pk}"


#: The nature of the course that each case attests.
NATURE_DU_CAS = complet(
    Attestation.Cas,
    {
        Attestation.Cas.VOLONTAIRE: NatureStage.VOLONTAIRE,
        Attestation.Cas.OBLIGATOIRE: NatureStage.OBLIGATOIRE,
        Attestation.Cas.ALTERNATIVE: NatureStage.JUDICIAIRE,
        Attestation.Cas.PEINE: NatureStage.JUDICIAIRE,
    },
)
