"""What the pages of accounts and signalements say, as plain values."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from accounts.liens import SUIVI, signer_lien
from accounts.models import DemandeCompte, MessageSignalement, Rattachement, Signalement
from dossier.models import Dossier


class Acces(NamedTuple):
    """An account of a dossier, for the driver's list. ``adresse`` is masked unless it is the reader's own."""

    identifiant: int
    moi: bool
    adresse: str
    origine: str
    depuis: datetime


ORIGINES = {
    "numero": "par le numéro de dossier et l'état civil",
    "franceconnect": "par FranceConnect",
    "demonstration": "par le jeu de démonstration",
}


def acces(rattachements: Iterable[Rattachement], *, moi: int | None) -> list[Acces]:
    """The accounts of a dossier, the reader's among them."""
    return [
        Acces(
            r.pk, r.user_id == moi, str(r.user) if r.user_id == moi or not r.user.email else masquer(r.user.email),
            ORIGINES[r.origine], r.created_at,
        )
        for r in rattachements
    ]  # fmt: skip


def masquer(email: str) -> str:
    """Enough of an address for its owner to know it: ``c…@e….fr``."""
    nom, _, domaine = email.rpartition("@")
    hote, _, suffixe = domaine.rpartition(".")
    return f"{nom[:1]}…@{hote[:1]}….{suffixe}"


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


def apercu_du_dossier(dossier: Dossier | None) -> list[tuple[str, str]] | None:
    """Enough for drivers to know their own dossier, too little for anybody else to learn something."""
    if dossier is None:
        return None
    nom = dossier.nom_naissance + (f" (nom d'usage : {dossier.nom_usage})" if dossier.nom_usage else "")
    categories = [
        c["code"] + (f" depuis {c['date_obtention'][:4]}" if c.get("date_obtention") else "")
        for c in dossier.categories
    ]
    return [
        ("Nom de naissance", nom),
        ("Prénoms", ", ".join(dossier.prenoms)),
        ("Catégories du permis", ", ".join(categories) or "aucune"),
        ("Numéro de dossier (NEPH)", f"se termine par {dossier.neph[-4:]}"),
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
