"""An issued document: what it said, the sealed bytes that were handed over, and what became of it."""

from django.db import models
from django.db.models import Q

from documents.rules.statut import Statut

#: Numbers, not members: a migration writes what it is given.
STATUTS = [statut.value for statut in Statut]
BON = Statut.BON.value
ADCS_SEULE = ("cti", "index_statut", "code_court", "expire_le")


class Genre(models.TextChoices):
    """The kinds of documents."""

    ADCS = "adcs", "ADCS"
    RIR = "rir", "RIR"
    RII = "rii", "RII"
    LETTRE = "lettre", "lettre"


class Emetteur(models.TextChoices):
    """Who had it issued."""

    TITULAIRE = "titulaire", "titulaire"
    AGENT = "agent", "agent"
    TACHE = "tache", "tâche"


class DocumentEmis(models.Model):
    """A document as it was issued. Only ``statut`` ever changes: a trigger and the rights of the role hold the rest.

    ``contenu`` is the frozen content (``documents.contenus``, ``releve``, ``courrier``) that the template ``modele``
    turned into ``octets``; ``rang`` is the newest line of the dossier's ledger at that moment. ``jour`` is the civil
    day in Paris. The last fields are those of an ADCS, which can be checked: ``cti`` names its token.
    """

    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, related_name="documents", db_index=False
    )  # the index of the day starts with it
    genre = models.CharField("genre", max_length=8, choices=Genre.choices)
    numero = models.CharField("numéro", max_length=24, unique=True)
    modele = models.CharField("modèle", max_length=40)
    contenu = models.JSONField("contenu")
    octets = models.BinaryField("fichier scellé")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    rang = models.BigIntegerField("rang du grand livre", null=True)
    emis_at = models.DateTimeField("émis le")
    jour = models.DateField("jour d'émission")
    par = models.CharField("émis par", max_length=9, choices=Emetteur.choices)
    niveau = models.CharField("niveau de la session", max_length=8, blank=True)
    lettre = models.OneToOneField(
        "dossier.Lettre", on_delete=models.PROTECT, null=True, related_name="document", verbose_name="lettre due"
    )

    statut = models.SmallIntegerField("statut", default=BON)
    cti = models.BinaryField("identifiant du jeton", max_length=16, null=True, unique=True)
    index_statut = models.BigIntegerField("rang dans la liste des statuts", null=True, unique=True)
    code_court = models.CharField("code court", max_length=16, null=True, unique=True)  # noqa: DJ001 only an ADCS has one
    expire_le = models.DateField("expire le", null=True)

    class Meta:
        verbose_name = "document émis"
        verbose_name_plural = "documents émis"
        indexes = [
            models.Index(fields=["dossier", "emis_at"], name="document_du_dossier"),
            # The status list names the few that are not good.
            models.Index(fields=["index_statut"], name="document_statut_change", condition=~Q(statut=0)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(genre__in=Genre.values), name="document_genre_connu"),
            models.CheckConstraint(condition=Q(statut__in=STATUTS), name="document_statut_connu"),
            models.CheckConstraint(
                condition=Q(genre=Genre.ADCS, **{f"{champ}__isnull": False for champ in ADCS_SEULE})
                | (~Q(genre=Genre.ADCS) & Q(statut=BON, **{f"{champ}__isnull": True for champ in ADCS_SEULE})),
                name="document_verifiable_si_adcs",
            ),
            models.CheckConstraint(
                condition=Q(genre=Genre.LETTRE, lettre__isnull=False)
                | (~Q(genre=Genre.LETTRE) & Q(lettre__isnull=True)),
                name="document_lettre_si_courrier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"  # never the number: this text reaches logs

    @property
    def nom_fichier(self) -> str:
        """No personal data: it stays in a list of downloads."""
        return f"{self.modele.partition('/')[0]}-{self.jour:%Y-%m-%d}.pdf"
