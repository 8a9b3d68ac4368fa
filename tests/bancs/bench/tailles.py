"""What a dossier weighs in PostgreSQL, indexes included, and what falls due in a year: « scale » in docs/mesures.md.

Read from a database that a bench has just loaded. ``pg_table_size`` is the table with its TOAST and its maps.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.bancs.bench.base import connexion

TABLES = {"dossier_dossier": "dossier", "dossier_fait": "fait", "dossier_mouvement": "mouvement"}
FRANCE = 47_000_000
TAILLES = """
SELECT count(*)::int, pg_table_size('{table}')::bigint, pg_indexes_size('{table}')::bigint FROM {table}
"""
ECHEANCES = """
SELECT count(*) FILTER (WHERE prochaine_echeance <= mis_a_jour_le + 365), count(*) FROM dossier_dossier
"""


class Taille(NamedTuple):
    lignes: int
    table: int  # bytes
    index: int

    @property
    def octets(self) -> int:
        return self.table + self.index


def mesurer(environnement: Mapping[str, str], quoi: str, *, pour_la_france: bool) -> Iterator[dict[str, Any]]:
    """One figure a table, one for a whole dossier and, where the histories are varied, what 47 million would hold."""
    with connexion(environnement) as ouverte:
        tailles = {}
        for table in TABLES:
            ouverte.execute(f"VACUUM ANALYZE {table}".encode())
            tailles[table] = Taille(*ouverte.execute(TAILLES.format(table=table).encode()).fetchone() or (0, 0, 0))
        dus, dossiers = ouverte.execute(ECHEANCES).fetchone() or (0, 0)
    for table, taille in tailles.items():
        yield {
            "mesure": f"taille d'un {TABLES[table]}, {quoi}",
            "valeur": taille.octets / taille.lignes,
            "unite": "octets",
            "table": round(taille.table / taille.lignes),
            "index": round(taille.index / taille.lignes),
            "par_dossier": round(taille.lignes / dossiers, 2),
        }
    total = sum(taille.octets for taille in tailles.values()) / dossiers
    yield {"mesure": f"taille d'un dossier avec ses lignes, {quoi}", "valeur": total, "unite": "octets"}
    if pour_la_france:
        yield {"mesure": f"{FRANCE} dossiers pareils", "valeur": total * FRANCE / 1e9, "unite": "Go"}
        yield {
            "mesure": "dossiers échus par jour, sur une année, par million",
            "valeur": 1e6 * dus / dossiers / 365,
            "unite": "dossiers",
            "pour_47_millions": round(FRANCE * dus / dossiers / 365),
        }
