"""Issuing documents. For now an issued document is not kept: it has neither a row nor a seal."""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from documents.selectors import get_attestation, get_releve

MODELE_ADCS = "adcs/2026-11-21"  # dated: what was issued can be understood later
MODELE_RII = "rii/2026-11-21"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread


class Fichier(NamedTuple):
    """A file to hand over. Its name holds no personal data: it stays in a list of downloads."""

    nom_fichier: str
    contenu: bytes


def issue_adcs(dossier_id: int, *, now: datetime) -> Fichier:
    """Issue the ADCS of a driver, as a tagged PDF. Raises ``SansPermis`` and ``RenduImpossible``."""
    attestation = get_attestation(dossier_id, now=now, numero=_numero("ADCS"))
    # WeasyPrint takes a second to import: only a process that issues a document pays for it.
    from documents.rendering import render_pdf

    contenu = render_pdf(MODELE_ADCS, {"adcs": attestation, "demonstration": not settings.MESPOINTS_MARQUE_ETAT})
    return Fichier(f"adcs-{attestation.emise_le:%Y-%m-%d}.pdf", contenu)


def issue_rii(dossier_id: int, *, now: datetime) -> Fichier:
    """Issue the RII of a driver, as a tagged PDF. Raises ``RenduImpossible``. Its level is the caller's to check."""
    releve = get_releve(dossier_id, now=now, numero=_numero("RII"))
    from documents.rendering import render_pdf

    contenu = render_pdf(MODELE_RII, {"rii": releve, "demonstration": not settings.MESPOINTS_MARQUE_ETAT})
    return Fichier(f"rii-{releve.emis_le:%Y-%m-%d}.pdf", contenu)


def _numero(document: str) -> str:
    """A number that says nothing of its holder nor of how many were issued: 50 random bits."""
    tire = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{document}-{tire[:5]}-{tire[5:]}"
