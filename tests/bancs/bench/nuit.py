"""A night: fifty thousand dossiers due among a hundred thousand, then among a million; and the ledger verified.

The due ones are synthetic drivers, loaded as they stood a year ago. The others, made in SQL, hold a licence, no more:
what is measured is whether the night sees them. The floor of a night is the raw SQL that writes the same lines and
snapshots, plus the engine alone on the same histories; the night is counted without the start of its processes, which
wait for it in production.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from dossier.livre import RECLAMER
from tests.bancs.bench import tailles
from tests.bancs.bench.base import Mesure, commande, connexion, copie_de

AVANT = timedelta(days=365)
PROCESSUS = 2

AUTRES = """
WITH nouveaux AS (
    INSERT INTO dossier_dossier (neph, nom_naissance, prenoms, sexe, date_naissance, titres, categories, points,
                                 plafond, etat, prochaine_echeance, mis_a_jour_le)
    SELECT 'AUTRE' || lpad(n::text, 9, '0'), 'AUTRE', '{}', 'F', '1980-01-01', '[]', '[]', 12, 12, 'valide', NULL,
           %(au)s::date
    FROM generate_series(1, %(combien)s) n RETURNING id
), faits AS (
    INSERT INTO dossier_fait (dossier_id, identifiant, type, contenu, recorded_at)
    SELECT id, 'p1', 'permis_obtenu', jsonb_build_object('id', 'p1', 'type', 'permis_obtenu', 'date_obtention',
           '1999-01-15', 'filiere', 'classique'), now() FROM nouveaux
)
INSERT INTO dossier_mouvement (dossier_id, date, nature, points, solde, plafond, fait, article, explication, reprise,
                               recorded_at)
SELECT id, '1999-01-15', 'capital_initial', 12, 12, 12, 'p1', 'R223-1 I', 'Permis obtenu le 15/01/1999.', 0, now()
FROM nouveaux
"""
PLANCHER = (
    "CREATE UNLOGGED TABLE plancher_photo AS SELECT id, points, plafond, etat, prochaine_echeance, mis_a_jour_le"
    " FROM dossier_dossier WHERE id IN (SELECT dossier_id FROM dossier_mouvement WHERE recorded_at >= %(debut)s)",
    "CREATE TABLE plancher_dossier (LIKE dossier_dossier INCLUDING ALL EXCLUDING GENERATED)",
    "INSERT INTO plancher_dossier SELECT * FROM dossier_dossier",
    "CREATE TABLE plancher_mouvement (LIKE dossier_mouvement INCLUDING ALL EXCLUDING IDENTITY)",
    "ALTER TABLE plancher_mouvement ADD FOREIGN KEY (dossier_id) REFERENCES plancher_dossier (id)",
    "INSERT INTO plancher_mouvement SELECT * FROM dossier_mouvement WHERE recorded_at < %(debut)s",
    "CREATE TABLE plancher_lettre (LIKE dossier_lettre INCLUDING ALL)",
    "ALTER TABLE plancher_lettre ADD FOREIGN KEY (dossier_id) REFERENCES plancher_dossier (id)",
    "ANALYZE plancher_dossier",
    "ANALYZE plancher_mouvement",
)
ECRITURES = (
    "INSERT INTO plancher_mouvement SELECT * FROM dossier_mouvement WHERE recorded_at >= %(debut)s",
    "INSERT INTO plancher_lettre SELECT * FROM dossier_lettre",
    "UPDATE plancher_dossier d SET points = p.points, plafond = p.plafond, etat = p.etat,"
    " prochaine_echeance = p.prochaine_echeance, mis_a_jour_le = p.mis_a_jour_le"
    " FROM plancher_photo p WHERE p.id = d.id",
)


def mesurer(environnement: dict[str, str], *, echus: int, petit: int, grand: int) -> Iterator[dict[str, Any]]:
    """The due drivers are loaded once; each night has its own copy of that database."""
    au = localdate()
    commande(["charger_echus", str(echus), "--avant", str(au - AVANT), "--au", str(au)], _mesure(environnement))
    nuits: dict[int, float] = {}
    for total in (petit, grand):
        with copie_de(environnement) as copie:
            fabrication = _completer(copie, total - echus)
            nuits[total], figures = _une_nuit(copie, echus, total)
            yield figures[0] | {"fabrication_s": round(fabrication, 1)}
            yield from figures[1:]
            if total == petit:
                yield _verification(copie, total)
            else:
                yield from tailles.mesurer(
                    copie, f"des permis sans histoire, ou presque ({total})", pour_la_france=False
                )
    rapport = max(nuits.values()) / min(nuits.values())
    yield {
        "mesure": f"la même nuit parmi {grand} et parmi {petit}",
        "valeur": rapport,
        "unite": "fois",
        "exige": "< 1.2",
        "tenu": rapport < 1.2,
    }


def _mesure(environnement: dict[str, str]) -> dict[str, str]:
    return environnement | {"DJANGO_SETTINGS_MODULE": "tests.bancs.bench.settings"}


def _completer(environnement: dict[str, str], combien: int) -> float:
    depart = time.perf_counter()
    with connexion(environnement) as ouverte:
        ouverte.execute(AUTRES, {"combien": combien, "au": localdate()})
        for table in ("dossier_dossier", "dossier_fait", "dossier_mouvement"):
            ouverte.execute(f"VACUUM ANALYZE {table}".encode())
    return time.perf_counter() - depart


def _une_nuit(environnement: dict[str, str], echus: int, total: int) -> tuple[float, list[dict[str, Any]]]:
    with connexion(environnement) as ouverte:
        (debut,) = ouverte.execute("SELECT clock_timestamp()").fetchone() or (None,)
        plan = "\n".join(str(li) for (li,) in ouverte.execute("EXPLAIN " + RECLAMER, [localdate(), 0, 500]))
    demarrage, _ = _settle(environnement, localdate() - 2 * AVANT)
    secondes, mesures = _settle(environnement, localdate())
    sql, lignes = _plancher_sql(environnement, debut)
    moteur = float(commande(["plancher_moteur", "--au", f"{localdate()}"], _mesure(environnement)).sortie)
    rapport = (secondes - demarrage) / (sql + moteur)
    nuit = {
        "mesure": f"nuit : {echus} dossiers échus parmi {total}, {PROCESSUS} processus",
        "valeur": secondes,
        "unite": "s",
        "plancher": round(sql + moteur, 2),
        "plancher_de": f"SQL brut de {lignes} lignes et de leurs photos ({sql:.1f} s), moteur seul ({moteur:.1f} s)",
        "demarrage_s": round(demarrage, 2),
        "rapport": round(rapport, 2),
        "exige": "<= 2",
        "tenu": rapport <= 2,
        "par_seconde": round(echus / secondes),
        "processeur_python_s": round(sum(mesure.processeur for mesure in mesures), 1),
    }
    memoire = max(mesure.memoire_mo for mesure in mesures)
    index = {
        "mesure": f"réclamation d'un lot parmi {total} : lue par l'index",
        "valeur": int("dossier_echeance" in plan),
        "unite": "",
        "plan": plan,
        "tenu": "dossier_echeance" in plan,
    }
    ram = {"mesure": "nuit, mémoire au plus haut d'un processus", "valeur": memoire, "unite": "Mo"}
    return secondes, [nuit, ram | {"exige": "<= 200", "tenu": memoire <= 200}, index]


def _settle(environnement: dict[str, str], au: date) -> tuple[float, list[Mesure]]:
    """Every process at once; on a day when nothing is due yet, what it costs to start and stop them."""
    depart = time.perf_counter()
    with ThreadPoolExecutor(PROCESSUS) as fils:
        ordre = ["settle", "--au", f"{au}"]
        mesures = list(fils.map(lambda _: commande(ordre, environnement), range(PROCESSUS)))
    return time.perf_counter() - depart, mesures


def _plancher_sql(environnement: dict[str, str], debut: Any) -> tuple[float, int]:
    """The same lines, letters and snapshots, written again by three statements into tables with the same indexes."""
    with connexion(environnement) as ouverte:
        for ordre in PLANCHER:
            ouverte.execute(ordre, {"debut": debut} if "%(" in ordre else None)
        depart = time.perf_counter()
        lignes = ouverte.execute(ECRITURES[0], {"debut": debut}).rowcount
        lignes += ouverte.execute(ECRITURES[1]).rowcount
        ouverte.execute(ECRITURES[2])
        return time.perf_counter() - depart, lignes


def _verification(environnement: dict[str, str], total: int) -> dict[str, Any]:
    mesure = commande(["verify_ledger"], environnement)
    assert f"vérifiés: {total}, différents: 0" in mesure.sortie
    debit = total / mesure.processeur
    return {
        "mesure": f"verify_ledger, {total} dossiers",
        "valeur": debit,
        "unite": "dossiers/s et par cœur",
        "secondes": round(mesure.secondes, 1),
        "exige": ">= 5000",
        "tenu": debit >= 5000,
    }
