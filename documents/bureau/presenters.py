"""The pages of the letters to send, as plain values."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.timezone import localtime

from documents.bureau.lettres import PAR_ENVOI, Attente, Bilan
from documents.models import Depart, DocumentEmis, Envoi
from dossier.rules.francais import en_francais, pluriel
from dossier.rules.mots.document import OBJETS

Dire = Callable[..., None]
REFUS = "Lettre {numero}\u00a0: le dossier refuse cette date ({raison}). Dites-le à votre administrateur."


def a_envoyer(attente: Attente, ouverts: Sequence[Any]) -> dict[str, Any]:
    """What waits by reference, and the batches that were prepared."""
    return {
        "title": "Lettres à envoyer",
        "combien": attente.combien,
        "depuis": en_francais(localtime(attente.depuis).date()) if attente.depuis else "",
        "references": [(reference, OBJETS[reference], n) for reference, n in attente.references],
        "sans_adresse": attente.sans_adresse,
        "prochain": min(PAR_ENVOI, attente.combien),
        "envois": [
            {
                "numero": envoi.pk,
                "adresse": reverse("admin:documents_envoi_fiche", args=[envoi.pk]),
                "combien": envoi.combien,
                "prepare_le": localtime(envoi.prepared_at),
                "agent": envoi.agent,
            }
            for envoi in ouverts
        ],
    }


def envoi(vise: Any, documents: Iterable[DocumentEmis]) -> dict[str, Any]:
    """A batch: numbers of letters, never names. ``vise`` has ``combien`` letters."""
    parti = depart(vise)
    return {
        "title": f"Envoi n° {vise.pk}",
        "envoi_id": vise.pk,
        "combien": vise.combien,
        "prepare_le": localtime(vise.prepared_at),
        "agent": vise.agent,
        "parti_le": en_francais(parti.jour) if parti else "",
        "lettres": [
            {
                "numero": document.numero,
                "reference": document.contenu["reference"],
                "objet": OBJETS[document.contenu["reference"]],
                "faite_le": en_francais(document.jour),
                "sans_adresse": not document.contenu["adresse"],
            }
            for document in documents
        ],
    }


def depart(vise: Envoi) -> Depart | None:
    """When a batch left, if that was told."""
    return getattr(vise, "depart", None)


def bilan(fait: Bilan) -> list[tuple[Dire, str]]:
    """What to say of a batch that left."""
    dits: list[tuple[Dire, str]] = [
        (messages.success, f"Date d'envoi inscrite au dossier\u00a0: {pluriel(fait.inscrites, 'lettre')}.")
    ]
    if fait.deja_dites:
        deja = f"Envoi déjà connu du dossier, laissé tel quel\u00a0: {pluriel(fait.deja_dites, 'lettre')}."
        dits.append((messages.info, deja))
    return dits + [(messages.error, REFUS.format(numero=numero, raison=raison)) for numero, raison in fait.refusees]
