"""The test bed: private services, one printed seed, databases of its own, strict templates, Hypothesis profiles."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from mespoints.local import services
from mespoints.local.addresses import private_services_wanted

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

    from tests.base_de_donnees import Bases

SLOW_MACHINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
hypothesis_settings.register_profile(
    "bref", max_examples=5, deadline=None, print_blob=True, suppress_health_check=SLOW_MACHINE
)
hypothesis_settings.register_profile(
    "rapide", max_examples=25, deadline=None, print_blob=True, suppress_health_check=SLOW_MACHINE
)
hypothesis_settings.register_profile(
    "complet", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=SLOW_MACHINE
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sans-base", action="store_true", help="what needs no server alone; none is started")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed of the run, before Hypothesis and pytest-randomly choose theirs, and start the services."""
    from tests.minuit import Relecture

    config.pluginmanager.register(Relecture(), "minuit")
    is_worker = hasattr(config, "workerinput")
    seed = os.environ.setdefault("MESPOINTS_SEED", str(secrets.randbelow(2**32)))  # workers inherit it
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = seed
    if not config.option.hypothesis_profile:
        config.option.hypothesis_profile = os.environ.get("MESPOINTS_HYPOTHESIS", "rapide")
    if not is_worker and getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = int(seed)
    seul = config.option.collectonly or config.option.sans_base
    if not is_worker and not seul and private_services_wanted():
        services.start()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    from tests.ordonnancement import rien_sans_serveur

    return True if config.option.sans_base and rien_sans_serveur(collection_path) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is long goes first; within a rank, in the order that pytest-randomly drew."""
    from tests.ordonnancement import rang, veut_un_serveur

    items.sort(key=lambda item: rang(item.nodeid))
    if config.option.sans_base:
        config.hook.pytest_deselected(items=[item for item in items if veut_un_serveur(item)])
        items[:] = [item for item in items if not veut_un_serveur(item)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.ordonnancement import Ordonnanceur

    return Ordonnanceur(config, log)


def pytest_report_header(config: pytest.Config) -> str:
    seed = os.environ["MESPOINTS_SEED"]
    return (
        f"seed: {seed} (Hypothesis, random, order of the tests); replay with MESPOINTS_SEED={seed}"
        f" — Hypothesis profile: {config.option.hypothesis_profile}"
    )


@pytest.fixture(scope="session", autouse=True)
def _strict_templates() -> None:
    from tests.strict_templates import forbid_undefined_variables

    forbid_undefined_variables()


@pytest.fixture(autouse=True)
def _circuits_fermes() -> None:
    from tests.circuits import refermer

    refermer()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Give each test that touches the site an empty cache; the pure ones never open a connection."""
    if "tests/rules" not in request.path.as_posix() and not request.config.option.sans_base:
        from django.core.cache import cache

        cache.clear()


# --- Mail: written in the outbox, sent by the worker's own function --------------------------------------------


@pytest.fixture
def courriels_partis(mailoutbox: list["EmailMessage"]) -> Callable[[], list["EmailMessage"]]:
    """A function that sends what waits in the outbox, as the worker does, and gives all that left."""
    from accounts import courriels
    from accounts.models import DemandeLien
    from accounts.tasks import envoyer_lien

    def partir() -> list["EmailMessage"]:
        for voulu in DemandeLien.objects.all():
            envoyer_lien(voulu.pk)
        while courriels.envoyer_les_dus():
            pass
        return mailoutbox

    return partir


# --- Databases: pytest-django ends a transactional test by TRUNCATE, which the ledger refuses -------------------------


@pytest.fixture(scope="session")
def bases(django_test_environment: None) -> Iterator["Bases"]:
    from tests.base_de_donnees import Bases

    with Bases() as bases:
        yield bases


@pytest.fixture(scope="session")
def django_db_setup(bases: "Bases") -> None:
    """Replaces pytest-django's: nothing is migrated here, and nothing is flushed by anybody."""
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = lambda _self: None  # TestCase has its own, which rolls back


@pytest.fixture
def _base_neuve(request: pytest.FixtureRequest, bases: "Bases") -> Iterator[None]:
    """A copy of the model for a test that commits."""
    marque = request.node.get_closest_marker("django_db")
    engage = bool(marque and marque.kwargs.get("transaction"))
    if not (engage or {"transactional_db", "live_server"}.intersection(request.fixturenames)):
        yield
        return
    with bases.neuve():
        yield


@pytest.fixture
def _django_db_helper(_base_neuve: None, _django_db_helper: None) -> None:
    """pytest-django's, on the database chosen first."""


@pytest.fixture(scope="module")
def base_du_fichier(bases: "Bases", django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the model for a file whose tests commit in it one after the other, and bear it."""
    with bases.neuve(), django_db_blocker.unblock():
        yield


@pytest.fixture
def grand_livre_ouvert(transactional_db: None) -> Callable[..., int]:
    """A function ``(sql, parameters) -> rows`` that alters the ledger as its owner, triggers asleep: to plant faults.

    The test commits, in a database of its own.
    """
    from tests.base_de_donnees import alterer

    return alterer
