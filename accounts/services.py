"""What changes an account, and its tie to a dossier."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.courriels import record_courriel
from accounts.models import Agent, DemandeLien, Rattachement, User, normalize_email
from accounts.selectors import get_agent
from dossier.journal import Acte, Motif, Pourquoi, Trace, noter
from mespoints.lib import visiteur
from mespoints.lib.worker import tell_worker

#: Who changes an agent's account from the command line, as the journal keeps it: no account has this number.
LIGNE_DE_COMMANDE = visiteur.Agent(visiteur.ADMINISTRATION, None, 0)


class AgentSansDossier(Exception):
    """An account of the staff has no dossier: an agent who drives has another account."""


class DossierDejaRattache(Exception):
    """Another account of the same origin is attached to this dossier."""


@transaction.atomic
def attach_dossier(*, user: User, dossier_id: int, origine: str) -> Rattachement:
    """Make this dossier the account's only one; what was attached before is revoked, and kept.

    Attaching again what is attached changes nothing. Raises ``DossierDejaRattache`` when another account of the same
    origin holds the dossier, ``AgentSansDossier`` for an account of the staff, ``ValueError`` when the origin is not
    known.
    """
    if origine not in Rattachement.Origine.values:
        raise ValueError(f"unknown origin {origine!r}")
    if tenir_compte(user.pk).is_staff:
        raise AgentSansDossier
    actif = Rattachement.objects.filter(user=user, revoked_at=None).first()
    if actif and (actif.dossier_id, actif.origine) == (dossier_id, origine):
        return actif
    try:
        with transaction.atomic():
            detach_dossier(user=user)
            return Rattachement.objects.create(user=user, dossier_id=dossier_id, origine=origine)
    except IntegrityError as refusal:
        if "rattachement_un_actif_par_dossier" in str(refusal):
            raise DossierDejaRattache from None
        raise


@transaction.atomic
def demander_lien(*, email: str, reference: str = "") -> None:
    """Ask for the mail of a demande again, that of a signalement, or one of an account's: the worker sees whether
    there is anything of the sort at this address, and the page takes the same time for all.
    """
    demande = DemandeLien.objects.create(email=normalize_email(email), reference=reference)
    tell_worker("accounts.envoyer_lien", demande.pk)


def tenir_compte(user_id: int) -> User:
    """The account as it is now, held until the end of the transaction: before what hangs from it, for all who do."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


@transaction.atomic
def suspendre_les_rattachements(dossier_ids: Sequence[int]) -> None:
    """Revoke every tie to these dossiers, and tell their holders: the file says that they are somebody else's.

    A tie is made again as the first one was, against the état civil of today.
    """
    actifs = Rattachement.objects.filter(dossier_id__in=dossier_ids, revoked_at=None).select_related("user")
    for rattachement in actifs.order_by("user_id"):
        user = tenir_compte(rattachement.user_id)
        detach_dossier(user=user, rattachement_id=rattachement.pk)
        if adresse := user.adresse_de_contact:
            record_courriel(a=adresse, modele="emails/etat_civil_corrige.txt", user=user)


class RattachementIntrouvable(Exception):
    """No such active tie to this dossier."""


def detach_dossier(*, user: User, rattachement_id: int | None = None) -> None:
    """Revoke what is attached to this account, if anything; the line stays, with its end.

    With ``rattachement_id``, that very tie, and the account's sessions end: whoever is in front of them signs in again,
    to nothing. Raises ``RattachementIntrouvable`` when it no longer stands.
    """
    actifs = Rattachement.objects.filter(user=user, revoked_at=None)
    if rattachement_id is None:
        actifs.update(revoked_at=timezone.now())
    elif actifs.filter(pk=rattachement_id).update(revoked_at=timezone.now()):
        fermer_les_sessions(user)
    else:
        raise RattachementIntrouvable


class SonPropreCompte(Exception):
    """No administrator changes their own account of the staff: another one does, and one is always left."""


class PersonneDejaAgent(Exception):
    """Another agent who works is the same person: one person has one account of the staff."""


class AgentInconnu(Exception):
    """No agent has this address, or their work is over."""


class CompteDeConducteur(Exception):
    """This account opens a dossier: it cannot become an agent's."""


class CompteFerme(Exception):
    """Its owner, two agents or an operator closed this account: it cannot become an agent's."""


@transaction.atomic
def put_agent(
    *,
    email: str,
    mot_de_passe: str,
    role: str,
    departement: str | None,
    dossier_id: int | None = None,
    par: visiteur.Agent = LIGNE_DE_COMMANDE,
    raison: str = "",
) -> Agent:
    """Make this account an agent's, or change what it may do; ``mot_de_passe`` is a hash, for an account made now.

    Its sessions end: what it could do before is over. ``dossier_id`` is the agent's own as a driver, closed to them.
    One whose work was over begins again, one who is suspended stays so. Raises ``CompteDeConducteur``, ``CompteFerme``,
    ``PersonneDejaAgent`` and ``SonPropreCompte``.
    """
    user, _ = User.objects.get_or_create(email=normalize_email(email), defaults={"password": mot_de_passe})
    user = _tenir_pour(par, user.pk)
    if Rattachement.objects.filter(user=user, revoked_at=None).exists():
        raise CompteDeConducteur
    ancien = Agent.objects.filter(user=user).first()
    if ancien and ancien.fini_at:
        _rouvrir(user, ancien)
        ancien.suspendu_at = None
    if not user.is_active and not (ancien and ancien.suspendu_at):
        raise CompteFerme
    User.objects.filter(pk=user.pk).update(is_staff=True)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    valeurs = {"role": role, "departement": departement, "dossier_id": dossier_id, "fini_at": None}
    autres = {"suspendu_at": ancien.suspendu_at if ancien else None}
    try:
        with transaction.atomic():
            agent, _ = Agent.objects.update_or_create(user=user, defaults=valeurs | autres)
    except IntegrityError as refus:
        if "agent_un_seul_actif_par_personne" in str(refus):
            raise PersonneDejaAgent from None
        raise
    fermer_les_sessions(user)
    _noter(par, agent, f"{agent.get_role_display()} ({departement or 'site'}){_son_dossier(ancien, agent)}", raison)
    return agent


def _son_dossier(ancien: Agent | None, agent: Agent) -> str:
    """Which dossier is closed to them from now on, or no longer: by its number, which is in no other list."""
    if agent.dossier_id:
        return f", dossier n° {agent.dossier_id}"
    return f", dossier n° {ancien.dossier_id} retiré" if ancien and ancien.dossier_id else ""


@transaction.atomic
def suspend_agent(*, email: str, par: visiteur.Agent = LIGNE_DE_COMMANDE, raison: str = "") -> Agent:
    """Close the desk to an agent until ``resume_agent``: at the next click they are nobody. Raises ``AgentInconnu`` and
    ``SonPropreCompte``.
    """
    agent = _tenir_agent(email, par)
    agent.suspendu_at = agent.suspendu_at or timezone.now()
    _noter(par, agent, "suspendu", raison)
    return _fermer_le_bureau(agent)


@transaction.atomic
def resume_agent(*, email: str, par: visiteur.Agent = LIGNE_DE_COMMANDE, raison: str = "") -> Agent:
    """Let in again an agent who was suspended. Raises ``AgentInconnu`` and
    ``SonPropreCompte``.
    """
    agent = _tenir_agent(email, par)
    _rouvrir(agent.user, agent)
    agent.suspendu_at = None
    agent.save()
    _noter(par, agent, "repris", raison)
    return agent


@transaction.atomic
def end_agent(*, email: str, par: visiteur.Agent = LIGNE_DE_COMMANDE, raison: str = "") -> Agent:
    """Take away for good what an agent could do; the row stays, the journal names it. Raises ``AgentInconnu`` and
    ``SonPropreCompte``.
    """
    agent = _tenir_agent(email, par)
    agent.fini_at = timezone.now()
    User.objects.filter(pk=agent.pk).update(is_staff=False, is_superuser=False)
    _noter(par, agent, "terminé", raison)
    return _fermer_le_bureau(agent)


def _tenir_pour(par: visiteur.Agent, user_id: int) -> User:
    """The account that is acted on, held, and with it that of who acts, who is an administrator still.

    Always in the same order: of two administrators who end each other, the second finds that they are one no more.
    Raises ``SonPropreCompte``. The command line is nobody, and no operator is locked out by the last one.
    """
    tenus = {user.pk: user for user in _tenir_comptes(par.numero, user_id)}
    if par != LIGNE_DE_COMMANDE:
        moi = get_agent(tenus.get(par.numero, AnonymousUser()))
        if moi is None or not moi.peut(visiteur.ADMINISTRATION) or not tenus[par.numero].is_active:
            raise PermissionDenied
        if par.numero == user_id:
            raise SonPropreCompte
    return tenus[user_id]


def _tenir_comptes(*numeros: int) -> QuerySet[User]:
    return User.objects.select_for_update(no_key=True).filter(pk__in=numeros).order_by("pk")


def _tenir_agent(email: str, par: visiteur.Agent) -> Agent:
    try:
        user = _tenir_pour(par, User.objects.get(email=normalize_email(email)).pk)
        return Agent.objects.select_related("user").get(user=user, fini_at=None)
    except (User.DoesNotExist, Agent.DoesNotExist):
        raise AgentInconnu from None


def _noter(par: visiteur.Agent, agent: Agent, fait: str, raison: str) -> None:
    dit = f"agent n° {agent.pk} : {fait}{f' – {raison}' if raison else ''}"
    noter(par, Trace(Acte.AGENT, None, Pourquoi(Motif.SITE, dit)))


def _fermer_le_bureau(agent: Agent) -> Agent:
    """The account opens nothing and its sessions are over; no mailed link opens what its owner did not close."""
    agent.save()
    User.objects.filter(pk=agent.pk, desactive_at=None).update(desactive_at=agent.suspendu_at or agent.fini_at)
    fermer_les_sessions(agent.user)
    return agent


def _rouvrir(user: User, agent: Agent) -> None:
    """Undo what closed the account with the agent's work; what an operator closed apart from it stays closed."""
    User.objects.filter(pk=user.pk, desactive_at__in=[agent.suspendu_at, agent.fini_at]).update(desactive_at=None)
    user.refresh_from_db()


def fermer_les_sessions(user: User, *, sauf: str | None = None) -> int:
    """End every session of this account, but the one of key ``sauf``; give how many."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=sauf))
    for session in sessions:
        session.end()
    return len(sessions)
