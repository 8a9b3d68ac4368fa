"""How often something was tried, without saying by whom."""

from typing import ClassVar

from django.db import models


class Compteur(models.Model):
    """Tries counted under one key: an HMAC, from which neither an address nor an IP can be read back.

    Written by ``accounts.limites`` alone, by one atomic statement. A row past ``oublie_at`` counts for nothing.
    """

    cle = models.CharField("clé", max_length=64, primary_key=True)
    essais = models.PositiveIntegerField("essais")
    libre_at = models.DateTimeField("libre à")
    oublie_at = models.DateTimeField("oublié à", db_index=True)

    class Meta:
        verbose_name = "compteur"
        verbose_name_plural = "compteurs"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(essais__gte=0), name="compteur_essais_positif"),
            models.CheckConstraint(
                condition=models.Q(oublie_at__gte=models.F("libre_at")), name="compteur_oublie_apres_libre"
            ),
        ]

    def __str__(self) -> str:
        return self.cle[:8]
