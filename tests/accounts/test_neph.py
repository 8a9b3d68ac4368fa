"""Each format of the number: what is read, what is refused and where, both edges of each length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.creation import neph
from accounts.creation.neph import Lecture, NumeroIllisible
from dossier import champs

ESPACE_FINE = "\u202f"


@pytest.mark.parametrize(
    ("tape", "lu"),
    [
        ("123.ABC.456", "123ABC456"),
        ("  123 abc-456 ", "123ABC456"),
        ("N° 000123456789", "000123456789"),
        ("n º 000 123 456 789", "000123456789"),
        ("N123", "N123"),
        (f"0001{ESPACE_FINE}2345\u00a06789", "000123456789"),
        ("１２３ＡＢ", "123AB"),
        ("12\u200b34\u202e5", "12345"),
        ("12/34_5", "12345"),
        ("", ""),
        (" . ", ""),
    ],
)
def test_ce_qui_n_est_ni_lettre_ni_chiffre_est_oublie(tape: str, lu: str) -> None:
    assert neph.normaliser(tape) == lu


@pytest.mark.parametrize("tape", ["١٢٣٤٥", "1234é", "12²45", "1234Ω", "12\x0034", "12\x1b34", "½1234"])
def test_une_lettre_ou_un_chiffre_d_ailleurs_est_refuse(tape: str) -> None:
    with pytest.raises(NumeroIllisible, match="lettres de A à Z"):
        neph.normaliser(tape)


@given(st.text(max_size=40))
def test_normaliser_ne_laisse_que_la_forme_de_la_cle(tape: str) -> None:
    try:
        lu = neph.normaliser(tape)
    except NumeroIllisible:
        return
    assert all(c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for c in lu)
    assert neph.normaliser(lu) == lu


LUS = [
    (neph.lire_neph, ("12345",), {}, "12345"),
    (neph.lire_neph, ("a" * 19,), {}, "A" * 19),
    (neph.lire_neph, ("99 01 75 10 00 01",), {}, "990175100001"),
    (neph.lire_carte, ("ABC123", "45 67"), {"espace": True}, "ABC1234567"),
    (neph.lire_carte, ("ABC123", "4567"), {"espace": True}, "ABC1234567"),
    (neph.lire_carte, ("A", "4567"), {"espace": True}, "A4567"),
    (neph.lire_carte, ("a" * 15, "4567"), {"espace": True}, "A" * 15 + "4567"),
    (neph.lire_carte, ("9901751", "00001"), {"espace": False}, "990175100001"),
    (neph.lire_carte, ("9901751", "00 001"), {"espace": False}, "990175100001"),
    (neph.lire_carte, ("1", "2345"), {"espace": False}, "12345"),
    (neph.lire_carte, ("1" * 15, "2345"), {"espace": False}, "1" * 15 + "2345"),
    (neph.lire_deux_lignes, ("N° ABC123", "45 67"), {}, "ABC1234567"),
    (neph.lire_deux_lignes, ("A", "4567"), {}, "A4567"),
    (neph.lire_deux_lignes, ("B" * 15, "4567"), {}, "B" * 15 + "4567"),
    (neph.lire_une_ligne, ("000123456789",), {}, "000123456789"),
    (neph.lire_une_ligne, ("N° 0001 2345 6789",), {}, "000123456789"),
    (neph.lire_une_ligne, ("0" * 12,), {}, "0" * 12),
    (neph.lire_avant_1975, ("123.ABC.456", "62", "33"), {}, "123ABC4566233"),
    (neph.lire_avant_1975, ("1", "00", "01"), {}, "10001"),
    (neph.lire_avant_1975, ("1" * 15, "74", "95"), {}, "1" * 15 + "7495"),
    (neph.lire_avant_1975, ("1234567.12345678", "74", "95"), {}, "1234567123456787495"),
    (neph.lire_avant_1975, ("123", "1962", "1"), {}, "1236201"),
    *((neph.lire_avant_1975, ("123", "62", tape), {}, f"12362{dep}") for tape, dep in [
        ("20", "20"), ("2A", "20"), ("2b", "20"), ("96", "96"), ("971", "96"), ("97", "97"), ("972", "97"),
        ("98", "98"), ("973", "98"), ("99", "99"), ("974", "99"), ("975", "99"), ("976", "99"), ("75", "75"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("lire", "saisie", "options", "cle"), LUS)
def test_ce_qui_est_lu_est_une_cle_du_flux(lire, saisie: tuple[str, ...], options: dict[str, bool], cle: str) -> None:
    lecture = lire(*saisie, **options)
    assert lecture.neph == cle == champs.neph(cle)
    assert lecture.lu.startswith("Nous avons lu ")
    assert cle in lecture.lu


def test_l_echo_d_avant_1975_dit_les_trois_parties() -> None:
    assert neph.lire_avant_1975("418.LMP.207", "68", "2A") == Lecture(
        "418LMP2076820",
        "Nous avons lu le numéro 418LMP207, l'année 1968 et le département 20 (Corse), soit 418LMP2076820",
    )


REFUSES = [
    (neph.lire_neph, ("",), {}, "numero", "Saisissez votre numéro de dossier"),
    (neph.lire_neph, ("   ",), {}, "numero", "Saisissez votre numéro de dossier"),
    (neph.lire_neph, ("1234",), {}, "numero", "de 5 à 19 lettres et chiffres ; nous en lisons 4"),
    (neph.lire_neph, ("1",), {}, "numero", "nous ne lisons qu'un caractère"),
    (neph.lire_neph, ("1" * 20,), {}, "numero", "nous en lisons 20"),
    (neph.lire_neph, ("١٢٣٤٥",), {}, "numero", "lettres de A à Z"),
    (neph.lire_carte, ("", "45 67"), {"espace": True}, "ligne_1", "première ligne"),
    (neph.lire_carte, ("ABC", ""), {"espace": True}, "ligne_2", "seconde ligne"),
    (neph.lire_carte, ("ABC", "456"), {"espace": True}, "ligne_2", "4 chiffres ; nous lisons 456"),
    (neph.lire_carte, ("ABC", "45678"), {"espace": True}, "ligne_2", "4 chiffres ; nous lisons 45678"),
    (neph.lire_carte, ("ABC", "45 6B"), {"espace": True}, "ligne_2", "4 chiffres"),
    (neph.lire_carte, ("a" * 16, "4567"), {"espace": True}, "ligne_1", "de 1 à 15 lettres et chiffres"),
    (neph.lire_carte, ("12", "34"), {"espace": False}, None, "de 5 à 19 lettres et chiffres ; nous en lisons 4"),
    (neph.lire_carte, ("1" * 15, "23456"), {"espace": False}, None, "nous en lisons 20"),
    (neph.lire_deux_lignes, ("ABC123", "456"), {}, "ligne_2", "4 chiffres"),
    (neph.lire_deux_lignes, ("ABC123", "45 678"), {}, "ligne_2", "4 chiffres"),
    (neph.lire_deux_lignes, ("ABC123", ""), {}, "ligne_2", "seconde ligne"),
    (neph.lire_deux_lignes, ("B" * 16, "4567"), {}, "ligne_1", "de 1 à 15"),
    (neph.lire_deux_lignes, ("...", "4567"), {}, "ligne_1", "première ligne"),
    (neph.lire_une_ligne, ("",), {}, "numero", "Saisissez votre numéro"),
    (neph.lire_une_ligne, ("1" * 11,), {}, "numero", "12 chiffres ; nous en lisons 11"),
    (neph.lire_une_ligne, ("1" * 13,), {}, "numero", "12 chiffres ; nous en lisons 13"),
    (neph.lire_une_ligne, ("123ABC456789",), {}, "numero", "modifiez votre réponse"),
    (neph.lire_avant_1975, ("", "62", "33"), {}, "numero", "Saisissez le numéro"),
    (neph.lire_avant_1975, ("1" * 17, "62", "33"), {}, "numero", "de 1 à 16 caractères"),
    (neph.lire_avant_1975, ("1" * 16, "62", "33"), {}, "numero", "compterait 20 lettres et chiffres"),
    (neph.lire_avant_1975, ("123", "", "33"), {}, "annee", "deux derniers chiffres"),
    (neph.lire_avant_1975, ("123", "6", "33"), {}, "annee", "deux derniers chiffres"),
    (neph.lire_avant_1975, ("123", "2062", "33"), {}, "annee", "deux derniers chiffres"),
    (neph.lire_avant_1975, ("123", "75", "33"), {}, "annee", "ne peut pas être de 1975"),
    (neph.lire_avant_1975, ("123", "1999", "33"), {}, "annee", "ne peut pas être de 1999"),
    (neph.lire_avant_1975, ("123", "62", ""), {}, "departement", "20 pour la Corse"),
    (neph.lire_avant_1975, ("123", "62", "00"), {}, "departement", "20 pour la Corse"),
    (neph.lire_avant_1975, ("123", "62", "2C"), {}, "departement", "20 pour la Corse"),
    (neph.lire_avant_1975, ("123", "62", "977"), {}, "departement", "20 pour la Corse"),
]


@pytest.mark.parametrize(("lire", "saisie", "options", "champ", "message"), REFUSES)
def test_ce_qui_est_refuse_dit_le_champ_et_la_raison(
    lire, saisie: tuple[str, ...], options: dict[str, bool], champ: str | None, message: str
) -> None:
    with pytest.raises(NumeroIllisible, match=message) as refus:
        lire(*saisie, **options)
    assert refus.value.champ == champ
