"""Codes drawn by chance: any bytes, any CBOR, any claim, any text. A verdict or a refusal each time, never an error."""

from contextlib import suppress
from typing import Any

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.code import code_court, cose, jeton
from documents.code.jeton import ADCS, CTI, EXP, IAT, ISS, NBF, STATUT
from tests.documents.jetons import cle_d_essai
from tests.documents.test_corpus_adcs import BON, REFUSES, assembler, lire, revendications
from tests.tirages import tirages

VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=80) | st.text(max_size=20),
    lambda enfants: st.lists(enfants, max_size=5) | st.dictionaries(st.integers() | st.text(max_size=3), enfants),
    max_leaves=12,
)


@settings(max_examples=tirages(150), deadline=None)
@given(st.binary(max_size=400))
def test_d22_any_bytes_are_refused_without_an_error(octets: bytes) -> None:
    for essai in (octets, b"\xd2" + octets, b"\xd2\x84" + octets, BON[:100] + octets):
        assert lire(essai).conclusion in REFUSES


@settings(max_examples=tirages(150), deadline=None)
@given(VALEURS, VALEURS, VALEURS, VALEURS)
def test_d22_any_cbor_is_refused_without_an_error(a: Any, b: Any, c: Any, d: Any) -> None:
    for essai in (a, [a, b, c, d], cbor2.CBORTag(18, [a, b, c, d])):
        assert lire(cbor2.dumps(essai)).conclusion in REFUSES
    assert lire(assembler(entete=cbor2.dumps({1: a, 4: b}))).conclusion in REFUSES
    assert lire(assembler(charge=cbor2.dumps(c))).conclusion in REFUSES


@settings(max_examples=tirages(80), deadline=None)
@given(st.sampled_from([ISS, EXP, NBF, IAT, CTI, STATUT, ADCS]), st.sampled_from(range(1, 10)), VALEURS)
def test_d22_any_claim_that_our_key_signed_is_read_or_refused(quoi: int, fait: int, valeur: Any) -> None:
    """Ours to sign, and yet: a fault of ours must not be a fault of the verifier's."""
    contenu = revendications()
    for essai in (contenu | {quoi: valeur}, contenu | {ADCS: contenu[ADCS] | {fait: valeur}}):
        assert isinstance(lire(cose.signer(cbor2.dumps(essai, canonical=True), cle_d_essai()[0])), jeton.Verdict)


@given(st.text(max_size=200))
def test_d22_any_text_is_read_or_refused(texte: str) -> None:
    for essai in (texte, f"#ADC1.{texte}", f"https://x/verification/#ADC1.{texte}"):
        with suppress(cose.Refus):
            jeton.lire_adresse(essai)
    with suppress(code_court.CodeIllisible):
        code_court.lire(texte)
