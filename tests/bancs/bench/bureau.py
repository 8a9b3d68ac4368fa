"""The desk among a million dossiers: finding one by its identity, and the pages that an agent opens.

Names are as unequal as the country's: one driver in two hundred and fifty is a MARTIN, and the others follow a steep
slope. What is searched for is drawn among them, the commonest name every time in one series of two.
"""

import re
import time
from collections.abc import Iterator
from typing import Any

from tests.bancs.bench.base import connexion

DOSSIERS = """
INSERT INTO dossier_dossier (neph, nom_naissance, prenoms, sexe, date_naissance, adresse, titres, categories, points,
                             plafond, etat, mis_a_jour_le)
SELECT 'B' || lpad(n::text, 11, '0'),
       CASE WHEN n %% 250 = 0 THEN 'MARTIN' ELSE 'NOM-' || translate(floor(power(random(), 3) * 30000)::text,
            '0123456789', 'ABCDEFGHIJ') END,
       ARRAY['Prénom ' || chr(65 + n %% 26)], 'F',
       to_char(date '1940-01-01' + (n::bigint * 7919 %% 25000)::int, 'YYYY-MM-DD'),
       jsonb_build_object('lignes', '[]'::jsonb, 'code_postal', lpad((1000 + n::bigint * 37 %% 94000)::text, 5, '0')),
       '[]', '[]', 12, 12, 'valide', '2026-11-01'
FROM generate_series(1, %(combien)s) n
"""
CHERCHER = """
SELECT id, departement FROM dossier_dossier WHERE nom_compact(nom_naissance) = nom_compact(%(nom)s)
AND date_naissance = %(jour)s AND nom_compact(prenoms[1]) = nom_compact(%(prenom)s) LIMIT 2
"""
TIRAGE = """
SELECT nom_naissance, date_naissance, prenoms[1] FROM dossier_dossier WHERE %(nom)s IN ('', nom_naissance)
ORDER BY md5(neph) LIMIT %(essais)s
"""
ESSAIS = 300


def mesurer(environnement: dict[str, str], combien: int) -> Iterator[dict[str, Any]]:
    """Search by identity: the slowest of the tries, and the plan."""
    with connexion(environnement) as ouverte:
        depart = time.perf_counter()
        ouverte.execute(DOSSIERS, {"combien": combien})
        ouverte.execute("VACUUM ANALYZE dossier_dossier")
        fabrication = time.perf_counter() - depart
        for serie, nom_commun in (("un nom au hasard", ""), ("le nom le plus porté", "MARTIN")):
            yield _serie(ouverte, nom_commun) | {
                "mesure": f"bureau : recherche par identité parmi {combien}, {serie}, la plus lente de {ESSAIS}",
                "fabrication_s": round(fabrication, 1),
            }


def _serie(ouverte: Any, nom_commun: str) -> dict[str, Any]:
    tires = [
        {"nom": nom, "jour": jour, "prenom": prenom}
        for nom, jour, prenom in ouverte.execute(TIRAGE, {"nom": nom_commun, "essais": ESSAIS}).fetchall()
    ]
    durees = []
    for identite in tires:
        depart = time.perf_counter()
        ouverte.execute(CHERCHER, identite).fetchall()
        durees.append(1000 * (time.perf_counter() - depart))
    durees.sort()
    lignes = ouverte.execute("EXPLAIN (ANALYZE, BUFFERS) " + CHERCHER, tires[0]).fetchall()
    plan = " | ".join(re.sub(r"\s+", " ", str(ligne)) for (ligne,) in lignes)
    return {
        "valeur": durees[-1],
        "unite": "ms",
        "mediane_ms": round(durees[len(durees) // 2], 2),
        "plan": plan,
        "exige": "<= 50, par l'index",
        "tenu": durees[-1] <= 50 and "dossier_nom_naissance" in plan,
    }
