"""css/site.css holds what the templates use, obeys the policy, and weighs little."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from mespoints.lib.stylesheet import DIST, build

BASE = Path(settings.BASE_DIR)
GABARITS = sorted((BASE / "templates").rglob("*.html"))
FEUILLE = Path(finders.find("css/site.css")).read_text()
#: Written, and shipped, only where the State asks for its marks.
MARQUES = {"fr-logo", "fr-connect", "fr-connect-group", "fr-connect__login", "fr-connect__brand"}
DSFR = (DIST / "dsfr.main.min.css").read_text()


def classes(texte: str) -> set[str]:
    return set(re.findall(r"\.((?:fr|mp)-[\w-]+)", texte))


def test_chaque_classe_du_dsfr_ecrite_dans_un_gabarit_est_dans_la_feuille() -> None:
    ecrites = set(re.findall(r"\bfr-[\w-]+", " ".join(chemin.read_text() for chemin in GABARITS)))
    assert (ecrites - MARQUES) & classes(DSFR) - classes(FEUILLE) == set()


def test_nos_feuilles_y_sont_entieres() -> None:
    for chemin in sorted((BASE / "static/css").glob("*.css")):
        sans_commentaire = re.sub(r"/\*.*?\*/", "", chemin.read_text(), flags=re.DOTALL)
        assert classes(re.sub(r"url\([^)]*\)", "", sans_commentaire)) <= classes(FEUILLE), chemin.name


def test_le_sombre_suit_le_systeme_sans_script() -> None:
    sombre = FEUILLE[FEUILLE.index("@media (prefers-color-scheme:dark)") :]
    assert re.search(r":root:not\(\[data-fr-theme=light\]\)[^{]*\{[^}]*--grey-1000-50:", sombre)


def test_aucune_police_de_l_etat_aucune_image_en_ligne_aucune_adresse_lointaine() -> None:
    assert "Marianne" not in FEUILLE
    assert "data:" not in FEUILLE
    assert "://" not in FEUILLE


def test_chaque_adresse_mene_a_un_fichier_servi() -> None:
    adresses = set(re.findall(r"url\([\"']?([^)\"']+)", FEUILLE))
    assert adresses
    for adresse in adresses:
        chemin = adresse.removeprefix("../") if adresse.startswith("../") else f"css/{adresse}"
        assert finders.find(chemin), adresse


def test_le_paquet_dsfr_n_est_pas_servi_mais_l_administration_l_est() -> None:
    assert finders.find("dsfr/dist/dsfr.min.css") is None
    assert finders.find("admin/css/base.css")


def test_la_feuille_pese_peu() -> None:
    assert len(brotli.compress(FEUILLE.encode())) <= 17_000


def test_sans_les_marques_de_l_etat_aucune_n_est_livree() -> None:
    assert classes(FEUILLE) & MARQUES == set()


def test_avec_les_marques_de_l_etat_marianne_est_livree(tmp_path: Path) -> None:
    build(tmp_path, words={"html", "body", "root", "p", "a", *MARQUES}, own_sheets=[], marque_etat=True)
    feuille = (tmp_path / "site.css").read_text()
    assert "Marianne" in feuille
    assert classes(feuille) >= MARQUES
    assert (tmp_path / "fonts/Marianne-Regular.woff2").exists()


def test_une_adresse_qui_ne_mene_nulle_part_arrete_la_construction(tmp_path: Path) -> None:
    feuille = tmp_path / "a.css"
    feuille.write_text("body{background:url(absent.png)}")
    with pytest.raises(FileNotFoundError):
        build(tmp_path, words={"body"}, own_sheets=[feuille], marque_etat=False)
