"""A changed word, figure or link is seen whatever the markup around it; what is drawn each time is not."""

import http.client
import json
from pathlib import Path

import pytest

from tests.bancs.comparaison.ecarts import comparer, masquer
from tests.bancs.comparaison.lecture import decrire, texte
from tests.visiteur import Reponse

PAGE = """<!doctype html><html lang="fr"><title>Mes points</title><body><p class="a">Votre solde est de
<b>9</b>&nbsp;points, le 30/11/2026 à 18 h 52. <a href="/stages/">Suivre un stage</a></p><form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="{jeton}">
<label>Numéro <input name="numero" required></label></form></body></html>"""


def page(ancien: str = "", nouveau: str = "", jeton: str = "abc") -> str:
    return masquer(texte(PAGE.format(jeton=jeton).replace(ancien, nouveau)))


@pytest.mark.parametrize(
    ("ancien", "nouveau"),
    [
        ("Votre solde", "Le solde"), ("<b>9</b>", "<b>8</b>"), ("30/11/2026", "01/12/2026"), ("/stages/", "/stage/"),
        ("&nbsp;", " "), ("required", ""), ('name="numero"', 'name="neph"'), ("Mes points", "Vos points"),
    ],
)  # fmt: skip
def test_un_mot_ou_un_chiffre_change_se_voit(ancien: str, nouveau: str) -> None:
    assert page(ancien, nouveau) != page()


@pytest.mark.parametrize(
    ("ancien", "nouveau"),
    [("18 h 52", "07 h 03"), ('class="a"', 'id="b"'), ("<p ", "\n\n  <p "), ("<label>", "<div><label>")],
)
def test_l_heure_le_jeton_et_le_balisage_ne_se_voient_pas(ancien: str, nouveau: str) -> None:
    assert page(ancien, nouveau, jeton="xyz") == page()


def test_une_page_qui_manque_et_une_ligne_changee_sont_dites(tmp_path: Path) -> None:
    entetes = http.client.HTTPMessage()
    entetes["Content-Type"] = "text/html"
    lue = decrire(Reponse(200, entetes, PAGE.encode(), 0.0))
    avant = [
        ["pages", "x /", lue],
        ["pages", "x /aide/", lue],
        ["courriels", "à a, S", "b"],
        ["courriels", "à a, S", "a"],
    ]
    apres = [["courriels", "à a, S", "a"], ["courriels", "à a, S", "b"], ["pages", "x /", lue.replace("9", "8")]]
    fichiers = []
    for nom, notes in (("avant", avant), ("apres", apres)):
        fichiers.append(tmp_path / nom)
        fichiers[-1].write_text(json.dumps(notes))
    dites: list[str] = []
    assert not comparer(*fichiers, dites.append)
    assert [dite.splitlines()[1] for dite in dites[:2]] == ["=== pages · x /", "=== pages · x /aide/"]
    assert any("8" in ligne and ligne.startswith("+") for ligne in dites[0].splitlines())
    pages, courriels = (
        f"{genre:<28}     2 comparés, {n:>4} différents" for genre, n in (("pages", 2), ("courriels", 0))
    )
    assert dites[2:] == [pages, courriels]
    assert comparer(fichiers[0], fichiers[0], dites.append)
