"""The demonstration feed: what each persona claims to show is what the engine finds, on any day."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import demo
from accounts.creation import neph
from accounts.identite import EtatCivilSaisi, decouper_prenoms, est_le_titulaire
from demo.identites import Identite
from demo.personas import FICHIERS, PAR_FRANCECONNECT, PERSONAS, SANS_COMPTE, ecrire, lignes
from dossier.feed import lire_ligne
from dossier.rules.rejeu import Replay
from dossier.rules.solde import rejouer
from dossier.rules.stage import eligibilite
from dossier.selectors import EtatCivil
from tests.bareme import figure_au_bareme

JOURS = [date(2026, 11, 20), date(2026, 12, 31), date(2027, 8, 31), date(2028, 2, 29), date(2029, 3, 1)]
COMPTES = json.loads(Path(demo.__file__).with_name("comptes.json").read_text(encoding="utf-8"))

# Points, plafond and état that the first file gives, on the day of the demonstration.
ATTENDU: dict[str, tuple[int | None, int | None, str]] = {
    "camille": (12, 12, "valide"),
    "julien": (9, 12, "valide"),
    "ines": (5, 8, "valide"),
    "hugo": (9, 9, "valide"),
    "chloe": (8, 8, "valide"),
    "manon": (10, 10, "valide"),
    "thomas": (12, 12, "suspendu"),
    "karim": (0, 12, "solde_nul"),
    "sebastien": (0, 0, "invalide"),
    "nathalie": (8, 8, "valide"),
    "gerard": (5, 12, "valide"),
    "elodie": (12, 12, "valide"),
    "patrick": (7, 12, "valide"),
    "lea": (None, None, "sans_permis"),
    "antoine": (12, 12, "valide"),
    "mohamed": (4, 12, "valide"),
    "isabelle": (8, 12, "valide"),
    "jean-pierre": (12, 12, "valide"),
    "franck": (0, 0, "annule"),
    "olivier": (6, 12, "valide"),
    "sophie": (5, 12, "valide"),
    "david": (11, 12, "valide"),
    "fabien": (6, 12, "suspendu"),
    "helene": (3, 12, "valide"),
    "marc": (2, 12, "valide"),
    "ingrid": (0, 0, "echange"),
    "pedro": (8, 12, "valide"),
    "andrei": (0, 0, "interdit"),
    "nadia": (None, None, "sans_permis"),
    "laurent": (0, 12, "solde_nul"),
    "robert": (12, 12, "valide"),
    "sandrine": (6, 12, "valide"),
}
ATTENDU |= dict.fromkeys(["lucie", "yann", "marcel", "monique", "ange"], (11, 12, "valide"))
ATTENDU |= dict.fromkeys(["nicolas", "nicolas-bis", "fatima", "claire"], (11, 12, "valide"))
TOUS = (*PERSONAS, *SANS_COMPTE, *PAR_FRANCECONNECT)
CORRIGES = {"elodie": 8, "patrick": 12}

CHAMPS: dict[str, set[str]] = {
    "permis_obtenu": {"date_obtention", "filiere"},
    "formation_complementaire": {"date_fin"},
    "infraction": {
        "date_commission", "date_definitive", "points", "nature", "classe", "groupe", "lieu", "libelle", "natinf",
        "etablie_par",
    },
    "infraction_annulee": {"infraction", "date_decision", "motif"},
    "stage": {"date_debut", "date_fin", "nature", "agrement", "departement"},
    "suspension": {"date_debut", "date_fin", "nature"},
    "lettre": {"reference", "date_envoi", "date_presentation", "date_notification", "fait"},
    "invalidation": {"date_notification"},
    "annulation": {"date_effet", "interdiction_mois"},
    "levee": {"fait", "date_effet", "portee", "motif"},
    "echange": {"date_echange", "pays"},
    "permis_etranger": {"date_debut", "pays", "date_fin"},
    "interdiction_circuler": {"date_notification"},
    "restitution_titre": {"date_restitution"},
    "visite_medicale": {"date_visite", "avis", "date_fin_validite"},
    "resultat_examen": {"date_examen", "categorie", "epreuve", "resultat", "score"},
}  # fmt: skip
FACULTATIFS = {"infraction": {"heure_commission"}, "suspension": {"date_infraction"}, "lettre": {"date_avis"}}

CAMILLE = """
{"format": "mespoints-dossier/1", "neph": "990175100001", "etat_civil": {"nom_naissance": "MARTIN", "nom_usage": null,
"prenoms": ["Camille"], "sexe": "F", "date_naissance": "1979-12-31", "lieu_naissance": "75056",
"pays_naissance": "99100", "adresse": {"lignes": ["2 avenue des Érables"], "code_postal": "75012",
"commune": "Paris"}}, "titres": [{"format": "carte", "numero": "13AA00001", "date_delivrance": "2015-08-20",
"date_expiration": "2030-08-20", "departement": "75", "etat": "actif"}], "categories": [{"code": "B",
"date_obtention": "1999-01-15", "date_fin": null, "restrictions": []}], "faits": [{"id": "p1",
"type": "permis_obtenu", "date_obtention": "1999-01-15", "filiere": "classique"}, {"id": "i1", "type": "infraction",
"date_commission": "2021-06-30", "date_definitive": "2021-07-21", "points": 1, "nature": "contravention", "classe": 3,
"groupe": null, "lieu": "Autoroute A6, Évry",
"libelle": "Excès de vitesse inférieur à 20 km/h (limitation supérieure à 50 km/h)", "natinf": "25387",
"etablie_par": "paiement"}]}
"""


def _par_cle(au: date) -> dict[str, dict[str, Any]]:
    return {persona.cle: ligne for persona, ligne in zip(TOUS, lignes(au)[0], strict=True)}


def _complet(cle: str, au: date) -> dict[str, Any]:
    """The persona's line once both files are in."""
    initial, increment = _par_cle(au)[cle], lignes(au)[1]
    tardifs = [fait for ligne in increment if ligne["neph"] == initial["neph"] for fait in ligne["faits"]]
    return {**initial, "faits": initial["faits"] + tardifs}


def _rejouer(ligne: dict[str, Any], au: date, connu_le: date | None = None) -> Replay:
    return rejouer(lire_ligne(json.dumps(ligne).encode()).parcours, au, connu_le)


def test_les_comptes_sont_ceux_des_personas() -> None:
    assert COMPTES["mot_de_passe"] == "demonstration-2026"
    assert COMPTES["comptes"] == [
        {
            "email": persona.identite.email,
            "prenom_nom": persona.identite.prenom_nom,
            "neph": persona.identite.neph,
            "montre": persona.montre,
        }
        for persona in PERSONAS
    ]


def test_chacun_a_son_neph_son_adresse_et_son_explication() -> None:
    identites = [persona.identite for persona in TOUS]
    nephs = {identite.neph for identite in identites}
    assert len(nephs) == len({p.montre for p in TOUS}) == len(TOUS)
    assert len({i.email for i in identites}) == len(TOUS) - 1  # the homonyms have no account
    assert all(neph.isdecimal() and len(neph) == 12 for neph in (persona.identite.neph for persona in PERSONAS))
    assert all(identite.email.isascii() and identite.email.endswith("@exemple.fr") for identite in identites)
    assert set(ATTENDU) == {persona.cle for persona in TOUS}


def _connu(identite: Identite) -> EtatCivil:
    i = identite
    return EtatCivil(1, i.nom, "", i.prenoms, i.sexe, i.date_naissance, i.lieu_naissance, i.pays_naissance)


def test_chaque_format_de_numero_a_un_conducteur_sans_compte() -> None:
    saisies = {compte["neph"]: compte for compte in COMPTES["sans_compte"]}
    assert list(saisies) == [persona.identite.neph for persona in SANS_COMPTE]
    assert [compte["montre"] for compte in saisies.values()] == [persona.montre for persona in SANS_COMPTE]
    for persona in SANS_COMPTE:
        saisie, identite = saisies[persona.identite.neph], persona.identite
        jour, mois, annee = saisie["date_naissance"].split("/")
        dit = EtatCivilSaisi(saisie["nom_naissance"], decouper_prenoms(saisie["prenoms"]), f"{annee}-{mois}-{jour}")
        assert est_le_titulaire(dit, _connu(identite))
    assert {lecture.neph for lecture in (
        neph.lire_carte("1809751", "00023", espace=False), neph.lire_carte("DK4821", "71 35", espace=True),
        neph.lire_deux_lignes("BRN742", "69 13"), neph.lire_une_ligne("780913100027"),
        neph.lire_avant_1975("418.LMP.207", "68", "20"),
    )} == set(saisies)  # fmt: skip


@pytest.mark.parametrize("au", JOURS, ids=str)
def test_chaque_persona_montre_ce_qu_elle_annonce(au: date) -> None:
    trouve = {}
    for cle, ligne in _par_cle(au).items():
        replay = _rejouer(ligne, au)
        trouve[cle] = (replay.points, replay.plafond, replay.etat)
    assert trouve == ATTENDU


@pytest.mark.parametrize("au", JOURS, ids=str)
@pytest.mark.parametrize("cle", CORRIGES)
def test_l_increment_corrige_ce_qui_etait_connu_la_veille(cle: str, au: date) -> None:
    complet = _complet(cle, au)
    assert _rejouer(complet, au).points == CORRIGES[cle]
    assert _rejouer(complet, au, au - timedelta(days=1)).points == ATTENDU[cle][0]


@pytest.mark.parametrize("au", JOURS, ids=str)
def test_les_details_annonces(au: date) -> None:
    replays = {cle: _rejouer(ligne, au) for cle, ligne in _par_cle(au).items()}
    assert eligibilite(replays["julien"]).eligible
    assert replays["karim"].solde == -1
    assert replays["manon"].fin_delai_probatoire == au + timedelta(days=6)
    assert [i.points for i in replays["antoine"].en_attente] == [4]
    assert [a.fait for a in replays["isabelle"].anomalies] == ["st2"]
    assert sum(m.points for m in replays["mohamed"].mouvements if m.nature == "retrait") == -8
    assert [m.nature for m in replays["gerard"].mouvements].count("reattribution_dix_ans") == 2
    assert [(m.date, m.points) for m in replays["sophie"].prevision][0] == (au + timedelta(days=1), 4)
    assert [(m.nature, m.points) for m in replays["david"].prevision][0] == ("reattribution_un_point", 1)
    assert [m.nature for m in replays["elodie"].mouvements][-1] == "reconstitution_totale"
    assert replays["marc"].provisoire
    assert replays["nadia"].incomplet
    assert [tombe.id for tombe in replays["sandrine"].tombes] == ["p2"]
    assert [maintenue for _, maintenue in replays["fabien"].suspensions] == [True]
    sans_anomalie = set(replays) - {"isabelle", "sebastien", "nadia", "sandrine"}
    assert all(not replays[cle].anomalies for cle in sans_anomalie)


@pytest.mark.parametrize("au", JOURS, ids=str)
def test_une_levee_rend_a_sebastien_son_permis_et_des_points(au: date) -> None:
    """What an agent tries on the demonstration: the course followed too late counts, since the licence never ended."""
    ligne = _par_cle(au)["sebastien"]
    fait = {"id": "lv", "type": "levee", "fait": "inv1", "portee": "retroactive", "motif": "annulation_juge",
            "date_effet": au.isoformat()}  # fmt: skip
    replay = _rejouer(ligne | {"faits": [*ligne["faits"], fait]}, au)
    assert (replay.points, replay.etat) == (3, "valide")


def test_camille_est_l_exemple_du_format() -> None:
    for au in JOURS:
        assert _par_cle(au)["camille"] == json.loads(CAMILLE)


def test_les_dates_suivent_le_jour() -> None:
    avant, apres = _par_cle(JOURS[0]), _par_cle(JOURS[0] + timedelta(days=45))
    for cle in avant:
        assert (avant[cle]["faits"] == apres[cle]["faits"]) == (cle == "camille"), cle
        assert avant[cle]["etat_civil"] == apres[cle]["etat_civil"]
        assert [f["id"] for f in avant[cle]["faits"]] == [f["id"] for f in apres[cle]["faits"]]


@pytest.mark.parametrize("au", JOURS, ids=str)
def test_chaque_fait_a_les_champs_du_format(au: date) -> None:
    initial, increment = lignes(au)
    for ligne in initial + increment:
        lire_ligne(json.dumps(ligne).encode())
        for fait in ligne["faits"]:
            type_ = fait["type"]
            communs = {"id", "type"} | ({"enregistre_le"} & fait.keys())
            assert fait.keys() - FACULTATIFS.get(type_, set()) - communs == CHAMPS[type_], fait
    assert all("enregistre_le" in fait for ligne in increment for fait in ligne["faits"])
    assert not any("enregistre_le" in fait for ligne in initial for fait in ligne["faits"])


@pytest.mark.parametrize("au", [*JOURS, date(2025, 7, 1)], ids=str)
def test_chaque_infraction_est_au_bareme_du_jour(au: date) -> None:
    initial, increment = lignes(au)
    infractions = [f for ligne in initial + increment for f in ligne["faits"] if f["type"] == "infraction"]
    assert [fait for fait in infractions if not figure_au_bareme(fait)] == []


@pytest.mark.parametrize("au", JOURS, ids=str)
def test_une_lettre_parle_d_un_fait_du_dossier(au: date) -> None:
    for ligne in lignes(au)[0]:
        ids = {fait["id"] for fait in ligne["faits"]}
        lettres = [fait for fait in ligne["faits"] if fait["type"] == "lettre"]
        assert all(lettre["fait"] in ids and lettre["date_envoi"] <= au.isoformat() for lettre in lettres)


def test_ecrire_rend_les_deux_fichiers_dans_l_ordre(tmp_path: Path) -> None:
    chemins = ecrire(JOURS[0], tmp_path / "flux")
    assert [chemin.name for chemin in chemins] == list(FICHIERS)
    lus = [[json.loads(ligne) for ligne in chemin.read_text(encoding="utf-8").splitlines()] for chemin in chemins]
    assert tuple(lus) == lignes(JOURS[0])


def test_la_commande_n_a_besoin_que_de_la_bibliotheque_standard(tmp_path: Path) -> None:
    racine = Path(demo.__file__).parent.parent
    commande = [sys.executable, "-I", "-S", "-c", "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
                "runpy.run_module('demo.personas', run_name='__main__')"]  # fmt: skip
    subprocess.run(
        [*commande, str(racine), "--au", "2026-11-20", "--dossier", str(tmp_path)], check=True, capture_output=True
    )
    assert sorted(chemin.name for chemin in tmp_path.iterdir()) == list(FICHIERS)
