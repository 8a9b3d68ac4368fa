"""Days in the words of the pages: Django's own ``date`` writes « 1 juin 2026 », and a line may cut it."""

from datetime import date, datetime

from django import template

from dossier.rules.francais import en_lettres

register = template.Library()


@register.filter(name="en_lettres", expects_localtime=True)
def jour_en_lettres(jour: date | None) -> str:
    """« 1er juin 2026 »; nothing of no day. A moment is read in the zone of the page."""
    return "" if jour is None else en_lettres(jour)


@register.filter(expects_localtime=True)
def instant_en_lettres(instant: datetime) -> str:
    """« 1er juin 2026 à 09:05 »."""
    return f"{en_lettres(instant)} à {instant:%H:%M}"
