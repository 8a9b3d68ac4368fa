"""The worked examples of the law, and the small builders of facts that they are written with."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.rules.lecture_naive import lire

Fait = dict[str, Any]
TARD = date(2045, 1, 1)


# ------------------------------------------------------------------------------- small builders


def permis(obtenu: str, filiere: str = "classique", id: str = "p1") -> Fait:
    return {"id": id, "type": "permis_obtenu", "date_obtention": obtenu, "filiere": filiere}


ANCIEN = permis("1999-01-15")
NORMAL = permis("2022-03-15")


def infraction(id: str, commise: str, definitive: str | None, points: int, classe: int = 4, **autres: Any) -> Fait:
    return {
        "id": id,
        "type": "infraction",
        "date_commission": commise,
        "date_definitive": definitive,
        "points": points,
        "nature": "contravention" if classe else "delit",
        "classe": classe or None,
        "groupe": None,
        "etablie_par": "paiement",
        **autres,
    }


def stage(id: str, debut: str, fin: str, nature: str = "volontaire") -> Fait:
    return {"id": id, "type": "stage", "date_debut": debut, "date_fin": fin, "nature": nature}


def formation(fin: str, id: str = "fc") -> Fait:
    return {"id": id, "type": "formation_complementaire", "date_fin": fin}


def notifiee(jour: str, id: str = "si") -> Fait:
    return {"id": id, "type": "invalidation", "date_notification": jour}


def annulee(jour: str, id: str = "an") -> Fait:
    return {"id": id, "type": "annulation", "date_effet": jour, "interdiction_mois": None}


def ligne(*faits: Fait) -> dict[str, Any]:
    return {
        "format": "mespoints-dossier/1",
        "neph": "150833200011",
        "etat_civil": {
            "nom_naissance": "MARTIN",
            "prenoms": ["Camille"],
            "sexe": "F",
            "date_naissance": "1979-12-31",
        },
        "faits": list(faits),
    }


def lu(*faits: Fait, au: date = TARD, connu_le: date | None = None) -> dict[str, Any]:
    return lire(ligne(*faits), au, connu_le, tous_les_jours=False)


def suite(lecture: dict[str, Any]) -> list[tuple[str, str, int, int, int]]:
    return [
        (m["date"], m["nature"], m["points"], m["solde"], m["plafond"])
        for m in lecture["mouvements"] + lecture["prevision"]
    ]


def solde_du(lecture: dict[str, Any], jour: str) -> tuple[int, int]:
    dernier = [m for m in lecture["mouvements"] + lecture["prevision"] if m["date"] <= jour][-1]
    return dernier["solde"], dernier["plafond"]


# ---------------------------------------------------------------------- the worked examples (E01…)

EXEMPLES: dict[str, tuple[list[Fait], dict[str, tuple[int, int]]]] = {
    "E01": (
        [
            ANCIEN,
            infraction("a", "2020-12-01", "2021-01-02", 4),
            infraction("b", "2021-12-20", "2022-01-20", 3, 2),
        ],
        {
            "2021-01-01": (12, 12),
            "2021-01-02": (8, 12),
            "2022-01-20": (5, 12),
            "2024-01-02": (5, 12),
            "2025-01-19": (5, 12),
            "2025-01-20": (12, 12),
        },
    ),
    "E02": (
        [
            ANCIEN,
            infraction("a", "2021-12-01", "2022-01-02", 1),
            infraction("b", "2022-02-01", "2022-03-10", 2),
        ],
        {
            "2022-01-02": (11, 12),
            "2022-03-10": (9, 12),
            "2022-07-02": (9, 12),
            "2025-03-09": (9, 12),
            "2025-03-10": (12, 12),
        },
    ),
    "E04": (
        [
            ANCIEN,
            infraction("a", "2013-09-25", "2013-10-29", 1),
            infraction("b", "2013-10-20", "2013-12-03", 2),
        ],
        {
            "2013-10-29": (11, 12),
            "2013-12-03": (9, 12),
            "2014-04-28": (9, 12),
            "2014-04-29": (10, 12),
            "2016-12-02": (10, 12),
            "2016-12-03": (12, 12),
        },
    ),
    "E05": (
        [
            ANCIEN,
            infraction("a", "2006-05-01", "2006-06-01", 6),
            infraction("b", "2007-07-01", "2007-08-01", 6),
        ],
        {"2007-08-01": (0, 12), "2010-07-31": (0, 12), "2010-08-01": (12, 12)},
    ),
    "E06": (
        [
            permis("2022-03-15"),
            infraction("a", "2022-05-01", "2022-06-01", 6, groupe="g"),
            infraction("b", "2022-05-01", "2022-06-01", 3, groupe="g"),
            stage("s", "2022-07-01", "2022-07-02"),
        ],
        {"2022-06-01": (-2, 6), "2022-07-02": (-2, 6), "2022-07-03": (2, 6)},
    ),
    "E08 (legal)": (
        [
            ANCIEN,
            infraction("a", "2021-04-10", "2021-05-10", 3),
            infraction("b", "2024-04-28", "2024-07-15", 1),
        ],
        {
            "2021-05-10": (9, 12),
            "2024-05-10": (9, 12),
            "2024-07-15": (8, 12),
            "2025-01-15": (9, 12),
            "2027-07-14": (9, 12),
            "2027-07-15": (12, 12),
        },
    ),
    "E09": (
        [NORMAL],
        {
            "2022-03-15": (6, 6),
            "2023-03-15": (8, 8),
            "2024-03-15": (10, 10),
            "2025-03-14": (10, 10),
            "2025-03-15": (12, 12),
        },
    ),
    "E10": (
        [NORMAL, infraction("a", "2022-09-01", "2022-09-20", 1)],
        {
            "2022-09-20": (5, 6),
            "2023-03-15": (5, 6),
            "2023-03-20": (6, 6),
            "2024-03-15": (6, 6),
            "2025-03-15": (6, 12),
            "2025-09-20": (12, 12),
        },
    ),
    "E11": (
        [
            NORMAL,
            infraction("a", "2023-06-01", "2023-06-20", 3),
            stage("s", "2023-08-25", "2023-08-26", "obligatoire"),
        ],
        {
            "2023-03-15": (8, 8),
            "2023-06-20": (5, 8),
            "2023-08-26": (5, 8),
            "2023-08-27": (8, 8),
            "2024-03-15": (8, 8),
            "2025-03-15": (8, 12),
            "2026-06-20": (12, 12),
        },
    ),
    "E13": (
        [permis("2024-02-29"), formation("2024-10-01")],
        {"2024-02-29": (6, 6), "2025-02-28": (8, 8), "2026-02-27": (8, 8), "2026-02-28": (12, 12)},
    ),
    "E14": (
        [permis("2024-05-31", "aac"), formation("2025-01-15")],
        {"2024-05-31": (6, 6), "2025-05-31": (9, 9), "2025-11-29": (9, 9), "2025-11-30": (12, 12)},
    ),
    "E16": (
        [permis("2022-02-01"), infraction("a", "2022-05-01", "2022-05-20", 3, 2)],
        {"2022-05-20": (3, 6), "2024-05-20": (3, 6), "2025-01-31": (3, 6), "2025-02-01": (12, 12)},
    ),
    "E18": (
        [
            ANCIEN,
            infraction("a", "2022-01-10", "2022-02-10", 3),
            infraction("b", "2023-09-01", "2023-09-10", 1, 3),
        ],
        {
            "2022-02-10": (9, 12),
            "2023-09-10": (8, 12),
            "2024-03-10": (9, 12),
            "2025-02-10": (9, 12),
            "2026-09-09": (9, 12),
            "2026-09-10": (12, 12),
        },
    ),
    "E21": (
        [
            ANCIEN,
            infraction("a", "2022-01-10", "2022-02-10", 4, groupe="g"),
            infraction("b", "2022-01-10", "2022-02-10", 3, groupe="g"),
            infraction("c", "2022-01-10", "2022-02-10", 3, groupe="g"),
        ],
        {"2022-02-10": (4, 12)},
    ),
    "E22": (
        [
            ANCIEN,
            infraction("a", "2025-01-05", "2025-01-20", 2),
            stage("s", "2025-03-08", "2025-03-09"),
        ],
        {"2025-01-20": (10, 12), "2025-03-09": (10, 12), "2025-03-10": (12, 12)},
    ),
    "E23": (
        [
            ANCIEN,
            infraction("a", "2025-01-05", "2025-03-20", 4),
            stage("s", "2025-03-08", "2025-03-09"),
        ],
        {"2025-03-10": (12, 12), "2025-03-20": (8, 12)},
    ),
    "E24": (
        [ANCIEN, infraction("a", "2024-02-10", "2024-03-10", 0)],
        {"2024-03-10": (12, 12), "2030-01-01": (12, 12)},
    ),
    "E24 (2023)": ([ANCIEN, infraction("a", "2023-12-10", "2024-02-10", 1)], {"2024-02-10": (11, 12)}),
    "E25": ([ANCIEN, infraction("a", "2025-08-01", "2026-03-01", 9, 0)], {"2026-03-01": (3, 12)}),
    "E25 (6)": ([ANCIEN, infraction("a", "2025-06-01", "2026-03-01", 6, 0)], {"2026-03-01": (6, 12)}),
}
