"""The RII: all of a driver's dossier, for who came by FranceConnect; to nobody else, by any way."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from documents.rules.mentions import mentionner
from documents.selectors import get_releve
from documents.services import RII
from mespoints.lib.visiteur import NIVEAU_FC
from tests.documents.dossiers import (
    ANNULATION,
    CATEGORIES,
    INVALIDATION,
    PERTE,
    client_of,
    file_of,
    make_dossier,
    suspension,
)
from tests.documents.pdf import open_pdf, plain, text_of

pytestmark = pytest.mark.django_db

PAGE = "/mes-documents/rii/"
FAITS: list[dict[str, Any]] = [
    PERTE,
    {"id": "st1", "type": "stage", "date_debut": "2026-05-04", "date_fin": "2026-05-05", "nature": "volontaire"},
    suspension("2026-02-01", "2026-04-30") | {"controle_medical": "non_requis"},
    {"id": "vm1", "type": "visite_medicale", "date_visite": "2025-03-03", "avis": "apte"},
    {"id": "l1", "type": "lettre", "reference": "48", "date_envoi": "2026-03-01", "fait": "i1"},
]  # fmt: skip


def by_franceconnect(dossier_id: int | None) -> Client:
    """A session of the higher level; how one gets it is tested in tests/accounts."""
    client = client_of(dossier_id)
    session = client.session
    session["niveau"] = NIVEAU_FC
    session.save()
    return client


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("niveau", [None, "password", "agent", "FC"])
def test_x1_any_other_session_is_refused_and_offered_franceconnect(methode: str, niveau: str | None) -> None:
    client = client_of(make_dossier())
    if niveau:
        session = client.session
        session["niveau"] = niveau
        session.save()
    response = getattr(client, methode)(PAGE)
    texte = html.unescape(response.content.decode())
    assert response.status_code == 403
    assert "403_niveau.html" in [t.name for t in response.templates]
    assert 'action="/franceconnect/connexion/"' in texte
    assert f'name="next" value="{PAGE}"' in texte
    assert "MARTIN" not in texte.partition("<main")[2]


def test_a_session_without_dossier_is_refused() -> None:
    assert client_of(None).get(PAGE).status_code == 403
    assert by_franceconnect(None).get(PAGE).status_code == 403


def test_nobody_is_led_to_sign_in() -> None:
    assert Client().get(PAGE)["Location"].startswith("/connexion/?next=/mes-documents/rii/")


def expected(dossier_id: int) -> list[str]:
    rii = get_releve(dossier_id, now=timezone.now())
    lignes = [valeur for ligne in rii.lignes_personne for valeur in ligne]
    mentions = [texte for m in (*rii.titres, *rii.periodes, *rii.decisions) for texte in (m.titre, m.date, *m.details)]
    mouvements = [texte for v in rii.variations for texte in (v.titre, v.date, v.solde, v.article)]
    return [plain(t) for t in [*lignes, *mentions, *mouvements, rii.etat, rii.solde, rii.probatoire] if t]


@pytest.mark.parametrize(
    ("faits", "permis"),
    [([], True), (FAITS, True), ([*FAITS, INVALIDATION], True), ([*FAITS, ANNULATION], True), ([], False)],
    ids=["neuf", "rempli", "invalidé", "annulé", "sans permis"],
)
def test_the_page_and_the_file_say_everything(faits: list[Any], permis: bool) -> None:
    dossier_id = make_dossier(*faits, permis=permis, categories=CATEGORIES if permis else [])
    client = by_franceconnect(dossier_id)
    page = plain(html.unescape(re.sub(r"<[^>]+>", " ", client.get(PAGE).content.decode())))
    response = client.post(PAGE)
    assert response["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="rii-\d{4}-\d\d-\d\d\.pdf"', response["Content-Disposition"])
    assert "no-store" in response["Cache-Control"]
    fichier = plain(text_of(response.content))
    for fait in expected(dossier_id):
        assert fait in page, fait
        assert fait in fichier, fait
    for texte in (page, fichier):
        assert "L. 223-7" in texte
        assert "L. 225-8" in texte


def test_the_file_is_a_tagged_pdf() -> None:
    with open_pdf(file_of(RII, make_dossier(*FAITS))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "fr"


def test_the_newest_comes_first() -> None:
    rii = get_releve(make_dossier(*FAITS), now=timezone.now())
    jours = [m.jour for m in rii.decisions if m.jour]
    assert jours == sorted(jours, reverse=True)
    assert [v.jour for v in rii.variations] == sorted((v.jour for v in rii.variations), reverse=True)


def test_an_offence_shows_its_three_dates_and_its_points() -> None:
    mention = mentionner(PERTE | {"enregistre_le": "2026-03-01", "etablie_par": "paiement"})
    texte = plain(" ".join(mention.details))
    for dit in ("Commise le 10/01/2026", "Définitive le 20/02/2026", "Enregistrée le 01/03/2026", "6 points encourus"):
        assert dit in texte


def test_the_end_of_a_licence_gives_no_point_back() -> None:
    """The engine's line goes from less than nothing to nothing: said as points it would be a gift."""
    pertes = [PERTE | {"id": f"i{n}", "date_commission": f"2025-0{n}-10"} for n in (1, 2, 3)]
    rii = get_releve(make_dossier(*pertes, INVALIDATION | {"date_notification": "2026-06-02"}), now=timezone.now())
    fin = next(m for m in rii.decisions if m.titre.startswith("Invalidation"))
    assert fin.details == ()
    assert (rii.variations[0].points, rii.variations[0].solde) == ("fin du permis", "0")
    assert rii.solde == "0, ce permis a pris fin"


def test_each_offence_says_what_it_took_and_each_letter_what_it_is_about() -> None:
    rii = get_releve(make_dossier(*FAITS), now=timezone.now())
    textes = {m.titre: m.texte for m in rii.decisions}
    assert "6 points retirés le 20/02/2026." in textes["Téléphone tenu"]
    lettre = next(texte for titre, texte in textes.items() if titre.startswith("Lettre 48"))
    assert "Au sujet de l'infraction du 10/01/2026, Boulevard du Secret, Dijon." in lettre
    assert "4 points rendus le 06/05/2026." in textes["Stage de sensibilisation à la sécurité routière (volontaire)"]
    assert "12 points attribués le 15/01/1999." in textes["Permis de conduire obtenu"]


def test_the_probationary_periods_are_told() -> None:
    permis = {"id": "p1", "type": "permis_obtenu", "date_obtention": "2024-03-15", "filiere": "aac"}
    (periode,) = get_releve(make_dossier(permis, permis=False), now=timezone.now()).periodes
    assert periode.date == "15/03/2024"
    assert periode.details[0] == "Jusqu'au 15/03/2026"
    assert "conduite accompagnée" in periode.details[1]


def test_what_is_not_known_yet_is_not_told() -> None:
    demain = PERTE | {"enregistre_le": "2199-01-01"}
    rii = get_releve(make_dossier(demain), now=timezone.now())
    assert [m.titre for m in rii.decisions] == ["Permis de conduire obtenu"]


def test_a_fact_of_a_new_type_is_not_left_out() -> None:
    assert mentionner({"id": "x", "type": "mesure_nouvelle"}).titre == "Mesure nouvelle"


def test_one_query_more_than_the_session(django_assert_num_queries) -> None:
    dossier_id = make_dossier(*FAITS)
    with django_assert_num_queries(1):
        get_releve(dossier_id, now=timezone.now())


def test_an_annulled_offence_says_that_it_counts_no_more() -> None:
    annulee = {"id": "a1", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-10-09"}
    rii = get_releve(make_dossier(PERTE, annulee), now=timezone.now())
    infraction = next(m for m in rii.decisions if m.titre == "Téléphone tenu")
    assert "Annulée depuis, elle ne compte pas\u00a0: décision du 09/10/2026" in infraction.details
    assert not [d for d in infraction.details if "retiré" in d]
