"""What the documents keep: each issued document, each check of one, and the day its holder opened a letter."""

from documents.models.document import DocumentEmis, Genre, Statut
from documents.models.ouverture import Ouverture
from documents.models.verification import Verification, Voie

__all__ = ["DocumentEmis", "Genre", "Ouverture", "Statut", "Verification", "Voie"]
