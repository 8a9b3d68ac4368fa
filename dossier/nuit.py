"""The nightly job: every dossier whose day has come, batch after batch, however often it is interrupted.

A batch is one transaction: dossiers claimed with SKIP LOCKED, settled, and a line of progress. What dies is rolled back
and still due; what is done has its next day past the run's. Two runs at once share the work.
"""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import InternalError
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from dossier import livre
from dossier.models import Dossier, Incident, Passage, PassageLot, VerificationDuLivre
from dossier.services import GrandLivreIncoherent, rejoue_en_cas_de_conflit, settle

LOT = 500
#: A run without a new batch for that long has lost its workers.
SOUFFRANCE = timedelta(minutes=5)


class Lot(NamedTuple):
    """A batch settled: dossiers claimed, and those that changed."""

    traites: int
    changes: int


def ouvrir_passage(*, jour: date) -> Passage:
    """The run of a business day, made once whoever asks first. Raises ``JourAVenir``."""
    livre.refuser_l_avenir(jour)
    return Passage.objects.get_or_create(jour=jour)[0]


def compter_echus(jour: date) -> int:
    """How many dossiers wait for their day."""
    return Dossier.objects.filter(prochaine_echeance__lte=jour).count()


def compter(apres: int) -> int:
    """How many dossiers come after this one."""
    return Dossier.objects.filter(pk__gt=apres).count()


@rejoue_en_cas_de_conflit
def settle_lot(*, passage: Passage, combien: int = LOT) -> Lot | None:
    """Claim and settle one batch; None when nothing is left to claim."""
    cles = livre.reclamer_echus(passage.pk, passage.jour, combien)
    if not cles:
        return None
    try:
        changes = settle(dossier_ids=cles, au=passage.jour)  # undone alone if it fails: a savepoint of its own
    except GrandLivreIncoherent:
        changes = sum(_settle_ou_laisser(passage, cle) for cle in cles)
    PassageLot.objects.create(passage=passage, traites=len(cles), changes=changes)
    return Lot(len(cles), changes)


def _settle_ou_laisser(passage: Passage, cle: int) -> int:
    """One dossier alone; where its ledger does not add up it is left as it is, and said."""
    try:
        return settle(dossier_ids=[cle], au=passage.jour)
    except GrandLivreIncoherent:
        Incident.objects.get_or_create(passage=passage, dossier_id=cle, defaults={"raison": "grand livre incohérent"})
        return 0


def settle_tous(*, jour: date, apres: int = 0) -> Iterator[tuple[int, int, list[int]]]:
    """Settle every dossier, due or not, batch after batch: for the day when a rule or a figure of the law was changed.

    Gives, after each batch, its last dossier (from which it may be taken up again), how many changed, and those whose
    ledger does not add up, which are left. Raises ``JourAVenir``.
    """
    livre.refuser_l_avenir(jour)
    while cles := list(Dossier.objects.filter(pk__gt=apres).order_by("pk").values_list("pk", flat=True)[:LOT]):
        laisses: list[int] = []
        try:
            changes = settle(dossier_ids=cles, au=jour)
        except GrandLivreIncoherent:
            changes = 0
            for cle in cles:
                try:
                    changes += settle(dossier_ids=[cle], au=jour)
                except GrandLivreIncoherent:
                    laisses.append(cle)
        apres = cles[-1]
        yield apres, changes, laisses


def avancer(*, passage_id: int, secondes: float) -> bool:
    """Settle batches for that long at most; True when some work is left. Raises ``JourAVenir``."""
    passage = Passage.objects.get(pk=passage_id)
    livre.refuser_l_avenir(passage.jour)
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        if settle_lot(passage=passage) is None:
            return not terminer(passage)
    return True


def terminer(passage: Passage) -> bool:
    """Close a run that has nothing left; another worker may still hold the last batch."""
    laisses = passage.incidents.values("dossier_id")
    if Dossier.objects.filter(prochaine_echeance__lte=passage.jour).exclude(pk__in=laisses).exists():
        return False
    Passage.objects.filter(pk=passage.pk, finished_at=None).update(finished_at=timezone.now())
    return True


def passages_en_souffrance() -> list[int]:
    """Runs that are not over and have not moved lately: their workers died, or their messages were lost."""
    limite = timezone.now() - SOUFFRANCE
    ouverts = Passage.objects.filter(finished_at=None, jour__lte=livre.aujourd_hui()).annotate(
        dernier=Coalesce(Max("lots__recorded_at"), "started_at")
    )
    return list(ouverts.filter(Q(dernier__lt=limite)).order_by("jour").values_list("pk", flat=True))


def write_verification(*, started_at: datetime, verifies: int, differents: int) -> bool:
    """Write down what a verification found; False where nothing can be written (a replica, the read-only mode)."""
    try:
        VerificationDuLivre.objects.create(started_at=started_at, verifies=verifies, differents=differents)
    except InternalError as erreur:  # read_only_sql_transaction
        if getattr(erreur.__cause__, "sqlstate", None) != "25006":
            raise
        return False
    return True
