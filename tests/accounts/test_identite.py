"""Is it the same person? Tables, criterion by criterion, then the rule of the number's door."""

import pytest

from accounts.identite import (
    Accord,
    EtatCivilSaisi,
    comparer_dates,
    comparer_noms,
    comparer_prenoms,
    decouper_prenoms,
    est_le_titulaire,
)
from dossier.noms import compacter
from dossier.selectors import EtatCivil

EGAL, COMPATIBLE, CONTRAIRE = Accord.EGAL, Accord.COMPATIBLE, Accord.CONTRAIRE


@pytest.mark.parametrize(
    ("ecritures", "compact"),
    [
        (("LE GOFF", "Legoff", "le-goff", " Le  Goff "), "LEGOFF"),
        (("D'Almeida", "D’ALMEIDA", "d almeida", "DALMEIDA"), "DALMEIDA"),
        (("Jean-Paul", "JEAN PAUL", "Jean\u00a0Paul"), "JEANPAUL"),
        (("Nguyễn", "Nguye\u0302\u0303n", "NGUYEN"), "NGUYEN"),
        (("Lefèvre", "Lefe\u0300vre", "LEFEVRE"), "LEFEVRE"),
        (("Œuvrard", "oeuvrard"), "OEUVRARD"),
        (("Æsir", "aesir"), "AESIR"),
        (("Groß", "GROSS", "GROẞ"), "GROSS"),
        (("Søren", "SOREN"), "SOREN"),
        (("Łukasz", "lukasz"), "LUKASZ"),
        (("Đặng", "Dang"), "DANG"),
        (("O", "o"), "O"),
        (("Ωμέγα",), "ΩΜΕΓΑ"),
        (("", "-", "'"), ""),
    ],
)
def test_seules_les_lettres_comptent(ecritures: tuple[str, ...], compact: str) -> None:
    assert {compacter(ecriture) for ecriture in ecritures} == {compact}


@pytest.mark.parametrize(
    ("saisi", "connu", "accord"),
    [
        ("O'Connor", "O CONNOR", EGAL),
        ("de La Tour", "DE LA TOUR", EGAL),
        ("Dupont", "DE DUPONT", CONTRAIRE),
        ("Dupont", "DUPOND", CONTRAIRE),
        ("-", "'", CONTRAIRE),
        ("A" * 80, "a" * 80, EGAL),
    ],
)
def test_le_nom_de_naissance(saisi: str, connu: str, accord: Accord) -> None:
    assert comparer_noms(saisi, connu) is accord


@pytest.mark.parametrize(
    ("saisis", "connus", "accord"),
    [
        ("Camille", ["Camille"], EGAL),
        ("Camille Anne", ["CAMILLE", "ANNE"], EGAL),
        ("Camille", ["Camille", "Anne"], COMPATIBLE),
        ("Camille, Anne, Marie", ["Camille"], COMPATIBLE),
        ("Anne Camille", ["Camille", "Anne"], CONTRAIRE),
        ("Jean Pierre", ["Jean-Pierre"], EGAL),
        ("Jean-Pierre", ["Jean", "Pierre"], EGAL),
        ("Jean Pierre Louis", ["Jean-Pierre"], COMPATIBLE),
        ("Jean", ["Jean-Pierre"], CONTRAIRE),
        ("Jean-Pierre", ["Jean"], CONTRAIRE),
        ("Élodie", ["ELODIE"], EGAL),
        ("", [], EGAL),
        ("", ["Camille"], CONTRAIRE),
        ("Camille", [], CONTRAIRE),
    ],
)
def test_le_premier_prenom_decide(saisis: str, connus: list[str], accord: Accord) -> None:
    assert comparer_prenoms(decouper_prenoms(saisis), connus) is accord


@pytest.mark.parametrize(
    ("saisie", "connue", "accord"),
    [
        ("1979-12-31", "1979-12-31", EGAL),
        ("1979-12-31", "1979-12-30", CONTRAIRE),
        ("1979-12-31", "1978-12-31", CONTRAIRE),
        ("1960-00-00", "1960-00-00", EGAL),
        ("1960-01-01", "1960-00-00", COMPATIBLE),
        ("1960-07-04", "1960-07-00", COMPATIBLE),
        ("1960-08-04", "1960-07-00", CONTRAIRE),
        ("1961-00-00", "1960-00-00", CONTRAIRE),
        ("1960-00-00", "1960-07-04", CONTRAIRE),  # unknown is said only where the record says it
        ("1960-07-00", "1960-07-04", CONTRAIRE),
        ("1960-00-00", "1960-07-00", CONTRAIRE),
    ],
)
def test_la_date_de_naissance(saisie: str, connue: str, accord: Accord) -> None:
    assert comparer_dates(saisie, connue) is accord


CONNU = EtatCivil(1, "D'ANGELO", "", ["Jean-Pierre", "Marie"], "M", "1956-02-00", "75056", "99100")


@pytest.mark.parametrize(
    ("saisi", "titulaire"),
    [
        (EtatCivilSaisi("d’Angelo", ["Jean", "Pierre"], "1956-02-03"), True),
        (EtatCivilSaisi("D'ANGELO", ["Jean-Pierre", "Marie"], "1956-02-00"), True),
        (EtatCivilSaisi("Angelo", ["Jean-Pierre"], "1956-02-03"), False),
        (EtatCivilSaisi("D'Angelo", ["Jean"], "1956-02-03"), False),
        (EtatCivilSaisi("D'Angelo", ["Jean-Pierre"], "1956-03-03"), False),
        (EtatCivilSaisi("D'Angelo", ["Jean-Pierre"], "1956-00-00"), False),
    ],
)
def test_les_trois_doivent_concorder(saisi: EtatCivilSaisi, titulaire: bool) -> None:
    assert est_le_titulaire(saisi, CONNU) is titulaire
