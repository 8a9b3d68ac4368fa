"""The measures measure: pages are compressed, a form is filled as its fields want, nothing names a registry."""

import gzip
import json
import os
import re
import subprocess
import sys

import pytest
import tinyhtml5
from django.test import Client
from PIL import Image

from demo.identites import IDENTITES
from tests.accounts.factories import RattachementFactory
from tests.bancs.bench.base import RACINE
from tests.bancs.mesures.accessibilite import Constat, distinctes, tableau
from tests.bancs.mesures.images import ECHELLE, ETATS, HAUTEUR, planche
from tests.bancs.mesures.parcours import REPONSES, XHTML, Vue, remplir
from tests.bancs.mesures.poids import PAGES, Visite
from tests.bancs.mesures.programmes import SOURCE
from tests.bancs.mesures.site import SANS_DOSSIER, Site

SITE = Site("http://localhost:1", {"camille.martin@exemple.fr": "a", "fc:camille.martin@exemple.fr": "b"})


@pytest.mark.django_db
@pytest.mark.parametrize("chemin", ["/", "/mes-points/", "/nexiste/pas/"])
def test_une_page_voyage_comprimee_et_de_longueur_imprevisible(client: Client, chemin: str) -> None:
    client.force_login(RattachementFactory().user)
    reponses = [client.get(chemin, headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    assert {reponse["Content-Encoding"] for reponse in reponses} == {"gzip"}
    assert "Accept-Encoding" in reponses[0]["Vary"]
    assert b"<!DOCTYPE html>" in gzip.decompress(reponses[0].content)
    assert "Content-Encoding" not in client.get(chemin)
    # The middleware hides a file name of random length in the header of the archive: what BREACH would measure.
    assert (
        len({len(reponse.content) - len(gzip.compress(gzip.decompress(reponse.content))) for reponse in reponses}) > 1
    )


def test_les_programmes_se_chargent_avant_django() -> None:
    """Each sets its own settings, then loads the models: one that comes too early breaks a target that no test runs."""
    programmes = (
        "tests.bancs.mesures.__main__, tests.bancs.bench.__main__, tests.bancs.bench.pages, tests.bancs.load.__main__,"
        "tests.bancs.attaques.__main__"
    )
    nu = {nom: valeur for nom, valeur in os.environ.items() if nom != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", f"import {programmes}"], env=nu, check=True, cwd=RACINE)


def test_une_visite_compte_ce_qui_a_voyage() -> None:
    adresses = {"1": "http://localhost:1/", "2": "http://localhost:1/a.css", "3": "http://localhost:10/", "4": "data:,"}
    visite = Visite(adresses, {"1": 2_500.0, "2": 0.0, "3": 500.0, "4": 0.0})
    assert (visite.total, visite.html, visite.requetes) == (3.0, 2.5, 2)
    assert visite.dehors("http://localhost:1") == ["http://localhost:10/"]


def test_un_persona_a_une_session_par_porte() -> None:
    assert (SITE.session("camille"), SITE.session("fc:camille")) == ("a", "b")


def test_un_formulaire_est_rempli_selon_ses_champs() -> None:
    texte = (
        '<form><input type=hidden name=jeton value=j><input type=date name=jour><input name=libre value="x">'
        "<button name=action value=envoyer>Envoyer</button><input type=checkbox name=c><p>non</p></form>"
    )
    (formulaire,) = tinyhtml5.parse(texte).iter(f"{XHTML}form")
    rempli = remplir(formulaire, REPONSES["rempli"])
    assert {cle: rempli[cle] for cle in ("jeton", "jour", "libre", "c")} == {
        **{"jeton": "j", "jour": "2026-03-14", "libre": "1", "c": ""}
    }
    assert remplir(formulaire, REPONSES["vide"])["jour"] == ""


def test_une_planche_montre_chaque_vue_a_sa_place() -> None:
    feuille = planche(
        [Image.new("RGB", (largeur, HAUTEUR), couleur) for largeur, couleur in [(320, "red"), (1280, "blue")]]
    )
    milieu = int(HAUTEUR * ECHELLE / 2)
    couleurs = [feuille.getpixel((x, milieu)) for x in (60, feuille.width - 60)]
    assert couleurs == [(255, 0, 0), (0, 0, 255)]


def test_les_quatorze_etats_et_les_pages_pesees_ont_leur_persona() -> None:
    assert [etat.nom[:2] for etat in ETATS] == [f"{rang:02}" for rang in range(1, 15)]
    assert {etat.cle for etat in ETATS} | {cle for cle in PAGES.values() if cle} <= {*IDENTITES, SANS_DOSSIER}


def test_le_verrou_ne_nomme_aucun_registre_et_tient_les_versions() -> None:
    verrou = (SOURCE / "package-lock.json").read_text()
    assert "resolved" not in verrou
    assert "registry" not in (SOURCE / ".npmrc").read_text().replace("omit-lockfile-registry-resolved", "")
    demandes = json.loads((SOURCE / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in demandes.values())
    assert json.loads(verrou)["packages"][""]["dependencies"] == demandes
    assert all("integrity" in paquet for nom, paquet in json.loads(verrou)["packages"].items() if nom)


def test_deux_histoires_ont_la_meme_structure_et_une_erreur_une_autre() -> None:
    courte = "<main><h1>A</h1><ul><li class=mp-ligne>1</li></ul></main>"
    longue = "<main><h1>B</h1><ul><li class=mp-ligne>2</li><li class=mp-ligne>3</li></ul></main>"
    refusee = '<main><h1>A</h1><p class="fr-error-text">Non</p><ul><li class=mp-ligne>1</li></ul></main>'
    vues = [
        Vue("x", "/", courte),
        Vue("y", "/", longue),
        Vue("z", "/, formulaire vide", refusee),
        Vue("z", "/b/", longue),
    ]
    assert distinctes(vues) == [vues[0], vues[2], vues[3]]


def test_le_tableau_compte_les_etats_et_leurs_fautes() -> None:
    constats = [Constat(Vue("x", "/", ""), "A", {"axe": "…"}), Constat(Vue("x", "/, formulaire vide", ""), "A", {})]
    assert tableau(constats).splitlines()[1].split()[:3] == ["/", "2", "1"]
