"""What `check --deploy` refuses beyond Django's own review, and what keeps a server from starting."""

from typing import Any

import pytest
from django.core.checks import run_checks

from mespoints.lib import checks
from tests.lib.test_settings import CHECK, FC, PRODUCTION, _run

START = ("-c", "import mespoints.wsgi")
STAND_IN = {"FRANCECONNECT_ISSUER": "http://localhost:9000/api/v2", "FRANCECONNECT_AUTRE_FOURNISSEUR": "1"}
SWITCH = {"MESPOINTS_DEMONSTRATION": "1"}
PUBLISHED = {"FRANCECONNECT_CLE_IDENTITES": "demonstration-only-this-key-is-public-and-seals-nothing"}


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The test settings with what production has and they have not: no fault left."""
    settings.MESPOINTS_TESTS = False
    settings.SECRET_KEY = "a-throwaway-key-0123456789-abcdefghijklmnopqrstuvwxyz"
    settings.OIDC_RP_CLIENT_SECRET = settings.FRANCECONNECT_CLE_IDENTITES = settings.OIDC_RP_CLIENT_ID = ""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["permis.example"]
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "courriel.example", "permis@permis.example"
    settings.EMAIL_USE_TLS = True
    timeouts = "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "options", timeouts)
    assert faults() == set()
    return settings


def faults() -> set[str]:
    return {str(fault.id) for fault in run_checks(tags=[checks.TAG], include_deployment_checks=True)}


def _csp(**directives: Any) -> dict[str, Any]:
    from django.conf import settings

    said = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {n.replace("_", "-"): v for n, v in directives.items()}
    return {"DIRECTIVES": {name: value for name, value in said.items() if value is not None}}


@pytest.mark.parametrize(
    ("directives", "refused"),
    [
        ({}, False),
        ({"script_src": ["'self'", "'unsafe-inline'"]}, True),
        ({"script_src": ["'self'", "https://cdn.example"]}, True),
        ({"style_src": ["*"]}, True),
        ({"frame_ancestors": ["'self'"]}, True),
        ({"object_src": None}, True),
        ({"form_action": None}, True),
        ({"worker_src": ["*"]}, True),
        ({"worker_src": ["'self'"]}, False),
    ],
)
def test_the_content_policy_is_whole_and_strict(production: Any, directives: dict[str, Any], refused: bool) -> None:
    production.CONTENT_SECURITY_POLICY = _csp(**directives)
    assert faults() == ({"mespoints.E003"} if refused else set())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MESPOINTS_DEMONSTRATION", True, "E002"),
        ("SECRET_KEY", "demonstration-only-this-key-is-public-and-protects-nothing-5b1c9d7e", "E001"),
        ("SECRET_KEY_FALLBACKS", ["tests-only-this-key-is-public"], "E001"),
        ("OIDC_RP_CLIENT_SECRET", "demonstration-only-this-secret-is-public", "E001"),
        ("CONTENT_SECURITY_POLICY", None, "E003"),
        ("MIDDLEWARE", [], "E004"),
        ("SESSION_COOKIE_NAME", "sid", "E005"),
        ("CSRF_COOKIE_SECURE", False, "E005"),
        ("SESSION_COOKIE_DOMAIN", "permis.example", "E005"),
        ("SESSION_COOKIE_SAMESITE", None, "E005"),
        ("SECURE_HSTS_SECONDS", 3600, "E006"),
        ("ALLOWED_HOSTS", ["*"], "E007"),
        ("EMAIL_HOST", "127.0.0.1", "E010"),
        ("DEFAULT_FROM_EMAIL", "ne-pas-repondre", "E011"),
        ("EMAIL_USE_TLS", False, "E012"),
        ("EMAIL_TIMEOUT", None, "E008"),
        ("EMAIL_TIMEOUT", 60, "E008"),
        ("OIDC_TIMEOUT", 0, "E008"),
        ("CELERY_BROKER_TRANSPORT_OPTIONS", {"socket_connect_timeout": 2}, "E008"),
        ("CACHES", {"default": {"BACKEND": "x", "OPTIONS": {"socket_timeout": 2}}}, "E008"),
    ],
)
def test_what_production_must_be_is_said(production: Any, name: str, value: Any, code: str) -> None:
    setattr(production, name, value)
    assert f"mespoints.{code}" in faults()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("connect_timeout", 0, "E008"),
        ("tcp_user_timeout", 0, "E008"),
        ("tcp_user_timeout", "60000", "E008"),
        ("options", "", "E009"),
        ("options", "-c statement_timeout=0", "E009"),
    ],
)
def test_a_database_waited_for_for_ever_is_refused(
    production: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, code: str
) -> None:
    monkeypatch.setitem(production.DATABASES["default"]["OPTIONS"], name, value)
    assert faults() == {f"mespoints.{code}"}


@pytest.mark.parametrize("environ", [FC | STAND_IN, FC | PUBLISHED], ids=["stand-in", "published key"])
def test_what_belongs_to_the_demonstration_keeps_a_server_from_starting(environ: dict[str, str]) -> None:
    done = _run(*START, environ=PRODUCTION | environ)
    assert done.returncode == 1
    assert "accounts.E006" in done.stderr or "mespoints.E001 FRANCECONNECT_CLE_IDENTITES" in done.stderr


def test_nor_do_workers_and_the_clock_start() -> None:
    """Celery goes on after an exception in a signal: it must be told to end."""
    signal = "from mespoints.celery import app; from celery.signals import {0}; {0}.send(sender=None)"
    for name in ("worker_init", "beat_init"):
        assert _run("-c", signal.format(name), environ=PRODUCTION).returncode == 0
        done = _run("-c", signal.format(name), environ=PRODUCTION | FC | PUBLISHED)
        assert done.returncode == 1
        assert "mespoints.E001" in done.stderr


def test_one_switch_opens_it_and_the_review_refuses_that_switch() -> None:
    whole = PRODUCTION | FC | STAND_IN | PUBLISHED | SWITCH
    assert _run(*START, environ=whole).returncode == 0
    done = _run(*CHECK, environ=whole)
    assert done.returncode == 1
    assert "mespoints.E002" in done.stderr


# --- Secrets in files -----------------------------------------------------------------------------------------------


def test_a_secret_may_be_in_a_file(tmp_path: Any) -> None:
    secret = tmp_path / "secret_key"
    secret.write_text("a-key-in-a-file\n")
    environ = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    show = ("-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    assert _run(*show, environ=environ | {"SECRET_KEY_FILE": str(secret)}).stdout == "a-key-in-a-file\n"
    for wrong, said in (
        (PRODUCTION | {"SECRET_KEY_FILE": str(secret)}, "l'un ou l'autre"),
        (environ | {"SECRET_KEY_FILE": str(tmp_path / "absent")}, "ne se lit pas"),
        (environ | {"SECRET_KEY_FILE": "/dev/null"}, "SECRET_KEY manque"),
    ):
        done = _run(*show, environ=wrong)
        assert done.returncode == 1
        assert said in done.stderr
        assert "a-key-in-a-file" not in done.stderr + done.stdout
