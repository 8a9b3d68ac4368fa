"""The pictures of docs/etats.md: « Mes points » in its fourteen states, one sheet each.

A sheet shows a phone and a desktop, light and dark. The day is fixed, so that a sheet changes when the page does.
"""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from tests.bancs.bench.base import RACINE
from tests.bancs.mesures.poids import ouvrir
from tests.bancs.mesures.site import SANS_DOSSIER, Site

AU = date(2026, 11, 21)
PLACE = RACINE / "docs" / "images"
HAUTEUR, ECHELLE, MARGE = 1040, 0.5, 14
FOND = "#808080"
QUALITE = 45


class Etat(NamedTuple):
    """A state of the page, the persona who is in it, and the part that shows it when the top does not."""

    nom: str
    cle: str
    chemin: str = "/mes-points/"
    partie: str = ""


ETATS = (
    Etat("01-delai-probatoire", "hugo"),
    Etat("02-solde-complet", "camille"),
    Etat("03-points-perdus", "mohamed"),
    Etat("04-solde-nul", "karim"),
    Etat("05-invalide", "sebastien"),
    Etat("06-suspendu", "thomas"),
    Etat("07-annule", "franck"),
    Etat("08-sans-permis", "lea"),
    Etat("09-aucun-dossier", SANS_DOSSIER),
    Etat("10-infraction-en-attente", "antoine"),
    Etat("11-historique-corrige", "elodie", partie="#historique"),
    Etat("12-eligible-au-stage", "julien"),
    Etat("13-lettre-48n", "ines"),
    Etat("14-previsionnel", "gerard", "/mes-points/previsionnel/"),
)


def dessiner(navigateur: Browser, site: Site) -> Iterator[dict[str, Any]]:
    PLACE.mkdir(parents=True, exist_ok=True)
    for etat in ETATS:
        chemin = PLACE / f"{etat.nom}.webp"
        vues = [vue for largeur in (320, 1280) for vue in _vues(navigateur, site, etat, largeur)]
        planche(vues).save(chemin, quality=QUALITE, method=6)
        yield {"mesure": f"docs/images/{chemin.name}", "valeur": chemin.stat().st_size / 1000, "unite": "ko"}


def _vues(navigateur: Browser, site: Site, etat: Etat, largeur: int) -> Iterator[Image.Image]:
    for theme in ("light", "dark"):
        ecran: dict[str, Any] = {"viewport": {"width": largeur, "height": HAUTEUR}, "color_scheme": theme}
        contexte = ouvrir(navigateur, site, etat.cle, **ecran)
        page = contexte.new_page()
        page.goto(etat.chemin)
        if etat.partie:
            page.locator(etat.partie).evaluate("partie => partie.scrollIntoView()")
        page.evaluate("document.fonts.ready.then(() => null)")
        yield Image.open(io.BytesIO(page.screenshot()))
        contexte.close()


def planche(vues: list[Image.Image]) -> Image.Image:
    """Side by side, the top of each."""
    petites = [
        v.convert("RGB").resize((int(v.width * ECHELLE), int(v.height * ECHELLE)), Image.Resampling.LANCZOS)
        for v in vues
    ]
    largeur = sum(vue.width for vue in petites) + MARGE * (len(petites) + 1)
    feuille = Image.new("RGB", (largeur, petites[0].height + 2 * MARGE), FOND)
    gauche = MARGE
    for vue in petites:
        feuille.paste(vue, (gauche, MARGE))
        gauche += vue.width + MARGE
    return feuille
