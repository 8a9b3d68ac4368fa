"""Documents: from the click to the file through the server, then what issuing adds to drawing and sealing."""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from documents.code.cles import fabriquer
from tests.bancs.bench.base import RACINE, commande
from tests.bancs.bench.pages import serveur

CLICS, ENSEMBLE, PAR_PROCESSUS = 40, 20, 25
JETON = "a" * 32  # the form's token is compared with the cookie's: both are the visitor's


def mesurer(environnement: dict[str, str]) -> Iterator[dict[str, Any]]:
    env = environnement | {"DJANGO_SETTINGS_MODULE": "tests.bancs.bench.settings"} | _cles()
    combien = 4 + CLICS + ENSEMBLE + 30 + 2 * PAR_PROCESSUS
    lignes = commande(["preparer_documents", str(combien)], env).sortie.split("\n")
    tenus = [(int(cle), sid) for cle, sid in (ligne.split() for ligne in lignes if ligne)]
    chauffe, clics, ensemble, reste = tenus[:4], tenus[4:44], tenus[44:64], [cle for cle, _ in tenus[64:]]
    with serveur(env, processus=2) as port:
        _ensemble(port, chauffe * 2)
        yield _p95([_clic(port, sid) for _, sid in clics])
        yield _tous_servis(_ensemble(port, ensemble))
    yield from _couts(env, reste[:30])
    yield _debit(env, reste[30:])


def _cles() -> dict[str, str]:
    """A seal and a key of the codes, for the run."""
    now = datetime.now(UTC)
    periode = now - timedelta(days=1), now + timedelta(days=90)
    cle, certificat = fabriquer(*periode, "Cachet de démonstration, sans valeur")
    adcs, certificats = fabriquer(*periode, "Codes de mesure")
    pems = {"CACHET_CLE": cle, "CACHET_CERTIFICAT": certificat, "ADCS_CLE": adcs, "ADCS_CERTIFICATS": certificats}
    fichiers = {f"{nom}_FILE": "" for nom in pems}  # the demonstration's, where it was made
    return fichiers | {nom: pem.decode() for nom, pem in pems.items()}


def _clic(port: int, sid: str) -> float:
    """Seconds from the click to the whole file; sent away by the crowd, one comes back a moment later."""
    depart = time.perf_counter()
    while (reponse := _demander(port, sid))[0] == 503 and time.perf_counter() - depart < 30:
        time.sleep(0.2)
    assert (reponse[0], reponse[1][:5]) == (200, b"%PDF-"), reponse[0]
    return time.perf_counter() - depart


def _demander(port: int, sid: str) -> tuple[int, bytes]:
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    entetes = {"Cookie": f"sid={sid}; csrf={JETON}", "X-CSRFToken": JETON}
    connexion.request("POST", "/mes-documents/adcs/", headers=entetes)
    reponse = connexion.getresponse()
    corps = reponse.read()
    connexion.close()
    return reponse.status, corps


def _ensemble(port: int, tenus: list[tuple[int, str]]) -> list[float]:
    with ThreadPoolExecutor(len(tenus)) as fils:
        return list(fils.map(lambda tenu: _clic(port, tenu[1]), tenus))


def _p95(secondes: list[float]) -> dict[str, Any]:
    p95 = 1000 * statistics.quantiles(secondes, n=20)[-1]
    return {"mesure": "ADCS, du clic au fichier, seule : p95", "valeur": p95, "unite": "ms", "exige": "<= 500",
            "mediane": round(1000 * statistics.median(secondes)), "tenu": p95 <= 500}  # fmt: skip


def _tous_servis(secondes: list[float]) -> dict[str, Any]:
    return {"mesure": f"{ENSEMBLE} ADCS demandées ensemble : la dernière servie", "valeur": max(secondes), "unite": "s",
            "exige": "<= 4", "tenu": max(secondes) <= 4}  # fmt: skip


def _couts(env: dict[str, str], dossiers: list[int]) -> Iterator[dict[str, Any]]:
    lu = json.loads(commande(["mesurer_documents", "cout", *map(str, dossiers)], env).sortie)
    rapport = lu["adcs"] / lu["plancher"]
    yield {"mesure": "ADCS émise", "valeur": 1000 * lu["adcs"], "unite": "ms", "plancher": round(1000 * lu["plancher"]),
           "plancher_de": "la même page par WeasyPrint pdf/ua-1, son jeton, son QR et son cachet, seuls",
           "rapport": round(rapport, 2), "exige": "<= 1.3", "tenu": rapport <= 1.3}  # fmt: skip
    yield {"mesure": "poids d'une ADCS émise, en moyenne", "valeur": float(lu["octets_adcs"]) / 1000, "unite": "ko"}
    yield {"mesure": f"RII de {lu['pages']} pages", "valeur": lu["rii"], "unite": "s", "exige": "<= 1.5",
           "tenu": lu["rii"] <= 1.5 and lu["pages"] >= 6}  # fmt: skip


def _debit(env: dict[str, str], dossiers: list[int]) -> dict[str, Any]:
    """Two processes, each with its own half: what they made over the time of the slower one."""
    moities = (dossiers[:PAR_PROCESSUS], dossiers[PAR_PROCESSUS:])
    lances = [
        subprocess.Popen(
            [sys.executable, "manage.py", "mesurer_documents", "debit", *map(str, moitie)],
            cwd=RACINE, env=env, stdout=subprocess.PIPE,
        )
        for moitie in moities
    ]  # fmt: skip
    lus = [json.loads(lance.communicate()[0]) for lance in lances]
    debit = sum(lu["documents"] for lu in lus) / max(lu["secondes"] for lu in lus)
    return {"mesure": "ADCS émises, deux processus", "valeur": debit, "unite": "documents/s"}
