"""What the agents did with the dossiers: who, what, when, from where, why. A row is only added, never changed."""

from django.db import models
from django.db.models import Q


class Journal(models.Model):
    """One act of an agent. The database refuses to change or to erase it (``sql/ajout_seul.sql``).

    ``agent`` is the number of an account, not a key: a journal outlives what it is about and knows no other app.
    ``reseau`` is a network, not an address: three bytes of four in IPv4, 48 bits in IPv6. It tells a prefecture from a
    home, which is what a journal is read for, and follows nobody.
    """

    class Acte(models.TextChoices):
        """What was done. A look is written before it is shown, a refusal with what was refused."""

        RECHERCHE = "recherche", "Recherche"
        CONSULTATION = "consultation", "Consultation du dossier"
        VUE = "vue", "Pages du conducteur"
        REFUS = "refus", "Consultation refusée"
        BLOCAGE = "blocage", "Trop de recherches"
        ENREGISTREMENT = "enregistrement", "Fait enregistré"
        PROPOSITION = "proposition", "Fait soumis à validation"
        VALIDATION = "validation", "Fait validé"
        REJET = "rejet", "Fait écarté"
        SIGNALEMENT = "signalement", "Signalement examiné"
        TRAITEMENT = "traitement", "Signalement traité"
        LIEN_PROPOSE = "lien_propose", "Lien soumis à validation"
        LIEN_VALIDE = "lien_valide", "Lien validé"
        LIEN_REJETE = "lien_rejete", "Lien écarté"
        RII = "rii", "RII délivré"
        LETTRE = "lettre", "Lettre préparée pour l'envoi"
        ENVOI = "envoi", "Lettre envoyée"
        AGENT = "agent", "Compte d'agent changé"

    class Motif(models.TextChoices):
        """Why a dossier is opened: what an agent chooses, then what the desk itself leads to."""

        GUICHET = "guichet", "Le conducteur est au guichet ou au téléphone"
        COURRIER = "courrier", "Courrier ou message du conducteur"
        ENREGISTREMENT = "enregistrement", "Pièce à enregistrer"
        JUSTICE = "justice", "Demande d'une autorité judiciaire ou administrative"
        CONTROLE = "controle", "Contrôle d'un enregistrement"
        DECISION = "decision", "Validation de ce qu'un autre agent a enregistré"
        SIGNALEMENT = "signalement", "Signalement"
        ENVOI = "envoi", "Envoi des lettres"
        SITE = "site", "Administration du site"

    at = models.DateTimeField("le", auto_now_add=True)
    agent = models.BigIntegerField("agent n°")
    role = models.CharField("rôle", max_length=14)
    departement = models.CharField("département", max_length=3, null=True)  # noqa: DJ001 none: the site's administration
    acte = models.CharField("acte", max_length=16, choices=Acte.choices)
    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, null=True, db_index=False, related_name="journal"
    )  # null: a search that found nothing
    motif = models.CharField("motif", max_length=16, choices=Motif.choices, blank=True)
    precision = models.CharField("précision", max_length=200, blank=True)  # of the agent; the holder does not read it
    reseau = models.CharField("réseau", max_length=49)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["dossier", "-at"], name="journal_dossier"),
            models.Index(fields=["agent", "-at"], name="journal_agent"),
            models.Index(fields=["-at"], name="journal_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(dossier__isnull=False)
                | Q(acte__in=["recherche", "blocage", "agent"])
                | Q(acte__in=["signalement", "traitement", "lien_propose", "lien_valide", "lien_rejete"]),
                name="journal_vise_un_dossier",
            ),
            models.CheckConstraint(condition=Q(acte="blocage") | ~Q(motif=""), name="journal_a_un_motif"),
        ]

    def __str__(self) -> str:
        return f"journal {self.pk}"
