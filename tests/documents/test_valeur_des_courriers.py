"""What each letter is worth today, and the address that it went to."""

from datetime import date
from typing import Any

import pytest

from documents.courriers.adresses import Adresses, adresse_dite
from documents.courriers.selectors import list_courriers
from documents.courriers.valeur import Valeur, valeur
from dossier.selectors import get_situation
from tests.documents.dossiers import client_of
from tests.dossier.lignes import PERMIS, dossier, importer, infraction, ligne
from tests.dossier.test_suites import situation
from tests.rules.fabrique import deces, echange, levee

AU = date(2026, 11, 30)
NUL = [infraction("i1", "2026-01-01", "2026-03-01", 6), infraction("i2", "2026-02-01", "2026-05-01", 6)]
INVALIDATION = {"id": "x", "type": "invalidation", "date_notification": "2026-06-04"}
L48SI: dict[str, Any] = {
    "id": "l",
    "type": "lettre",
    "reference": "48SI",
    "date_envoi": "2026-06-01",
    "date_presentation": "2026-06-04",
}


def lettre(reference: str, envoi: str, **autres: str) -> dict[str, Any]:
    return {"id": f"{reference}{envoi}", "type": "lettre", "reference": reference, "date_envoi": envoi, **autres}


def lue(une: dict[str, Any], *faits: dict[str, Any]) -> Valeur:
    tenue = situation(PERMIS, *NUL, une, *faits, au=AU)
    jour = date.fromisoformat(une["date_envoi"])
    dite = valeur(tenue, une["reference"], fait=une, cause=une.get("fait"), jour=jour)
    return dite._replace(objet=dite.objet.replace("\u00a0", " "), phrase=dite.phrase.replace("\u00a0", " "))


def test_apres_la_48si_aucune_lettre_ne_rend_de_points() -> None:
    """46 and 47 sent after the end; the course of a 48N is no longer to be followed."""
    for reference in ("46", "47", "48", "48M", "48N"):
        for envoi in ("2026-05-10", "2026-06-20"):
            dite = lue(lettre(reference, envoi), INVALIDATION)
            assert dite.finie
            assert dite.objet.startswith("Sans effet aujourd'hui : ")
            assert "Ce permis a pris fin le 4 juin 2026 : " in dite.phrase
    assert "ne s'ajoutent à rien" in lue(lettre("46", "2026-06-20"), INVALIDATION).phrase
    assert "le stage n'est plus à suivre" in lue(lettre("48N", "2026-05-20"), INVALIDATION).phrase
    assert lue(L48SI, INVALIDATION) == Valeur(
        "Votre permis de conduire est invalidé", "Elle a mis fin à ce permis le 4 juin 2026."
    )


def test_un_nouveau_permis_a_ses_lettres_et_l_ancien_les_siennes() -> None:
    nouveau = PERMIS | {"id": "p2", "date_obtention": "2026-09-01"}
    assert lue(lettre("46", "2026-10-01"), INVALIDATION, nouveau) == Valeur("Des points vous sont rendus")
    assert lue(lettre("48", "2026-10-01", fait="i2"), INVALIDATION, nouveau).finie  # of an offence of before
    assert lue(L48SI, INVALIDATION, nouveau).objet == "Votre permis précédent a été invalidé"


ANNULEE = {"id": "an", "type": "infraction_annulee", "infraction": "i2", "date_decision": "2026-10-01"}


@pytest.mark.parametrize("reference", ["48", "48M", "48N"])
def test_la_lettre_d_une_infraction_annulee_ne_vaut_plus(reference: str) -> None:
    une = lettre(reference, "2026-05-10", fait="i2")
    dite = lue(une, ANNULEE)
    assert dite.finie
    assert dite.objet.startswith("Sans effet aujourd'hui : ")
    assert dite.phrase.startswith("Cette infraction a été annulée le 1er octobre 2026 : le retrait qu'elle annonce ne")
    assert not lue(une | {"fait": "i1"}, ANNULEE).phrase
    assert not lue(une, ANNULEE | {"date_decision": "2026-12-24"}).phrase  # not yet


def test_le_stage_d_une_48n_dont_l_infraction_est_annulee_n_est_plus_attendu() -> None:
    """The letter says so: « Mes points » must not ask for it."""
    permis = PERMIS | {"date_obtention": "2025-06-01"}
    perte = infraction("i2", "2026-02-01", "2026-05-01", 3)
    ordre = lettre("48N", "2026-05-10", fait="i2") | {"date_notification": "2026-05-14"}
    assert situation(permis, perte, ordre, au=AU).stage_ordonne_le == date(2026, 5, 14)
    assert situation(permis, perte, ordre, ANNULEE, au=AU).stage_ordonne_le is None


@pytest.mark.parametrize(
    ("portee", "attendu"), [("retroactive", "a été retirée ou annulée"), ("provisoire", "jusqu'au jugement")]
)
def test_une_48si_defaite_le_dit(portee: str, attendu: str) -> None:
    dite = lue(L48SI, INVALIDATION, levee("x", "2026-10-01", portee))
    assert dite.objet == "Sans effet aujourd'hui : votre permis de conduire est invalidé"
    assert attendu in dite.phrase


def test_rien_n_est_decide() -> None:
    """A 48SI presented: it may have ended the licence, a course is advised by no letter, gains are not promised."""
    assert lue(L48SI).objet == "Votre permis de conduire est peut-être invalidé"
    assert "le 4 juin 2026, retirée ou non" in lue(L48SI).phrase
    assert "peut-être" in lue(lettre("48SI", "2026-06-01", issue="npai")).phrase
    for reference in ("48M", "48N"):
        assert "Ne payez pas de stage" in lue(lettre(reference, "2026-05-10"), L48SI).phrase
    assert "si votre permis est encore valable" in lue(lettre("46", "2026-06-20"), L48SI).phrase
    assert lue(lettre("46", "2026-05-20"), L48SI) == Valeur("Des points vous sont rendus")


def test_ce_qui_tient_ne_dit_rien_de_plus() -> None:
    assert lue(lettre("46", "2026-06-20")) == Valeur("Des points vous sont rendus")
    assert lue(lettre("48SI", "2026-06-01")) == Valeur("Votre permis de conduire est invalidé")
    assert lue(lettre("46", "2026-06-20"), INVALIDATION, deces("2026-10-01")).phrase == ""
    assert "a pris fin le 1er juillet 2026" in lue(lettre("46", "2026-06-20"), echange("2026-07-01")).phrase


# --- The address ------------------------------------------------------------------------------------------------------

LYON, PARIS = ["1 rue A", "69001 Lyon"], ["2 rue B", "75012 Paris"]
DEMENAGE = Adresses([(date(2026, 11, 22), LYON)], PARIS)
PARTIE = {"date_envoi": "2026-11-20", "date_presentation": "2026-11-24"}


def dites(fait: dict[str, Any], adresses: Adresses = DEMENAGE, imprimee: tuple[str, ...] = ()) -> str:
    phrases = adresse_dite(adresses, fait=fait, imprimee=imprimee, jour=date(2026, 11, 20), recommandee=True)
    return " ".join(phrases).replace("\u00a0", " ")


def test_l_adresse_d_une_lettre_est_celle_de_son_envoi() -> None:
    """The dossier's address changed between sending and presentation."""
    dite = dites(PARTIE)
    assert dite.startswith("Adresse de votre dossier ce jour-là : 1 rue A, 69001 Lyon. Le 24 novembre 2026, ce n'était")
    assert "ne compte pas, sauf si l'erreur vient de vous" in dite


def test_l_adresse_dite_ou_imprimee_l_emporte() -> None:
    ailleurs = {"adresse": {"lignes": ["3 rue C"], "code_postal": "13001", "commune": "Marseille"}}
    assert dites(PARTIE | ailleurs).startswith("Adresse utilisée : 3 rue C, 13001 Marseille. Le 24 novembre 2026")
    assert dites({}, imprimee=("1 rue A", "69001 Lyon")) == (
        "Adresse utilisée : 1 rue A, 69001 Lyon. Ce n'est plus l'adresse de votre dossier aujourd'hui."
    )


def test_une_adresse_qui_n_a_pas_change_n_a_pas_de_remarque() -> None:
    assert dites(PARTIE, Adresses([], PARIS)) == "Adresse de votre dossier ce jour-là : 2 rue B, 75012 Paris."
    assert dites(PARTIE, Adresses([], [])) == ""


# --- The pages --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_liste_dit_ce_que_vaut_chaque_lettre_et_ou_elle_est_partie() -> None:
    faits = [*NUL, INVALIDATION, L48SI | {"date_notification": "2026-06-04"}]
    faits += [lettre("46", "2026-06-20"), lettre("47", "2026-07-01")]
    faits += [lettre("48N", "2026-05-20", date_notification="2026-05-22")]
    a_lyon = {"lignes": ["1 rue A"], "code_postal": "69001", "commune": "Lyon"}
    tenu = dossier(*faits, au=AU, adresse=a_lyon)
    importer(ligne(adresse={"lignes": ["2 rue B"], "code_postal": "75012", "commune": "Paris"}), au=AU)
    courriers = list_courriers(get_situation(tenu.pk, au=AU))
    assert [courrier.reference for courrier in courriers] == ["47", "46", "48SI", "48N"]
    assert all(courrier.valeur for courrier in courriers)
    assert all("69001 Lyon" in courrier.adresse[0] for courrier in courriers)
    assert [quoi for quoi, _ in courriers[-1].delais] == ["Contester devant le tribunal administratif"]
    page = client_of(tenu.pk).get("/mes-documents/courriers/").content.decode()
    assert "Sans effet aujourd&#x27;hui" in page
    assert "1er\u00a0juillet\u00a02026" in page
