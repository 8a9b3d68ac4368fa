"""Mails: a text template, whose first line is the subject."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User


def record_envoi(
    *,
    a: str,
    modele: str,
    contexte: dict[str, Any] | None = None,
    user: User | None = None,
    cle: str | None = None,
) -> None:
    """Send ``a`` the mail of this template. To be called by the worker, never while a visitor waits."""
    donnees = {
        "maintenant": timezone.localtime(),
        "site": settings.SITE_URL,
        "demonstration": settings.MESPOINTS_DEMONSTRATION,
        **(contexte or {}),
    }
    sujet, _, texte = render_to_string(modele, donnees).strip().partition("\n")
    EmailMessage(" ".join(sujet.split()), texte.strip() + "\n", to=[a]).send()
