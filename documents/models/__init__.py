"""What the documents keep: each issued document, and the day its holder opened a letter."""

from documents.models.document import DocumentEmis, Genre, Statut

__all__ = ["DocumentEmis", "Genre", "Statut"]
