"""Small builders of the facts that undo, end or open, beside those of ``exemples.py``."""

from __future__ import annotations

from typing import Any

Fait = dict[str, Any]


def levee(fait: str, effet: str, portee: str = "retroactive", id: str = "lv", **autres: Any) -> Fait:
    motif = {"retroactive": "annulation_juge", "provisoire": "refere", "a_compter": "mainlevee"}[portee]
    return {
        "id": id,
        "type": "levee",
        "fait": fait,
        "date_effet": effet,
        "portee": portee,
        "motif": motif,
        **autres,
    }


def retablie(fait: str, effet: str, id: str = "rt", **autres: Any) -> Fait:
    return {"id": id, "type": "retablissement", "fait": fait, "date_effet": effet, **autres}


def echange(jour: str, id: str = "ec", **autres: Any) -> Fait:
    return {"id": id, "type": "echange", "date_echange": jour, "pays": "99109", **autres}


def deces(jour: str, id: str = "dc", **autres: Any) -> Fait:
    return {"id": id, "type": "deces", "date_deces": jour, **autres}


def etranger(debut: str, fin: str | None = None, id: str = "e1", **autres: Any) -> Fait:
    return {"id": id, "type": "permis_etranger", "date_debut": debut, "date_fin": fin, "pays": "99109", **autres}


def interdiction(jour: str, id: str = "ic", **autres: Any) -> Fait:
    return {"id": id, "type": "interdiction_circuler", "date_notification": jour, **autres}


def suspension(debut: str, fin: str | None, id: str = "su", **autres: Any) -> Fait:
    return {
        "id": id,
        "type": "suspension",
        "date_debut": debut,
        "date_fin": fin,
        "nature": "administrative",
        **autres,
    }


def visite(jour: str, avis: str = "apte", id: str = "vm", **autres: Any) -> Fait:
    return {"id": id, "type": "visite_medicale", "date_visite": jour, "avis": avis, **autres}


def lettre_48si(envoi: str, id: str = "le", **autres: Any) -> Fait:
    return {"id": id, "type": "lettre", "reference": "48SI", "date_envoi": envoi, **autres}
