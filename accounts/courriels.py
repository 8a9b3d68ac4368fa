"""The outbox: a mail is a row, written in the transaction of what it tells, and sent by the worker.

``record_courriel`` is the one way to send a mail. It talks to no mail server, and a rollback takes the mail back:

    with transaction.atomic():
        compte = ...
        record_courriel(a=compte.email, modele="emails/bienvenue.txt", contexte={"lien": lien}, user=compte)

``modele`` is a text template whose first line is the subject; the HTML form of a mail is made from the same text. To
test what left, the fixture ``courriels_partis`` (tests/conftest.py) sends what waits and gives it.
"""

import logging
import smtplib
import time
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.timezone import now

from accounts.models import Courriel, User
from mespoints.lib.http import site_address
from mespoints.lib.worker import tell_worker

logger = logging.getLogger(__name__)

PERSEVERANCE = timedelta(hours=24)  # then the mail is given up, and said so
PREMIERE_ATTENTE, ATTENTE_MAXIMALE = timedelta(minutes=1), timedelta(hours=1)
CONSERVATION = timedelta(days=7)  # of the row, its text gone
CONTESTATION = timedelta(hours=72)  # « ce n'était pas moi »
DUREE_DU_LOT = 60  # seconds: no other mail is begun after them
DOUTES_MAX = 2  # sendings of one mail of which nobody knows whether they arrived
SANS_TEXTE = {"texte": "", "html": ""}  # links to new passwords do not stay in the database


def record_courriel(
    *,
    a: str,
    modele: str,
    contexte: dict[str, Any] | None = None,
    user: User | None = None,
    cle: str | None = None,
    contestable: bool = True,
) -> Courriel | None:
    """Write a mail to ``a`` from the template ``modele``; it leaves once the transaction is committed, and once only.

    Two mails of one ``cle`` are one: the second gives None. The template has, besides ``contexte``: ``maintenant``,
    ``demonstration``, ``site`` (the address of the site, no final slash) and ``lien_pas_moi``, empty without a
    ``user``, for the staff, and where the mail is not ``contestable``. Raises ``ValidationError`` for what is no
    address.
    """
    validate_email(a)
    courriel = Courriel(destinataire=a, modele=modele, user=user, cle=cle, prochain_essai_at=now())
    donnees = {
        "maintenant": timezone.localtime(),
        "site": settings.SITE_URL,
        "demonstration": settings.MESPOINTS_DEMONSTRATION,
        "lien_pas_moi": lien_pas_moi(courriel) if user and contestable and not user.is_staff else "",
        **(contexte or {}),
    }
    sujet, _, texte = render_to_string(modele, donnees).strip().partition("\n")
    courriel.sujet, courriel.texte = " ".join(sujet.split())[:200], texte.strip() + "\n"
    courriel.html = render_to_string(
        "emails/cadre.html", {"sujet": courriel.sujet, "paragraphes": _paragraphes(courriel.texte)}
    )
    Courriel.objects.bulk_create([courriel], ignore_conflicts=True)
    if cle is not None and not Courriel.objects.filter(pk=courriel.pk).exists():
        return None
    tell_worker("accounts.envoyer")
    return courriel


def _paragraphes(texte: str) -> list[list[str]]:
    """The text as paragraphs of lines, for the HTML form."""
    return [bloc.splitlines() for bloc in texte.strip().split("\n\n") if bloc.strip()]


def lien_pas_moi(courriel: Courriel) -> str:
    """The address of the page where the owner of the account says that what this mail tells was not them."""
    return site_address("pas_moi", signer_lien(PAS_MOI, courriel.pk))


def get_courriel_signe(signature: str) -> Courriel | None:
    """The mail that such an address comes from; None when it is forged, too old, used, or of no account."""
    numero = lire_lien(PAS_MOI, signature)
    if numero is None:
        return None
    trouves = Courriel.objects.filter(
        pk=numero, user__isnull=False, proteste_at=None, created_at__gt=now() - CONTESTATION
    ).select_related("user")
    return trouves.first()


# --- The worker's side ----------------------------------------------------------------------------------------------


def envoyer_les_dus() -> int:
    """Send what is due, for ``DUREE_DU_LOT`` at most; give how many went. Any number of workers may do it at once.

    A mail is claimed for longer than its sending may take, and that try counted, before anybody is called: no
    transaction waits for a mail server, and what dies comes back. When the server itself does not answer, the rest
    waits for the next call.
    """
    partis, fin = 0, time.monotonic() + DUREE_DU_LOT
    connexion = get_connection()
    try:
        while time.monotonic() < fin and (courriel := _reclamer()):
            issue = _envoyer(courriel, connexion)
            if issue is None:
                break
            partis += issue
    finally:
        _raccrocher(connexion)
    return partis


def _reclamer() -> Courriel | None:
    """The mail that has waited longest and that nobody else holds, its try counted; None when nothing is due."""
    with transaction.atomic():
        dus = Courriel.objects.select_for_update(skip_locked=True, of=("self",)).filter(prochain_essai_at__lte=now())
        while (courriel := dus.order_by("prochain_essai_at", "pk").first()) and courriel.doutes >= DOUTES_MAX:
            _abandonner(courriel, "mail_perhaps_sent", "WorkerLost")
        if courriel:
            courriel.essais += 1
            courriel.prochain_essai_at = now() + _bail()
            courriel.save(update_fields=["essais", "prochain_essai_at"])
        return courriel


def _bail() -> timedelta:
    """How long a mail is its worker's: longer than any sending."""
    attentes = settings.EMAIL_WAITS
    return timedelta(seconds=attentes["session"] + attentes["mail"] + 60)


def _envoyer(courriel: Courriel, connexion: Any) -> int | None:
    """1 when it went, 0 when it was refused, None when there is nobody to go on with."""
    avant = courriel.doutes
    connexion.before_message = partial(_douter, courriel)
    try:
        connexion.open()  # once: it stays open for the next ones
        connexion.send_messages([_message(courriel)])
    except _ChezUnAutre:
        return 0
    except (OSError, ValidationError, ValueError) as panne:  # smtplib's errors are OSErrors
        _raccrocher(connexion)
        if _est_un_refus(panne):
            courriel.doutes = avant
        _remettre(courriel, panne)
        return 0 if _est_un_refus(panne) else None
    # Whoever else claimed it meanwhile finds it gone.
    Courriel.objects.filter(pk=courriel.pk).update(sent_at=now(), prochain_essai_at=None, doutes=avant, **SANS_TEXTE)
    return 1


class _ChezUnAutre(Exception):
    """The claim was over before the sending: somebody else has this mail."""


def _douter(courriel: Courriel) -> None:
    """Write, before the message goes, that it may have gone: were nobody to come back and tell, it went perhaps."""
    if not _mien(courriel).update(doutes=F("doutes") + 1):
        raise _ChezUnAutre
    courriel.doutes += 1


def _raccrocher(connexion: BaseEmailBackend) -> None:
    with suppress(OSError):  # what it answered before stands
        connexion.close()


def _message(courriel: Courriel) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        courriel.sujet,
        courriel.texte,
        to=[courriel.destinataire],
        # The same at each try: were the worker to die between the sending and its mark, a server may see it is one.
        headers={"Message-ID": f"<{courriel.pk}@mespoints>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(courriel.html, "text/html")
    return message


def _est_un_refus(panne: Exception) -> bool:
    """Whether the server speaks and refuses this mail, rather than being away: it did not take it."""
    if isinstance(panne, smtplib.SMTPDataError):
        return 400 <= panne.smtp_code < 600
    parle = smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused
    return isinstance(panne, parle | ValueError | ValidationError)


def _est_definitif(panne: Exception) -> bool:
    if isinstance(panne, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in panne.recipients.values())
    return isinstance(panne, ValueError | ValidationError)


def _remettre(courriel: Courriel, panne: Exception) -> None:
    """Put off to later, each time longer. Given up after a day, when nobody will ever be there, and when twice nobody
    knows whether it was taken: a copy too many is worse than a copy that the first of them was."""
    raison = type(panne).__name__
    if courriel.doutes >= DOUTES_MAX:
        _abandonner(courriel, "mail_perhaps_sent", raison)
        return
    if _est_definitif(panne) or now() - courriel.created_at >= PERSEVERANCE:
        _abandonner(courriel, "mail_given_up", raison)
        return
    attente = min(PREMIERE_ATTENTE * 2 ** min(courriel.essais - 1, 10), ATTENTE_MAXIMALE)
    logger.warning("mail_put_off", extra={"reason": raison})
    _mien(courriel).update(prochain_essai_at=now() + attente, doutes=courriel.doutes)


def _abandonner(courriel: Courriel, evenement: str, raison: str) -> None:
    logger.error(evenement, extra={"reason": raison})
    _mien(courriel).update(prochain_essai_at=None, doutes=courriel.doutes, **SANS_TEXTE)


def _mien(courriel: Courriel) -> QuerySet[Courriel]:
    """Its row, unless somebody else claimed it since."""
    return Courriel.objects.filter(pk=courriel.pk, essais=courriel.essais, sent_at=None)


def en_souffrance() -> bool:
    """Whether a mail is due and nobody sends it."""
    return Courriel.objects.filter(prochain_essai_at__lte=now()).exists()


def purger() -> int:
    """Delete the rows of mails long gone; give how many."""
    finis = Courriel.objects.filter(prochain_essai_at=None, created_at__lt=now() - CONSERVATION)
    return finis.delete()[0]


#: What a link is for, which is the salt of its signature, and how long it opens something; None: the row says.
ACTIVATION, PAS_MOI = "compte.activation", "compte.pas_moi"


SIGNALER, SUIVI = "signalement.ouvrir", "signalement.suivi"


DUREES: dict[str, timedelta | None] = {
    **{ACTIVATION: None, PAS_MOI: None},
    **{SIGNALER: timedelta(days=30), SUIVI: timedelta(days=30)},
}


def signer_lien(usage: str, identifiant: int | UUID) -> str:
    """The last part of the address."""
    return signing.dumps(str(identifiant), salt=usage)


def lire_lien(usage: str, jeton: str) -> str | None:
    """The row that the link is about, None when it opens nothing."""
    try:
        lu = signing.loads(jeton, salt=usage, max_age=DUREES[usage])
    except signing.BadSignature:
        return None
    return lu if isinstance(lu, str) else None
