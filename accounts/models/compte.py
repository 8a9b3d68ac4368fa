"""Who the visitor is: an account known by its e-mail address, or by FranceConnect and then by no address at all."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


def normalize_email(email: str) -> str:
    """Give the only spelling under which an address is stored: no outer space, lower case on both sides of the @."""
    return email.strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes and finds accounts, whatever the case in which the address is typed."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an ordinary account; without a password nobody can log in by password."""
        if not email:
            raise ValueError("Une adresse électronique est nécessaire.")
        user = self.model(email=normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_sans_adresse(self) -> "User":
        """Make an account that FranceConnect alone opens: no address, so that no mailbox can ask for its password."""
        user = self.model(email=None)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account that may do everything in the admin site."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account of this address, in any case."""
        return self.get(email=normalize_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """An account. The civil identity is not here: it belongs to the dossier or comes with a FranceConnect session.

    Without an address, it is one that FranceConnect opens.
    """

    email = models.EmailField("adresse électronique", unique=True, null=True)  # noqa: DJ001 unique: none, not empty
    is_staff = models.BooleanField("accès à l'administration", default=False)
    # Who closed it, and when: each opens again what is theirs, and nothing else. Nobody writes that it is open.
    ferme_at = models.DateTimeField("fermé le", null=True, blank=True, editable=False)  # by its owner
    bloque_at = models.DateTimeField("bloqué le", null=True, blank=True, editable=False)  # by two agents
    # By an operator; or with the work of an agent, and then it is the moment that ``Agent`` keeps.
    desactive_at = models.DateTimeField("désactivé le", null=True, blank=True, editable=False)
    is_active = models.GeneratedField(
        expression=models.Q(ferme_at=None, bloque_at=None, desactive_at=None),  # type: ignore[arg-type]  # stubs
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="actif",
    )
    date_joined = models.DateTimeField("créé le", default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_en_minuscules"),
        ]

    def __str__(self) -> str:
        return self.email or "Compte FranceConnect"

    @property
    def adresse_de_contact(self) -> str:
        """Where to write to the owner: the account's address, else the one that FranceConnect gave; "" without any."""
        identite = None if self.email else getattr(self, "identite_franceconnect", None)
        return self.email or (identite.email if identite else "")

    def clean(self) -> None:
        super().clean()
        self.email = normalize_email(self.email) if self.email else None


class Rattachement(models.Model):
    """The tie between an account and a dossier: never edited but to be revoked, never deleted.

    A driver may have two accounts on one dossier, one for each door: they never merge. Through FranceConnect, only one.
    By the number, several: a number and a mailbox do not prove that the first comer is the driver, and who came first
    must not keep the driver out. Each is told to the others (``AvisRattachement``).
    """

    class Origine(models.TextChoices):
        """How the tie was proved, which is not how a session is opened."""

        DEMONSTRATION = "demonstration", "jeu de démonstration"
        NUMERO = "numero", "numéro de dossier et état civil"
        FRANCECONNECT = "franceconnect", "FranceConnect"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="rattachements", verbose_name="compte", db_index=False
    )  # the partial unique index serves the only question asked: what is active
    dossier = models.ForeignKey(
        "dossier.Dossier", on_delete=models.PROTECT, related_name="rattachements", verbose_name="dossier"
    )
    origine = models.CharField("origine", max_length=16, choices=Origine.choices)
    created_at = models.DateTimeField("rattaché le", auto_now_add=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "rattachement"
        verbose_name_plural = "rattachements"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at=None), name="rattachement_un_actif_par_compte"
            ),
            models.UniqueConstraint(
                fields=["dossier", "origine"],
                condition=models.Q(revoked_at=None) & ~models.Q(origine="numero"),
                name="rattachement_un_actif_par_dossier_sauf_numero",
            ),
            models.CheckConstraint(
                condition=models.Q(origine__in=["demonstration", "numero", "franceconnect"]),
                name="rattachement_origine_connue",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(revoked_at__gte=models.F("created_at")),
                name="rattachement_revoque_apres_sa_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"rattachement n° {self.pk}"  # neither address nor NEPH: this text reaches logs
