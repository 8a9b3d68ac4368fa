"""Every page of the site as each visitor gets it, and what each of its forms answers to what it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import tinyhtml5
from playwright.sync_api import APIRequestContext, APIResponse, Playwright

from demo.personas import PERSONAS
from tests.bancs.mesures.site import PAR_FRANCECONNECT, SANS_DOSSIER, Site
from tests.mespoints.adresses import adresses

#: Sees every address; the other personas see what is made of their dossier.
COMPLETE = "camille"
DU_DOSSIER = ("dossier:", "documents:", "stages:")
#: Forms that end the visit.
SORTIES = ("/deconnexion/", "/compte/deconnecter-partout/", "/compte/sessions/", "/admin/logout/")
REPONSES = {
    "vide": {"text": ""},
    "insensé": {"text": "zz" * 40},
    "rempli": {"text": "1", "date": "2026-03-14", "email": "camille.martin@exemple.fr"},
}
XHTML = "{http://www.w3.org/1999/xhtml}"


class Vue(NamedTuple):
    """A page as somebody got it. ``refus``: what was asked is not given; such a page is the same wherever it is met."""

    qui: str
    chemin: str
    html: str
    refus: bool = False


def parcourir(playwright: Playwright, site: Site) -> Iterator[Vue]:
    toutes = [adresse for adresse in adresses() if not adresse.chemin.startswith("/admin/")]
    du_dossier = [adresse for adresse in toutes if adresse.nom.startswith(DU_DOSSIER)]
    qui_voit: dict[str, Any] = {"anonyme": toutes, SANS_DOSSIER: toutes}
    qui_voit |= {persona.cle: toutes if persona.cle == COMPLETE else du_dossier for persona in PERSONAS}
    qui_voit[f"{PAR_FRANCECONNECT}{COMPLETE}"] = du_dossier
    for qui, siennes in qui_voit.items():
        lues: set[str] = set()
        with visiteur(playwright, site, qui) as lecteur:
            for adresse in siennes:
                reponse = lecteur.get(adresse.chemin)
                page = vue(qui, reponse)
                if page and page.chemin not in lues:
                    lues.add(page.chemin)
                    yield page
                    if siennes is toutes:
                        yield from formulaires(lecteur, qui, reponse)


@contextmanager
def visiteur(playwright: Playwright, site: Site, qui: str) -> Iterator[APIRequestContext]:
    """Somebody who asks for pages without a browser, signed in unless ``anonyme``."""
    temoins = [] if qui == "anonyme" else [site.temoin(qui)]
    contexte = playwright.request.new_context(base_url=site.url, storage_state={"cookies": temoins, "origins": []})
    yield contexte
    contexte.dispose()


def vue(qui: str, reponse: APIResponse) -> Vue | None:
    """The answer as a view, if it is a page: a file is not. An error of the site ends the measure."""
    chemin = urlsplit(reponse.url).path
    if reponse.status >= 500 and not chemin.startswith("/panne/"):
        raise SystemExit(f"{reponse.url} : {reponse.status}")
    if not reponse.headers.get("content-type", "").startswith("text/html"):
        return None
    return Vue(qui, chemin, reponse.text(), reponse.status >= HTTPStatus.BAD_REQUEST)


def formulaires(visiteur: APIRequestContext, qui: str, page: APIResponse) -> Iterator[Vue]:
    """What each form of the page answers: to nothing, to nonsense, and to sense where asking changes nothing."""
    for formulaire in tinyhtml5.parse(page.text()).iter(f"{XHTML}form"):
        action = urljoin(page.url, formulaire.get("action") or "")
        if any(sortie in action for sortie in SORTIES):
            continue
        poste = (formulaire.get("method") or "").lower() == "post"
        for etat, valeurs in REPONSES.items():
            if poste and etat == "rempli":
                continue
            champs = remplir(formulaire, valeurs)
            if poste:
                reponse = visiteur.post(action, form=champs, headers={"Referer": page.url})
            else:
                reponse = visiteur.get(action, params=champs)
            if vue(qui, reponse):
                yield Vue(qui, f"{urlsplit(page.url).path}, formulaire {etat}", reponse.text())
        if poste:
            yield Vue(
                qui, f"{urlsplit(page.url).path}, formulaire sans jeton", visiteur.post(action).text(), refus=True
            )


def remplir(formulaire: Element, valeurs: dict[str, str]) -> dict[str, str | float | bool]:
    champs: dict[str, str | float | bool] = {}
    for element in formulaire.iter():
        genre = element.get("type") or "text"
        if (nom := element.get("name")) and element.tag.removeprefix(XHTML) in {
            "input",
            "select",
            "textarea",
            "button",
        }:
            cache = genre in {"hidden", "submit", "radio", "checkbox"}
            champs[nom] = (element.get("value") or "") if cache else valeurs.get(genre, valeurs["text"])
    return champs
