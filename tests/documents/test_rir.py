"""The RIR: existence, categories and validity, and nothing else; what it is not; its page says the same."""

import html
import re
from dataclasses import fields
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from documents.contenus import ReleveRestreint
from documents.selectors import get_releve_restreint
from documents.services import RIR
from tests.documents.dossiers import INVALIDATION, SOLDE_NUL, client_of, file_of, make_dossier, suspension
from tests.documents.pdf import plain, text_of
from tests.documents.test_adcs import INDISCRET, TIRES, main_text
from tests.documents.test_contenus import CHAMPS, noms_des_champs

pytestmark = pytest.mark.django_db

PAGE = "/mes-documents/rir/"


def test_the_content_type_has_the_fields_of_the_adcs_but_the_address_and_the_term() -> None:
    absents = {"adresse", "valable_jusqu_au"}
    assert noms_des_champs(ReleveRestreint) - {"PORTEE"} == CHAMPS - absents
    assert {f.name for f in fields(ReleveRestreint)} == {n for n in CHAMPS - absents if "." not in n}


@pytest.mark.parametrize(
    ("faits", "mot"),
    [([], "VALIDE"), (SOLDE_NUL, "VALIDE"), ([suspension("2026-01-01")], "SUSPENDU"), ([INVALIDATION], "INVALIDÉ")],
    ids=["valide", "solde nul", "suspendu", "invalidé"],
)
def test_the_file_and_the_page_say_the_same_facts_and_nothing_of_why(faits: list[Any], mot: str) -> None:
    dossier_id = make_dossier(*faits, date_naissance="1980-01-01")
    fichier, page = text_of(file_of(RIR, dossier_id)), main_text(client_of(dossier_id), PAGE)
    rir = get_releve_restreint(dossier_id, now=timezone.now())
    categories = [t for c in rir.categories for t in (c.code, c.vehicules, c.depuis, c.jusqu_au)]
    titulaire = [texte for ligne in rir.lignes_titulaire for texte in ligne]
    for fait in [mot, rir.phrase, rir.PORTEE, rir.titre_categories, *rir.mesures, *categories, *titulaire]:
        assert plain(fait).casefold() in fichier.casefold(), fait
        assert plain(fait).casefold() in page.casefold(), fait
    for texte in (fichier, page):
        assert not INDISCRET.search(re.sub(r"RIR-\w{5}-\w{5}", "", TIRES.sub("", texte)))
        assert "2 avenue des Érables" not in texte


def test_the_list_says_in_one_line_that_the_adcs_replaced_it() -> None:
    contenu = html.unescape(client_of(make_dossier()).get("/mes-documents/").content.decode())
    assert re.search(r"Relevé d'information restreint \(RIR\)</strong>\s*: remplacé par l'ADCS\.", contenu)
    assert f'href="{PAGE}"' in contenu


def test_without_a_licence_or_a_session_there_is_none() -> None:
    client = client_of(make_dossier(permis=False, categories=[]))
    assert [client.get(PAGE).status_code, client.post(PAGE).status_code] == [200, 409]
    assert Client().post(PAGE).status_code == 302
    assert client_of(None).get(PAGE).status_code == 403
