"""The file, off line: what ``verify_adcs`` says of a good one, of one tampered with, and by the age of a list."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image, ImageOps
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documents.code import listes, porte_cles
from documents.code.cles import fabriquer
from documents.models import DocumentEmis
from documents.pdf import cachet
from documents.services import ADCS
from tests.documents.cachets import fabriquer_cachet
from tests.documents.dossiers import issue, make_dossier, suspension
from tests.documents.pdf import liens_of

pytestmark = pytest.mark.django_db


@dataclass
class Emise:
    octets: bytes
    code: str
    index: int
    emis_at: datetime


@pytest.fixture(scope="module")
def emises(django_db_setup: Any, django_db_blocker: Any) -> list[Emise]:
    """Two real ADCS, drawn and sealed once."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        lues = []
        for _ in range(2):
            emis: DocumentEmis = issue(ADCS, make_dossier())
            octets = bytes(emis.octets)
            lues.append(Emise(octets, _lien(octets), emis.index_statut or 0, emis.emis_at))
        transaction.set_rollback(True)
    return lues


def _lien(octets: bytes) -> str:
    (code,) = {lien for lien in liens_of(octets) if "#ADC1." in lien}
    return code


def verifier(tmp_path: Path, octets: bytes, *options: Any) -> tuple[int, str]:
    """The exit code and all that was said."""
    fichier, sortie = tmp_path / "adcs.pdf", io.StringIO()
    fichier.write_bytes(octets)
    try:
        call_command("verify_adcs", fichier, *options, stdout=sortie)
    except CommandError as erreur:
        return erreur.returncode, f"{sortie.getvalue()}{erreur}"
    return 0, sortie.getvalue()


def liste(tmp_path: Path, publiee_at: datetime, changes: list[tuple[int, int]] = []) -> list[Any]:  # noqa: B006
    chemin = tmp_path / "statuts"
    cle = porte_cles.cle_de_signature(publiee_at)
    chemin.write_bytes(listes.signer_statuts(1000, changes, cle=cle, au=publiee_at))
    return ["--statuts", chemin]


# --- A good one -------------------------------------------------------------------------------------------------------


def test_a_good_file_with_a_list_of_ten_minutes_is_green(tmp_path: Path, emises: list[Emise]) -> None:
    au = emises[0].emis_at + timedelta(days=3)
    options = [*liste(tmp_path, au - timedelta(minutes=10)), "--au", au]
    code, dit = verifier(tmp_path, emises[0].octets, *options)
    assert code == 0
    for fait in (
        "Cachet : intact", "Authentique et à jour", "Nom de naissance : MARTIN", "Prénoms : Camille, Anne",
        "B : depuis 15/01/1999", "01.06 (port de lunettes ou de lentilles de contact)",
    ):  # fmt: skip
        assert fait in dit, fait
    assert "point" not in dit


@pytest.mark.parametrize(
    ("age", "dit_ancienne"),
    [(timedelta(minutes=15), False), (timedelta(minutes=15, seconds=1), True), (timedelta(hours=23), True)],
)
def test_une_liste_plus_vieille_que_sa_duree_est_dite(
    tmp_path: Path, emises: list[Emise], age: timedelta, dit_ancienne: bool
) -> None:
    """The list of before the holder withdrew it, given again: still the same verdict, and the warning."""
    au = (emises[0].emis_at + timedelta(days=3)).replace(microsecond=0)
    code, dit = verifier(tmp_path, emises[0].octets, *liste(tmp_path, au - age), "--au", au)
    assert code == 0
    assert ("Attention : cette liste" in dit.replace("\u00a0", " ")) is dit_ancienne
    assert ("/verification/statuts" in dit) is dit_ancienne


@pytest.mark.parametrize("duree", [None, 0, -1, "900", True, 1 << 40])
def test_une_duree_impossible_ne_passe_pas_pour_une_liste_fraiche(
    tmp_path: Path, emises: list[Emise], monkeypatch: pytest.MonkeyPatch, duree: Any
) -> None:
    au = emises[0].emis_at + timedelta(days=3)
    ecrire = listes.cose.ecrire
    dire = lambda dit: {**dit, listes.DUREE: duree} if isinstance(dit, dict) and listes.DUREE in dit else dit  # noqa: E731
    monkeypatch.setattr(listes.cose, "ecrire", lambda dit: ecrire(dire(dit)))
    code, dit = verifier(tmp_path, emises[0].octets, *liste(tmp_path, au - timedelta(minutes=20)), "--au", au)
    assert (code, "durée impossible" in dit) == (2, True)


@pytest.mark.parametrize(
    ("age", "attendu"), [(timedelta(hours=25), 3), (timedelta(days=8), 1)], ids=["25 h : orange", "8 j : rouge"]
)
def test_d14_the_age_of_the_list_decides(tmp_path: Path, emises: list[Emise], age: timedelta, attendu: int) -> None:
    au = emises[0].emis_at + timedelta(days=20)
    code, dit = verifier(tmp_path, emises[0].octets, *liste(tmp_path, au - age), "--au", au)
    assert code == attendu
    assert "MARTIN" in dit


def test_d14_without_a_list_it_is_orange_then_red(tmp_path: Path, emises: list[Emise]) -> None:
    for apres, attendu in ((timedelta(hours=1), 3), (timedelta(days=8), 1)):
        assert verifier(tmp_path, emises[0].octets, "--au", emises[0].emis_at + apres)[0] == attendu


@pytest.mark.parametrize("statut", [1, 2, 3])
def test_d14_d15_a_list_that_names_it_makes_it_red(tmp_path: Path, emises: list[Emise], statut: int) -> None:
    au = emises[0].emis_at + timedelta(days=3)
    code, dit = verifier(
        tmp_path, emises[0].octets, *liste(tmp_path, au - timedelta(days=2), [(emises[0].index, statut)]), "--au", au
    )
    assert code == 1
    assert "Ne pas accepter" in dit
    assert "B : depuis" not in dit


def test_an_expired_file_is_red(tmp_path: Path, emises: list[Emise]) -> None:
    code, dit = verifier(tmp_path, emises[0].octets, "--au", emises[0].emis_at + timedelta(days=125))
    assert (code, "document expiré" in dit) == (1, True)


def test_a_good_file_of_a_suspended_driver_has_its_own_exit_code(tmp_path: Path) -> None:
    debut = timezone.localdate().isoformat()
    emis = issue(ADCS, make_dossier(suspension(debut)))
    au = emis.emis_at + timedelta(hours=2)
    code, dit = verifier(tmp_path, bytes(emis.octets), *liste(tmp_path, au), "--au", au)
    assert (code, "Ne peut pas conduire : permis suspendu" in dit.replace("\u00a0", " ")) == (4, True)


# --- The file was touched ---------------------------------------------------------------------------------------------


def test_d18_no_byte_of_the_file_may_change(tmp_path: Path, emises: list[Emise]) -> None:
    octets = emises[0].octets
    pas = len(octets) // 40
    for rang in [*range(0, len(octets), pas), len(octets) - 1, octets.index(b"%%EOF")]:
        abime = octets[:rang] + bytes([octets[rang] ^ 0x01]) + octets[rang + 1 :]
        code, dit = verifier(tmp_path, abime)
        assert code == 1, rang
        assert dit.startswith("À REFUSER"), rang


def ecrire_a_la_suite(octets: bytes, faire: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    ecrivain = IncrementalPdfFileWriter(io.BytesIO(octets))
    faire(ecrivain)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def test_d19_a_page_replaced_by_an_update_is_refused(tmp_path: Path, emises: list[Emise]) -> None:
    def remplacer(ecrivain: IncrementalPdfFileWriter) -> None:
        page = ecrivain.root["/Pages"]["/Kids"][0].get_object()
        page["/Contents"] = ecrivain.add_object(generic.StreamObject(stream_data=b"q Q"))
        ecrivain.mark_update(page.container_ref)

    octets = ecrire_a_la_suite(emises[0].octets, remplacer)
    assert octets.startswith(emises[0].octets)  # what was signed is still there, whole
    code, dit = verifier(tmp_path, octets)
    assert (code, "ajouté à ce fichier" in dit) == (1, True)


def test_d19_bytes_after_the_end_are_refused(tmp_path: Path, emises: list[Emise]) -> None:
    for suite in (b"\n", b"%%EOF\n", b"\n% rien\n"):
        assert verifier(tmp_path, emises[0].octets + suite)[0] == 1


def test_d21_the_code_of_another_pasted_as_a_link_is_refused(tmp_path: Path, emises: list[Emise]) -> None:
    def coller(ecrivain: IncrementalPdfFileWriter) -> None:
        page = ecrivain.root["/Pages"]["/Kids"][0].get_object()
        action = {"/S": "/URI", "/URI": emises[1].code}
        lien = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Link"),
                generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 99, 99)]),
                generic.pdf_name("/A"): generic.DictionaryObject(
                    {
                        generic.pdf_name("/S"): generic.pdf_name(action["/S"]),
                        generic.pdf_name("/URI"): generic.pdf_string(action["/URI"]),
                    }
                ),
            }
        )
        page["/Annots"].append(ecrivain.add_object(lien))
        ecrivain.mark_update(page.container_ref)

    assert verifier(tmp_path, ecrire_a_la_suite(emises[0].octets, coller))[0] == 1


def resauver(octets: bytes, faire: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        faire(pdf)
        pdf.save(sortie)
    return sortie.getvalue()


def arracher(pdf: pikepdf.Pdf) -> None:
    """What printing to a file leaves: the page and its links, no seal."""
    del pdf.Root.AcroForm
    if "/Perms" in pdf.Root:
        del pdf.Root.Perms
    for page in pdf.pages:
        page.Annots = pikepdf.Array([lien for lien in page.Annots if lien.Subtype != "/Widget"])


def test_d20_saved_again_stripped_or_printed_there_is_no_seal(tmp_path: Path, emises: list[Emise]) -> None:
    assert verifier(tmp_path, resauver(emises[0].octets))[0] == 1
    code, dit = verifier(tmp_path, resauver(emises[0].octets, arracher))
    assert (code, "n'a pas de cachet" in dit) == (1, True)


def test_d20_sealed_again_by_somebody_called_ministere(tmp_path: Path, emises: list[Emise], settings: Any) -> None:
    notre = tmp_path / "notre.pem"
    notre.write_text(settings.CACHET_CERTIFICAT)
    now = timezone.now()
    cle, certificat = fabriquer_cachet(now)
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = cle.decode(), certificat.decode()
    faux = cachet.sceller(resauver(emises[0].octets, arracher), raison="Ministère de l'Intérieur")
    assert verifier(tmp_path, faux)[0] == 3  # to whoever trusts that seal, it is a good one
    code, dit = verifier(tmp_path, faux, "--cachet", notre)
    assert (code, "n'est pas scellé par le cachet de ce service" in dit) == (1, True)


def test_a_sealed_document_of_ours_that_is_no_adcs_is_refused(tmp_path: Path) -> None:
    from documents.services import RIR

    code, dit = verifier(tmp_path, bytes(issue(RIR, make_dossier()).octets))
    assert (code, "ne porte pas le code" in dit) == (1, True)


@pytest.mark.parametrize(
    "octets",
    [
        b"", b"%PDF-1.7", b"\x00" * 5000, b"%PDF-1.7\n" + b"[" * 20_000,
        b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    ],
    ids=["vide", "en-tête seul", "zéros", "crochets", "sans objets"],
)  # fmt: skip
def test_what_is_no_pdf_is_refused(tmp_path: Path, octets: bytes) -> None:
    code, dit = verifier(tmp_path, octets)
    assert (code, dit.startswith("À REFUSER")) == (1, True)


# --- Keys and lists ---------------------------------------------------------------------------------------------------


def test_the_keys_may_be_given_as_certificates_or_as_a_list(tmp_path: Path, emises: list[Emise], settings: Any) -> None:
    au = emises[0].emis_at + timedelta(hours=1)
    pem, signee, autre = tmp_path / "cles.pem", tmp_path / "cles", tmp_path / "autre.pem"
    pem.write_text(settings.ADCS_CERTIFICATS)
    signee.write_bytes(listes.signer_cles(porte_cles.trousseau(), cle=porte_cles.cle_de_signature(au), au=au))
    autre.write_bytes(fabriquer(au - timedelta(days=9), au + timedelta(days=9), "Autre")[1])
    assert verifier(tmp_path, emises[0].octets, "--cles", pem, "--au", au)[0] == 3
    assert verifier(tmp_path, emises[0].octets, "--cles", signee, "--au", au)[0] == 3
    code, dit = verifier(tmp_path, emises[0].octets, "--cles", autre, "--au", au)
    assert (code, "signature inconnue" in dit) == (1, True)


def test_a_list_that_was_touched_verifies_nothing(tmp_path: Path, emises: list[Emise]) -> None:
    options = liste(tmp_path, timezone.now())
    octets = options[1].read_bytes()
    for rang in range(0, len(octets), 7):
        options[1].write_bytes(octets[:rang] + bytes([octets[rang] ^ 0x10]) + octets[rang + 1 :])
        code, dit = verifier(tmp_path, emises[0].octets, *options)
        assert (code, "La liste des statuts ne peut pas servir" in dit) == (2, True)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("verify_adcs", tmp_path / "absent.pdf")


def test_the_picture_of_the_file_says_what_its_link_says(emises: list[Emise]) -> None:
    with pikepdf.open(io.BytesIO(emises[0].octets)) as pdf:
        trouvees = [image for page in pdf.pages for image in page.get_images().values()]
        images = [pikepdf.PdfImage(image).as_pil_image().convert("L") for image in trouvees]
    grandes = [ImageOps.expand(i.resize((i.width * 4, i.height * 4), Image.Resampling.NEAREST), 8, 255) for i in images]
    lus = {lu.text for image in grandes for lu in zxingcpp.read_barcodes(image)}
    assert lus == {emises[0].code}
