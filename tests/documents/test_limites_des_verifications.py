"""How often one document is checked: a copy in other hands stops no officer, by QR never, by short code elsewhere."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Compteur
from documents.code import code_court
from documents.models import Verification
from documents.verification.statuts import retirer
from tests.documents.attestations import emettre
from tests.documents.dossiers import make_dossier
from tests.documents.test_verification import ADRESSE, texte, verifier

pytestmark = pytest.mark.django_db


def test_a_document_is_checked_sixty_times_an_hour() -> None:
    document, jeton = emettre(make_dossier())
    now = timezone.now()
    Verification.objects.bulk_create(
        Verification(document=document, faite_at=now - timedelta(minutes=50 - n / 2), voie="qr", conclusion="a_jour")
        for n in range(59)
    )
    assert verifier(document.code_court).startswith("Authentique")
    reponse = Client().post(ADRESSE, {"code": document.code_court})
    assert reponse.status_code == 429
    assert 0 < int(reponse["Retry-After"]) <= 20 * 60
    assert "Cela ne dit rien de sa validité" in texte(reponse)
    assert "Scannez le carré" in texte(reponse)
    assert verifier(jeton.adresse).startswith("Authentique et à jour"), "who holds the signed code always reads it"
    autre, _ = emettre(make_dossier())
    assert verifier(autre.code_court).startswith("Authentique")  # the other documents are checked as before
    assert Verification.objects.filter(document=document).count() == 60


def test_un_reseau_ne_prend_pas_les_verifications_des_autres() -> None:
    """Sixty tries of one who has a copy: the officer elsewhere reads it, by either way."""
    document, jeton = emettre(make_dossier())
    autre, _ = emettre(make_dossier())
    statuts = [
        Client(REMOTE_ADDR="198.51.100.7").post(ADRESSE, {"code": document.code_court}).status_code for _ in range(60)
    ]
    assert statuts == [200] * 20 + [429] * 40
    ailleurs = Client(REMOTE_ADDR="203.0.113.1")
    assert verifier(document.code_court, ailleurs).startswith("Authentique et à jour")
    assert verifier(jeton.adresse, ailleurs).startswith("Authentique et à jour")
    assert verifier(autre.code_court, Client(REMOTE_ADDR="198.51.100.7")).startswith("Authentique"), "another document"
    assert Verification.objects.filter(document=document).count() == 22


@pytest.mark.parametrize("reseaux", [1, 30])
def test_le_code_signe_repond_toujours_et_n_ecrit_plus(reseaux: int) -> None:
    document, jeton = emettre(make_dossier())
    for n in range(90):
        assert verifier(jeton.adresse, Client(REMOTE_ADDR=f"198.51.100.{n % reseaux}")).startswith("Authentique")
    assert Verification.objects.filter(document=document).count() == (20 if reseaux == 1 else 60)
    retirer(dossier_id=document.dossier_id, numero=document.numero)
    assert verifier(jeton.adresse).startswith("Ne pas accepter : document retiré"), "and it answers of today"


def test_un_code_que_personne_n_a_emis_ne_compte_nulle_part() -> None:
    for _ in range(30):
        assert "Ne pas accepter" in verifier(code_court.tirer())
    assert not Compteur.objects.exists()
