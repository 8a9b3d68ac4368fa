"""Reading who the visitor is."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Min

from accounts import models
from accounts.models import (
    Courriel,
    DemandeCompte,
    MessageSignalement,
    Rattachement,
    Signalement,
    User,
    normalize_email,
)
from mespoints.lib.rows import select
from mespoints.lib.visiteur import ADMINISTRATION, NIVEAU_MOT_DE_PASSE, Agent, Titulaire

#: An account and the name on the dossier attached to it. In SQL: every private page begins with it, and the ORM takes
#: longer to compose it than PostgreSQL to answer it.
COMPTE_ET_TITULAIRE = """
    SELECT {columns}, r.dossier_id AS rattache_a, d.prenoms[1] AS prenom, coalesce(d.nom_usage, d.nom_naissance) AS nom
    FROM accounts_user u
    LEFT JOIN accounts_rattachement r ON r.user_id = u.id AND r.revoked_at IS NULL
    LEFT JOIN dossier_dossier d ON d.id = r.dossier_id
    WHERE u.id = %s
"""


def get_compte(user_id: Any) -> User | None:
    """An account with what ``get_titulaire`` needs: one query."""
    lus = select(User, COMPTE_ET_TITULAIRE, [user_id], alias="u", more=("rattache_a", "prenom", "nom"))
    return lus[0] if lus else None


def get_titulaire(user: User | AnonymousUser, *, niveau: str = NIVEAU_MOT_DE_PASSE) -> Titulaire | None:
    """Give the driver behind this account and the dossier attached to it; None when not signed in.

    No query for the account of a session, which ``CompteBackend`` read with it; one for any other. An account without
    an attached dossier is a titulaire whose ``dossier_id`` is None, shown by its address or its door.
    """
    if not isinstance(user, User):
        return None
    lu: Any = user if hasattr(user, "rattache_a") else get_compte(user.pk)
    if lu.rattache_a is None or user.is_staff:  # an agent is nobody's driver here
        return Titulaire(dossier_id=None, niveau=niveau, nom_affiche=str(user))
    nom = " ".join(filter(None, [lu.prenom, lu.nom]))
    return Titulaire(dossier_id=lu.rattache_a, niveau=niveau, nom_affiche=nom)


def list_comptes_a_l_adresse(email: str) -> list[User]:
    """Who may sign in with this address: who proved it; else who bears it, or means to.

    allauth's ``filter_users_by_email``, by the same two statements whether there is somebody or not.
    """
    adresses = list(EmailAddress.objects.filter(email=email.lower()).select_related("user"))
    porteurs = list(User.objects.filter(email=email.lower()))
    return [a.user for a in adresses if a.verified] or list({*porteurs, *(a.user for a in adresses)})


def list_mots_du_dossier(user: User) -> list[str]:
    """What the dossier says of its holder that a password must not be made of: names, NEPH, birth date."""
    rattachement = Rattachement.objects.filter(user=user, revoked_at=None).select_related("dossier").first()
    if rattachement is None:
        return []
    dossier = rattachement.dossier
    jour = "".join(reversed(str(dossier.date_naissance).split("-")))
    return [dossier.neph, dossier.nom_naissance, dossier.nom_usage or "", *dossier.prenoms, jour]


def get_agent(user: User | AnonymousUser) -> Agent | None:
    """Give what an account of the staff is, for the other apps; None for anybody else. One query for the staff.

    Of the staff and nothing more is nobody: a superuser administers, any other agent has a row.
    """
    if not isinstance(user, User) or not user.is_staff:
        return None
    agent = models.Agent.objects.filter(user=user).first()
    if agent and (agent.suspendu_at or agent.fini_at):
        return None
    if agent:
        return Agent(agent.role, agent.departement, user.pk, agent.dossier_id)
    return Agent(ADMINISTRATION, None, user.pk) if user.is_superuser else None


def get_fiche_d_agent(agent_id: int) -> models.Agent | None:
    """An agent as the administrators see one: with the account, and of their own dossier the number alone."""
    agents = models.Agent.objects.select_related("user", "dossier").filter(pk=agent_id)
    du_compte = ("user__email", "user__is_active", "user__last_login", "dossier__neph")
    return agents.only("role", "departement", "suspendu_at", "fini_at", *du_compte).first()


def est_agent(email: str) -> bool:
    """Whether this address is already that of an agent who works, or is suspended."""
    return User.objects.filter(email=normalize_email(email), is_staff=True).exists()


def get_demande(demande_id: str | None) -> DemandeCompte | None:
    """What a signed link is about, if it is still held."""
    return None if demande_id is None else DemandeCompte.objects.filter(pk=demande_id).first()


def get_signalement(signalement_id: str | None) -> Signalement | None:
    """The signalement that a signed link is about."""
    return None if signalement_id is None else Signalement.objects.filter(pk=signalement_id).first()


def list_messages(signalement: Signalement) -> list[MessageSignalement]:
    """The exchange about a signalement, in order."""
    return list(signalement.messages.all())


def list_acces(dossier_id: int) -> list[Rattachement]:
    """The accounts that open a dossier today, the oldest first."""
    actifs = Rattachement.objects.filter(dossier_id=dossier_id, revoked_at=None)
    return list(actifs.select_related("user").order_by("created_at", "pk"))


def list_signalements(user_id: int | None) -> list[Signalement]:
    """Those opened from this account, the newest first."""
    return list(Signalement.objects.filter(user_id=user_id).order_by("-created_at")[:20]) if user_id else []


def get_signalement_ouvert(user_id: int | None, motif: str) -> Signalement | None:
    """The one that a person of the administration has still to answer."""
    if user_id is None:
        return None
    return Signalement.objects.filter(user_id=user_id, motif=motif).exclude(statut=Signalement.Statut.CLOS).first()


class Suivi(NamedTuple):
    """What an operator watches of the accounts. Nobody is named."""

    courriels_en_attente: int
    plus_ancien_courriel: datetime | None
    courriels_abandonnes: int  # of the last seven days: then their rows are gone
    demandes_en_souffrance: int  # accounts asked for, that no worker has looked at for ten minutes
    demandes_retenues: int  # accounts asked for, that wait until fewer demandes fail


SOUFFRANCE = timedelta(minutes=10)


def get_suivi(*, maintenant: datetime) -> Suivi:
    """The figures of the outbox and of what is asked for."""
    attente = Courriel.objects.filter(prochain_essai_at__isnull=False).aggregate(
        n=Count("pk"), premier=Min("created_at")
    )
    attendent = DemandeCompte.objects.filter(instruite_at=None)
    souffrent = attendent.filter(issue="", created_at__lt=maintenant - SOUFFRANCE)
    return Suivi(
        courriels_en_attente=attente["n"],
        plus_ancien_courriel=attente["premier"],
        courriels_abandonnes=Courriel.objects.filter(prochain_essai_at=None, sent_at=None).count(),
        demandes_en_souffrance=souffrent.count(),
        demandes_retenues=attendent.exclude(issue="").count(),
    )
