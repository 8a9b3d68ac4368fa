"""What the owner of an account is told of it, and what they may answer: « ce n'était pas moi »."""

import logging
import re
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.timezone import now

from accounts.courriels import CONTESTATION, get_courriel_signe, record_courriel
from accounts.limites import CONNEXION, CONNEXION_COMPTE, oublier
from accounts.models import Courriel, Rattachement, User, normalize_email
from accounts.selectors import list_comptes_a_l_adresse
from accounts.services import RattachementIntrouvable, detach_dossier, fermer_les_sessions, tenir_compte
from mespoints.lib.http import site_address

logger = logging.getLogger(__name__)

FACTEURS_RETIRES = (
    "Les moyens de double authentification de votre compte ont été retirés par l'administrateur du site. Ajoutez-en un"
    " autre dès votre prochaine connexion."
)

#: What is left of an address: a name that no mail reaches (RFC 2606).
ADRESSE_EFFACEE = "@efface.invalid"
#: What « ce n'était pas moi » leaves of an account whose former address is another's by now.
FERMEE = "fermee"
#: The first that fits names the thing. Browsers lie about themselves: Edge says Chrome, Chrome says Safari.
NAVIGATEURS = (
    (r"Edg(A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
APPAREILS = (
    (r"iPhone", "un iPhone"),
    (r"iPad", "un iPad"),
    (r"Android.*Mobile", "un téléphone Android"),
    (r"Android", "une tablette Android"),
    (r"Windows", "un ordinateur Windows"),
    (r"Macintosh|Mac OS X", "un Mac"),
    (r"CrOS", "un Chromebook"),
    (r"Linux|X11", "un ordinateur Linux"),
)


def decrire_appareil(user_agent: str) -> str:
    """``« Firefox sur un ordinateur Windows »``, from what the browser says of itself; never its own words."""
    navigateur = next(
        (nom for expression, nom in NAVIGATEURS if re.search(expression, user_agent)), "un navigateur inconnu"
    )
    appareil = next((nom for expression, nom in APPAREILS if re.search(expression, user_agent)), "un appareil inconnu")
    return f"{navigateur} sur {appareil}"


def record_connexion(user: User, request: HttpRequest, *, porte: str) -> None:
    """Tell the owner that a session was just opened: when, with what device, by which door. Nothing of the dossier."""
    contexte = {"appareil": _appareil(request), "porte": porte}
    _ecrire(user, user.adresse_de_contact, "emails/nouvelle_connexion.txt", contexte)


def record_evenement(user: User, fait: str, *, request: HttpRequest | None, ancienne: str | None = None) -> None:
    """Tell the owner, at the account's address and at the one it had until now, what has just changed; a sentence.

    Of the two, the former alone may take the account back: who changed the address may be a thief, who reads at the new
    one. It is written first: which address was the account's first is told by its mails.
    """
    contexte = {"fait": fait, "appareil": _appareil(request), "agent": user.is_staff}
    quittee = normalize_email(ancienne or "") not in {"", user.adresse_de_contact}
    if quittee:
        _ecrire(user, normalize_email(ancienne or ""), "emails/evenement.txt", contexte)
    _ecrire(user, user.adresse_de_contact, "emails/evenement.txt", contexte, contestable=not quittee)


def record_essais_repetes(email: str) -> None:
    """Warn the owner, if there is one, that somebody tries their password; once a wait, whatever runs beside."""
    user = User.objects.filter(email=normalize_email(email), is_active=True).first()
    if user and user.email:
        tranche = int(now().timestamp() // CONNEXION_COMPTE.fenetre.total_seconds())
        cle = f"essais_repetes.{user.pk}.{tranche}"
        record_courriel(a=user.email, modele="emails/essais_repetes.txt", user=user, cle=cle)


def record_mot_de_passe_oublie(email: str) -> None:
    """Answer at an address where a password was forgotten: by the link to choose another, or that no account is there.

    The worker's: the page that was asked never knows which.
    """
    comptes = [user for user in list_comptes_a_l_adresse(email) if user.is_active]
    for user in comptes:
        record_lien_de_mot_de_passe(user, a=email)
    if not comptes:
        record_courriel(a=email, modele="emails/compte_inconnu.txt")


def record_lien_de_mot_de_passe(user: User, *, a: str) -> None:
    """Send the link by which a new password is chosen: one hour, once."""
    jeton = default_token_generator.make_token(user)
    lien = site_address("account_reset_password_from_key", user_pk_to_url_str(user), jeton)
    record_courriel(a=a, modele="emails/mot_de_passe_oublie.txt", contexte={"password_reset_url": lien}, user=user)


@transaction.atomic
def fermer_compte(user: User, *, request: HttpRequest | None) -> None:
    """Close the account at its owner's request: its sessions, its tie to a dossier; its address goes after three days.

    « Ce n'était pas moi » undoes it until then, but for the tie, which is proved again.
    """
    if user.is_staff:
        raise PermissionDenied
    record_evenement(user, "Votre compte a été fermé, comme demandé depuis ce compte.", request=request)
    _fermer(user)


def _fermer(user: User) -> None:
    fermer_les_sessions(user)
    detach_dossier(user=user)
    user.ferme_at = now()
    user.save(update_fields=["ferme_at"])


@transaction.atomic
def fermer_acces(*, rattachement_id: int, dossier_id: int, sauf: int | None) -> None:
    """Detach an account from the dossier of who asks; ``sauf`` is their own. Raises ``RattachementIntrouvable``."""
    lien = Rattachement.objects.filter(pk=rattachement_id, dossier_id=dossier_id).select_related("user").first()
    if lien is None or sauf in {None, lien.user_id}:
        raise RattachementIntrouvable
    detach_dossier(user=lien.user, rattachement_id=lien.pk)


def effacer_les_comptes_fermes() -> int:
    """Erase the address, the password and the factors of the accounts closed for three days; give how many.

    The row stays: what it did may have to be told later, without saying who it was.
    """
    fermes = User.objects.filter(ferme_at__lt=now() - CONTESTATION).exclude(email=None)
    effaces = 0
    for user in fermes.exclude(email__endswith=ADRESSE_EFFACEE):
        with transaction.atomic():
            for modele in (EmailAddress, Authenticator, UserSession):
                modele.objects.filter(user=user).delete()
            user.courriels.all().delete()
            user.email = f"{user.pk}{ADRESSE_EFFACEE}"
            user.set_unusable_password()
            user.save()
            effaces += 1
    return effaces


@transaction.atomic
def drop_facteurs(email: str) -> int:
    """Take every second factor from an account, whose owner is told and whose sessions end; give how many.

    What an operator does for who lost theirs, once sure of who asks. An agent adds another one before anything else.
    Raises ``User.DoesNotExist``.
    """
    user = User.objects.get(email=normalize_email(email), is_active=True)
    nombre: int = Authenticator.objects.filter(user=user).delete()[0]
    if nombre:
        fermer_les_sessions(user)
        record_evenement(user, FACTEURS_RETIRES, request=None)
    return nombre


def peut_contester(signature: str) -> str:
    """The door of the account that this link is about, adresse or franceconnect; "" when it is worth nothing."""
    courriel = get_courriel_signe(signature)
    return _porte(courriel.user) if courriel and courriel.user and _vaut(courriel.user, courriel) else ""


def _porte(user: User) -> str:
    return "adresse" if user.email else "franceconnect"


def _vaut(user: User, courriel: Courriel) -> bool:
    """Whether a link still gives something back: never a staff account's, nor one that somebody else than its owner
    closed; and to no address that became the account's after the present one.
    """
    close_par_un_autre = user.bloque_at or user.desactive_at
    return not user.is_staff and not close_par_un_autre and user.email not in _plus_anciennes(user, courriel)


def _plus_anciennes(user: User, courriel: Courriel) -> set[str]:
    """The addresses that were the account's before the one that this mail went to: each change is told to both."""
    depuis = dict(user.courriels.values_list("destinataire").annotate(Min("created_at")))
    return {adresse for adresse, jour in depuis.items() if jour < depuis[courriel.destinataire]}


@transaction.atomic
def contester(signature: str) -> str:
    """« Ce n'était pas moi » : give the account back to who holds the address that this link was sent to. Once.

    Every session ends, the password is worth nothing any more and a link for another goes to that address, which is the
    account's again if it was changed. What was added since to pass the second step is removed; a closing by the owner
    is undone; an address that waited to be confirmed is forgotten. Every other link of the account is dead, but those
    sent to an address that was its before this one: a thief who answers first does not shut the owner out. Where
    another account has taken the address since, this one is closed: the address that it bears may be the thief's. An
    account that FranceConnect opens has nothing of this to give back: its sessions end. Gives the door, ``FERMEE``, or
    "".
    """
    vise = get_courriel_signe(signature)
    if vise is None or vise.user is None:
        return ""
    user = tenir_compte(vise.user.pk)
    courriel = get_courriel_signe(signature)  # once more, held: the same link may be followed twice at once
    if courriel is None or not _vaut(user, courriel):
        return ""
    survivent = _plus_anciennes(user, courriel)
    user.courriels.filter(proteste_at=None).exclude(destinataire__in=survivent).update(proteste_at=now())
    if not user.email:
        user.set_unusable_password()  # another one: the browsers that opened the account are no longer known
        user.save(update_fields=["password"])
        fermer_les_sessions(user)
        return _porte(user)
    if User.objects.filter(email=courriel.destinataire).exclude(pk=user.pk).exists():
        _fermer(user)
        return FERMEE
    _rendre_l_adresse(user, courriel.destinataire)
    # Usable, for the door of the forgotten password: known by none.
    user.password = make_password(get_random_string(40))
    user.ferme_at = None
    user.save()
    fermer_les_sessions(user)
    Authenticator.objects.filter(user=user, created_at__gte=courriel.created_at).delete()
    oublier(CONNEXION, courriel.destinataire)
    record_lien_de_mot_de_passe(user, a=courriel.destinataire)
    return _porte(user)


def _rendre_l_adresse(user: User, adresse: str) -> None:
    """Make this address the account's only one."""
    user.email = adresse
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _ecrire(user: User, adresse: str, modele: str, contexte: dict[str, Any], *, contestable: bool = True) -> None:
    """Write to an account that may have no address to write to: that stops neither a sign-in nor a change."""
    try:
        record_courriel(a=adresse, modele=modele, contexte=contexte, user=user, contestable=contestable)
    except ValidationError:
        logger.warning("account_without_address")


def _appareil(request: HttpRequest | None) -> str:
    return decrire_appareil(request.META.get("HTTP_USER_AGENT", "") if request else "")
