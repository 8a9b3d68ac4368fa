"""What the relevé tells of each fact: every field of it, what undid it, what it is about; without a database."""

from datetime import date
from typing import Any

import pytest

from documents.releve import PERMIS_NOMMES, decisions
from documents.rules.mentions import mentionner
from dossier.fabrique import parcours_de
from dossier.rules.solde import rejouer
from dossier.rules.vocabulaire import TypeFait
from dossier.schema import FAITS
from tests.documents.pdf import plain
from tests.rules.exemples import ANCIEN, annulee, infraction, notifiee, permis
from tests.rules.fabrique import (
    deces,
    echange,
    etranger,
    interdiction,
    lettre_48si,
    levee,
    retablie,
    suspension,
    visite,
)

Fait = dict[str, Any]
AU = date(2026, 11, 21)
#: Of each field, two values that the feed takes; the words of an enumeration are tested with their tables.
VALEURS: dict[str, tuple[Any, Any]] = {
    "points": (3, 4),
    "classe": (4, 5),
    "interdiction_mois": (6, 7),
    "score": (31, 38),
    "heure_commission": ("08:15", "09:20"),
    "adresse": ({"lignes": ["1 rue A"]}, {"lignes": ["2 rue B"]}),
    "nature": ("contravention", "delit"),
    "etablie_par": ("paiement", "condamnation"),
    "filiere": ("classique", "aac"),
    "motif": ("infraction", "medicale"),
    "controle_medical": ("requis", "non_requis"),
    "reference": ("48", "46"),
    "issue": ("remise", "npai"),
    "portee": ("retroactive", "provisoire"),
    "avis": ("apte", "inapte"),
    "epreuve": ("theorique", "pratique"),
    "pays": ("99109", "99139"),
}
PAR_TYPE: dict[tuple[str, str], tuple[Any, Any]] = {
    (TypeFait.STAGE, "nature"): ("volontaire", "obligatoire"),
    (TypeFait.SUSPENSION, "nature"): ("administrative", "judiciaire"),
    (TypeFait.LEVEE, "motif"): ("retrait", "erreur"),
}
#: They name another fact: ``decisions`` tells which.
RENVOIS = {"fait", "infraction", *PERMIS_NOMMES}
CHAMPS = [(type_, champ) for type_, champs in FAITS.items() for champ in champs if champ not in RENVOIS]


@pytest.mark.parametrize(("type_", "champ"), CHAMPS)
def test_le_releve_dit_chaque_champ_du_flux(type_: str, champ: str) -> None:
    """All that the dossier holds (L225-3): what differs in the file differs on the page."""
    un, autre = PAR_TYPE.get((type_, champ)) or VALEURS.get(champ) or ("2026-01-02", "2026-03-04")
    fait: Fait = {"type": type_, "id": "x", "points": 3, "reference": "48", "nature": "contravention"}
    if (type_, "nature") in PAR_TYPE:
        fait["nature"] = PAR_TYPE[type_, "nature"][0]
    dits = [mentionner(fait | {champ: valeur}) for valeur in (un, autre)]
    avec_et_sans = dits if champ not in {"groupe", "echange_de"} else [dits[0], mentionner(fait)]
    assert avec_et_sans[0] != avec_et_sans[1]


def dits(*faits: Fait, au: date = AU) -> dict[str, str]:
    """The relevé's words about each fact, by id."""
    faits = tuple({champ: valeur for champ, valeur in fait.items() if valeur is not None} for fait in faits)
    parcours = parcours_de(list(faits))
    mentions = decisions(faits, parcours, rejouer(parcours, au))
    assert len(mentions) == len(faits)
    titres = {(m.titre, m.jour): f["id"] for f in faits for m in [mentionner(f)]}
    return {titres[m.titre, m.jour]: plain(m.texte) for m in mentions}


INVALIDE = [ANCIEN, notifiee("2026-03-02")]


def test_une_mesure_effacee_et_sa_levee_se_nomment_l_une_l_autre() -> None:
    lus = dits(ANCIEN, annulee("2026-03-02"), levee("an", "2026-09-10", motif="infirmation"))
    assert "Ne compte pas, comme si cela n'avait jamais eu lieu : décision à effet du 10/09/2026." in lus["an"]
    assert "Jugement infirmé en appel. Au sujet de : Annulation du permis par un juge, 02/03/2026." in lus["lv"]


def test_une_decision_provisoire_puis_le_retablissement() -> None:
    faits = [ANCIEN, annulee("2026-03-02"), levee("an", "2026-04-10", "provisoire")]
    assert "Sans effet pour l'instant : un juge l'a suspendue à compter du 10/04/2026" in dits(*faits)["an"]
    lus = dits(*faits, retablie("lv", "2026-08-01"))
    assert "Sans effet" not in lus["an"]
    assert "La mesure est rétablie depuis le 01/08/2026" in lus["lv"]
    assert "Met fin à la décision provisoire du 10/04/2026." in lus["rt"]
    assert "Au sujet de : Annulation du permis par un juge, 02/03/2026." in lus["rt"]


def test_un_retablissement_ne_dit_pas_retablie_une_mesure_que_le_juge_a_effacee() -> None:
    provisoire, definitive = levee("an", "2026-04-10", "provisoire"), levee("an", "2026-09-10", id="l2")
    lus = dits(ANCIEN, annulee("2026-03-02"), provisoire, retablie("lv", "2026-08-01"), definitive)
    assert "rétablie" not in lus["lv"]
    assert "décision à effet du 10/09/2026" in lus["an"]


def test_ce_qui_est_a_venir_n_est_pas_dit_fait() -> None:
    lus = dits(ANCIEN, annulee("2026-03-02"), levee("an", "2027-01-10"))
    assert "Ne compte pas" not in lus["an"]
    pas_encore = {"id": "ia", "type": "infraction_annulee", "infraction": "i", "date_decision": "2027-01-10"}
    assert "ne compte pas" not in dits(ANCIEN, infraction("i", "2026-01-02", "2026-03-04", 3), pas_encore)["i"]


def test_une_suspension_levee_et_une_suspension_maintenue() -> None:
    leve = dits(ANCIEN, suspension("2026-02-01", None), levee("su", "2026-04-10", "a_compter"))
    assert "Levée : elle ne court plus à compter du 10/04/2026." in leve["su"]
    assert "Au sujet de : Suspension administrative, 01/02/2026." in leve["lv"]
    tenue = [ANCIEN, suspension("2026-02-01", "2026-08-01")]
    maintien = "Maintenue depuis, jusqu'à une décision d'aptitude (article R. 221-14-1 du Code de la route)"
    assert maintien in dits(*tenue)["su"]
    assert maintien not in dits(*tenue, visite("2026-09-01"))["su"]


def test_le_permis_que_le_conducteur_garde_laisse_la_mesure_comme_elle_est() -> None:
    second = permis("2026-06-01", id="p2")
    faits = [ANCIEN, annulee("2025-03-02"), second]
    assert "Ne compte pas" in dits(*faits, levee("an", "2026-09-10"))["an"]
    lus = dits(*faits, levee("an", "2026-09-10", permis_conserve="p2"))
    assert "Ne compte pas" not in lus["an"]
    assert "Permis conservé : celui obtenu le 01/06/2026" in lus["lv"]


def test_un_permis_tombe_le_dit_sans_nommer_ce_qui_a_ete_efface() -> None:
    """The annulled 48SI is in no document (L225-2 III): what falls because of it must not tell of it either."""
    dit = dits(*INVALIDE, permis("2026-06-01", id="p2"), levee("si", "2026-09-10"))["p2"]
    assert "ne compte pas" in dit
    assert "levée" not in dit


def test_un_deces_dit_par_erreur() -> None:
    lus = dits(ANCIEN, deces("2026-03-02"), levee("dc", "2026-05-01", motif="erreur"))
    assert "Ne compte pas, comme si cela n'avait jamais eu lieu" in lus["dc"]
    assert "Erreur corrigée. Au sujet de : Décès du titulaire, 02/03/2026." in lus["lv"]


def test_l_echange_dit_le_pays_et_son_texte() -> None:
    dit = dits(ANCIEN, echange("2026-03-02", permis="p1"))["ec"]
    assert "Pays : Allemagne." in dit
    assert "il ne porte plus de points (article R. 225-1 3° du Code de la route)" in dit
    assert "Permis concerné : celui obtenu le 15/01/1999" in dit


def test_un_permis_etranger_son_interdiction_et_ses_points_rendus() -> None:
    pertes = [infraction("a", "2024-01-01", "2024-02-01", 9, 0), infraction("b", "2024-01-02", "2024-03-01", 6, 0)]
    lus = dits(etranger("2020-05-01"), *pertes, interdiction("2024-03-10"))
    assert "12 points vous sont affectés" in lus["e1"]
    assert "L'interdiction de circuler a pris fin : depuis le 10/03/2025, vous avez 12 points" in lus["e1"]
    assert "(article L. 223-10 I du Code de la route)" in lus["e1"]
    assert "Elle dure jusqu'au 09/03/2025 inclus" in lus["ic"]
    assert "(article L. 223-10 II du Code de la route)" in lus["ic"]


def test_un_permis_francais_qui_reprend_des_points_ne_les_retire_pas() -> None:
    lus = dits(etranger("2024-05-01"), permis("2025-06-01"))
    assert "il garde vos points de permis étranger" in lus["p1"]
    assert "retiré" not in lus["p1"]


def test_une_48si_dit_ce_que_la_poste_en_a_fait() -> None:
    lue = lettre_48si("2026-02-10", date_avis="2026-02-13", issue="avisee_non_reclamee", fait="si")
    dit = dits(*INVALIDE, lue)["le"]
    assert "Avis de passage laissé le 13/02/2026. Non retirée à La Poste." in dit
    assert "Au sujet de : Invalidation du permis pour solde de points nul, 02/03/2026." in dit


def test_un_fait_sans_effet_dit_pourquoi() -> None:
    assert "aucun permis étranger ne portait de points le 02/03/2026" in dits(ANCIEN, interdiction("2026-03-02"))["ic"]
