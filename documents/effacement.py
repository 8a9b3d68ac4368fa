"""Issued documents whose year is over are erased, by the one door that their wall has."""

from django.db import connection

LOT = 500


def effacer_les_perimes() -> int:
    """Erase a batch of what is over (``documents/0032`` says since when); give how many went."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT effacer_documents_perimes(%s)", [LOT])
        return int(curseur.fetchone()[0])
