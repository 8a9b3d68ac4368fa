"""What a page weighs, as Chromium counts what came through the wire: compressed, headers included.

A first visit has an empty cache; a repeat visit opens the same page again in the same window.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.bancs.mesures.site import Site

#: Each page, and the persona who opens it: the one whose history is the longest. None for anybody.
PAGES: dict[str, str | None] = {
    "/": None,
    "/connexion/": None,
    "/comprendre/": None,
    "/stages/": None,
    "/mes-points/": "gerard",
    "/mes-points/previsionnel/": "gerard",
    "/mes-documents/": "gerard",
}
PREMIERE_KO, RETOUR_KO, HTML_KO = 60, 10, 14

#: Buttons that a script shows because only a script can obey them: without one, the field is typed in as ever.
AIDES_DE_SAISIE = {"Afficher", "Afficher le mot de passe", " le mot de passe", "le mot de passe"}


@dataclass
class Visite:
    """What one opening of a page asked for, by Chromium's number of the request."""

    adresses: dict[str, str] = field(default_factory=dict)
    octets: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return sum(self.octets.values()) / 1000

    @property
    def html(self) -> float:
        """The document, which is asked for first."""
        return self.octets[next(iter(self.adresses))] / 1000

    @property
    def requetes(self) -> int:
        """What went through the wire: a file taken from the cache weighs nothing."""
        return sum(1 for octets in self.octets.values() if octets)

    def dehors(self, url: str) -> list[str]:
        return [adresse for adresse in self.adresses.values() if not adresse.startswith((f"{url}/", "data:"))]


def mesurer(navigateur: Browser, site: Site) -> Iterator[dict[str, Any]]:
    for chemin, cle in PAGES.items():
        contexte = ouvrir(navigateur, site, cle)
        etat = contexte.request.get(chemin).status
        if etat != 200:
            yield {"mesure": f"{chemin} : réponse", "valeur": etat, "unite": "", "exige": "= 200", "tenu": False}
            continue
        page = contexte.new_page()
        premiere, retour = visiter(page, site.url + chemin), visiter(page, site.url + chemin)
        texte = page.inner_text("body")
        contexte.close()
        dehors = premiere.dehors(site.url) + retour.dehors(site.url)
        yield _figure(chemin, "première visite", premiere.total, "ko", PREMIERE_KO)
        yield _figure(chemin, "visite suivante", retour.total, "ko", RETOUR_KO)
        yield _figure(chemin, "HTML comprimé", premiere.html, "ko", HTML_KO)
        yield {"mesure": f"{chemin} : requêtes", "valeur": premiere.requetes, "unite": ""}
        yield _figure(chemin, "requêtes vers un autre serveur", len(dehors), "", 0) | {"lesquelles": dehors}
        sans = texte_sans_javascript(navigateur, site, chemin, cle)
        perdues = set(texte.split("\n")) - set(sans) - AIDES_DE_SAISIE
        yield _figure(chemin, "lignes perdues sans JavaScript", len(perdues), "", 0)


def _figure(chemin: str, quoi: str, valeur: float, unite: str, au_plus: int) -> dict[str, Any]:
    tenu = valeur <= au_plus
    return {"mesure": f"{chemin} : {quoi}", "valeur": valeur, "unite": unite, "exige": f"<= {au_plus}", "tenu": tenu}


def ouvrir(navigateur: Browser, site: Site, cle: str | None, **options: Any) -> BrowserContext:
    """A new visitor's window: an empty cache, and a session already open where ``cle`` names who it is."""
    options = {"viewport": {"width": 360, "height": 800}, **options}
    contexte = navigateur.new_context(base_url=site.url, locale="fr-FR", **options)
    if cle:
        contexte.add_cookies([site.temoin(cle)])
    return contexte


def visiter(page: Page, adresse: str) -> Visite:
    """Open the page until nothing more is asked for."""
    visite = Visite()
    cdp = page.context.new_cdp_session(page)
    cdp.on("Network.requestWillBeSent", lambda e: visite.adresses.setdefault(e["requestId"], e["request"]["url"]))
    cdp.on("Network.loadingFinished", lambda e: visite.octets.update({e["requestId"]: e["encodedDataLength"]}))
    cdp.send("Network.enable")
    page.goto(adresse, wait_until="networkidle")
    cdp.detach()
    return visite


def texte_sans_javascript(navigateur: Browser, site: Site, chemin: str, cle: str | None) -> list[str]:
    contexte = ouvrir(navigateur, site, cle, java_script_enabled=False)
    page = contexte.new_page()
    page.goto(chemin)
    texte = page.inner_text("body")
    contexte.close()
    return texte.split("\n")
