"""The attacks of the reference on the code of an ADCS, one family after the other: its envelope, its signature, its
key, its dates, its facts, bytes that are no code.

A poor photograph is in test_jeton, the file in test_verify_adcs. Each case is refused in red, or shows true facts where
the attack is to show them on another's page; none raises.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import cache
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from documents.code import cose, jeton
from documents.code.cles import CleRefusee, CleSignature, Trousseau
from documents.code.cose import ORDRE
from documents.code.jeton import (
    ADCS,
    CTI,
    EXP,
    IAT,
    ISS,
    NBF,
    STATUT,
    Conclusion,
    Couleur,
    StatutConnu,
    verifier,
)
from documents.rules.statut import Statut
from tests.documents.jetons import EMISE_LE, MAINTENANT, attestation, bon, cle_d_essai, signer

REFUSES = {Conclusion.NON_AUTHENTIQUE, Conclusion.CLE_INCONNUE}
BON = signer().octets
ENTETE, LIBRE, CHARGE, SIGNATURE = 0, 1, 2, 3


def lire(octets: bytes, **arguments: object) -> jeton.Verdict:
    defauts: dict[str, object] = {"cles": cle_d_essai()[1], "maintenant": MAINTENANT, "statuts": bon}
    return verifier(octets, **defauts | arguments)  # type: ignore[arg-type]


def parties() -> list[Any]:
    return list(cbor2.loads(BON).value)


def assembler(tag: int = 18, **remplacees: Any) -> bytes:
    """The good code with a part replaced, well written otherwise."""
    morceaux = parties()
    for nom, valeur in remplacees.items():
        morceaux[{"entete": ENTETE, "libre": LIBRE, "charge": CHARGE, "signature": SIGNATURE}[nom]] = valeur
    return cbor2.dumps(cbor2.CBORTag(tag, morceaux))


def revendications() -> dict[int, Any]:
    return dict(cbor2.loads(parties()[CHARGE]))


def signe(contenu: Any, cle: CleSignature | None = None) -> bytes:
    """Signed by our own key, whatever it says: what a fault of ours, or another service with the key, would give."""
    return cose.signer(cose.ecrire(contenu), cle or cle_d_essai()[0])


def modifie(**champs: Any) -> bytes:
    noms = {"iss": ISS, "exp": EXP, "nbf": NBF, "iat": IAT, "cti": CTI, "statut": STATUT, "adcs": ADCS}
    contenu = revendications()
    for nom, valeur in champs.items():
        contenu.pop(noms[nom], None)
        if valeur is not None:
            contenu[noms[nom]] = valeur
    return signe(contenu)


def rs() -> tuple[int, int]:
    signature = parties()[SIGNATURE]
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def avec_rs(r: int, s: int) -> bytes:
    return assembler(signature=r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def entete(algorithme: Any, kid: Any = ...) -> bytes:
    nom = cle_d_essai()[0].kid if kid is ... else kid
    return cose.ecrire({1: algorithme, 4: nom} if nom is not None else {1: algorithme})


def a_signer(tete: bytes) -> bytes:
    return cbor2.dumps(["Signature1", tete, b"", parties()[CHARGE]])


# --- The other algorithms, done properly ------------------------------------------------------------------------------


def hs256() -> bytes:
    """The public key as the secret of an HMAC: what a verifier that believes the header would accept."""
    publique = next(iter(cle_d_essai()[1])).publique.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    marque = hmac.new(publique, a_signer(entete(5)), hashlib.sha256).digest()
    return assembler(entete=entete(5), signature=marque + marque)


def es384() -> bytes:
    r, s = decode_dss_signature(cle_d_essai()[0].privee.sign(a_signer(entete(-35)), ec.ECDSA(hashes.SHA384())))
    return assembler(entete=entete(-35), signature=r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def ps256() -> bytes:
    masque = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    privee = rsa.generate_private_key(65537, 2048)
    return assembler(entete=entete(-37), signature=privee.sign(a_signer(entete(-37)), masque, hashes.SHA256()))


@cache
def autre_cle() -> tuple[CleSignature, Trousseau]:
    return cle_d_essai(MAINTENANT - timedelta(days=10), MAINTENANT + timedelta(days=10))


def sous_un_faux_nom() -> bytes:
    """Signed by another key, under the name of ours."""
    return signe(revendications(), CleSignature(cle_d_essai()[0].kid, autre_cle()[0].privee))


def dcc() -> bytes:
    """A European health certificate, were it signed by our key."""
    return signe({1: "FR", 4: 1798000000, 6: int(EMISE_LE.timestamp()), -260: {1: {"ver": "1.3.0"}}})


def faits(**remplaces: Any) -> bytes:
    contenu = dict(revendications()[ADCS])
    for numero, valeur in remplaces.items():
        contenu[int(numero[1:])] = valeur
    return modifie(adcs=contenu)


EMIS = int(EMISE_LE.timestamp())
JOUR = 24 * 3600
INDEFINI = b"\xd2\x9f" + b"".join(cbor2.dumps(p) for p in parties()) + b"\xff"
DOUBLE_CLE = b"\xa3" + cose.ecrire({1: -7})[1:] * 2 + cose.ecrire({4: cle_d_essai()[0].kid})[1:]
LONG_ENTIER = b"\xa2\x01\x38\x06" + cose.ecrire({4: cle_d_essai()[0].kid})[1:]  # -7 on two bytes instead of one

CORPUS: dict[str, Callable[[], bytes]] = {
    **{f"étiquette {tag}": (lambda tag=tag: assembler(tag)) for tag in (16, 17, 19, 61, 96, 97, 98, 55799)},
    "sans étiquette": lambda: BON[1:],
    "étiquette sur deux octets": lambda: b"\xd8\x12" + BON[1:],
    "étiquette deux fois": lambda: b"\xd2" + BON,
    "étiquette CWT autour": lambda: b"\xd8\x3d" + BON,
    "en-tête libre": lambda: assembler(libre={4: cle_d_essai()[0].kid}),
    "en-tête libre inconnu": lambda: assembler(libre={"note": "rien"}),
    "en-tête protégé de plus": lambda: assembler(entete=cose.ecrire({1: -7, 4: cle_d_essai()[0].kid, 16: 61})),
    "octet à la suite": lambda: BON + b"\x00",
    "code deux fois": lambda: BON + BON,
    "cinquième partie": lambda: cbor2.dumps(cbor2.CBORTag(18, [*parties(), b""])),
    "trois parties": lambda: cbor2.dumps(cbor2.CBORTag(18, parties()[:3])),
    "tronqué": lambda: BON[:-1],
    "signature plus longue": lambda: assembler(signature=parties()[SIGNATURE] + b"\x00"),
    "l'autre s": lambda: avec_rs(rs()[0], ORDRE - rs()[1]),
    "r=0": lambda: avec_rs(0, rs()[1]),
    "s=0": lambda: avec_rs(rs()[0], 0),
    "r=s=0": lambda: avec_rs(0, 0),
    "r=n": lambda: avec_rs(ORDRE, rs()[1]),
    "s=n": lambda: avec_rs(rs()[0], ORDRE),
    "tout à un": lambda: assembler(signature=b"\xff" * 64),
    "sans signature": lambda: assembler(signature=b""),
    "alg none": lambda: assembler(entete=entete("none"), signature=bytes(64)),
    "alg nul": lambda: assembler(entete=entete(None), signature=bytes(64)),
    "alg zéro": lambda: assembler(entete=entete(0), signature=bytes(64)),
    "alg vrai": lambda: assembler(entete=entete(True), signature=bytes(64)),
    "alg en texte": lambda: assembler(entete=entete("ES256")),
    "HS256 avec la clé publique": hs256,
    "ES384": es384,
    "PS256": ps256,
    "clé d'un autre service": lambda: signe(revendications(), autre_cle()[0]),
    "sous un faux nom": sous_un_faux_nom,
    "nom de clé tronqué": lambda: assembler(entete=entete(-7, cle_d_essai()[0].kid[:4])),
    "nom de clé trop long": lambda: assembler(entete=entete(-7, cle_d_essai()[0].kid + b"\x00")),
    "nom de clé absent": lambda: assembler(entete=entete(-7, None)),
    "nom de clé qui n'est pas des octets": lambda: assembler(entete=entete(-7, {1: 2})),
    "nom de clé vide": lambda: assembler(entete=entete(-7, b"")),
    "en-tête vide": lambda: assembler(entete=b""),
    "en-tête qui est une liste": lambda: assembler(entete=cose.ecrire([1, -7])),
    "exp absente": lambda: modifie(exp=None),
    "exp en millisecondes": lambda: modifie(exp=(EMIS + 90 * JOUR) * 1000),
    "exp négative": lambda: modifie(exp=-1),
    "exp égale à iat": lambda: modifie(exp=EMIS),
    "exp à 126 jours": lambda: modifie(exp=EMIS + 126 * JOUR),
    "exp en texte": lambda: modifie(exp="2027-01-01"),
    "exp immense": lambda: modifie(exp=1 << 63),
    "iat absente": lambda: modifie(iat=None),
    "nbf absente": lambda: modifie(nbf=None),
    "iat et nbf différentes": lambda: modifie(nbf=EMIS - 1),
    "iat en texte": lambda: modifie(iat="hier", nbf="hier"),
    "certificat européen": dcc,
    "code d'un RIR": lambda: faits(f1=["RIR", 1]),
    "version suivante": lambda: faits(f1=["ADCS", 2]),
    "sans type": lambda: faits(f1=None),
    "autre pays": lambda: modifie(iss="BE"),
    "contenu qui n'est pas une table": lambda: signe([1, 2, 3]),
    "table vide": lambda: signe({}),
    "sans faits": lambda: modifie(adcs=None),
    "sans identifiant": lambda: modifie(cti=None),
    "sans statut": lambda: modifie(statut=None),
    "statut sans index": lambda: modifie(statut={2: 1}),
    "état inconnu": lambda: faits(f6=9),
    "nom absent": lambda: faits(f2=None),
    "catégories mal faites": lambda: faits(f7=[["B"]]),
    "date hors du temps": lambda: faits(f7=[["B", 1 << 40, None, []]]),
    "longueur indéfinie": lambda: INDEFINI,
    "clé en double": lambda: assembler(entete=DOUBLE_CLE),
    "entier trop long": lambda: assembler(entete=LONG_ENTIER),
    "profond": lambda: b"\xd2" + b"\x81" * 2000 + b"\x00",
    "tables profondes": lambda: b"\xd2" + b"\xa1\x00" * 900 + b"\x00",
    "profond dans le contenu": lambda: assembler(charge=b"\x81" * 1000 + b"\x00"),
    "liste qui se dit immense": lambda: b"\xd2\x9b" + b"\xff" * 8,
    "octets qui se disent immenses": lambda: b"\xd2\x84\x5b" + b"\xff" * 8,
    "trop long": lambda: b"\xd2\x84" + bytes(5000),
    "2 kio de zéros": lambda: bytes(2048),
    "flottants": lambda: assembler(charge=cbor2.dumps({1: 1.5})),
    "étiquette dans le contenu": lambda: assembler(charge=cbor2.dumps({1: cbor2.CBORTag(0, "2026")})),
    "texte mal codé": lambda: assembler(charge=b"\xa1\x01\x62\xff\xfe"),
    "clé de table qui est une table": lambda: assembler(charge=b"\xa1\xa1\x01\x02\x03"),
    "indéfini": lambda: b"\xd2\xf7",
    "étiquette seule": lambda: b"\xd2",
    "vide": lambda: b"",
    "page compressée": lambda: b"x\x9c" + bytes(100),
}


@pytest.mark.parametrize("cas", CORPUS, ids=str)
def test_the_attack_is_refused(cas: str) -> None:
    octets = CORPUS[cas]()
    for statuts in (bon, None):  # on line and off line
        verdict = lire(octets, statuts=statuts)
        assert verdict.conclusion in REFUSES
        assert verdict.conclusion.couleur is Couleur.ROUGE
        assert verdict.faits is None  # nothing is shown of what nobody signed
        assert verdict.raison


def test_d1_no_byte_may_be_changed() -> None:
    assert lire(BON).conclusion is Conclusion.A_JOUR
    for rang in range(len(BON)):
        for masque in (0x01, 0x80, 0xFF):
            abime = BON[:rang] + bytes([BON[rang] ^ masque]) + BON[rang + 1 :]
            for statuts in (bon, None):
                verdict = lire(abime, statuts=statuts)
                assert verdict.conclusion in REFUSES, rang
                assert verdict.faits is None


def test_d1_no_byte_may_be_left_out_or_added() -> None:
    for rang in range(len(BON)):
        assert lire(BON[:rang] + BON[rang + 1 :]).conclusion in REFUSES, rang
        assert lire(BON[:rang] + b"\x00" + BON[rang:]).conclusion in REFUSES, rang


def test_d6_the_low_s_is_the_one_we_write() -> None:
    for _ in range(50):
        s = int.from_bytes(signer().octets[-32:], "big")
        assert 0 < s <= ORDRE // 2


def test_d8_two_keys_of_one_name_are_no_list() -> None:
    cles = list(cle_d_essai()[1])
    with pytest.raises(CleRefusee):
        Trousseau([*cles, *cles])


def test_d8_an_unknown_key_is_said_to_be_unknown_and_never_good() -> None:
    assert lire(signe(revendications(), autre_cle()[0])).conclusion is Conclusion.CLE_INCONNUE
    assert lire(BON, cles=Trousseau([])).conclusion is Conclusion.CLE_INCONNUE


@pytest.mark.parametrize(
    ("debut", "fin"),
    [(EMISE_LE + timedelta(seconds=1), EMISE_LE + timedelta(days=365)),
     (EMISE_LE - timedelta(days=365), EMISE_LE - timedelta(seconds=1))],
    ids=["avant son début", "après sa fin"],
)  # fmt: skip
def test_a_key_signs_only_in_its_period(debut: Any, fin: Any) -> None:
    cle, trousseau = cle_d_essai(debut.astimezone(UTC).replace(microsecond=0), fin.astimezone(UTC))
    assert lire(signer(cle=cle).octets, cles=trousseau).conclusion is Conclusion.CLE_INCONNUE


def test_d10_five_months_are_refused_though_our_key_signed_them() -> None:
    assert lire(modifie(exp=EMIS + 124 * JOUR)).conclusion is Conclusion.A_JOUR
    assert lire(modifie(exp=EMIS + 126 * JOUR)).conclusion is Conclusion.NON_AUTHENTIQUE


@pytest.mark.parametrize(
    ("avance", "attendu"),
    [(60, Conclusion.A_JOUR), (120, Conclusion.A_JOUR), (121, Conclusion.NON_AUTHENTIQUE),
     (3600, Conclusion.NON_AUTHENTIQUE)],
)  # fmt: skip
def test_d11_two_clocks_may_differ_by_two_minutes(avance: int, attendu: Conclusion) -> None:
    octets = signer(attestation(emise_at=MAINTENANT + timedelta(seconds=avance))).octets
    assert lire(octets).conclusion is attendu


def test_d12_d17_d21_the_code_of_another_shows_the_other() -> None:
    """On another's page, under another host, pasted in another file: the facts shown are those of the code."""
    autre = signer(attestation(neph="990000000002"))
    for texte in (autre.adresse, autre.adresse.replace("mespoints.example", "mespoints-verification.example")):
        verdict = lire(jeton.lire_adresse(texte))
        assert verdict.faits is not None
        assert verdict.faits.neph == "990000000002"


@pytest.mark.parametrize(
    ("statut", "conclusion"),
    [(Statut.DROITS_CHANGES, Conclusion.PLUS_A_JOUR), (Statut.RETIREE, Conclusion.RETIREE),
     (Statut.ANNULEE, Conclusion.ANNULEE)],
)  # fmt: skip
def test_d14_d15_a_status_makes_it_red_however_old_the_list(statut: Statut, conclusion: Conclusion) -> None:
    for age in (timedelta(minutes=10), timedelta(hours=25), timedelta(days=8)):
        verdict = lire(BON, statuts=lambda _, age=age: StatutConnu(statut, MAINTENANT - age))
        assert verdict.conclusion is conclusion
        assert verdict.conclusion.couleur is Couleur.ROUGE


@pytest.mark.parametrize(
    ("age", "conclusion", "couleur"),
    [(timedelta(minutes=10), Conclusion.A_JOUR, Couleur.VERT),
     (timedelta(hours=24), Conclusion.A_JOUR, Couleur.VERT),
     (timedelta(hours=25), Conclusion.NON_VERIFIEE, Couleur.ORANGE),
     (timedelta(days=7), Conclusion.NON_VERIFIEE, Couleur.ORANGE),
     (timedelta(days=8), Conclusion.NON_VERIFIEE_DEPUIS_LONGTEMPS, Couleur.ROUGE)],
)  # fmt: skip
def test_d14_what_a_list_is_worth_by_its_age(age: timedelta, conclusion: Conclusion, couleur: Couleur) -> None:
    verdict = lire(BON, statuts=lambda _: StatutConnu(Statut.BON, MAINTENANT - age))
    assert (verdict.conclusion, verdict.conclusion.couleur) == (conclusion, couleur)
    assert verdict.etat_connu_at == MAINTENANT - age


@pytest.mark.parametrize(
    ("age", "conclusion"),
    [(timedelta(minutes=1), Conclusion.NON_VERIFIEE), (timedelta(days=6), Conclusion.NON_VERIFIEE),
     (timedelta(days=8), Conclusion.NON_VERIFIEE_DEPUIS_LONGTEMPS)],
)  # fmt: skip
def test_d14_without_any_list_a_code_is_worth_its_issue(age: timedelta, conclusion: Conclusion) -> None:
    octets = signer(attestation(emise_at=MAINTENANT - age)).octets
    assert lire(octets, statuts=None).conclusion is conclusion


def test_d14_an_old_list_says_nothing_of_a_code_issued_since() -> None:
    octets = signer(attestation(emise_at=MAINTENANT - timedelta(days=2))).octets
    verdict = lire(octets, statuts=lambda _: StatutConnu(Statut.BON, MAINTENANT - timedelta(days=9)))
    assert verdict.conclusion is Conclusion.NON_VERIFIEE
    assert verdict.etat_connu_at == MAINTENANT - timedelta(days=2)


def test_d15_a_code_outlives_a_normal_change_of_key() -> None:
    """The old key ended last week, the new one began a month ago: both are in the list."""
    ancienne, avant = cle_d_essai(MAINTENANT - timedelta(days=400), MAINTENANT - timedelta(days=7))
    _, apres = cle_d_essai(MAINTENANT - timedelta(days=30), MAINTENANT + timedelta(days=335))
    deux = Trousseau([*avant, *apres])
    assert lire(signer(cle=ancienne).octets, cles=deux).conclusion is Conclusion.A_JOUR
    assert lire(signer(cle=ancienne).octets, cles=apres).conclusion is Conclusion.CLE_INCONNUE  # withdrawn: compromised


def test_an_expired_code_is_red_and_its_facts_are_given() -> None:
    fin = jeton.fin_de_vie(attestation())
    assert lire(BON, maintenant=fin - timedelta(seconds=1)).conclusion is not Conclusion.EXPIREE
    verdict = lire(BON, maintenant=fin)
    assert verdict.conclusion is Conclusion.EXPIREE
    assert verdict.faits is not None


def test_d22_a_refusal_costs_no_more_than_a_good_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """One signature compared at most, and no more bytes read than a code may have (``make timing`` says how long)."""
    compares, lus = [], []
    verifier_signature, charger = cose.verifier_signature, cbor2.loads
    monkeypatch.setattr(cose, "verifier_signature", lambda *qui: compares.append(1) or verifier_signature(*qui))
    monkeypatch.setattr(cbor2, "loads", lambda octets: lus.append(len(octets)) or charger(octets))
    for nom, faire in (CORPUS | {"bon": lambda: BON}).items():
        octets = faire()
        compares.clear()
        lus.clear()
        lire(octets)
        assert len(compares) <= 1, nom
        assert len(lus) <= 3, nom  # the envelope, its header, its claims
        assert sum(lus) <= 2 * cose.TAILLE, nom
    assert (len(compares), len(lus)) == (1, 3), "the good code was counted"
