"""What changes an account, and its tie to a dossier."""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.courriels import record_courriel
from accounts.models import Agent, AvisRattachement, IdentiteFranceConnect, Rattachement, User, normalize_email
from mespoints.lib.worker import tell_worker


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


def tenir_compte(user_id: int) -> User:
    """The account as it is now, held until the end of the transaction: before what hangs from it, for all who do."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def detach_dossier(*, user: User) -> None:
    """Revoke what is attached to this account, if anything; the line stays, with its end."""
    Rattachement.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


class CompteDeConducteur(Exception):
    """This account opens a dossier: it cannot become an agent's."""


@transaction.atomic
def put_agent(
    *, email: str, mot_de_passe: str, role: str, departement: str | None, dossier_id: int | None = None
) -> Agent:
    """Make this account an agent's, or change what it may do; ``mot_de_passe`` is a hash, for an account made now.

    Its sessions end: what it could do before is over. ``dossier_id`` is the agent's own as a driver, closed to them.
    Raises ``CompteDeConducteur``.
    """
    user, _ = User.objects.get_or_create(email=normalize_email(email), defaults={"password": mot_de_passe})
    tenir_compte(user.pk)
    if Rattachement.objects.filter(user=user, revoked_at=None).exists():
        raise CompteDeConducteur
    User.objects.filter(pk=user.pk).update(is_staff=True, is_active=True)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    valeurs = {"role": role, "departement": departement, "dossier_id": dossier_id}
    agent, _ = Agent.objects.update_or_create(user=user, defaults=valeurs)
    fermer_les_sessions(user)
    return agent


class RattachementIntrouvable(Exception):
    """No such active tie to this dossier."""


@transaction.atomic
def revoke_rattachement(*, rattachement_id: int, dossier_id: int, sauf: int | None) -> None:
    """Detach an account from its dossier; ``dossier_id`` is that of who asks, ``sauf`` their own account.

    Its sessions end: whoever is in front of them signs in again, to nothing. Raises ``RattachementIntrouvable``.
    """
    actifs = Rattachement.objects.filter(pk=rattachement_id, dossier_id=dossier_id, revoked_at=None)
    vise = actifs.exclude(user_id=sauf).first() if sauf is not None else None
    if vise is None or not actifs.filter(pk=vise.pk).update(revoked_at=timezone.now()):
        raise RattachementIntrouvable
    fermer_les_sessions(vise.user)


def fermer_les_sessions(user: User, *, sauf: str | None = None) -> int:
    """End every session of this account, but the one of key ``sauf``; give how many."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=sauf))
    for session in sessions:
        session.end()
    return len(sessions)


# --- What two agents decide (accounts.bureau.propositions) -----------------------------------------------------------

RATTACHE = "Un dossier de permis de conduire a été rattaché à votre compte."
COMPTE_FAIT = (
    "Un compte a été fait pour cette adresse, et votre dossier de permis de conduire y a été rattaché. Pour choisir"
    " votre mot de passe, demandez-en un nouveau sur la page de connexion."
)
RETIRE = "Votre compte n'ouvre plus le dossier de permis de conduire auquel il était rattaché."
BLOQUE = "Votre compte a été bloqué, et n'ouvre plus aucun dossier de permis de conduire."
DEBLOQUE = "Votre compte n'est plus bloqué : vous pouvez vous identifier de nouveau."


class CompteInutilisable(Exception):
    """The account cannot take the dossier: closed, blocked, or holder of another one, which ``autre_dossier`` says."""

    def __init__(self, *, autre_dossier: bool = False) -> None:
        super().__init__()
        self.autre_dossier = autre_dossier


@transaction.atomic
def rattacher_par_decision(*, user: User | None, email: str, dossier_id: int) -> None:
    """Attach an account, made if need be for the mailbox that sent the signalement; the other accounts are told.

    Raises ``CompteInutilisable``, ``DossierDejaRattache`` and ``AgentSansDossier``.
    """
    vise, fait = (user, False) if user else _compte_de(email)
    compte = tenir_compte(vise.pk)  # it may have been closed, blocked or attached since it was read
    identite = IdentiteFranceConnect.objects.filter(user=compte).first()
    if not compte.is_active or compte.bloque_at or (identite and identite.bloquee_at):
        raise CompteInutilisable
    if Rattachement.objects.filter(user=compte, revoked_at=None).exclude(dossier_id=dossier_id).exists():
        raise CompteInutilisable(autre_dossier=True)
    if Rattachement.objects.filter(user=compte, revoked_at=None).exists():
        return
    origine = Rattachement.Origine.FRANCECONNECT if identite else Rattachement.Origine.NUMERO
    lien = attach_dossier(user=compte, dossier_id=dossier_id, origine=origine)
    avis = AvisRattachement.objects.create(rattachement=lien)
    tell_worker("accounts.avertir_les_autres_comptes", avis.pk)
    _dire(compte, COMPTE_FAIT if fait else RATTACHE)


def _compte_de(email: str) -> tuple[User, bool]:
    """The account of this mailbox, which the link of the signalement proved; True when it was just made."""
    user, cree = User.objects.get_or_create(email=normalize_email(email))
    if cree:
        user.set_password(get_random_string(40))  # usable, for the door of the forgotten password: known by none
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user, cree


@transaction.atomic
def retirer_rattachement(*, rattachement_id: int, annoncer: bool = True) -> None:
    """Revoke a tie, end the account's sessions and tell its owner. Raises ``RattachementIntrouvable``."""
    lien = Rattachement.objects.filter(pk=rattachement_id).only("user_id").first()
    if lien is None:
        raise RattachementIntrouvable
    user = tenir_compte(lien.user_id)
    if not Rattachement.objects.filter(pk=rattachement_id, revoked_at=None).update(revoked_at=timezone.now()):
        raise RattachementIntrouvable
    fermer_les_sessions(user)
    if annoncer:
        _dire(user, RETIRE)


@transaction.atomic
def bloquer_compte(*, user_id: int) -> None:
    """Close every door of an account until it is let in again: its password's, FranceConnect's, its sessions."""
    user = tenir_compte(user_id)
    if user.is_staff:
        raise AgentSansDossier
    user.bloque_at, user.is_active = timezone.now(), False
    user.save(update_fields=["bloque_at", "is_active"])
    IdentiteFranceConnect.objects.filter(user=user).update(bloquee_at=timezone.now())
    fermer_les_sessions(user)
    _dire(user, BLOQUE)


@transaction.atomic
def debloquer_compte(*, user_id: int) -> None:
    """Let an account in again, and propose a dossier again to its FranceConnect identity; a tie is another decision."""
    user = tenir_compte(user_id)
    user.bloque_at, user.is_active = None, user.ferme_at is None
    user.save(update_fields=["bloque_at", "is_active"])
    IdentiteFranceConnect.objects.filter(user=user).update(bloquee_at=None, ecartee_at=None)
    _dire(user, DEBLOQUE)


def _dire(user: User, fait: str) -> None:
    """Tell the owner, where there is an address to write to; nothing of the dossier."""
    if adresse := user.adresse_de_contact:
        record_courriel(a=adresse, modele="emails/lien_change.txt", contexte={"fait": fait}, user=user)
