"""Issuing documents: read, drawn, sealed and kept as one row; asked again the same day, the same bytes."""

import logging
import math
import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import run_checks
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from documents.checks import TAG
from documents.code.code_court import ALPHABET, en_groupes, tirer
from documents.code.porte_cles import attester, cle_de_signature
from documents.code.qr import code_qr
from documents.contenus import AttestationDroits, CachetIndisponible, RenduImpossible, TropDeDocuments, fige
from documents.models import DocumentEmis, Genre
from documents.models.document import Emetteur
from documents.pdf import cachet
from documents.selectors import (
    HEURE,
    get_attestation,
    get_emis_du_jour,
    get_rang,
    get_releve,
    get_releve_restreint,
    list_emissions_recentes,
)
from mespoints.lib.bornes import Borne
from mespoints.lib.timeouts import MARGE, within

logger = logging.getLogger(__name__)

PAR_HEURE = 10
PAR_LOT = 500  # documents erased at once
ESSAIS = 3  # a document is made again when the dossier changed while it was made
#: Of a content, what is not a fact of the dossier.
CIRCONSTANCES = frozenset({"numero", "emise_at", "emis_at"})
#: Who draws, who waits for the one that draws, who waits for another document of the same driver: twenty seconds each.
EMISSION = Borne(patience=5.0)
ATTENTE = 25  # seconds, of a statement: the document before, drawn in twenty
RAISON = "Émission par Mes Points Permis"


class Modele(NamedTuple):
    """How a genre that its driver asks for is made. Its name is dated: what was issued can be understood later."""

    genre: Genre
    nom: str
    page: str
    lire: Callable[..., Any]


ADCS = Modele(Genre.ADCS, "adcs/2026-11-21", "documents/adcs.html", get_attestation)
RIR = Modele(Genre.RIR, "rir/2026-11-21", "documents/rir.html", get_releve_restreint)
RII = Modele(Genre.RII, "rii/2026-11-21", "documents/rii.html", get_releve)


def prepare() -> None:
    """Load and start ahead of the first document what it would wait for; nothing where nothing can be issued."""
    for faute in run_checks(tags=[TAG], include_deployment_checks=True):
        if faute.is_serious():
            logger.error("documents_not_ready", extra={"reason": faute.msg})
    try:
        cachet.prepare()
    except CachetIndisponible:
        return
    from documents.pdf import rendering  # the settings must be read first

    rendering.prepare()


def issue_document(
    modele: Modele, dossier_id: int, *, now: datetime, niveau: str = "", par: Emetteur = Emetteur.TITULAIRE
) -> DocumentEmis:
    """Issue a document, to the driver or for an agent, or give again the one issued today that says the same.

    Whether the session may have it is the caller's to check. Raises ``SansPermis``, ``DecisionAttendue``,
    ``CachetIndisponible``, ``TropDeDocuments``, ``RenduImpossible`` and ``Encombre``; nothing is kept then.
    """
    try:
        with EMISSION.place(), within(ATTENTE + MARGE):
            return _delivrer(modele, dossier_id, now, niveau=niveau, par=par)
    except CachetIndisponible as raison:  # whose text is ours: no key, one that is over…
        logger.warning("document_not_issued", extra={"reason": str(raison)})
        raise


def can_issue(modele: Modele, *, now: datetime) -> bool:
    """Whether what seals and signs this genre serves at that moment."""
    try:
        _verifier_les_cles(modele, now)
    except CachetIndisponible:
        return False
    return True


def _verifier_les_cles(modele: Modele, now: datetime) -> None:
    cachet.verifier()
    if modele.genre is Genre.ADCS:
        cle_de_signature(now)


def _delivrer(modele: Modele, dossier_id: int, now: datetime, *, niveau: str, par: Emetteur) -> DocumentEmis:
    _verifier_les_cles(modele, now)
    try:
        with transaction.atomic():
            _un_a_la_fois(dossier_id)
            for _ in range(ESSAIS):
                contenu = modele.lire(dossier_id, now=now, numero=tirer_numero(modele.genre))
                emis = _deja_emis(modele, dossier_id, contenu, now, par)
                emis = emis or _emettre(modele, dossier_id, contenu, now, niveau=niveau, par=par)
                if emis is not None:
                    return emis
    except OperationalError as erreur:  # a wait that was too long
        logger.error("document_not_issued", extra={"reason": type(erreur.__cause__).__name__})
        raise RenduImpossible from None
    logger.error("document_not_issued", extra={"reason": "dossier_keeps_changing"})
    raise RenduImpossible


def _un_a_la_fois(dossier_id: int) -> None:
    """Wait for the document that is being made for this driver, if any; the timeouts suit the longest to make."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', '30s', true)",
            [f"{ATTENTE}s", f"{ATTENTE}s"],
        )
        curseur.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"documents:{dossier_id}"])


def _deja_emis(modele: Modele, dossier_id: int, contenu: Any, now: datetime, par: Emetteur) -> DocumentEmis | None:
    jour = timezone.localdate(now)
    emis = get_emis_du_jour(dossier_id, genre=modele.genre, modele=modele.nom, jour=jour, par=par)
    return emis if emis and _faits(emis.contenu) == _faits(fige(contenu)) else None


def _faits(contenu: dict[str, Any]) -> dict[str, Any]:
    return {champ: valeur for champ, valeur in contenu.items() if champ not in CIRCONSTANCES}


def _emettre(
    modele: Modele, dossier_id: int, contenu: Any, now: datetime, *, par: Emetteur, niveau: str
) -> DocumentEmis | None:
    """Make a document and keep it; None when what it says stopped being true meanwhile.

    The dossier is locked last, and read again: a suspension recorded while the file was drawn is in it, and one that
    waits for our lock finds the row.
    """
    recentes = list_emissions_recentes(dossier_id, now=now, par=par)
    if len(recentes) >= PAR_HEURE:
        raise TropDeDocuments(max(1, math.ceil((recentes[-PAR_HEURE] + HEURE - now).total_seconds())))
    verifiable = _verifiable(contenu) if isinstance(contenu, AttestationDroits) else {}
    octets = produire(modele.nom, contenu, verifiable)
    with connection.cursor() as curseur:
        curseur.execute("SELECT FROM dossier_dossier WHERE id = %s FOR SHARE", [dossier_id])
    if fige(modele.lire(dossier_id, now=now, numero=contenu.numero)) != fige(contenu):
        return None
    return keep_document(
        dossier_id=dossier_id, genre=modele.genre, modele=modele.nom, contenu=contenu, octets=octets, now=now,
        par=par, niveau=niveau, **verifiable,
    )  # fmt: skip


def produire(modele: str, contenu: Any, verifiable: dict[str, Any] | None = None) -> bytes:
    """Draw a content by its model and seal it. Raises ``RenduImpossible`` and ``CachetIndisponible``."""
    from documents.pdf.rendering import render_pdf

    demonstration = not settings.MESPOINTS_MARQUE_ETAT or cachet.est_de_demonstration()
    contexte: dict[str, Any] = {"document": contenu, "demonstration": demonstration}
    images = {}
    if verifiable and isinstance(contenu, AttestationDroits):
        adresse = attester(contenu, cti=verifiable["cti"], index_statut=verifiable["index_statut"]).adresse
        code = code_qr(adresse)
        images["qr.png"] = code.png
        lisible = en_groupes(verifiable["code_court"])
        contexte["verification"] = {"adresse": adresse, "code_court": lisible, "site": _site()}
    return cachet.sceller(render_pdf(modele, contexte, images=images), raison=RAISON)


def keep_document(*, contenu: Any, octets: bytes, now: datetime, dossier_id: int, **champs: Any) -> DocumentEmis:
    """Write the row of a document that was made."""
    return DocumentEmis.objects.create(
        dossier_id=dossier_id,
        numero=contenu.numero,
        contenu=fige(contenu),
        octets=octets,
        sha256=sha256(octets).hexdigest(),
        rang=get_rang(dossier_id),
        emis_at=now,
        jour=timezone.localdate(now),
        **champs,
    )


def _verifiable(attestation: AttestationDroits) -> dict[str, Any]:
    """What names an ADCS where it is checked: its token, its rank in the status list, the code that one types."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval('documents_index_statut')")
        (index,) = curseur.fetchone()
    return {
        "cti": secrets.token_bytes(16),
        "index_statut": index,
        "code_court": tirer(),
        "expire_le": attestation.valable_jusqu_au,
    }


def _site() -> str:
    """Where one types the code, as it is printed: no scheme."""
    return settings.SITE_URL.partition("://")[2] + reverse("documents:verification")


def tirer_numero(genre: str) -> str:
    """A number that says nothing of its holder nor of how many were issued: 50 random bits."""
    tire = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{genre.upper()}-{tire[:5]}-{tire[5:]}"


def effacer_les_perimes() -> int:
    """Erase a batch of what is over (``documents/sql/peremption.sql`` says since when); give how many went."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT effacer_documents_perimes(%s)", [PAR_LOT])
        return int(curseur.fetchone()[0])
