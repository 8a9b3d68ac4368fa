"""What the worker does for the accounts: the mail that waits, and what may be forgotten."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts import envois, limites, securite


@shared_task(name="accounts.envoyer")
def envoyer() -> None:
    """Send what waits; told after each mail written, and by the clock every minute, should the telling be lost."""
    if envois.envoyer_les_dus() == envois.PAR_LOT:
        envoyer.delay()


@shared_task(name="accounts.menage")
def menage() -> None:
    """Forget the tries that count no more, the mails long gone, who closed their account, the sessions that ended."""
    limites.purger()
    envois.purger()
    securite.effacer_les_comptes_fermes()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
