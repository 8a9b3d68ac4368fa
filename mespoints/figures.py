"""The figures of the business for Prometheus, read from PostgreSQL when asked: any server gives the same ones.

What cannot be read is left out, and said by `mespoints_figures_read 0`: a figure is never an old one. Each one that may
say a fault has its alert in `docs/alerts.yml`.
"""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis import Redis, RedisError

import accounts.selectors
import documents.courriers.selectors
import dossier.selectors
from documents.code import porte_cles
from documents.contenus import CachetIndisponible
from documents.pdf import cachet


class Figures:
    """A collector of Prometheus."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure, then whether all could be read."""
        read = 1
        try:
            yield from _dossiers()
            yield from _accounts()
            yield _documents()
        except DatabaseError:
            read = 0
        yield _gauge("figures_read", "1 when PostgreSQL gave every figure.", read)
        yield _keys()
        yield from _queues()


def exposition() -> bytes:
    """Prometheus' text form."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return generate_latest(registry)


def _dossiers() -> Iterator[GaugeMetricFamily]:
    suivi = dossier.selectors.get_suivi(au=timezone.localdate())
    yield _gauge("batch_overdue_dossiers", "Dossiers whose day is past and that no night has settled.", suivi.echus)
    yield _gauge("batch_lag_days", "Age of the oldest of them.", suivi.retard)
    yield _gauge("batch_open_seconds", "Age of the last run while it is not over.", _age(suivi.passage_ouvert_depuis))
    if suivi.verification:
        yield _gauge(
            "ledger_different_dossiers",
            "Dossiers that differed in the last verify_ledger. Anything but 0 is an incident.",
            suivi.verification.differents,
        )
        yield _gauge("ledger_verified_dossiers", "Dossiers that it looked at.", suivi.verification.verifies)
    if suivi.verification or suivi.tenus:  # never verified is infinitely long ago; where nothing is held, nothing
        ended = _age(suivi.verification.finished_at) if suivi.verification else math.inf
        yield _gauge("ledger_verified_age_seconds", "Time since it ended; +Inf when there was none.", ended)
    yield _gauge("feed_failed_loadings", "Loadings that failed since the last that ended.", suivi.chargements_manques)
    yield _gauge("dead_night_dossiers", "Dossiers that the last night had to leave.", suivi.laisses)


def _accounts() -> Iterator[GaugeMetricFamily]:
    suivi = accounts.selectors.get_suivi(maintenant=timezone.now())
    yield _gauge("outbox_mails", "Mails that wait to leave.", suivi.courriels_en_attente)
    yield _gauge("outbox_oldest_seconds", "Age of the oldest of them.", _age(suivi.plus_ancien_courriel))
    yield _gauge("dead_mails", "Mails given up in the last seven days.", suivi.courriels_abandonnes)
    yield _gauge("stalled_demandes", "Accounts asked for, not looked at in ten minutes.", suivi.demandes_en_souffrance)
    yield _gauge("held_demandes", "Accounts asked for, that wait until fewer demandes fail.", suivi.demandes_retenues)


def _documents() -> GaugeMetricFamily:
    waiting = _age(documents.courriers.selectors.get_plus_ancienne_a_faire())
    return _gauge("letters_waiting_oldest_seconds", "Age of the oldest letter due that was not made.", waiting)


def _keys() -> GaugeMetricFamily:
    """What is asked of each key where it is configured; one that is no key at all has no day left."""
    days = GaugeMetricFamily(
        "mespoints_document_key_days", "Days until the certificate in use is over, 0 for one that cannot serve.",
        labels=["key"],
    )  # fmt: skip
    configured: dict[str, tuple[str, Callable[[], datetime]]] = {
        "cachet": (settings.CACHET_CLE or settings.CACHET_CERTIFICAT, cachet.fin),
        "adcs": (settings.ADCS_CLE, porte_cles.fin),
    }
    for key, (given, fin) in configured.items():
        if given:
            days.add_metric([key], _jours_avant(fin))
    return days


def _jours_avant(fin: Callable[[], datetime]) -> float:
    try:
        return (fin() - timezone.now()) / timedelta(days=1)
    except CachetIndisponible:
        return 0.0


def _queues() -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("mespoints_queue_messages", "Messages that wait for a worker.", labels=["queue"])
    up = 1
    try:
        with Redis.from_url(queues_url(), **settings.REDIS_OPTIONS) as client:
            for queue in settings.CELERY_TASK_QUEUES:
                waiting.add_metric([queue], float(client.llen(queue)))
        yield waiting
    except RedisError:
        up = 0
    yield _gauge("redis_up", "1 when Redis answers.", up)


def queues_url() -> str:
    """Celery's address as redis-py writes it."""
    return str(settings.CELERY_BROKER_URL).replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"mespoints_{name}", says, value=value)


def _age(since: datetime | None) -> float:
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0
