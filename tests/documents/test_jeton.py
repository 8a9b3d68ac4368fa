"""What a code says, that others read it as we do, and that it is small enough to be photographed."""

import io
import random
import secrets
from dataclasses import fields, replace
from datetime import date, timedelta
from hashlib import sha256

import cbor2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from PIL import Image, ImageDraw, ImageFilter
from pycose.keys import EC2Key
from pycose.messages import Sign1Message

from documents.code import cose, jeton
from documents.code.cles import CleRefusee, Trousseau, fabriquer, lire_cle, lire_trousseau
from documents.code.jeton import Conclusion, lire_adresse, verifier
from documents.code.qr import code_qr
from documents.contenus import Etat, Periode
from dossier.rules.categories import Validite
from tests.documents.jetons import (
    BASE,
    CTI,
    EMISE_LE,
    MAINTENANT,
    attestation,
    bon,
    categorie,
    cle_d_essai,
    la_plus_longue,
    signer,
)
from tests.tirages import tirages


def verdict(octets: bytes, **arguments: object) -> jeton.Verdict:
    defauts: dict[str, object] = {"cles": cle_d_essai()[1], "maintenant": MAINTENANT, "statuts": bon}
    return verifier(octets, **defauts | arguments)  # type: ignore[arg-type]


def test_what_is_signed_is_what_is_read() -> None:
    a = attestation(
        categories=(
            categorie("B", date(1999, 1, 15), None, "01.06"),
            categorie("C", date(2004, 3, 2), date(2026, 11, 20)),
        ),
        limitations_ead=(Periode(date(2026, 10, 1), date(2027, 4, 1)),),
    )
    lu = verdict(signer(a).octets)
    assert lu.conclusion is Conclusion.A_JOUR
    assert lu.etat_connu_at == MAINTENANT
    faits = lu.faits
    assert faits is not None
    assert (faits.nom_naissance, faits.prenoms, faits.naissance) == ("DUPRÉ", ("Camille", "Anne"), "31/12/1979")
    assert (faits.neph, faits.etat, faits.cti, faits.index_statut) == (a.neph, Etat.VALIDE, CTI, 4_200_000)
    assert faits.emis_at == EMISE_LE
    assert faits.expire_at == jeton.fin_de_vie(a)
    assert faits.limitations_ead == a.limitations_ead
    assert faits.empreinte == jeton.empreinte(a)
    b, c = faits.categories_au(MAINTENANT.date())
    assert (b.code, b.obtenue_le, b.jusqu_au, b.en_cours) == ("B", date(1999, 1, 15), "sans limite de durée", True)
    assert b.restrictions[0].libelle == "port de lunettes ou de lentilles de contact"
    assert (c.code, c.en_cours) == ("C", False)


def test_une_categorie_gardee_apres_son_dernier_jour_se_lit_hors_ligne() -> None:
    """R221-11 III: nothing of the medical opinion is carried, only that the category may still be driven."""
    gardee = replace(categorie("C", date(2004, 3, 2), date(2026, 11, 20)), validite=Validite.PROVISOIRE)
    faits = verdict(signer(attestation(categories=(gardee,))).octets).faits
    assert faits is not None
    (lue,) = faits.categories_au(MAINTENANT.date())
    assert lue == gardee
    assert lue.en_cours
    assert "provisoirement" in lue.remarque


@pytest.mark.parametrize("etat", list(Etat), ids=lambda e: e.name)
def test_each_state_is_told_as_the_page_tells_it(etat: Etat) -> None:
    faits = verdict(signer(attestation(etat)).octets).faits
    assert faits is not None
    assert faits.etat is etat


def test_an_independent_reader_agrees() -> None:
    cle, trousseau = cle_d_essai()
    octets = signer().octets
    enveloppe = cbor2.loads(octets)
    assert enveloppe.tag == 18
    entete, libre, *reste = enveloppe.value
    message = Sign1Message.from_cose_obj([entete, dict(libre), *reste], True)  # its decode() expects an older cbor2
    certificat = load_der_x509_certificate(trousseau.get(cle.kid).certificat)
    publique = certificat.public_key()
    assert isinstance(publique, ec.EllipticCurvePublicKey)
    nombres = publique.public_numbers()
    message.key = EC2Key(crv="P_256", x=nombres.x.to_bytes(32, "big"), y=nombres.y.to_bytes(32, "big"))
    assert message.verify_signature()
    contenu = cbor2.loads(message.payload)
    assert contenu[1] == "FR"
    assert contenu[6] == contenu[5] == int(EMISE_LE.timestamp())
    assert contenu[-65537][2] == "DUPRÉ"
    assert cle.kid == sha256(trousseau.get(cle.kid).certificat).digest()[:8]


def test_ten_thousand_genuine_codes_are_accepted() -> None:
    graine = random.randrange(1 << 32)
    print(f"graine {graine}")
    tirage, codes = random.Random(graine), ["AM", "A1", "A2", "A", "B", "BE", "C", "CE", "D"]
    attestations = [
        attestation(
            tirage.choice(list(Etat)),
            emise_at=EMISE_LE + timedelta(seconds=tirage.randrange(1_000_000)),
            neph=f"{tirage.randrange(10**12):012d}",
            categories=tuple(
                categorie(c, date(1970, 1, 1) + timedelta(days=tirage.randrange(-9000, 20000)), None, "01.06")
                for c in tirage.sample(codes, tirage.randrange(1, 6))
            ),
        )
        for _ in range(1000)
    ]
    for index in range(tirages(10_000)):
        a = attestations[index % 1000]
        octets = signer(a, cti=secrets.token_bytes(16), index_statut=index).octets
        lu = verdict(octets)
        assert lu.conclusion is Conclusion.A_JOUR, lu.raison
        assert lu.faits is not None
        assert lu.faits.neph == a.neph


def test_neither_points_nor_address_nor_letters_are_carried() -> None:
    portes = {champ.name for champ in fields(jeton.FaitsSignes)}
    assert portes == {
        "cti", "index_statut", "emis_at", "expire_at", "nom_naissance", "prenoms", "naissance", "neph", "etat",
        "categories", "limitations_ead", "empreinte",
    }  # fmt: skip
    octets = signer(attestation(adresse=("7 rue du Secret", "21000 Dijon"))).octets
    assert b"Secret" not in octets
    assert b"Dijon" not in octets


def test_each_printed_fact_that_is_not_carried_is_in_the_digest() -> None:
    a = attestation()
    autres = [
        replace(a, numero="ADCS-AUTRE"),
        replace(a, identite=replace(a.identite, nom_usage="MARTIN")),
        replace(a, identite=replace(a.identite, sexe="masculin")),
        replace(a, identite=replace(a.identite, lieu_naissance="Lyon")),
        replace(a, adresse=("3 avenue des Érables", "75012 Paris")),
        replace(a, valable_jusqu_au=date(2027, 3, 4)),
        replace(a, suspensions=(Periode(date(2026, 1, 1), None),)),
        replace(a, categories=(replace(a.categories[0], restrictions=()),)),
    ]
    assert len({jeton.empreinte(x) for x in [a, *autres]}) == 1 + len(autres)


@pytest.mark.parametrize("mois", range(1, 13))
def test_a_code_lives_the_four_months_of_its_page(mois: int) -> None:
    for jour in (1, 28):
        a = attestation(emise_at=EMISE_LE.replace(year=2027, month=mois, day=jour, hour=0, minute=0, second=1))
        octets = signer(a).octets
        large = cle_d_essai(MAINTENANT - timedelta(days=400), MAINTENANT + timedelta(days=900))
        octets = signer(a, cle=large[0]).octets
        fin = jeton.fin_de_vie(a)
        dernier = verdict(octets, cles=large[1], maintenant=fin - timedelta(seconds=1), statuts=None)
        assert dernier.conclusion is Conclusion.NON_VERIFIEE_DEPUIS_LONGTEMPS
        assert verdict(octets, cles=large[1], maintenant=fin).conclusion is Conclusion.EXPIREE


@pytest.mark.parametrize(
    "champs",
    [{"cti": b"court"}, {"index_statut": -1}, {"expire_at": EMISE_LE}, {"expire_at": EMISE_LE + timedelta(days=126)}],
    ids=["identifiant", "index", "durée nulle", "trop longue"],
)
def test_what_no_verifier_would_accept_is_not_signed(champs: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="impossible"):
        signer(**champs)


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_the_address_and_the_code_alone_read_the_same() -> None:
    signe = signer()
    assert signe.adresse.startswith(f"{BASE}#ADC1.")
    code = signe.adresse.partition("#")[2]
    for texte in (signe.adresse, f"#{code}", code, f"  {code}\n", f"https://verification.example.org/x#{code}"):
        assert lire_adresse(texte) == signe.octets


@pytest.mark.parametrize(
    "texte",
    ["", "#", "ADC1.", "ADC2.AAAA", "HC1:6BF", "ADC1.é", "ADC1.A", "ADC1.AB==", "ADC1.AB", "ADC1.A B", "x" * 20_000],
)
def test_what_is_not_a_code_is_refused_with_a_reason(texte: str) -> None:
    with pytest.raises(cose.Refus):
        lire_adresse(texte)


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_two_keys_of_one_name_are_refused() -> None:
    cles = list(cle_d_essai()[1])
    with pytest.raises(CleRefusee):
        Trousseau([*cles, *cles])


def test_a_private_key_must_have_its_certificate_in_the_list() -> None:
    un, autre = (fabriquer(MAINTENANT, MAINTENANT + timedelta(days=1), "Essai") for _ in range(2))
    deux = lire_trousseau(un[1] + autre[1])
    assert len(deux) == 2
    assert lire_cle(autre[0], deux).kid == next(iter(lire_trousseau(autre[1]))).kid
    with pytest.raises(CleRefusee):
        lire_cle(un[0], lire_trousseau(autre[1]))
    for pem in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(CleRefusee):
            lire_cle(pem, deux)
    with pytest.raises(CleRefusee):
        lire_trousseau(b"pas un certificat")


# --- The picture ------------------------------------------------------------------------------------------------------


COTE_MM = 50  # the largest that the ADCS prints


def photographier(png: bytes, *, dpi: int, flou: float, degres: float, sale: float = 0.0) -> Image.Image:
    """Print as on the ADCS, then photograph: low resolution, out of focus, askew, stained."""
    dessin = Image.open(io.BytesIO(png)).convert("L")
    feuille = dessin.resize((dessin.width * 12, dessin.height * 12), Image.Resampling.NEAREST)
    page = Image.new("L", (feuille.width + 400, feuille.height + 400), 255)
    page.paste(feuille, (200, 200))
    if sale:
        cote = int(feuille.width * sale**0.5)
        milieu = 200 + feuille.width // 2 - cote // 2
        ImageDraw.Draw(page).ellipse((milieu, milieu, milieu + cote, milieu + cote), fill=110)
    pixels_par_module = min(0.5, COTE_MM / dessin.width) / 25.4 * dpi
    cible = round(page.width * pixels_par_module / 12)
    photo = page.rotate(degres, Image.Resampling.BICUBIC, fillcolor=255).resize((cible, cible), Image.Resampling.BOX)
    return photo.filter(ImageFilter.GaussianBlur(flou))


@pytest.mark.parametrize("document", [attestation(), la_plus_longue()], ids=["une catégorie", "la plus longue"])
@pytest.mark.parametrize("degres", [0, 5])
def test_a_poor_photograph_of_the_code_is_read(document: object, degres: int) -> None:
    adresse = signer(document).adresse  # type: ignore[arg-type]
    code = code_qr(adresse)
    lus = zxingcpp.read_barcodes(photographier(code.png, dpi=150, flou=0.8, degres=degres))
    assert [lu.text for lu in lus] == [adresse]


def test_a_stain_in_the_middle_does_not_hide_it_and_never_makes_another() -> None:
    """A stain on a twentieth of it is repaired; a larger one gives nothing rather than something else."""
    adresse = signer().adresse
    png = code_qr(adresse).png
    lus = zxingcpp.read_barcodes(photographier(png, dpi=150, flou=0.6, degres=2, sale=0.05))
    assert [lu.text for lu in lus] == [adresse]
    for sale in (0.2, 0.4):
        lus = zxingcpp.read_barcodes(photographier(png, dpi=150, flou=0.6, degres=2, sale=sale))
        assert {lu.text for lu in lus} <= {adresse}


def test_the_code_has_a_size_that_a_page_can_hold() -> None:
    tailles = {len(signer(a).octets): code_qr(signer(a).adresse).modules for a in (attestation(), la_plus_longue())}
    print(tailles)
    assert max(tailles) <= cose.TAILLE
    assert COTE_MM / max(tailles.values()) >= 0.4  # millimetres a module
