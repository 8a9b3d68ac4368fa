"""The production engine behind the same door as the naive reading: a feed line in, a replay line out."""

import json
from datetime import date
from typing import Any

from dossier.feed import lire_ligne
from dossier.replay import ecrire_replay
from dossier.rules.solde import rejouer


def rejouer_ligne(ligne: dict[str, Any], au: date, connu_le: date | None = None) -> dict[str, Any]:
    """The replay's line, as ``manage.py replay`` writes it."""
    lue = lire_ligne(json.dumps(ligne, ensure_ascii=False).encode())
    return ecrire_replay(lue.neph, rejouer(lue.parcours, au, connu_le))


def nu(resultat: dict[str, Any]) -> dict[str, Any]:
    """Without what the naive reading does not write: explanations and reasons."""
    return resultat | {
        "mouvements": [{c: v for c, v in m.items() if c != "explication"} for m in resultat["mouvements"]],
        "prevision": [{c: v for c, v in m.items() if c != "explication"} for m in resultat["prevision"]],
        "stage": {c: v for c, v in resultat["stage"].items() if c != "explication"},
        "anomalies": sorted({a["fait"] for a in resultat["anomalies"]}),
    }
