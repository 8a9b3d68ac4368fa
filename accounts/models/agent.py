"""An agent of a prefecture: an account of the staff, and the département it works for."""

from typing import ClassVar

from django.db import models

from accounts.models.compte import User


class Agent(models.Model):
    """What an account of the staff may look at. An administrator has no row: theirs is the site, not the drivers."""

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, primary_key=True, related_name="agent", verbose_name="compte"
    )
    departement = models.CharField("département", max_length=3)

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(departement__regex=r"^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])$"),
                name="agent_departement_connu",
            ),
        ]

    def __str__(self) -> str:
        return f"agent n° {self.pk} ({self.departement})"
