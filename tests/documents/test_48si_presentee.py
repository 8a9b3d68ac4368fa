"""A 48SI presented, and nothing decided: no new ADCS nor RIR, those in hand unchanged, and every page says why."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from documents import services
from documents.contenus import DecisionAttendue
from documents.models import DocumentEmis
from documents.rules.statut import Statut
from dossier.services import record_faits
from tests.documents.dossiers import SOLDE_NUL, client_of, issue, make_dossier

pytestmark = pytest.mark.django_db
ENVOI, PRESENTATION = (localdate() - timedelta(days=n) for n in (25, 22))
LETTRE = {"id": "l", "type": "lettre", "reference": "48SI", "date_envoi": ENVOI.isoformat()}
PRESENTEE: dict[str, Any] = LETTRE | {"date_presentation": PRESENTATION.isoformat()}
TITRE = "Votre permis n'est peut-être plus valable"
PAGES = [
    "/mes-points/",
    "/mes-points/previsionnel/",
    "/stages/",
    "/mes-documents/",
    "/mes-documents/adcs/",
    "/mes-documents/rir/",
    "/mes-documents/courriers/",
    "/mes-documents/verifications/",
]


@pytest.fixture
def sans_rendu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "produire", lambda *_, **__: b"%PDF")


def lire(client: Client, page: str) -> str:
    reponse = client.get(page)
    assert reponse.status_code == 200, page
    contenu = reponse.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", contenu)).replace("\u00a0", " ").split())


def test_chaque_page_le_dit_avant_tout_et_aucune_ne_conseille() -> None:
    """After the title of the page, the alert is what comes first."""
    client, sans = client_of(make_dossier(*SOLDE_NUL, PRESENTEE)), client_of(make_dossier(*SOLDE_NUL, LETTRE))
    for page in PAGES:
        texte = lire(client, page)
        assert 0 < texte.find(TITRE) < 110, (page, texte[:200])
        for interdit in ("peut sauver votre permis", "Télécharger mon", "Obtenir quand même", "Il peut commencer"):
            assert interdit not in texte, page
        assert not re.search(r"(mais|:) votre permis est encore valable", texte), page
        assert TITRE not in lire(sans, page), page


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("modele", [services.ADCS, services.RIR], ids=["adcs", "rir"])
def test_rien_de_neuf_n_est_delivre(modele: services.Modele) -> None:
    dossier_id = make_dossier(*SOLDE_NUL, PRESENTEE)
    with pytest.raises(DecisionAttendue):
        issue(modele, dossier_id)
    reponse = client_of(dossier_id).post(f"/mes-documents/{modele.genre}/")
    assert reponse.status_code == 409
    assert TITRE in html.unescape(reponse.content.decode())
    assert not DocumentEmis.objects.exists()
    issue(services.RII, dossier_id)  # theirs, and true


@pytest.mark.usefixtures("sans_rendu")
def test_une_attestation_en_main_suit_l_etat_du_fichier() -> None:
    """Presented: unchanged. The invalidation is told: from the same instant, nobody should accept it."""
    document = issue(services.ADCS, dossier_id := make_dossier(*SOLDE_NUL))
    record_faits(dossier_id=dossier_id, faits=[PRESENTEE], au=localdate())
    document.refresh_from_db(fields=["statut"])
    assert document.statut == Statut.BON
    with pytest.raises(DecisionAttendue):
        issue(services.ADCS, dossier_id)
    fin = {"id": "x", "type": "invalidation", "date_notification": PRESENTATION.isoformat()}
    record_faits(dossier_id=dossier_id, faits=[fin], au=localdate())
    document.refresh_from_db(fields=["statut"])
    assert document.statut == Statut.DROITS_CHANGES
    assert issue(services.ADCS, dossier_id, now()).contenu["etat"] == "invalidé"


@pytest.mark.parametrize(("faits", "dit"), [([], True), ([PRESENTEE], False)], ids=["valide", "48SI présentée"])
def test_une_panne_ne_dit_pas_que_le_permis_reste_le_titre(
    monkeypatch: pytest.MonkeyPatch, faits: list[Any], dit: bool
) -> None:
    def rompre(*_: Any, **__: Any) -> bytes:
        raise services.RenduImpossible

    monkeypatch.setattr(services, "produire", rompre)
    reponse = client_of(make_dossier(*SOLDE_NUL, *faits)).post("/mes-documents/adcs/")
    texte = html.unescape(reponse.content.decode())
    assert reponse.status_code == (503 if dit else 409)
    assert ("reste votre titre" in texte) is dit


def test_un_permis_invalide_ne_reste_pas_un_titre(settings: Any) -> None:
    """Nor where nothing can seal: on every page that says so."""
    settings.CACHET_CLE = ""
    fin = {"id": "x", "type": "invalidation", "date_notification": PRESENTATION.isoformat()}
    perdu, tenu = client_of(make_dossier(*SOLDE_NUL, fin)), client_of(make_dossier(*SOLDE_NUL))
    for page in ("/mes-documents/", "/mes-documents/adcs/", "/mes-documents/rir/"):
        assert "reste votre titre" in lire(tenu, page)
        assert "reste votre titre" not in lire(perdu, page)
    for client, dit in ((tenu, True), (perdu, False)):
        texte = client.post("/mes-documents/adcs/").content.decode()
        assert ("reste votre titre" in texte) is dit
