from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from accounts.courriels import SUIVI, signer_lien
from accounts.models import DemandeCompte, MessageSignalement, Signalement


def saisie_du_signalement(demande: DemandeCompte) -> list[tuple[str, str]]:
    """What the visitor typed, as it will be told."""
    annee, mois, jour = demande.date_naissance.split("-")
    return [
        ("Numéro de dossier (NEPH)", demande.neph),
        ("Nom de naissance", demande.nom_naissance),
        ("Prénoms", " ".join(demande.prenoms) or "aucun"),
        ("Date de naissance", f"{jour}/{mois}/{annee}"),
        ("Adresse électronique", demande.email),
    ]


class Message(NamedTuple):
    """A message of the exchange, as the driver reads it: an agent has no name."""

    qui: str
    quand: datetime
    texte: str
    de_l_administration: bool


def echange(messages: Iterable[MessageSignalement]) -> list[Message]:
    """Both sides, in order."""
    return [
        Message("La préfecture" if m.agent_id else "Vous", m.created_at, m.texte, m.agent_id is not None)
        for m in messages
    ]


class Suivi(NamedTuple):
    """A signalement of one's own, and the way to its page."""

    reference: str
    motif: str
    statut: str
    depuis: datetime
    jeton: str


def signalements_suivis(signalements: Iterable[Signalement]) -> list[Suivi]:
    """Those of the account, each with a link of its own."""
    return [
        Suivi(s.reference, s.get_motif_display(), s.get_statut_display(), s.created_at, signer_lien(SUIVI, s.pk))
        for s in signalements
    ]
