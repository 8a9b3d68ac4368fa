"""An agent: an account of the staff, what it may do, and the département it works for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.compte import User
from mespoints.lib import visiteur


class Agent(models.Model):
    """What an account of the staff may do, and for which département. A superuser needs no row: they administer.

    ``dossier`` is the agent's own, as a driver: the desk never opens it to them, and one person has one account. Ended,
    the row stays: the journal names it.
    """

    class Role(models.TextChoices):
        """Each may do what the ones before it may; administration is apart: the site, not the drivers."""

        LECTURE = visiteur.LECTURE, "lecture"
        INSTRUCTION = visiteur.INSTRUCTION, "instruction"
        VALIDATION = visiteur.VALIDATION, "validation"
        ADMINISTRATION = visiteur.ADMINISTRATION, "administration"

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, primary_key=True, related_name="agent", verbose_name="compte"
    )
    role = models.CharField("rôle", max_length=14, choices=Role.choices, default=Role.INSTRUCTION)
    departement = models.CharField("département", max_length=3, null=True, blank=True)  # noqa: DJ001 none, not empty
    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dossier"
    )

    suspendu_at = models.DateTimeField("suspendu le", null=True, blank=True)
    fini_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "agent"
        verbose_name_plural = "agents"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(fini_at=None), name="agent_un_seul_actif_par_personne"
            ),
            models.CheckConstraint(
                condition=Q(departement__regex=r"^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])$"),
                name="agent_departement_connu",
            ),
            models.CheckConstraint(
                condition=Q(role="administration", departement=None)
                | (Q(role__in=["lecture", "instruction", "validation"]) & Q(departement__isnull=False)),
                name="agent_role_et_departement",
            ),
        ]

    def __str__(self) -> str:
        return f"agent n° {self.pk} ({self.departement or 'site'})"
