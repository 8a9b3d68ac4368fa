"""Our loader writes what Django's writes, byte for byte, and asks once what does not change."""

import datetime
from collections import namedtuple
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.template import Context, Engine, RequestContext
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from dossier.rules.vocabulaire import Etat
from mespoints.lib import templates

Paire = namedtuple("Paire", "un deux")


class Objet:
    attribut = "d'objet"
    vide = ""

    def methode(self) -> str:
        return "<methode>"

    @property
    def casse(self) -> str:
        raise AttributeError("casse")

    def __str__(self) -> str:
        return "<objet> & co"


VALEURS: dict[str, Any] = {
    "texte": 'L\'article <b> & "co"',
    "sur": format_html("<b>{}</b>", "sûr"),
    "entier": 1234567,
    "vrai": True,
    "rien": None,
    "decimal": Decimal("1234.50"),
    "flottant": 1.5,
    "jour": datetime.date(2021, 7, 21),
    "instant": datetime.datetime(2021, 7, 21, 12, tzinfo=datetime.UTC),
    "etat": Etat.VALIDE,
    "paresseux": SimpleLazyObject(lambda: {"cle": "<paresseux>"}),
    "traduit": gettext_lazy("Yes"),
    "objet": Objet(),
    "appelable": lambda: {"cle": "<appelé>"},
    "dico": {"cle": "<valeur>", "un": {"deux": "a & b"}, "items": "clé", "0": "zéro"},
    "paire": Paire("<un>", {"cle": "deux"}),
    "liste": ["a<", "b"],
    "classe": Objet,
}
CHEMINS = [
    *VALEURS,
    *("dico.cle", "dico.un.deux", "dico.items", "dico.keys", "dico.0", "dico.absent", "dico.absent.encore"),
    *("paire.un", "paire.deux.cle", "paire.0", "paire.count", "paire.absent", "liste.0", "liste.7", "texte.upper"),
    *("objet.attribut", "objet.vide", "objet.methode", "objet.casse", "objet.absent", "classe.attribut"),
    *("paresseux.cle", "appelable.cle", "absente", "absente.encore", "None", "True"),
]
GABARITS = {
    "base.html": "{% block titre %}T{% endblock %}[{% block corps %}B {{ texte }}{% endblock %}]"
    "{% block vide %}{% endblock %}"
    "{% include 'bout.html' %}{% block fin %}fin {{ dico.cle }}{% endblock %}",
    "milieu.html": "{% extends 'base.html' %}{% block corps %}M({{ block.super }}){% block dedans %}d{% endblock %}"
    "{% endblock %}{% block titre %}({{ block.super }}){% endblock %}",
    "page.html": "{% extends parent %}{% block titre %}P {{ block.super }}{% endblock %}"
    "{% block fin %}constante{% endblock %}"
    "{% block dedans %}{{ paire.un }}{% include 'bout.html' with texte=dico.cle %}{% endblock %}",
    "bout.html": "<{{ texte }}{% url 'accueil' as ici %}{{ ici }}>",
    "seul.html": "{% include 'bout.html' with texte='x' only %}{% include nom %}{{ ici }}",
    "adresses.html": "{% load static %}{% url 'aide' %}{% url 'aide' as aide %}{{ aide }}{% static 'css/site.css' %}"
    "{% url 'absente' as absente %}({{ absente }}){% url nommee %}{% static feuille %}",
    "sans_echappement.html": "{% autoescape off %}{{ texte }}{{ dico.cle }}{{ objet }}{% endautoescape %}"
    "{{ texte|upper }}",
    "boucle.html": "{% for x in liste %}{{ x }}{{ forloop.counter }}"
    "{% for y in liste %}{{ y }}{% if forloop.last and x %}!"
    "{% endif %}{% endfor %}{% empty %}vide{% endfor %}{% with z=dico %}{{ z.cle }}{% endwith %}{{ z }}",
    **{f"valeur-{c}": f"{{{{ {c} }}}}" for c in CHEMINS},
    **{f"si-{c}": f"{{% if {c} %}}oui{{% else %}}non{{% endif %}}" for c in CHEMINS},
    **{
        f"si-pas-{c}": f"{{% if not {c} and entier > 3 or {c} == texte %}}a{{% elif {c} %}}b{{% endif %}}"
        for c in CHEMINS
    },
}


def moteur(chargeur: str) -> Engine:
    enveloppe = (chargeur, [("django.template.loaders.locmem.Loader", GABARITS)])
    bibliotheques = {"static": "django.templatetags.static"}
    return Engine(loaders=[enveloppe], libraries=bibliotheques)


def rendu(engine: Engine, nom: str, **plus: Any) -> str:
    """The page, or the error that Django raises."""
    valeurs = VALEURS | {"parent": "milieu.html", "nom": "bout.html", "nommee": "aide", "feuille": "css/site.css"}
    contexte = RequestContext(RequestFactory().get("/"), valeurs | plus)
    try:
        return str(engine.get_template(nom).render(contexte))
    except Exception as erreur:  # noqa: BLE001  compared
        return f"{type(erreur).__name__} {erreur}"


@pytest.mark.parametrize("nom", GABARITS)
def test_le_chargeur_ecrit_ce_que_django_ecrit(nom: str) -> None:
    django, notre = moteur("django.template.loaders.cached.Loader"), moteur("mespoints.lib.templates.Loader")
    attendu = rendu(django, nom)
    assert [rendu(notre, nom), rendu(notre, nom)] == [attendu, attendu]


def test_une_page_change_de_parent_et_de_valeurs() -> None:
    django, notre = moteur("django.template.loaders.cached.Loader"), moteur("mespoints.lib.templates.Loader")
    for parent in ("milieu.html", "base.html", "milieu.html"):
        for texte in ("a'", "<b>"):
            assert rendu(notre, "page.html", parent=parent, texte=texte) == rendu(
                django, "page.html", parent=parent, texte=texte
            )


def test_une_adresse_constante_n_est_cherchee_qu_une_fois_par_site() -> None:
    notre = moteur("mespoints.lib.templates.Loader")
    page = notre.from_string("").engine.get_template("bout.html")
    with patch("django.urls.reverse", return_value="/une/") as cherchee:
        assert [page.render(Context({"texte": "x"})) for _ in range(2)] == ["<x/une/>"] * 2
        assert cherchee.call_count == 1
        with patch.object(templates, "get_script_prefix", return_value="/ailleurs/"):
            page.render(Context({"texte": "x"}))
        assert cherchee.call_count == 2


def test_un_gabarit_que_l_on_met_au_point_reste_celui_de_django() -> None:
    enveloppe = ("mespoints.lib.templates.Loader", [("django.template.loaders.locmem.Loader", GABARITS)])
    assert type(Engine(loaders=[enveloppe], debug=True).get_template("base.html").nodelist[0]).__name__ == "BlockNode"
    assert type(moteur("mespoints.lib.templates.Loader").get_template("base.html").nodelist[0]).__name__ == "_Block"
