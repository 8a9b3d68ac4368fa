"""Seals for the tests of the documents."""

from datetime import datetime, timedelta

from documents.code.cles import fabriquer


def fabriquer_cachet(jour: datetime, nom: str = "Cachet de démonstration, sans valeur") -> tuple[bytes, bytes]:
    """A key and its certificate, good for two years from the day before."""
    return fabriquer(jour - timedelta(days=1), jour + timedelta(days=730), nom)
