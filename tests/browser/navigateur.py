"""Windows on the test server, and what every page shown in one must satisfy."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request

#: WCAG 2.2 AA and axe's best practices; of what is right, nothing needs to be told.
REGLES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
#: Without its windows where it is there: the same engine, sooner done.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--font-render-hinting=none"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


#: What may still be coming when a visitor leaves a page ("other" is the icon).
QUITTES = {"stylesheet", "image", "font", "script", "other"}


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
        # So end a page that is a download, and what was still coming when the visitor left.
        quitte = sent.is_navigation_request() or sent.resource_type in QUITTES
        if sent.failure != "net::ERR_ABORTED" or not quitte:
            plaintes.append(f"{sent.url}: {sent.failure}")

    page.on("pageerror", lambda error: plaintes.append(str(error)))
    page.on("console", lambda line: plaintes.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("requestfailed", echec)
    yield page
    contexte.close()
    assert plaintes == [], plaintes


def verifier_accessible(page: Page, axe: Axe) -> None:
    """Assert that axe finds nothing on the page shown, once it is whole, and that nothing overflows sideways."""
    page.wait_for_load_state()
    if page.evaluate("window.axe === undefined"):
        page.evaluate(axe.axe_script)
    resultat = AxeResults(page.evaluate(f"axe.run({json.dumps(REGLES)})"))
    assert resultat.violations_count == 0, resultat.generate_report()
    verifier_largeur(page)


def verifier_accessible_dans_les_deux(page: Page, axe: Axe) -> None:
    """The same in the window as it is, then in the other of the two: the other width and the other theme.

    The state of a page is reached once for both; looked at again, it costs a third of the first look.
    """
    verifier_accessible(page, axe)
    largeur, theme = _taille(page)
    autre = (1280 if largeur < 800 else 320, "light" if theme == "dark" else "dark")
    for voulue in (autre, (largeur, theme)):
        avant = page.evaluate(FOND)
        page.set_viewport_size({"width": voulue[0], "height": 900})
        page.emulate_media(color_scheme=voulue[1])
        assert page.evaluate(FOND) != avant, "the theme did not follow: nothing more would be seen"
        if voulue == autre:
            verifier_accessible(page, axe)


FOND = "getComputedStyle(document.body).backgroundColor"


def _taille(page: Page) -> tuple[int, Literal["light", "dark"]]:
    sombre = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    return int(page.evaluate("innerWidth")), "dark" if sombre else "light"


def verifier_largeur(page: Page) -> None:
    assert debord(page) == 0, f"{page.url}: {debord(page)} px beyond the window"


def debord(page: Page) -> int:
    """How many pixels of the page are beyond the window's side, once it is whole."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


class Tabulation(NamedTuple):
    """What Tab reaches, in order: the text of each element, its id or what names it; those that do not show it."""

    textes: list[str]
    invisibles: list[str]


def tabulation(page: Page) -> Tabulation:
    """Tab through the page from its beginning, wherever the page had put the focus."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    textes, invisibles = [], []
    page.keyboard.press("Tab")
    while texte := page.evaluate(ATTEINT):
        textes.append(texte["texte"])
        if not texte["visible"]:
            invisibles.append(texte["texte"])
        page.keyboard.press("Tab")
    return Tabulation(textes, invisibles)


def a_atteindre(page: Page) -> list[str]:
    """What Tab should reach, as ``tabulation`` names it: every link, field and button seen, a group of radios once."""
    return list(page.evaluate(A_ATTEINDRE))


NOMMER = "element => element.textContent.trim() || element.id || element.title || element.value || element.ariaLabel"
ATTEINT = """() => {
    const nommer = NOMMER;
    const atteint = document.activeElement;
    if (atteint === document.body) return null;
    return {
        texte: nommer(atteint),
        visible: getComputedStyle(atteint).outlineStyle !== "none"
            || getComputedStyle(atteint.nextElementSibling ?? atteint, "::before").outlineStyle !== "none",
    };
}""".replace("NOMMER", NOMMER)
A_ATTEINDRE = """() => {
    const nommer = NOMMER;
    const ATTEIGNABLES = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']";
    const groupes = new Set();
    return [...document.querySelectorAll(ATTEIGNABLES)]
        .filter(element => element.checkVisibility() && !element.disabled)
        .filter(element => {
            if (element.type !== "radio") return true;
            const groupe = document.querySelectorAll(`input[type=radio][name="${element.name}"]`);
            if ([...groupe].some(radio => radio.checked)) return element.checked;
            if (groupes.has(element.name)) return false;
            groupes.add(element.name);
            return true;
        })
        .map(nommer);
}""".replace("NOMMER", NOMMER)
