"""Time passes: the counters are held against PostgreSQL's clock, so it is they that are moved back."""

from datetime import timedelta

from django.db.models import F

from accounts.models import Compteur


def laisser_passer(duree: timedelta) -> None:
    Compteur.objects.update(libre_at=F("libre_at") - duree, oublie_at=F("oublie_at") - duree)
