"""The keys of the codes in the settings: what each mistake says, and that without one no ADCS is issued."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from documents.checks import cles_des_codes
from documents.code import porte_cles
from documents.code.cles import fabriquer, lire_trousseau
from documents.models import DocumentEmis
from documents.pdf import cachet
from tests.documents.dossiers import client_of, make_dossier


def paire(debut: int = -1, fin: int = 400) -> tuple[str, str]:
    now = timezone.now()
    cle, certificat = fabriquer(now + timedelta(days=debut), now + timedelta(days=fin), "Essai")
    return cle.decode(), certificat.decode()


def dit(settings: Settings, cle: str, certificats: str) -> list[str | None]:
    settings.ADCS_CLE, settings.ADCS_CERTIFICATS = cle, certificats
    return [message.id for message in cles_des_codes()]


def test_the_check_names_what_is_wrong(settings: Settings) -> None:
    (cle, certificat), (autre, _) = paire(), paire()
    assert dit(settings, cle, certificat) == []
    assert dit(settings, "", "") == ["documents.I010"]
    assert dit(settings, "", certificat) == ["documents.I010"]  # a site that only verifies
    assert dit(settings, cle, "") == ["documents.E010"]
    assert dit(settings, autre, certificat) == ["documents.E010"]
    assert dit(settings, cle, "pas un certificat") == ["documents.E010"]
    assert dit(settings, cle, certificat * 2) == ["documents.E010"]  # two of one name
    assert dit(settings, *paire(-400, -1)) == ["documents.E010"]  # over
    assert dit(settings, *paire(1, 400)) == ["documents.E010"]  # not yet
    assert dit(settings, *paire(-300, 20)) == ["documents.W010"]  # the next one is to be prepared


def test_the_key_of_the_seal_is_not_that_of_the_codes(settings: Settings) -> None:
    assert dit(settings, settings.CACHET_CLE, settings.CACHET_CERTIFICAT) == ["documents.E011"]


def test_two_keys_overlap_and_the_private_one_says_which_signs(settings: Settings) -> None:
    (_, ancien), (cle, nouveau) = paire(-360, 40), paire()
    assert dit(settings, cle, ancien + nouveau) == []
    assert porte_cles.cle_de_signature(timezone.now()).kid == next(iter(lire_trousseau(nouveau.encode()))).kid
    assert len(porte_cles.trousseau()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cles", "dit"),
    [
        (("", ""), "the key of the codes: ADCS_CLE manque"),
        (paire(-400, -1), "the certificate of the codes is not valid today"),
    ],
)
def test_without_a_key_there_is_no_adcs(settings: Settings, caplog: Any, cles: tuple[str, str], dit: str) -> None:
    client = client_of(make_dossier())
    settings.ADCS_CLE, settings.ADCS_CERTIFICATS = cles
    assert client.post("/mes-documents/adcs/").status_code == 503
    assert not DocumentEmis.objects.exists()
    dites = [ligne for ligne in caplog.records if ligne.name.startswith("documents")]
    assert [(d.levelname, d.getMessage(), d.reason) for d in dites] == [("WARNING", "document_not_issued", dit)]


def test_the_demonstration_makes_its_keys_once(tmp_path: Path, settings: Settings) -> None:
    call_command("create_cles_demo", tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    settings.CACHET_CLE = (tmp_path / "cachet.cle.pem").read_text()
    settings.CACHET_CERTIFICAT = (tmp_path / "cachet.pem").read_text()
    assert cachet.est_de_demonstration()
    cle, certificat = tmp_path / "adcs.cle.pem", tmp_path / "adcs.pem"
    faits = cle.read_text(), certificat.read_text()
    assert cle.stat().st_mode & 0o777 == 0o600
    assert dit(settings, *faits) == []
    call_command("create_cles_demo", tmp_path)
    assert (cle.read_text(), certificat.read_text()) == faits
