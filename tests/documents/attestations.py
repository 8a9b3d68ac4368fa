"""ADCS issued for the tests: the row and its signed code, without drawing the page nor sealing it."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from documents.code import code_court, porte_cles
from documents.code.jeton import Jeton
from documents.contenus import fige
from documents.models import DocumentEmis, Genre
from documents.selectors import get_attestation

OCTETS = b"%PDF-1.7 not drawn"


def emettre(dossier_id: int, now: datetime | None = None) -> tuple[DocumentEmis, Jeton]:
    """Issue an ADCS to a dossier at ``now``."""
    now = now or timezone.now()
    code = code_court.tirer()
    attestation = get_attestation(dossier_id, now=now, numero=f"ADCS-{code[:5]}-{code[5:10]}")
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval('documents_index_statut')")
        (index,) = curseur.fetchone()
    cti = secrets.token_bytes(16)
    jeton = porte_cles.attester(attestation, cti=cti, index_statut=index)
    document = DocumentEmis.objects.create(
        dossier_id=dossier_id,
        genre=Genre.ADCS,
        numero=attestation.numero,
        modele="adcs/2026-11-21",
        contenu=fige(attestation),
        octets=OCTETS,
        sha256=sha256(OCTETS).hexdigest(),
        emis_at=now,
        jour=timezone.localdate(now),
        par="titulaire",
        cti=cti,
        index_statut=index,
        code_court=code,
        expire_le=attestation.valable_jusqu_au,
    )
    return document, jeton
