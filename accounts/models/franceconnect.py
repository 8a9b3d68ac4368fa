"""What FranceConnect left with us: who came, the round trips under way, and the numbers tried."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class IdentiteFranceConnect(models.Model):
    """Somebody known through FranceConnect: the account that it opens, and the pivot identity, sealed.

    ``empreinte`` is a print of the ``sub``, which is itself a print of the pivot identity: when the état civil is
    corrected the same person comes as somebody else, and a person has to say that they are one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="identite_franceconnect"
    )
    empreinte = models.CharField("empreinte de l'identifiant", max_length=64, unique=True)
    pivot = models.TextField("identité pivot, scellée")
    email = models.EmailField("adresse de contact", blank=True)  # never a login: several people may share it
    created_at = models.DateTimeField("venue le", auto_now_add=True)
    vue_at = models.DateTimeField("vue le", auto_now=True)
    ecartee_at = models.DateTimeField("dossier proposé refusé le", null=True, blank=True)
    bloquee_at = models.DateTimeField("bloquée par un agent le", null=True, blank=True)

    class Meta:
        verbose_name = "identité FranceConnect"
        verbose_name_plural = "identités FranceConnect"

    def __str__(self) -> str:
        return f"identité FranceConnect n° {self.pk}"


class AllerRetour(models.Model):
    """A visitor sent to FranceConnect, expected back once, soon, and in the same browser.

    Prints only: neither ``state`` nor the browser's secret can be read here. The nonce is sent in clear anyway.
    """

    state = models.CharField("empreinte du state", max_length=64, unique=True)
    navigateur = models.CharField("empreinte du navigateur", max_length=64)
    nonce = models.CharField("nonce", max_length=64)
    suite = models.CharField("page demandée", max_length=512, blank=True)
    created_at = models.DateTimeField("parti le", auto_now_add=True)
    revenu_at = models.DateTimeField("revenu le", null=True, blank=True)

    class Meta:
        verbose_name = "aller-retour FranceConnect"
        verbose_name_plural = "allers-retours FranceConnect"
        indexes: ClassVar = [models.Index(fields=["created_at"], name="aller_retour_parti")]

    def __str__(self) -> str:
        return f"aller-retour n° {self.pk}"


class EssaiNumero(models.Model):
    """A file number given by somebody whom FranceConnect named; counted by person and by number."""

    identite = models.ForeignKey(IdentiteFranceConnect, on_delete=models.CASCADE, related_name="essais")
    numero = models.CharField("empreinte du numéro", max_length=64)
    created_at = models.DateTimeField("essayé le", auto_now_add=True)

    class Meta:
        verbose_name = "essai de numéro"
        verbose_name_plural = "essais de numéro"
        indexes: ClassVar = [
            models.Index(fields=["identite", "created_at"], name="essai_par_identite"),
            models.Index(fields=["numero", "created_at"], name="essai_par_numero"),
        ]

    def __str__(self) -> str:
        return f"essai n° {self.pk}"
