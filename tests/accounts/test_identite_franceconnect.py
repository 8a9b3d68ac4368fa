"""From a pivot identity to a dossier: a table of cases, then what each criterion says. No database, no guess."""

from typing import Any

import pytest

from accounts import cog
from accounts.identite import Accord, Pivot, Suite, comparer, comparer_lieux, decider, decider_par_numero
from dossier.selectors import EtatCivil

EGAL, COMPATIBLE, INCONNU, CONTRAIRE = Accord.EGAL, Accord.COMPATIBLE, Accord.INCONNU, Accord.CONTRAIRE
CONFIRMER, NUMERO, EXAMINER = Suite.CONFIRMER, Suite.DEMANDER_NUMERO, Suite.EXAMINER

PIVOT = Pivot("MARTIN", ["Camille", "Anne"], "1979-12-31", "", "female", "69123", "99100")
CONNU = EtatCivil(1, "MARTIN", "", ["Camille", "Anne"], "F", "1979-12-31", "69123", "99100")

Change = dict[str, Any]
#: What the citizen's identity has different, what the dossier has different; without a number, then with it.
CAS: dict[str, tuple[Change, Change, Suite, Suite]] = {
    "tout concorde": ({}, {}, CONFIRMER, CONFIRMER),
    # names
    "accents et casse": ({"nom": "MÂRTÏN"}, {"nom_naissance": "martin"}, CONFIRMER, CONFIRMER),
    "trait d'union": ({"nom": "LE-GOFF"}, {"nom_naissance": "LE GOFF"}, CONFIRMER, CONFIRMER),
    "apostrophe": ({"nom": "D'ALMEIDA"}, {"nom_naissance": "DALMEIDA"}, CONFIRMER, CONFIRMER),
    "ligature": ({"nom": "ŒUVRARD"}, {"nom_naissance": "OEUVRARD"}, CONFIRMER, CONFIRMER),
    "particule en moins": ({"nom": "DE MARTIN"}, {}, NUMERO, EXAMINER),
    "une lettre de différence": ({"nom": "MARTIM"}, {}, NUMERO, EXAMINER),
    "nom tronqué dans le dossier": ({"nom": "MARTINEZ"}, {}, NUMERO, EXAMINER),
    "nom double, simple au dossier": ({"nom": "MARTIN DURAND"}, {}, NUMERO, EXAMINER),
    # usage names
    "dossier au nom d'usage": (
        {"nom": "VASSEUR", "nom_usage": "Martin"}, {"nom_usage": "MARTIN"}, NUMERO, CONFIRMER,
    ),
    "nom d'usage que le dossier ignore": ({"nom": "VASSEUR", "nom_usage": "Martin"}, {}, NUMERO, EXAMINER),
    "nom d'usage différent": ({"nom": "VASSEUR", "nom_usage": "Petit"}, {"nom_usage": "GRAND"}, NUMERO, EXAMINER),
    "nom d'usage vide des deux côtés": ({"nom": "VASSEUR"}, {}, NUMERO, EXAMINER),
    "nom d'usage en plus": ({"nom_usage": "Petit"}, {}, CONFIRMER, CONFIRMER),
    # given names
    "premier prénom seul au dossier": ({}, {"prenoms": ["Camille"]}, CONFIRMER, CONFIRMER),
    "premier prénom seul chez FranceConnect": ({"prenoms": ["Camille"]}, {}, CONFIRMER, CONFIRMER),
    "prénom composé ou deux prénoms": (
        {"prenoms": ["Jean-Pierre"]}, {"prenoms": ["Jean", "Pierre"]}, CONFIRMER, CONFIRMER,
    ),
    "composé contre son début": ({"prenoms": ["Jean-Pierre"]}, {"prenoms": ["Jean"]}, NUMERO, EXAMINER),
    "prénoms dans un autre ordre": ({"prenoms": ["Anne", "Camille"]}, {}, NUMERO, EXAMINER),
    "autre premier prénom": ({"prenoms": ["Claude", "Anne"]}, {}, NUMERO, EXAMINER),
    "second prénom différent": ({"prenoms": ["Camille", "Rose"]}, {}, NUMERO, CONFIRMER),
    "jumelles, au second prénom près": (
        {"prenoms": ["Marie", "Claire"]}, {"prenoms": ["Marie", "Louise"]}, NUMERO, CONFIRMER,
    ),
    "un second prénom qui en commence un autre": (
        {"prenoms": ["Marie", "Anne"]}, {"prenoms": ["Marie", "Annette"]}, NUMERO, CONFIRMER,
    ),
    "aucun prénom chez FranceConnect": ({"prenoms": []}, {}, NUMERO, EXAMINER),
    "aucun prénom au dossier": ({}, {"prenoms": []}, NUMERO, EXAMINER),
    # dates
    "un autre jour": ({"date": "1979-12-30"}, {}, NUMERO, EXAMINER),
    "date présumée, dite par le fournisseur": (
        {"date": "1962-01-01", "date_brute": "1962-00-00"}, {"date_naissance": "1962-00-00"}, CONFIRMER, CONFIRMER,
    ),
    "date présumée, que rien ne dit": (
        {"date": "1962-01-01"}, {"date_naissance": "1962-00-00"}, NUMERO, CONFIRMER,
    ),
    "jour inconnu, dit": (
        {"date": "1962-07-01", "date_brute": "1962-07-00"}, {"date_naissance": "1962-07-00"}, CONFIRMER, CONFIRMER,
    ),
    "date présumée contre un jour connu": (
        {"date": "1962-01-01", "date_brute": "1962-00-00"}, {"date_naissance": "1962-07-04"}, NUMERO, EXAMINER,
    ),
    "vrai premier janvier": ({"date": "1979-01-01"}, {"date_naissance": "1979-01-01"}, CONFIRMER, CONFIRMER),
    "mois inconnu au dossier": ({}, {"date_naissance": "1979-00-00"}, NUMERO, CONFIRMER),
    "année différente": ({"date": "1978-12-31"}, {}, NUMERO, EXAMINER),
    # places
    "autre commune": ({"commune": "59350"}, {}, NUMERO, EXAMINER),
    "arrondissement contre ville": ({"commune": "69387"}, {}, CONFIRMER, CONFIRMER),
    "ville contre arrondissement": ({}, {"commune": "69383"}, CONFIRMER, CONFIRMER),
    "deux arrondissements": ({"commune": "75112"}, {"commune": "75116"}, NUMERO, EXAMINER),
    "ancien département de la Seine": (
        {"date": "1950-05-05", "commune": "92012"}, {"date_naissance": "1950-05-05", "commune": "75012"},
        CONFIRMER, CONFIRMER,
    ),
    "le même code après 1968": ({"commune": "92012"}, {"commune": "75012"}, NUMERO, EXAMINER),
    "lieu inconnu au dossier": ({}, {"commune": None, "pays": None}, NUMERO, CONFIRMER),
    "commune inconnue, pays connu": ({}, {"commune": None}, NUMERO, CONFIRMER),
    "commune sans pays": ({}, {"pays": None}, CONFIRMER, CONFIRMER),
    "Corse d'avant 1976": ({"commune": "2A004"}, {"commune": "20004"}, NUMERO, CONFIRMER),
    "code d'outre-mer d'autrefois": ({"commune": "97201"}, {"commune": "98501"}, NUMERO, CONFIRMER),
    "né à l'étranger": (
        {"commune": "", "pays": "99341"}, {"commune": None, "pays": "99341"}, CONFIRMER, CONFIRMER,
    ),
    "pays écrit à la place de la commune": (
        {"commune": "", "pays": "99341"}, {"commune": "99341", "pays": None}, CONFIRMER, CONFIRMER,
    ),
    "autre pays": ({"commune": "", "pays": "99341"}, {"commune": None, "pays": "99351"}, NUMERO, EXAMINER),
    "France contre étranger": ({"commune": "", "pays": "99350"}, {}, NUMERO, EXAMINER),
    "Algérie d'avant 1962": (
        {"date": "1955-03-03", "commune": "", "pays": "99352"},
        {"date_naissance": "1955-03-03", "commune": "92352", "pays": "99100"}, CONFIRMER, CONFIRMER,
    ),
    "Allemagne de l'Est": (
        {"commune": "", "pays": "99109"}, {"commune": None, "pays": "99141"}, CONFIRMER, CONFIRMER,
    ),
    # sex
    "sexe non précisé": ({"sexe": "unspecified"}, {}, CONFIRMER, CONFIRMER),
    "sexe absent": ({"sexe": ""}, {}, CONFIRMER, CONFIRMER),
    "autre sexe": ({"sexe": "male"}, {}, NUMERO, EXAMINER),
    # several at once
    "date et lieu incertains": (
        {}, {"date_naissance": "1979-00-00", "commune": None, "pays": None}, NUMERO, CONFIRMER,
    ),
    "nom d'usage et date incertaine": (
        {"nom": "VASSEUR", "nom_usage": "Martin"}, {"nom_usage": "MARTIN", "date_naissance": "1979-12-00"},
        NUMERO, CONFIRMER,
    ),
    "nom d'usage mais autre commune": (
        {"nom": "VASSEUR", "nom_usage": "Martin", "commune": "59350"}, {"nom_usage": "MARTIN"}, NUMERO, EXAMINER,
    ),
}  # fmt: skip


def test_la_table_a_plus_de_quarante_cas() -> None:
    assert len(CAS) >= 40


@pytest.mark.parametrize(("du_citoyen", "du_dossier", "sans_numero", "avec_numero"), CAS.values(), ids=CAS)
def test_un_seul_dossier_possible(
    du_citoyen: Change, du_dossier: Change, sans_numero: Suite, avec_numero: Suite
) -> None:
    pivot, connu = PIVOT._replace(**du_citoyen), CONNU._replace(**du_dossier)
    decision, par_numero = decider(pivot, [connu]), decider_par_numero(pivot, connu)
    assert (decision.suite, par_numero.suite) == (sans_numero, avec_numero)
    assert decision.dossier_id == (1 if sans_numero is CONFIRMER else None)
    assert par_numero.dossier_id == (1 if avec_numero is CONFIRMER else None)


JUMEAU = CONNU._replace(dossier_id=2)
AUTRE = CONNU._replace(dossier_id=3, prenoms=["Claude"])


@pytest.mark.parametrize(
    ("connus", "suite", "dossier"),
    [
        ([], NUMERO, None),
        ([CONNU, JUMEAU], NUMERO, None),
        ([CONNU, AUTRE], CONFIRMER, 1),
        ([AUTRE, CONNU], CONFIRMER, 1),
        ([AUTRE], NUMERO, None),
        # an homonym that nothing contradicts makes the certain one uncertain
        ([CONNU, JUMEAU._replace(commune=None, pays=None)], NUMERO, None),
        ([CONNU, JUMEAU._replace(sexe="M")], CONFIRMER, 1),
        ([CONNU, JUMEAU._replace(commune="59350")], CONFIRMER, 1),
    ],
)
def test_plusieurs_dossiers_possibles(connus: list[EtatCivil], suite: Suite, dossier: int | None) -> None:
    assert decider(PIVOT, connus) == (suite, dossier)


def test_un_numero_inconnu_est_examine() -> None:
    assert decider_par_numero(PIVOT, None) == (EXAMINER, None)


@pytest.mark.parametrize(
    ("dit", "su", "accord"),
    [
        (("69123", "99100"), ("69123", "99100"), EGAL),
        (("69123", "99100"), ("69123", None), EGAL),
        (("69123", "99100"), (None, "99100"), INCONNU),
        (("69123", "99100"), (None, None), INCONNU),
        (("69381", "99100"), ("69123", "99100"), COMPATIBLE),
        (("69381", "99100"), ("69389", "99100"), CONTRAIRE),
        (("2B033", "99100"), ("20033", "99100"), INCONNU),
        (("", "99350"), (None, "99350"), EGAL),
        (("", "99350"), ("75056", "99350"), EGAL),  # a commune of the file's, in a foreign country: the country speaks
    ],
)
def test_le_lieu(dit: tuple[str, str], su: tuple[str | None, str | None], accord: Accord) -> None:
    pivot, connu = PIVOT._replace(commune=dit[0], pays=dit[1]), CONNU._replace(commune=su[0], pays=su[1])
    assert comparer_lieux(pivot, connu) is accord


def test_chaque_ligne_du_cog_est_datee_et_a_sa_source() -> None:
    import csv

    with cog.FICHIER.open(encoding="utf-8", newline="") as lignes:
        lues = list(csv.DictReader(lignes))
    assert lues
    for ligne in lues:
        assert ligne["nature"] in {"commune", "pays", "algerie"}
        assert ligne["source"].startswith("Insee")
        assert ligne["jusqu_au"] == "" or len(ligne["jusqu_au"]) == 10


def test_le_nom_d_usage_ne_remplace_pas_le_nom_de_naissance_sans_numero() -> None:
    comparaison = comparer(PIVOT._replace(nom="VASSEUR", nom_usage="Martin"), CONNU._replace(nom_usage="MARTIN"))
    assert comparaison.usage
    assert comparaison.se_contredit


@pytest.mark.django_db
def test_un_nom_d_usage_que_le_dossier_n_a_pas() -> None:
    """The national file may give none: the column is null, and whoever told one met an error page."""
    from dossier.selectors import get_etat_civil
    from tests.dossier.lignes import dossier

    connu = get_etat_civil(pk=dossier().pk)
    assert connu is not None
    assert connu.nom_usage is None
    comparaison = comparer(PIVOT._replace(nom_usage="DURAND"), connu)
    assert comparaison.nom is Accord.EGAL
    assert not comparaison.usage
