"""A sign-in gives the session the level of its door, and its owner is told."""

import logging
from collections.abc import Sequence
from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed, password_reset
from allauth.account.signals import user_logged_in as etapes_passees
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.compte.securite import record_connexion, record_evenement
from accounts.franceconnect.allers_retours import ouvrir_la_session
from accounts.limites import CONNEXION, oublier
from accounts.models import User
from accounts.services import suspendre_les_rattachements
from dossier.signals import personnes_corrigees
from mespoints.lib.session import open_session
from mespoints.lib.visiteur import NIVEAU_MOT_DE_PASSE, set_niveau

logger = logging.getLogger(__name__)

MOT_DE_PASSE, FRANCECONNECT = "votre adresse électronique et votre mot de passe", "FranceConnect"


# Django's signal, which allauth sends too: every door lowers the level, and then allauth's own may raise it.
@receiver(user_logged_in, dispatch_uid="accounts.niveau")
def on_login(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Start at the lowest level, whatever the session knew before."""
    set_niveau(request, NIVEAU_MOT_DE_PASSE)
    open_session(request)


@receiver(etapes_passees, dispatch_uid="accounts.porte")
def on_every_step_passed(
    sender: object, request: HttpRequest, user: User, franceconnect: dict[str, Any] | None = None, **kwargs: Any
) -> None:
    """Give the session the level of its door; write to the owner in the same breath."""
    if franceconnect:
        ouvrir_la_session(request, franceconnect)
    request.appareil_de = user  # type: ignore[attr-defined]  # the middleware lets the browser remember it
    record_connexion(user, request, porte=FRANCECONNECT if franceconnect else MOT_DE_PASSE)


@receiver(authentication_step_completed, dispatch_uid="accounts.autre_session")
def on_proof(
    sender: object, request: HttpRequest, user: User, method: str, *, reauthenticated: bool = False, **kwargs: Any
) -> None:
    """Who proved themselves once more has another session key: one that was stolen before is worth nothing after."""
    _write("proof_given_again" if reauthenticated else "proof_given", request, user, method)
    if reauthenticated:
        ancienne = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=ancienne).update(session_key=request.session.session_key)


@receiver(password_reset, dispatch_uid="accounts.essais_oublies")
def on_password_reset(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Who holds the mailbox has proved who they are: the tries of others make them wait no more, in this browser.

    Not where a second factor is asked for too: each new password would give as many codes to try.
    """
    oublier(CONNEXION, user.adresse_de_contact, request)
    if not is_mfa_enabled(user):
        request.appareil_de = user  # type: ignore[attr-defined]


@receiver(password_changed, dispatch_uid="accounts.appareil")
def on_password_changed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Another password forgets every browser, but the one in which it was chosen."""
    request.appareil_de = user  # type: ignore[attr-defined]


@receiver(user_logged_out, dispatch_uid="accounts.effacer")
def on_logout(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Whatever ended the session, the browser forgets what it kept of it: the middleware tells it."""
    request.session_finie = True  # type: ignore[attr-defined]


@receiver(personnes_corrigees, dispatch_uid="accounts.autre_personne")
def on_personnes_corrigees(sender: object, dossier_ids: Sequence[int], **kwargs: Any) -> None:
    """A dossier that is told to be somebody else's is shown to nobody until a tie is proved again."""
    suspendre_les_rattachements(dossier_ids)


@receiver(authenticator_used, dispatch_uid="accounts.code_de_secours")
def on_authenticator_used(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """A code of the spare set was used: its owner knows, or has lost it."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record_evenement(user, "Un de vos codes de secours vient d'être utilisé.", request=request)


# --- What the journal says of a sign-in: who, by a number; how, by a word ---------------------------------------------


def _write(event: str, request: HttpRequest | None, user: User | None = None, reason: str = "") -> None:
    qui = {"account_id": user.pk} if user and user.pk else {}
    logger.info(event, extra={"request": request, "reason": reason, **qui})


@receiver(user_logged_in, dispatch_uid="accounts.journal_entree")
def write_login(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write("signed_in", request, user)


@receiver(user_logged_out, dispatch_uid="accounts.journal_sortie")
def write_logout(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:  # coming by FranceConnect first leaves whatever session there was
        _write("signed_out", request, user)
