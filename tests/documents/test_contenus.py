"""What the ADCS may say, as values: its fields, its four words, its dates, its codes."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

from documents.contenus import (
    AttestationDroits,
    Categorie,
    Etat,
    Identite,
    Periode,
    Validite,
    etat_du_droit,
    fin_de_validite,
    naissance_en_mots,
)
from documents.rules.lieux import AUTRES, PAYS, lieu_en_mots
from documents.rules.permis import restriction_en_mots
from dossier.rules.departements import DEPARTEMENTS
from dossier.rules.vocabulaire import Etat as EtatDossier

AU = date(2026, 11, 21)
CHAMPS = {
    "numero", "emise_at", "valable_jusqu_au", "etat", "suspensions", "limitations_ead", "neph", "identite", "adresse",
    "categories", "suspensions.debut", "suspensions.fin", "limitations_ead.debut", "limitations_ead.fin",
    "identite.nom_naissance", "identite.nom_usage", "identite.prenoms", "identite.sexe", "identite.naissance",
    "identite.lieu_naissance", "categories.code", "categories.obtenue_le", "categories.valable_jusqu_au",
    "categories.validite", "categories.restrictions", "categories.restrictions.code",
    "categories.restrictions.libelle",
}  # fmt: skip


def noms_des_champs(classe: Any, prefixe: str = "") -> set[str]:
    """The fields of a content type and of the types inside it, tuples and unions opened."""
    noms = set()
    for nom, type_ in get_type_hints(classe).items():
        noms.add(prefixe + nom)
        for dedans in [type_, *get_args(type_)]:
            if is_dataclass(dedans) and not isinstance(dedans, UnionType):
                noms |= noms_des_champs(dedans, f"{prefixe}{nom}.")
    return noms


def attestation(etat: Etat = Etat.VALIDE, **champs: Any) -> AttestationDroits:
    defauts: dict[str, Any] = {
        "numero": "",
        "emise_at": datetime(2026, 11, 21, 9, 5, tzinfo=UTC),
        "valable_jusqu_au": date(2027, 3, 21),
        "etat": etat,
        "suspensions": (),
        "limitations_ead": (),
        "neph": "150833200011",
        "identite": Identite("MARTIN", "", ("Camille",), "féminin", "31/12/1979", "France"),
        "adresse": (),
        "categories": (Categorie("B", date(1999, 1, 15), None, Validite.EN_COURS, ()),),
    }
    return AttestationDroits(**defauts | champs)


def test_the_content_type_has_these_fields_and_no_other() -> None:
    assert noms_des_champs(AttestationDroits) == CHAMPS
    assert not [nom for nom in CHAMPS if any(mot in nom for mot in ("point", "solde", "infraction", "mouvement"))]
    assert {f.name for f in fields(AttestationDroits)} == {nom for nom in CHAMPS if "." not in nom}


@pytest.mark.parametrize(
    ("etat", "suspendu", "mot"),
    [
        ("valide", False, "valide"),
        ("solde_nul", False, "valide"),
        ("solde_nul", True, "suspendu"),
        ("suspendu", True, "suspendu"),
        ("invalide", False, "invalidé"),
        ("invalide", True, "invalidé"),
        ("annule", False, "annulé"),
        ("annule", True, "annulé"),
        ("sans_permis", False, None),
        ("sans_permis", True, None),
    ],
)
def test_the_word_for_each_etat(etat: str, suspendu: bool, mot: str | None) -> None:
    assert etat_du_droit(etat, suspendu=suspendu) == mot


def test_every_etat_of_a_dossier_has_its_word() -> None:
    sans = [e for e in EtatDossier if etat_du_droit(e, suspendu=False) is None]
    assert sans == ["sans_permis", "echange", "interdit", "decede"]
    assert {str(e) for e in Etat} == {"valide", "suspendu", "invalidé", "annulé"}


@pytest.mark.parametrize("etat", list(Etat))
def test_only_a_valid_etat_is_a_justificatif(etat: Etat) -> None:
    contenu = attestation(etat)
    assert ("Vaut justificatif" in contenu.portee) is (etat is Etat.VALIDE)
    assert ("n'est pas un titre de conduite" in contenu.portee) is (etat is not Etat.VALIDE)
    assert contenu.phrase.startswith("Cette personne a le droit" if etat is Etat.VALIDE else "Cette personne n'a pas")


@pytest.mark.parametrize("categories", [(), (Categorie("B", None, date(2026, 11, 20), Validite.EXPIREE, ()),)])
def test_a_valid_etat_without_a_category_in_force_is_no_title(categories: Any) -> None:
    contenu = attestation(categories=categories)
    assert contenu.phrase.startswith("Aucune catégorie n'est en cours de validité")
    assert "n'est pas un titre de conduite" in contenu.portee


@pytest.mark.parametrize(
    ("emission", "fin"),
    [
        (date(2026, 8, 31), date(2026, 12, 31)),
        (date(2026, 10, 31), date(2027, 2, 28)),
        (date(2027, 10, 31), date(2028, 2, 29)),
        (date(2026, 11, 21), date(2027, 3, 21)),
        (date(2028, 2, 29), date(2028, 6, 29)),
    ],
)
def test_four_months_from_date_to_date(emission: date, fin: date) -> None:
    assert fin_de_validite(emission) == fin


@pytest.mark.parametrize(
    ("naissance", "mots"),
    [
        ("1979-12-31", "31/12/1979"),
        ("1979-12-00", "12/1979, jour inconnu"),
        ("1979-00-00", "1979, jour et mois inconnus"),
        ("1979-00-15", "1979, jour 15, mois inconnu"),
    ],
)
def test_births_with_unknown_parts(naissance: str, mots: str) -> None:
    assert naissance_en_mots(naissance) == mots


def test_the_measure_is_dated_when_suspended_and_only_then() -> None:
    ouverte = (Periode(date(2026, 11, 1), None),)
    assert attestation(Etat.SUSPENDU, suspensions=ouverte).mesures == (
        "Suspension depuis le 01/11/2026, sans date de fin connue.",
    )
    assert attestation(Etat.ANNULE, suspensions=ouverte, limitations_ead=ouverte).mesures == ()
    ead = attestation(limitations_ead=(Periode(date(2026, 6, 1), date(2027, 6, 1)),))
    assert ead.mesures == (
        "Conduite limitée aux véhicules équipés d'un éthylotest antidémarrage (EAD), "
        "du 01/06/2026 au 01/06/2027 inclus.",
    )


@pytest.mark.parametrize(
    ("code", "libelle"),
    [
        ("01.06", "port de lunettes ou de lentilles de contact"),
        ("02", "prothèse auditive ou aide à la communication"),
        ("05.01", "conduite de jour seulement"),
        ("10.02", "choix automatique du rapport de vitesse"),
        ("64 (90 km/h)", "vitesse limitée"),
        ("69(1.1.2027)", "véhicules équipés d'un éthylotest antidémarrage (EAD) seulement"),
        ("78", "boîte de vitesses automatique seulement"),
        ("79.06", "ensemble BE dont la remorque dépasse 3,5 t"),
        ("105", ""),
        ("01.99", ""),
        ("<b>", ""),
    ],
)
def test_restriction_codes_in_words(code: str, libelle: str) -> None:
    assert restriction_en_mots(code, AU) == libelle


def test_a_code_has_the_meaning_of_its_time() -> None:
    assert restriction_en_mots("10.02", date(2016, 12, 31)) == "boîte de vitesses automatique"
    assert restriction_en_mots("68", date(2016, 12, 31)) == ""


@pytest.mark.parametrize(
    ("commune", "pays", "mots"),
    [
        ("75056", "99100", "Paris (75), commune INSEE 75056"),
        ("2A004", None, "Corse-du-Sud (2A), commune INSEE 2A004"),
        ("97411", "99100", "La Réunion (974), commune INSEE 97411"),
        ("", "99341", "Sénégal"),
        ("", "99998", "pays INSEE 99998"),
        ("00999", "99100", "commune INSEE 00999"),
        ("", "99100", "France"),
        (None, None, "non renseigné"),
    ],
)
def test_places_of_birth_in_words(commune: str | None, pays: str | None, mots: str) -> None:
    assert lieu_en_mots(commune, pays) == mots


def test_the_tables_of_places_are_whole() -> None:
    assert len(DEPARTEMENTS) == 107  # 96, and 11 overseas
    assert set(AUTRES) & set(DEPARTEMENTS) == set()
    assert PAYS["99352"] == "Algérie"
    assert all(len(code) == 5 and nom for code, nom in PAYS.items())
