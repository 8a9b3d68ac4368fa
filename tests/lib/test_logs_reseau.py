"""The lines of one attack can be tied together, and name nobody."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.limites import CONNEXION_ICI
from mespoints.lib.logs import JsonFormatter, PlainFormatter
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory

JOUR = datetime(2026, 11, 30, 10, tzinfo=UTC)


def refus(ip: str, quand: datetime = JOUR, **entetes: Any) -> logging.LogRecord:
    record = logging.getLogger("django.request").makeRecord("django.request", 30, "vue.py", 1, "%s", ("x",), None)
    record.created, record.request = quand.timestamp(), RequestFactory().get("/", REMOTE_ADDR=ip, **entetes)
    return record


def ligne(ip: str, quand: datetime = JOUR, **entetes: Any) -> dict[str, Any]:
    record = refus(ip, quand, **entetes)
    dite: dict[str, Any] = json.loads(JsonFormatter().format(record))
    assert ip not in PlainFormatter().format(record)
    return dite


def test_l_empreinte_est_celle_d_un_reseau_et_change_chaque_jour(settings: Any) -> None:
    empreinte = ligne("192.0.2.7")["network"]
    assert re.fullmatch(r"[0-9a-f]{12}", empreinte)
    assert ligne("192.0.2.250")["network"] == empreinte, "the same /24"
    assert ligne("192.0.3.7")["network"] != empreinte
    assert ligne("192.0.2.7", JOUR.replace(hour=23, minute=59))["network"] == empreinte
    assert ligne("192.0.2.7", JOUR.replace(day=29))["network"] != empreinte
    assert ligne("2001:db8:1:2::1")["network"] == ligne("2001:db8:1:ffff::9")["network"] != empreinte, "the same /48"
    settings.SECRET_KEY = "une autre clé"
    assert ligne("192.0.2.7")["network"] != empreinte, "nobody computes it without the key"


def test_derriere_un_mandataire_c_est_le_reseau_du_visiteur(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    vue = ligne("10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9")
    assert vue["network"] == ligne("10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.10")["network"]


@pytest.mark.parametrize("ip", ["", "pas une adresse", "999.1.1.1", "\x00"])
def test_sans_adresse_lisible_la_ligne_est_ecrite_quand_meme(ip: str) -> None:
    dite = json.loads(JsonFormatter().format(refus(ip)))
    assert dite["event"] == "request"
    assert "network" not in dite


@pytest.mark.django_db
def test_les_refus_d_une_meme_attaque_se_relient(caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    settings.EFFORT_APRES = 10_000
    caplog.set_level(logging.INFO)
    compte = CompteFactory()
    ailleurs = Client(REMOTE_ADDR="203.0.113.9")
    ailleurs.get("/nexiste/pas/")
    attaquant = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
    attaquant.post("/connexion/", {"login": compte.email, "password": MOT_DE_PASSE})
    attaquant.get("/franceconnect/retour/", {"state": "inconnu", "code": "x"})
    for _ in range(CONNEXION_ICI.essais + 1):
        Client(REMOTE_ADDR="192.0.2.200").post("/connexion/", {"login": compte.email, "password": "faux"})
    lignes = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    par_reseau: dict[str, list[Any]] = {}
    for dite in lignes:
        par_reseau.setdefault(dite.get("network", ""), []).append((dite["event"], dite.get("status_code")))
    (siennes,) = [vues for vues in par_reseau.values() if ("csrf_refused", None) in vues]
    assert {("franceconnect_refused", None), ("sign_in_refused", None), ("request", 429)} <= set(siennes)
    assert siennes.count(("sign_in_refused", None)) == CONNEXION_ICI.essais
    assert ("request", 404) not in siennes
    assert compte.email not in json.dumps(lignes)


@pytest.mark.django_db
def test_une_verification_refusee_se_relie_aussi(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Client(REMOTE_ADDR="192.0.2.7").post("/verification/", {"code": "x" * 300_000})
    (dite,) = [json.loads(JsonFormatter().format(r)) for r in caplog.records if r.name.startswith("django.security")]
    assert dite["event"] == "refused_request"
    assert dite["network"] == ligne("192.0.2.7", datetime.now(UTC))["network"]
