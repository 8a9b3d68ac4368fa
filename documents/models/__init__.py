"""What the documents keep: each issued document, each check of one, the day its holder opened a letter, the batches in
which letters are sent."""

from documents.models.document import DocumentEmis, Genre
from documents.models.envoi import AEnvoyer, Depart, Envoi, LettreDEnvoi
from documents.models.ouverture import Ouverture
from documents.models.verification import Verification, Voie

__all__ = [
    "AEnvoyer",
    "Depart",
    "DocumentEmis",
    "Envoi",
    "Genre",
    "LettreDEnvoi",
    "Ouverture",
    "Verification",
    "Voie",
]
