"""What allauth asks us: who may sign up, whom to believe and how often, where to lead people, how to write to them."""

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse

from accounts.compte import appareils, second_facteur
from accounts.compte.mots_de_passe import HACHAGE
from accounts.compte.securite import record_evenement
from accounts.courriels import record_courriel
from accounts.limites import CONNEXION, CONNEXION_COMPTE, CONNEXION_ICI, RENVOI, compter, consommer, ici, rendre
from accounts.models import DemandeLien, User
from accounts.services import demander_lien
from mespoints.lib.http import is_own_path, site_address

logger = logging.getLogger(__name__)

#: allauth's mails that carry a link, and ours in their place.
COURRIERS = {
    "account/email/email_confirmation": "emails/adresse_a_confirmer.txt",
    "account/email/email_confirmation_signup": "emails/adresse_a_confirmer.txt",
    "account/email/account_already_exists": "emails/compte_existant.txt",
}
#: allauth's notices, and what each says happened.
EVENEMENTS = {
    "account/email/password_changed": "Le mot de passe de votre compte a été changé.",
    "account/email/password_reset": "Un nouveau mot de passe a été choisi pour votre compte, par un lien reçu à cette"
    " adresse.",
    "account/email/password_set": "Un mot de passe a été choisi pour votre compte.",
    "account/email/email_changed": "L'adresse électronique de votre compte a été changée.",
    "account/email/email_deleted": "Une adresse électronique a été retirée de votre compte.",
    "mfa/email/totp_activated": "Une application de codes a été ajoutée à votre compte.",
    "mfa/email/totp_deactivated": "L'application de codes a été retirée de votre compte.",
    "mfa/email/recovery_codes_generated": "De nouveaux codes de secours ont été créés pour votre compte.",
    "mfa/email/webauthn_added": "Une clé d'accès a été ajoutée à votre compte.",
    "mfa/email/webauthn_removed": "Une clé d'accès a été retirée de votre compte.",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's adapter, with one answer for every sign-in that fails, limits and mails of our own."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L'adresse électronique ou le mot de passe est incorrect.",
        "too_many_login_attempts": "Trop d'essais en peu de temps. Rien n'est fermé pour de bon\u00a0: réessayez plus"
        " tard, ou maintenant dans un navigateur où vous vous êtes déjà connecté, ou demandez un nouveau mot de passe.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: an account is made by the steps of /compte/creer/, which prove whose dossier it is."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before looking at it; ``request.attente`` tells the view how long to wait."""
        HACHAGE.sonder()
        email, appareil = _essai(request, credentials)
        attente = consommer(CONNEXION, request, email, appareil=appareil)
        if attente is not None:
            request.attente = attente  # type: ignore[attr-defined]
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Treat a disabled account as one that does not exist; give back a good try."""
        user: User | None = super().authenticate(request, **credentials)
        if not user or not user.is_active:
            if user:
                self.authentication_failed(request, **credentials)
            return None
        email, appareil = _essai(request, credentials)
        rendre(CONNEXION, request, email, appareil=appareil)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Warn the owner once, at the last try before waiting begins, from here or from everywhere."""
        logger.info("sign_in_refused", extra={"request": request})
        email, appareil = _essai(request, credentials)
        d_ici, de_partout = compter(CONNEXION_ICI, ici(request, email, appareil)), compter(CONNEXION_COMPTE, email)
        if d_ici == CONNEXION_ICI.essais or de_partout == CONNEXION_COMPTE.essais:
            demander_lien(email=email, reference=DemandeLien.ESSAIS_REPETES)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """An agent has no points to see: the desk."""
        return reverse("admin:index") if request.user.is_staff else str(super().get_login_redirect_url(request))

    def is_safe_url(self, url: str | None) -> bool:
        """Accept a path of this site only, never an address, be it ours."""
        return is_own_path(url or "")

    # --- Mail -------------------------------------------------------------------------------------------------------

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: EmailAddress, signup: bool) -> bool:
        """No more links than one can need: those already sent still work."""
        return consommer(RENVOI, request, email_address.email) is None

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """An address of the site as configured: the one that a request claims may be another's."""
        return site_address("account_confirm_email", emailconfirmation.key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write it in the outbox."""
        record_courriel(a=email, modele=COURRIERS[template_prefix], contexte=context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner what happened, at ``email`` (the address they had) as well as at the present one."""
        record_evenement(user, EVENEMENTS[template_prefix], request=self.request, ancienne=email)


def _essai(request: HttpRequest, credentials: dict[str, Any]) -> tuple[str, str]:
    """What a try aims at, and the name of a browser that opened that account before."""
    email = credentials.get("email", "")
    return email, appareils.reconnaitre(request, email)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors: their secrets are encrypted at rest, an agent keeps one, French throughout."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone, puis saisissez le suivant.",
        "cannot_delete_authenticator": "Un agent garde au moins un moyen de double authentification.",
        "cannot_generate_recovery_codes": "Ajoutez d'abord une application de codes ou une clé d'accès.",
        "add_email_blocked": "Retirez d'abord la double authentification : l'adresse pourra ensuite être changée.",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt with a key derived from SECRET_KEY."""
        return second_facteur.sceller(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read what SECRET_KEY, or one of its fallbacks, encrypted. Raises ``SecretIllisible``."""
        return second_facteur.ouvrir(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Anything for a driver; for an agent, what is not the last one."""
        if not authenticator.user.is_staff:
            return True
        facteurs = Authenticator.objects.filter(user=authenticator.user).exclude(type="recovery_codes")
        return bool(facteurs.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Name a key that its owner has not named."""
        return f"Clé {Authenticator.objects.filter(user=user, type=type).count() + 1}"
