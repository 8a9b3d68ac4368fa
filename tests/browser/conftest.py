"""A real browser, Debian's Chromium, on the test server. Without it these tests are skipped, and say so."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--font-render-hinting=none"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
#: WCAG 2.2 AA and axe's best practices.
REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PLACE = Path(__file__).parent

# The sync API of Playwright runs inside an event loop of its own, in which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("chromium") is None:
        for item in items:
            if item.path.is_relative_to(PLACE):
                item.add_marker(pytest.mark.skip(reason="chromium is not installed (apt-get install chromium)"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[(1280, "light"), (320, "dark")], ids=["1280-clair", "320-sombre"])
def page(browser: Browser, live_server, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A visitor without JavaScript of ours to run; a refused style or script, or a page error, fails the test."""
    largeur, theme = request.param
    contexte = browser.new_context(
        base_url=live_server.url, locale="fr-FR", viewport={"width": largeur, "height": 900}, color_scheme=theme
    )
    page = contexte.new_page()
    plaintes: list[str] = []
    page.on("pageerror", lambda error: plaintes.append(str(error)))
    page.on("console", lambda line: plaintes.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("requestfailed", lambda sent: plaintes.append(f"{sent.url}: {sent.failure}"))
    yield page
    contexte.close()
    assert plaintes == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def accessible(page: Page, axe: Axe):
    """Assert that axe finds nothing on the page shown, and that nothing overflows sideways."""

    def verifier() -> None:
        resultat = axe.run(page, options=REGLES)
        assert resultat.violations_count == 0, resultat.generate_report()
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debord == 0, f"{debord} px beyond the window"

    return verifier
