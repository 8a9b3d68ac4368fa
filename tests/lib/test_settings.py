"""Production settings: what must be given, what is refused, what each request is promised."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.recorder import MigrationRecorder

import manage
from mespoints.lib.timeouts import MARGE
from mespoints.local.places import CHECKOUT
from mespoints.settings import environment
from mespoints.settings.environment import DB_CLIENT, broker_and_cache, database, flag, number, several
from tests import programmes

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mespoints.settings.base",
    "SECRET_KEY": "a-throwaway-key-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "permis.example",
    "DATABASE_URL": "postgres://permis:mot@base.example:5433/permis",
    "REDIS_URL": "rediss://:mot@cache.example:6380/2",
    "EMAIL_URL": "smtp+tls://compte:mot@courriel.example:587",
    "DEFAULT_FROM_EMAIL": "Mes Points Permis <ne-pas-repondre@permis.example>",
}
SHOW = "from django.conf import settings; print(repr({name}))"


def _run(*command: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return programmes.lancer(*command, environ=clean | environ)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without(missing: str) -> None:
    done = _run("-c", "import mespoints.settings.base", environ=PRODUCTION | {missing: " "})
    assert done.returncode == 1
    assert f"{missing} manque" in done.stderr


def test_production_passes_djangos_own_review() -> None:
    """As Makefile runs it, from its first line; the others below are forked, and say the same of the same settings."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, *CHECK]
    done = subprocess.run(command, cwd=CHECKOUT, env=clean | PRODUCTION, capture_output=True, text=True, check=False)
    forked = _run(*CHECK, environ=PRODUCTION)
    assert (forked.returncode, forked.stdout, forked.stderr) == (done.returncode, done.stdout, done.stderr)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("value", ["", ",", " , "])
def test_a_list_of_nothing_is_nothing(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.env, "ENVIRON", {"X": value})
    assert several("X") == []
    with pytest.raises(ImproperlyConfigured, match="X manque"):
        several("X", needed=True)


@pytest.mark.parametrize("value", ["a.fr,b.fr", "a.fr, b.fr", " a.fr\nb.fr\n", "a.fr,,b.fr,"])
def test_the_words_of_a_list_have_no_space_around_them(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.env, "ENVIRON", {"X": value})
    assert several("X") == ["a.fr", "b.fr"]


def test_former_keys_come_from_a_file_and_an_empty_one_holds_none(tmp_path: Path) -> None:
    former = tmp_path / "secret_key_fallbacks"
    for text, said in (("", "[]"), ("\n", "[]"), ("une-cle\nune-autre\n", "['une-cle', 'une-autre']")):
        former.write_text(text)
        environ = PRODUCTION | {"SECRET_KEY_FALLBACKS_FILE": str(former)}
        done = _run("-c", SHOW.format(name="settings.SECRET_KEY_FALLBACKS"), environ=environ)
        assert done.stdout.strip() == said, done.stderr


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"EMAIL_URL": "smtp://localhost:25"}, "E010"),
        ({"EMAIL_URL": "", "EMAIL_URL_FILE": "/dev/null"}, "E010"),
        ({"EMAIL_URL": "smtp://compte:mot@courriel.example:587"}, "E012"),
        ({"DEFAULT_FROM_EMAIL": ""}, "E011"),
        ({"DEFAULT_FROM_EMAIL": "Permis <permis@localhost>"}, "E011"),
    ],
)
def test_production_is_not_installed_without_mail(environ: dict[str, str], code: str) -> None:
    done = _run("manage.py", "check", "--deploy", environ=PRODUCTION | environ)
    assert done.returncode == 1
    assert f"mespoints.{code}" in done.stderr


def test_production_cookies_belong_to_this_host_alone() -> None:
    names = "[(getattr(settings, f'{c}_COOKIE_NAME'), getattr(settings, f'{c}_COOKIE_SECURE'), getattr(settings, f'{c}_COOKIE_PATH'), getattr(settings, f'{c}_COOKIE_DOMAIN'), getattr(settings, f'{c}_COOKIE_HTTPONLY')) for c in ('SESSION', 'CSRF')]"  # noqa: E501
    done = _run("-c", SHOW.format(name=names), environ=PRODUCTION)
    assert done.stdout.strip() == "[('__Host-sid', True, '/', None, True), ('__Host-csrf', True, '/', None, True)]"


def test_a_task_ends_well_before_it_is_delivered_again() -> None:
    from django.conf import settings

    limits = (settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT)
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert limits[0] < limits[1] <= visibility / 5
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://h", "redis://h/0", "redis://h/1"),
        ("rediss://:m@h:6380/2", "rediss://:m@h:6380/2", "rediss://:m@h:6380/3"),
        ("redis://h/0?ssl=1", "redis://h/0?ssl=1", "redis://h/1?ssl=1"),
        ("unix:///a%20b/s.sock", "redis+socket:///a%20b/s.sock?virtual_host=0", "unix:///a%20b/s.sock?db=1"),
        ("unix:///s.sock?db=4", "redis+socket:///s.sock?virtual_host=4", "unix:///s.sock?db=5"),
    ],
)
def test_the_queue_and_the_cache_never_share_a_redis_database(url: str, broker: str, cache: str) -> None:
    assert broker_and_cache(url) == (broker, cache)


@pytest.mark.parametrize("url", ["memory://", "h:6379", "redis://h/zero", "redis://h/0/1", "unix:///s?db=x"])
def test_another_redis_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        broker_and_cache(url)


@pytest.mark.parametrize("url", ["sqlite:///base.db", "mysql://u@h/b"])
def test_another_database_than_postgresql_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL"):
        database(url)


def test_the_database_waits_for_nobody_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DB_STATEMENT_TIMEOUT_MS", "DB_LOCK_TIMEOUT_MS", "DB_IDLE_IN_TRANSACTION_TIMEOUT_MS"):
        monkeypatch.delenv(name, raising=False)
    config = database("postgres://u@/b?host=%2Ftmp%2FA&sslmode=require")
    assert (config["HOST"], config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == ("/tmp/A", 60, True)
    assert config["OPTIONS"] == {
        "sslmode": "require",
        **DB_CLIENT,
        "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000",
    }
    assert DB_CLIENT == {
        "connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives": 1, "keepalives_idle": 10,
        "keepalives_interval": 5, "keepalives_count": 2,
    }  # fmt: skip
    assert config["CLIENT_TIMEOUT"] == 5 + MARGE
    assert database("postgres://u@h/b?tcp_user_timeout=9000")["OPTIONS"]["tcp_user_timeout"] in {9000, "9000"}
    monkeypatch.setenv("DB_STATEMENT_TIMEOUT_MS", "60000")
    config = database("postgres://u@/b")
    assert "statement_timeout=60000" in config["OPTIONS"]["options"]
    assert config["CLIENT_TIMEOUT"] == 60 + MARGE
    monkeypatch.setenv("DB_STATEMENT_TIMEOUT_MS", "0")
    assert "CLIENT_TIMEOUT" not in database("postgres://u@/b"), "an index over a whole table takes its time"


ROLES = {"DATABASE_URL": "postgres://site@/b", "MIGRATION_DATABASE_URL": "postgres://proprietaire@/b"}
SHOW_ROLES = """
import sys, manage
from django.core import management
def show(_arguments):
    from django.conf import settings
    print(settings.DATABASES["default"]["USER"], settings.DATABASE_APPLICATION_ROLE)
management.execute_from_command_line = show
sys.argv = ["manage.py", {command!r}]
manage.main()
"""


@pytest.mark.parametrize(
    ("command", "environ", "said"),
    [
        ("migrate", ROLES, "proprietaire site"),
        ("makemigrations", ROLES, "proprietaire site"),
        ("settle", ROLES, "site site"),
        ("settle", ROLES | {"DB_AS_MIGRATION": "1"}, "site site"),
        ("migrate", ROLES | {"MIGRATION_DATABASE_URL": ""}, "site site"),
    ],
)
def test_the_owner_of_the_tables_serves_the_commands_that_change_them(
    command: str, environ: dict[str, str], said: str
) -> None:
    done = _run("-c", SHOW_ROLES.format(command=command), environ=PRODUCTION | environ)
    assert done.stdout.strip() == said, done.stderr


@pytest.mark.parametrize("value", ["yes please", "2", "vrai!", " "])
def test_a_misspelt_yes_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.env, "ENVIRON", {"X": value})
    with pytest.raises(ImproperlyConfigured, match="écrire 1 ou 0"):
        flag("X", default=False)


@pytest.mark.parametrize("value", ["-1", "1.5", "cinq", "²"])
def test_a_misspelt_number_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.env, "ENVIRON", {"X": value})
    with pytest.raises(ImproperlyConfigured, match="nombre entier"):
        number("X", default=0)


# --- manage.py ------------------------------------------------------------------------------------------------------

NOWHERE = {
    "DATABASE_URL": "postgres://u@/b?host=%2Fnulle%2Fpart",
    "REDIS_URL": "unix:///nulle/part/redis.sock",
}


def test_a_command_without_its_database_says_what_to_run() -> None:
    done = _run("manage.py", "migrate", environ=NOWHERE)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")
    assert done.stderr.startswith("PostgreSQL ne répond pas : lancez « make services »")


@pytest.mark.django_db
def test_des_donnees_d_une_ancienne_version_disent_make_clean() -> None:
    """Their migrations have other names: those of allauth are applied, and what they need is not."""
    MigrationRecorder(connection).record_unapplied("accounts", "0001_initial")
    with pytest.raises(InconsistentMigrationHistory) as venue:
        call_command("migrate")
    assert "« make clean »" in manage.explain(venue.value)


@pytest.mark.parametrize("command", ["check", "help"])
def test_commands_that_need_no_database_do_without(command: str) -> None:
    assert _run("manage.py", command, environ=NOWHERE).returncode == 0


# --- FranceConnect: what production refuses, a stand-in or a weak level among others ----------------------------------

FC = {
    "FRANCECONNECT_CLIENT_ID": "client",
    "FRANCECONNECT_CLIENT_SECRET": "secret",
    "FRANCECONNECT_CLE_IDENTITES": "a-throwaway-key-for-tests",
}
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
AILLEURS = {"FRANCECONNECT_ISSUER": "https://id.example/realms/permis", "FRANCECONNECT_AUTRE_FOURNISSEUR": "1"}


@pytest.mark.parametrize(
    "ou", [{}, {"FRANCECONNECT_ISSUER": "integration"}, AILLEURS], ids=["prod", "intégration", "autre"]
)
def test_production_accepts_franceconnect_and_another_provider_when_it_is_wanted(ou: dict[str, str]) -> None:
    done = _run(*CHECK, environ=PRODUCTION | FC | ou)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("ou", "code"),
    [
        ({"FRANCECONNECT_ISSUER": "http://localhost:9000/api/v2"}, "E005"),
        ({"FRANCECONNECT_ISSUER": "http://localhost:9000/api/v2", "FRANCECONNECT_AUTRE_FOURNISSEUR": "1"}, "E006"),
        ({"FRANCECONNECT_ISSUER": "https://127.0.0.1/api/v2", "FRANCECONNECT_AUTRE_FOURNISSEUR": "1"}, "E006"),
        ({"FRANCECONNECT_ISSUER": "https://fcsim/api/v2", "FRANCECONNECT_AUTRE_FOURNISSEUR": "1"}, "E006"),
        ({"FRANCECONNECT_ISSUER": "https://id.example/"}, "E005"),
        ({"FRANCECONNECT_TOKEN_URL": "http://oidc.franceconnect.gouv.fr/api/v2/token"}, "E006"),
        ({"FRANCECONNECT_ALGORITHM": "HS256"}, "E002"),
        ({"FRANCECONNECT_ALGORITHM": "none"}, "E002"),
    ],
)
def test_production_refuses_the_stand_in_and_a_weak_exchange(ou: dict[str, str], code: str) -> None:
    done = _run(*CHECK, environ=PRODUCTION | FC | ou)
    assert done.returncode == 1
    assert f"accounts.{code}" in done.stderr


@pytest.mark.parametrize("nom", ["franceconnect.application", "courriels", "codes"])
def test_production_cannot_import_the_demonstration(nom: str) -> None:
    done = _run("-c", f"import demo.{nom}", environ=PRODUCTION)
    assert done.returncode == 1
    assert "ImportError" in done.stderr


@pytest.mark.parametrize(
    ("reglage", "valeur", "code"),
    [
        ("OIDC_USE_PKCE", True, "E001"),
        ("OIDC_USE_NONCE", False, "E001"),
        ("OIDC_ALLOW_UNSECURED_JWT", True, "E001"),
        ("OIDC_VERIFY_SSL", False, "E001"),
        ("OIDC_VERIFY_KID", False, "E001"),
        ("MIDDLEWARE", ["mozilla_django_oidc.middleware.SessionRefresh"], "E003"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies", "E004"),
    ],
)
def test_the_exchange_is_never_weakened(settings, reglage: str, valeur: object, code: str) -> None:
    from accounts.checks import check_franceconnect

    assert check_franceconnect(None) == []
    setattr(settings, reglage, valeur)
    assert [faute.id for faute in check_franceconnect(None)] == [f"accounts.{code}"]
