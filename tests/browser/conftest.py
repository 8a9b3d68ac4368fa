"""A real browser, Debian's Chromium, on the test server. Without it these tests are skipped, and say so."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.navigateur import ARGUMENTS, CHROMIUM, fenetre, verifier_accessible_dans_les_deux

PLACE = Path(__file__).parent
#: One process draws every page, and no other is kept ready beside it: each costs as much as three pages. The features
#: after the first are those that Playwright leaves out, whose list this one replaces.
UN_SEUL_PROCESSUS = [
    *("--renderer-process-limit=1", "--disable-site-isolation-trials"),
    "--disable-features=SpareRendererForSitePerProcess,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying",
]

# The sync API of Playwright runs inside an event loop of its own, in which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
expect.set_options(timeout=30_000)  # a net, not a judge: others may use the machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if item.path.is_relative_to(PLACE):
                item.add_marker(pytest.mark.skip(reason="chromium is not installed (apt-get install chromium)"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *UN_SEUL_PROCESSUS])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A visitor who has a phone, in the dark."""
    with fenetre(browser, live_server.url, 320, "dark") as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def accessible(page: Page, axe: Axe):
    """Assert that axe finds nothing on the page shown, and that nothing overflows, here and on a wide, light screen."""

    return lambda: verifier_accessible_dans_les_deux(page, axe)
