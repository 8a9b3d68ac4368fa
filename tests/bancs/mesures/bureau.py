"""Every page of the desk as each agent of the demonstration gets it, and what its forms answer to what they refuse."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import tinyhtml5
from playwright.sync_api import APIRequestContext, APIResponse, Playwright

from demo.identites import IDENTITES
from tests.bancs.mesures.parcours import XHTML, Vue, formulaires, visiteur, vue
from tests.bancs.mesures.site import Site

ACCUEIL, RECHERCHE = "/admin/", "/admin/dossier/dossier/"
#: Each agent of the demonstration, by what they may do, and the driver of their département whose dossier they open.
AGENTS = {
    "agent.rhone@exemple.fr": "julien",
    "valideur.rhone@exemple.fr": "julien",
    "agent.gironde@exemple.fr": "thomas",
    "admin@exemple.fr": None,
}


def parcourir(playwright: Playwright, site: Site) -> Iterator[Vue]:
    """Follow every link of the desk, from its first page and from an opened dossier."""
    for qui, conducteur in AGENTS.items():
        with visiteur(playwright, site, qui) as agent:
            a_lire = [ACCUEIL] + ([_ouvrir(agent, IDENTITES[conducteur].neph)] if conducteur else [])
            lues: set[str] = set()
            while a_lire:
                chemin = a_lire.pop()
                if chemin in lues:
                    continue
                lues.add(chemin)
                reponse = agent.get(chemin)
                if (page := vue(qui, reponse)) is None:
                    continue
                yield page
                yield from formulaires(agent, qui, reponse)
                a_lire += _liens(reponse)


def _ouvrir(agent: APIRequestContext, neph: str) -> str:
    """Open a dossier as an agent does, by its number and for a reason: the address of its page."""
    recherche = agent.get(RECHERCHE)
    (jeton,) = {
        champ.get("value") or ""
        for champ in tinyhtml5.parse(recherche.text()).iter(f"{XHTML}input")
        if champ.get("name") == "csrfmiddlewaretoken"
    }
    saisie = {"csrfmiddlewaretoken": jeton, "neph": neph, "motif": "guichet", "precision": "demande au guichet"}
    ouverte = agent.post(RECHERCHE, form=saisie, headers={"Referer": recherche.url})
    chemin = urlsplit(ouverte.url).path
    if chemin == RECHERCHE:
        raise SystemExit(f"le dossier ne s'ouvre pas : {ouverte.status}")
    return chemin


def _liens(page: APIResponse) -> Iterator[str]:
    for lien in tinyhtml5.parse(page.text()).iter(f"{XHTML}a"):
        chemin = urlsplit(lien.get("href") or "").path
        if chemin.startswith(ACCUEIL):
            yield chemin
