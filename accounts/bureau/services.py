"""What two agents decided of an account and a dossier (``propositions``), done."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.courriels import record_courriel
from accounts.models import AvisRattachement, IdentiteFranceConnect, Rattachement, User, normalize_email
from accounts.services import (
    AgentSansDossier,
    RattachementIntrouvable,
    attach_dossier,
    detach_dossier,
    fermer_les_sessions,
    tenir_compte,
)
from mespoints.lib.worker import tell_worker

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
def rattacher(*, user: User | None, email: str, dossier_id: int) -> None:
    """Attach an account, made if need be for the mailbox that sent the signalement; the other accounts are told.

    Raises ``CompteInutilisable``, ``DossierDejaRattache`` and ``AgentSansDossier``.
    """
    vise, fait = (user, False) if user else _compte_de(email)
    compte = tenir_compte(vise.pk)  # it may have been closed, blocked or attached since it was read
    identite = IdentiteFranceConnect.objects.filter(user=compte).first()
    if not compte.is_active or (identite and identite.bloquee_at):
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
def retirer(*, rattachement_id: int, annoncer: bool = True) -> None:
    """Detach an account, and tell its owner. Raises ``RattachementIntrouvable``."""
    lien = Rattachement.objects.filter(pk=rattachement_id).only("user_id").first()
    if lien is None:
        raise RattachementIntrouvable
    user = tenir_compte(lien.user_id)
    detach_dossier(user=user, rattachement_id=rattachement_id)
    if annoncer:
        _dire(user, RETIRE)


@transaction.atomic
def bloquer(*, user_id: int) -> None:
    """Close every door of an account until it is let in again: its password's, FranceConnect's, its sessions."""
    user = tenir_compte(user_id)
    if user.is_staff:
        raise AgentSansDossier
    user.bloque_at = timezone.now()
    user.save(update_fields=["bloque_at"])
    IdentiteFranceConnect.objects.filter(user=user).update(bloquee_at=timezone.now())
    fermer_les_sessions(user)
    _dire(user, BLOQUE)


@transaction.atomic
def debloquer(*, user_id: int) -> None:
    """Take back what two agents closed, and propose a dossier again to its FranceConnect identity; a tie is another
    decision. What its owner or an operator closed stays so: nothing is promised to its owner.
    """
    user = tenir_compte(user_id)
    user.bloque_at = None
    user.save(update_fields=["bloque_at"])
    IdentiteFranceConnect.objects.filter(user=user).update(bloquee_at=None, ecartee_at=None)
    user.refresh_from_db()
    if user.is_active:
        _dire(user, DEBLOQUE)


def _dire(user: User, fait: str) -> None:
    """Tell the owner, where there is an address to write to; nothing of the dossier."""
    if adresse := user.adresse_de_contact:
        record_courriel(a=adresse, modele="emails/lien_change.txt", contexte={"fait": fait}, user=user)
