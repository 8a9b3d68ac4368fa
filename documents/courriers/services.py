"""Making the letters that settling found due, each once; opening them; and what the post says of them.

What waits is in PostgreSQL: a letter due without a document. A worker that dies leaves it there; a letter that cannot
be made stays due, is said, and does not stop the others.
"""

import logging
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from documents.contenus import CachetIndisponible
from documents.courriers import selectors
from documents.models import AEnvoyer, DocumentEmis, Genre, Ouverture
from documents.models.document import Emetteur
from documents.pdf import cachet
from documents.services import keep_document, produire, tirer_numero
from dossier.fabrique import FaitDit
from dossier.feed import LigneRefusee
from dossier.models import Lettre
from dossier.rules.francais import en_francais
from dossier.rules.lettre import SOLDE_NON_NUL
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import Reference, TypeFait
from dossier.selectors import get_situation
from dossier.services import record_faits

logger = logging.getLogger(__name__)

MODELE = "lettre/2026-11-21"
PAR_LOT = 50
#: What is wrong with none of the letters, and would be with all: the run stops, and is tried again.
PAS_LA_LETTRE = (OperationalError, InterfaceError, CachetIndisponible, SoftTimeLimitExceeded)
VERROU = 4820  # the class of the advisory locks that say which letter is being made


def make_lettres(*, secondes: float) -> bool:
    """Make the letters due, oldest first, for a while; True when some are left that could be made."""
    fin, dernier = time.monotonic() + secondes, 0
    try:
        cachet.verifier()
    except CachetIndisponible as raison:
        logger.warning("letters_not_made", extra={"reason": str(raison)})
        return False
    while lot := selectors.list_lettres_a_faire(apres=dernier, combien=PAR_LOT):
        for lettre_id in lot:
            if time.monotonic() >= fin:
                return True
            dernier = lettre_id
            _essayer(lettre_id)
    return False


def _essayer(lettre_id: int) -> None:
    """Whatever is wrong with a letter, the next ones are made; the journal tells the kind and the place, no text."""
    try:
        make_lettre(lettre_id=lettre_id)
    except PAS_LA_LETTRE:
        raise
    except Exception as erreur:
        logger.exception("letter_not_made", extra={"document_id": lettre_id, "reason": type(erreur).__name__})


@transaction.atomic
def make_lettre(*, lettre_id: int) -> DocumentEmis | None:
    """Make one letter; None when it is made already, or is being made by somebody else."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [VERROU, lettre_id % 2**31])
        if not curseur.fetchone()[0] or DocumentEmis.objects.filter(lettre_id=lettre_id).exists():
            return None
    # held to the end: a settling that takes its ground away waits, or has been seen
    if not Lettre.objects.select_for_update().filter(pk=lettre_id, sans_objet_at=None).exists():
        return None
    now = timezone.now()
    courrier = selectors.get_lettre_a_faire(lettre_id, now=now, numero=tirer_numero("LETTRE"))
    octets = produire(MODELE, courrier)
    dossier_id, departement = Lettre.objects.values_list("dossier_id", "dossier__departement").get(pk=lettre_id)
    document = keep_document(
        dossier_id=dossier_id, genre=Genre.LETTRE,
        modele=MODELE, contenu=courrier, octets=octets, now=now, par=Emetteur.TACHE, lettre_id=lettre_id,
    )  # fmt: skip
    AEnvoyer.objects.create(document=document, departement=departement)
    return document


def drop_dites_parties(dossier_ids: Sequence[int]) -> None:
    """Take out of those that wait to be sent the letters that a fact tells to be gone, and those without ground."""
    with connection.cursor() as curseur:
        curseur.execute(
            "DELETE FROM documents_aenvoyer a USING documents_documentemis e, dossier_lettre l"  # noqa: S608 our own text
            " WHERE e.dossier_id = ANY(%s) AND e.id = a.document_id AND l.id = e.lettre_id"
            " AND (l.sans_objet_at IS NOT NULL OR " + selectors.DITE_PARTIE + ")",
            [list(dossier_ids)],
        )


def open_courrier(*, dossier_id: int, numero: str, niveau: str) -> DocumentEmis | None:
    """Give a letter to its driver, and keep the day on which that was first done; None when it is not theirs."""
    document = selectors.get_courrier(dossier_id, numero)
    if document is not None and not hasattr(document, "ouverture"):
        now = timezone.now()
        try:
            with transaction.atomic():
                Ouverture.objects.create(document=document, opened_at=now, jour=timezone.localdate(now), niveau=niveau)
        except IntegrityError:  # opened by another click
            document.refresh_from_db(fields=["statut"])
    return document


def record_acheminement(*, numero: str, dates: dict[str, date], au: date) -> bool:
    """Tell the dossier what the post said of a letter, as the feed would; a 48SI notified ends the licence.

    ``dates``: ``date_envoi``, ``date_presentation``, ``date_notification``, together or as they come: each time a fact
    is added for what was not known. False when all was. Raises ``DocumentEmis.DoesNotExist`` and ``LigneRefusee``.
    """
    document = DocumentEmis.objects.select_related("lettre").get(numero=numero, genre=Genre.LETTRE)
    lettre: Any = document.lettre
    connues = selectors.acheminement(get_situation(document.dossier_id, au=au).lettres, lettre) or {}
    dites = {champ: jour.isoformat() for champ, jour in dates.items()}
    nouvelles = {champ: jour for champ, jour in dites.items() if champ not in connues}
    if any(connues.get(champ, jour) != jour for champ, jour in dites.items()):
        raise LigneRefusee("une autre date est déjà enregistrée pour cette lettre : un fait ne se modifie pas")
    if not nouvelles:
        return False
    racine = selectors.racine(lettre)
    dite = {"id": "+".join([racine, *sorted(nouvelles)]), "type": TypeFait.LETTRE, "reference": lettre.reference}
    faits: list[FaitDit] = [dite | ({"fait": lettre.fait} if lettre.fait else {}) | nouvelles]
    if lettre.reference == Reference.L48SI and (notifiee := nouvelles.get("date_notification")):
        reste = rejouer(get_situation(document.dossier_id, au=au).parcours, dates["date_notification"]).points or 0
        if reste:
            raise LigneRefusee(SOLDE_NON_NUL.format(jour=en_francais(dates["date_notification"]), points=reste))
        faits.append({"id": f"{racine}-48si", "type": TypeFait.INVALIDATION, "date_notification": notifiee})
    return record_faits(dossier_id=document.dossier_id, faits=faits, au=au)
