"""What the worker does for the accounts. Messages carry a key at most; everything else is in PostgreSQL."""

from datetime import timedelta
from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts import courriels, limites
from accounts.compte import securite
from accounts.creation import demandes
from accounts.franceconnect import allers_retours, rattachement
from accounts.signalements import services as signalements

#: A message older than this was lost, or its worker died.
PATIENCE = timedelta(seconds=30)


#: Of a batch: its last mail may be begun at its end. Killed there, nothing is sent again at once: the mail is claimed.
LIMITE = courriels.DUREE_DU_LOT + settings.EMAIL_WAITS["session"] + settings.EMAIL_WAITS["mail"] + 30


@shared_task(name="accounts.envoyer", soft_time_limit=LIMITE, time_limit=LIMITE + 30)
def envoyer() -> None:
    """Send what waits; told after each mail written, and by the clock every minute, should the telling be lost."""
    if courriels.envoyer_les_dus() and courriels.en_souffrance():
        envoyer.delay()


@shared_task(name="accounts.menage")
def menage() -> None:
    """Forget the tries that count no more, the mails long gone, who closed their account, the sessions that ended."""
    limites.purger()
    courriels.purger()
    securite.effacer_les_comptes_fermes()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="accounts.instruire_demande")
def instruire_demande(demande_id: int) -> None:
    """Decide and mail; a second message for the same demande finds it decided."""
    demandes.instruire_demande(demande_id=demande_id)


@shared_task(name="accounts.envoyer_lien")
def envoyer_lien(lien_id: int) -> None:
    """Mail what was asked for."""
    signalements.envoyer_lien(lien_id=lien_id)


@shared_task(name="accounts.avertir_les_autres_comptes")
def avertir_les_autres_comptes(avis_id: int) -> None:
    """Tell the other accounts of a dossier that one more has it."""
    demandes.avertir_les_autres_comptes(avis_id=avis_id)


@shared_task(name="accounts.reprendre_les_demandes")
def reprendre_les_demandes() -> None:
    """Sweep: what was lost on the way to a worker goes again."""
    avant = timezone.now() - PATIENCE
    for demande_id in demandes.demandes_en_souffrance(avant=avant):
        instruire_demande.delay(demande_id)
    for lien_id in demandes.liens_en_souffrance(avant=avant):
        envoyer_lien.delay(lien_id)
    for avis_id in demandes.avis_en_souffrance(avant=avant):
        avertir_les_autres_comptes.delay(avis_id)


@shared_task(name="accounts.oublier_les_demandes")
def oublier_les_demandes() -> None:
    """Delete what was typed a month ago, and the ways to FranceConnect that nobody came back from."""
    demandes.oublier_les_demandes()
    allers_retours.oublier_les_allers_retours()
    rattachement.oublier_les_essais()
