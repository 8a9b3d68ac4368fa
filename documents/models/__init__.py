"""What the documents keep: each issued document, and the day its holder opened a letter."""

from documents.models.document import DocumentEmis, Genre, Statut
from documents.models.ouverture import Ouverture

__all__ = ["DocumentEmis", "Genre", "Ouverture", "Statut"]
