"""Windows on the test server, and what every page shown in one must satisfy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

#: WCAG 2.2 AA and axe's best practices.
REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def fenetre(browser: Browser, url: str, largeur: int, theme: Any, *, javascript: bool = True) -> Iterator[Page]:
    """A new visitor's window; a refused style or script, a page error or an answer that never came is an error."""
    contexte = browser.new_context(
        base_url=url,
        locale="fr-FR",
        viewport={"width": largeur, "height": 900},
        color_scheme=theme,
        java_script_enabled=javascript,
    )
    page = contexte.new_page()
    plaintes: list[str] = []

    def echec(sent: Request) -> None:
        # So end a page that is a download, and a picture or a deferred script still coming when the visitor left.
        quitte = sent.is_navigation_request() or sent.resource_type in {"image", "script", "other"}  # "other": the icon
        if sent.failure != "net::ERR_ABORTED" or not quitte:
            plaintes.append(f"{sent.url}: {sent.failure}")

    page.on("pageerror", lambda error: plaintes.append(str(error)))
    page.on("console", lambda line: plaintes.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("requestfailed", echec)
    yield page
    contexte.close()
    assert plaintes == [], plaintes


def verifier_accessible(page: Page, axe: Axe) -> None:
    """Assert that axe finds nothing on the page shown, and that nothing overflows sideways."""
    resultat = axe.run(page, options=REGLES)
    assert resultat.violations_count == 0, resultat.generate_report()
    verifier_largeur(page)


def verifier_largeur(page: Page) -> None:
    debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert debord == 0, f"{page.url}: {debord} px beyond the window"
