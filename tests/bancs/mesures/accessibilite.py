"""Every page and each of its states, in the browser, by what a program can see of accessibility: ``make a11y``.

A state whose structure was already seen is not looked at again: two histories differ by their words, not by their
elements. What is left is what no program sees: whether the words are clear, the order wise, the pictures well told.
"""

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from multiprocessing import get_context
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import tinyhtml5
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright
from tqdm import tqdm

from tests.bancs.mesures import bureau
from tests.bancs.mesures.parcours import XHTML, Vue, parcourir
from tests.bancs.mesures.site import Site
from tests.browser.navigateur import ARGUMENTS, CHROMIUM, REGLES, a_atteindre, debord, tabulation

AXE = Axe().axe_script
PROCESSUS = 2
LOT = 10  # views that a browser sees before it is closed
#: All the rules in one size and theme, and in the other of both; between them, what a theme or a size alone changes.
CONTRASTES = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
COMBINAISONS: list[tuple[int, Any, dict[str, Any]]] = [
    (320, "light", REGLES),
    (320, "dark", CONTRASTES),
    (1280, "dark", REGLES),
    (1280, "light", CONTRASTES),
]
CRITERES = ["axe", "320 px", "200 %", "couleurs forcées", "sans mouvement", "clavier", "sans JavaScript", "titres"]


class Constat(NamedTuple):
    """What was seen on one state of a page: what is wrong, by criterion; nothing where all is well."""

    vue: Vue
    titre: str
    fautes: dict[str, str]


def mesurer(playwright: Playwright, site: Site) -> Iterator[dict[str, Any]]:
    toutes = [*parcourir(playwright, site), *bureau.parcourir(playwright, site)]
    vues = distinctes(toutes)
    constats: list[Constat] = []
    for constat in tqdm(_constater(vues, site.url), total=len(vues), unit="état", disable=None):
        constats.append(constat)
        for critere, faute in constat.fautes.items():
            ou = f"{constat.vue.chemin} ({constat.vue.qui})"
            yield {"mesure": f"{ou}, {critere}", "valeur": 1, "unite": "", "extrait": faute[:600], "tenu": False}
    sys.stdout.write(tableau(constats))
    yield from _memes_titres(constats)
    fautes = sum(len(constat.fautes) for constat in constats)
    yield {
        "mesure": f"fautes sur {len(vues)} états différents, de {len(toutes)} vus",
        **{"valeur": fautes, "unite": "", "exige": "<= 0", "tenu": not fautes},
    }


def _constater(vues: list[Vue], url: str) -> Iterator[Constat]:
    """What was seen of each, in their order, as it comes. Stopped, it leaves no process behind."""
    lots = [vues[debut : debut + LOT] for debut in range(0, len(vues), LOT)]
    # Not forked: this process holds Playwright's own loop.
    pool = ProcessPoolExecutor(PROCESSUS, mp_context=get_context("spawn"))
    try:
        for constats in pool.map(examiner, lots, [url] * len(lots)):
            yield from constats
    finally:
        pool.shutdown(cancel_futures=True)


def distinctes(vues: list[Vue]) -> list[Vue]:
    """One view for each address and structure of its content: the frame is the same for all, but for who is named.

    A refusal is looked at once, whatever its address.
    """
    trouvees = {(not vue.refus and vue.chemin.partition(",")[0], structure(vue.html)): vue for vue in reversed(vues)}
    return list(reversed(trouvees.values()))


def structure(html: str) -> str:
    """What a page is made of, whatever its words: elements, classes and roles; siblings that are alike count once."""
    page = tinyhtml5.parse(html)
    contenu = next(page.iter(f"{XHTML}main"), page)
    return hashlib.sha256(repr(_forme(contenu)).encode()).hexdigest()


def _forme(element: Element) -> Any:
    enfants = [_forme(enfant) for enfant in element if isinstance(enfant.tag, str)]
    attributs = tuple(element.get(nom) or "" for nom in ("class", "role", "type"))
    return element.tag.removeprefix(XHTML), attributs, tuple(dict.fromkeys(map(repr, enfants)))


def examiner(vues: list[Vue], url: str) -> list[Constat]:
    """Look at these views in a browser of this process."""
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        return [examiner_une(navigateur, vue, url) for vue in vues]


def examiner_une(navigateur: Browser, vue: Vue, url: str) -> Constat:
    contexte = navigateur.new_context(base_url=url, locale="fr-FR", viewport={"width": 320, "height": 900})
    page = contexte.new_page()
    _montrer(page, vue)
    titre = page.title()
    fautes = {critere: faute for critere, controle in CONTROLES.items() if (faute := controle(page))}
    contexte.close()
    if faute := _sans_javascript(navigateur, vue, url):
        fautes["sans JavaScript"] = faute
    return Constat(vue, titre, fautes)


def _montrer(page: Page, vue: Vue) -> None:
    """Show this very answer at its address: it was refused once, and asking again could give another."""
    chemin = vue.chemin.partition(",")[0]

    def repondre(route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(body=vue.html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    page.route("**/*", repondre)
    page.goto(chemin)
    page.evaluate("document.fonts.ready.then(() => true)")


def _axe(page: Page) -> str:
    """Once as it comes, then with every ``<details>`` open in each size and theme: what is hidden is not looked at."""
    fautes = [_violations(page, *COMBINAISONS[0])] if page.locator("details:not([open])").count() else []
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    fautes += [_violations(page, *combinaison) for combinaison in COMBINAISONS]
    return "\n".join(filter(None, fautes))


def _violations(page: Page, largeur: int, theme: Any, regles: dict[str, Any]) -> str:
    page.set_viewport_size({"width": largeur, "height": 900})
    page.emulate_media(color_scheme=theme)
    if not page.evaluate("'axe' in window"):  # it is half a megabyte: once a page, not once a look
        page.evaluate(AXE)
    resultat = AxeResults(page.evaluate("regles => axe.run(document, regles)", regles))
    return f"{largeur} {theme} : {resultat.generate_report()}" if resultat.violations_count else ""


def _etroite(page: Page) -> str:
    page.set_viewport_size({"width": 320, "height": 900})
    return _deborde(page)


def _deux_fois(page: Page) -> str:
    """Text twice as large in a window of 640 px, which is 1280 zoomed."""
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    faute = _deborde(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return faute


def _couleurs_forcees(page: Page) -> str:
    """The visitor's own colours: nothing overflows, and what has the focus still shows it."""
    page.emulate_media(forced_colors="active")
    faute = _deborde(page)
    invisibles = tabulation(page).invisibles
    page.emulate_media(forced_colors="none")
    return faute or (f"focus invisible : {invisibles}" if invisibles else "")


def _sans_mouvement(page: Page) -> str:
    page.emulate_media(reduced_motion="reduce")
    animations = page.evaluate("document.getAnimations().length")
    return f"{animations} animations" if animations else ""


def _clavier(page: Page) -> str:
    """Every link, field and button is reached, in the order read, and shows that it is."""
    page.set_viewport_size({"width": 320, "height": 900})
    attendus = a_atteindre(page)
    parcours = tabulation(page)
    if parcours.textes != attendus:
        ecart = unified_diff(attendus, parcours.textes, "attendus", "parcourus", lineterm="", n=1)
        return "\n".join(ecart)
    return f"focus invisible : {parcours.invisibles}" if parcours.invisibles else ""


def _titres(page: Page) -> str:
    """One title, one first heading, and no two sections of the same name."""
    if not page.title().strip():
        return "sans titre"
    if page.locator("h1").count() != 1:
        return f"{page.locator('h1').count()} titres de niveau 1"
    doubles = [texte for texte, combien in Counter(page.locator("h1,h2").all_inner_texts()).items() if combien > 1]
    return f"titres en double : {doubles}" if doubles else ""


def _sans_javascript(navigateur: Browser, vue: Vue, url: str) -> str:
    contexte = navigateur.new_context(
        base_url=url, viewport={"width": 320, "height": 900}, java_script_enabled=False, color_scheme="dark"
    )
    page = contexte.new_page()
    _montrer(page, vue)
    faute = _deborde(page) if page.locator("h1").first.is_visible() else "le titre ne se voit pas"
    contexte.close()
    return faute


def _deborde(page: Page) -> str:
    return f"{debord(page)} px de trop" if debord(page) else ""


#: Those that leave the page as they found it come in any order; the keyboard comes while the details are folded.
CONTROLES: dict[str, Callable[[Page], str]] = {
    "clavier": _clavier,
    "axe": _axe,
    "320 px": _etroite,
    "200 %": _deux_fois,
    "couleurs forcées": _couleurs_forcees,
    "sans mouvement": _sans_mouvement,
    "titres": _titres,
}


def _memes_titres(constats: list[Constat]) -> Iterator[dict[str, Any]]:
    """Two addresses that the same visitor reads have not the same title; a refusal says the same wherever it is met."""
    porteurs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for vue, titre, _ in constats:
        if "," not in vue.chemin and not vue.refus:
            porteurs[vue.qui, titre].add(vue.chemin)
    for (qui, titre), chemins in porteurs.items():
        if len(chemins) > 1:
            yield {
                "mesure": f"titre « {titre} » ({qui})",
                **{"valeur": len(chemins), "unite": "adresses", "extrait": str(sorted(chemins)), "tenu": False},
            }


def tableau(constats: list[Constat]) -> str:
    """A line an address: how many of its states were seen, and how many of them fail each criterion."""
    par_adresse: dict[str, list[Constat]] = defaultdict(list)
    for constat in constats:
        par_adresse[constat.vue.chemin.partition(",")[0]].append(constat)
    lignes = [["adresse", "états", *CRITERES]]
    for chemin, siens in sorted(par_adresse.items()):
        comptes = [sum(critere in constat.fautes for constat in siens) for critere in CRITERES]
        lignes.append([chemin, str(len(siens)), *map(str, comptes)])
    largeurs = [max(map(len, colonne)) for colonne in zip(*lignes, strict=True)]
    return "".join(
        "  ".join(case.ljust(largeur) for case, largeur in zip(ligne, largeurs, strict=True)).rstrip() + "\n"
        for ligne in lignes
    )
