"""The mails that are to leave: written with what they tell, sent by the worker."""

import uuid
from typing import ClassVar

from django.db import models

from accounts.models.compte import User


class Courriel(models.Model):
    """A mail. Written by ``accounts.courriels.record_courriel``; its text is forgotten once it has left.

    ``id`` is not a number in a row: signed, it is what « ce n'était pas moi » carries.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="courriels", verbose_name="compte"
    )
    destinataire = models.EmailField("destinataire", max_length=254)
    modele = models.CharField("modèle", max_length=80)
    cle = models.CharField("clé d'unicité", max_length=100, unique=True, null=True, blank=True)
    sujet = models.CharField("sujet", max_length=200)
    texte = models.TextField("texte", blank=True)
    html = models.TextField("HTML", blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    # Sendings that ended, or died, before the server said whether it took the message: it went perhaps.
    doutes = models.PositiveSmallIntegerField("envois dont l'issue n'est pas connue", default=0, db_default=0)
    prochain_essai_at = models.DateTimeField("prochain essai", null=True, blank=True)  # None: nothing more to do
    sent_at = models.DateTimeField("parti le", null=True, blank=True)
    proteste_at = models.DateTimeField("« ce n'était pas moi » le", null=True, blank=True)

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        indexes: ClassVar = [
            models.Index(
                fields=["prochain_essai_at"],
                condition=models.Q(prochain_essai_at__isnull=False),
                name="courriel_a_partir",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(prochain_essai_at=None), name="courriel_ne_part_qu_une_fois"
            ),
        ]

    def __str__(self) -> str:
        return f"courriel {self.pk}"  # no address: this text reaches logs
