"""The naive reading alone, over lives drawn at random: the two ways of walking, and what holds for any life."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.lecture_naive import lire
from tests.rules.strategies import dates_de_lecture, jours_de, lignes
from tests.rules.strategies_mesures import LEVABLES
from tests.tirages import tirages

REGLAGES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
FINS = {"invalidation", "annulation", "echange", "interdiction", "fin_permis_etranger"}


@settings(REGLAGES, max_examples=tirages(80))
@given(st.data())
def test_les_deux_parcours_sont_d_accord(data: st.DataObject) -> None:
    """The candidate days skip nothing, over the lines that the feed refuses as well."""
    donnee = data.draw(lignes(refusables=True))
    au, connu_le = data.draw(dates_de_lecture(donnee))
    copie = copy.deepcopy(donnee)
    assert lire(donnee, au, connu_le) == lire(donnee, au, connu_le, tous_les_jours=False)
    assert donnee == copie


@settings(REGLAGES, max_examples=tirages(300))
@given(lignes())
def test_les_lignes_sont_valides(donnee: dict[str, Any]) -> None:
    faits = donnee["faits"]
    types = {f["id"]: f["type"] for f in faits}
    assert len(types) == len(faits)
    assert json.loads(json.dumps(donnee)) == donnee
    assert all(date(1995, 1, 1) <= j <= date(2030, 12, 31) for j in jours_de(donnee))
    obtenus = [f["date_obtention"] for f in faits if f["type"] == "permis_obtenu"]
    fins = {
        f.get("date_notification") or f.get("date_echange") or f["date_effet"]
        for f in faits
        if f["type"] in ("invalidation", "annulation", "echange")
    }
    assert all(sorted(obtenus).index(jour) == 0 and obtenus.count(jour) == 1 for jour in obtenus if jour in fins)
    for fait in faits:
        if fait["type"] == "infraction":
            assert (fait["date_definitive"] or "9") >= fait["date_commission"]
            assert 0 <= fait["points"] <= 9
            assert (fait["nature"] == "delit") == (fait["classe"] is None)
        if fait["type"] == "levee" and types.get(fait["fait"]) in LEVABLES:
            assert fait["portee"] in LEVABLES[types[fait["fait"]]]
        if fait["type"] == "permis_etranger" and fait["date_fin"]:
            assert fait["date_fin"] > fait["date_debut"]


@settings(REGLAGES, max_examples=tirages(400))
@given(st.data())
def test_ce_qui_vaut_pour_toute_vie(data: st.DataObject) -> None:
    """The sums; what état, regime and points say of one another; no 48SI ends a foreign capital."""
    donnee = data.draw(lignes(refusables=True))
    au, connu_le = data.draw(dates_de_lecture(donnee))
    lecture = lire(donnee, au, connu_le, tous_les_jours=False)
    mouvements = lecture["mouvements"] + lecture["prevision"]
    total, regime = 0, None
    for m in mouvements:
        total += m["points"]
        assert m["solde"] == total <= m["plafond"] <= 12
        if m["nature"] in FINS:
            assert (m["solde"], m["plafond"]) == (0, 0)
            francaise = m["nature"] in ("invalidation", "annulation", "echange")
            assert regime == ("francais" if francaise else "etranger")
            regime = None
        elif m["nature"] == "capital_etranger":
            assert regime is None
            regime = "etranger"
        elif m["nature"] in ("capital_initial", "echange_entrant"):
            assert regime == ("etranger" if m["nature"] == "echange_entrant" else None)
            regime = "francais"
        assert regime is not None or m["nature"] in FINS
    assert [m["date"] for m in mouvements] == sorted(m["date"] for m in mouvements)
    assert not FINS & {m["nature"] for m in lecture["prevision"]}
    assert lecture["anomalies"] == sorted(set(lecture["anomalies"]))
    assert set(lecture["anomalies"]) <= {f["id"] for f in donnee["faits"]}
    ouvert = lecture["etat"] in ("valide", "suspendu", "solde_nul")
    assert (lecture["regime"] is not None) is ouvert
    if lecture["etat"] == "decede":
        assert lecture["prevision"] == []
        assert lecture["delai_probatoire"] is None
    if lecture["etat"] == "suspendu":
        assert lecture["suspension"] is not None
