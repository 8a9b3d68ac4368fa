"""What a decision ends, undoes or leaves to be settled: medical, of several infractions, of what the file tells."""

import re
from html import unescape
from typing import Any

import pytest
from django.utils.timezone import localdate

from dossier.models import Decision, Fait
from dossier.services import record_faits
from dossier.signals import dossiers_settled
from tests.dossier.bureau import Poste, au_bureau, decision_url, du_rhone, hors_bareme, il_y_a, jj, ouvrir, valider
from tests.dossier.lignes import PERMIS, infraction

pytestmark = pytest.mark.django_db

PIECE = {"piece": "jugement n° 12"}
PERTES = [
    infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 9),
    infraction("i0", str(il_y_a(210)), str(il_y_a(160)), 3),
]
INVALIDE = {"id": "n1", "type": "invalidation", "date_notification": str(il_y_a(100))}
SUSPENDU = {"id": "s1", "type": "suspension", "date_debut": str(il_y_a(90)), "nature": "administrative"}


# --- A medical decision -----------------------------------------------------------------------------------------------

DEUX_MOIS = SUSPENDU | {"date_fin": str(il_y_a(30))}


def test_la_decision_medicale_met_fin_a_la_suspension_maintenue() -> None:
    pose = du_rhone(DEUX_MOIS, au=localdate())
    assert pose.etat == "suspendu"
    poste = Poste(pose)
    saisie = {"date_visite": jj(il_y_a(9)), "date_decision": jj(il_y_a(1)), "avis": "apte"} | PIECE
    page = poste.voir_l_effet("visite-medicale", saisie)
    assert f"La suspension maintenue prend fin le {jj(il_y_a(1))}." in page
    assert f"maintenue depuis le {jj(il_y_a(30))}, jusqu'à la décision médicale" in page
    assert "soumis à un second agent" in poste.soumettre("visite-medicale", saisie)
    assert "Validé et enregistré" in valider(au_bureau("validation"), Decision.objects.get())
    pose.refresh_from_db()
    assert pose.etat == "valide"


def test_sous_un_solde_nul_la_decision_medicale_demande_aussi_un_second_agent() -> None:
    """The état stays « solde nul »: the suspension, which holds apart, ends."""
    poste = Poste(du_rhone(*PERTES, DEUX_MOIS, au=localdate()))
    assert "soumis à un second agent" in poste.soumettre(
        "visite-medicale", {"date_visite": jj(il_y_a(1)), "avis": "apte"} | PIECE
    )


def test_pendant_la_suspension_la_decision_en_change_la_suite() -> None:
    """Apt before the last day: the suspension will not be kept up. It changes tomorrow's right, not today's."""
    poste = Poste(du_rhone(SUSPENDU | {"date_fin": str(il_y_a(-10))}, au=localdate()))
    saisie = {"date_visite": jj(il_y_a(1)), "avis": "apte"} | PIECE
    page = poste.voir_l_effet("visite-medicale", saisie)
    assert f"Le {jj(il_y_a(-11))}\u00a0: valide (sans cet enregistrement\u00a0: suspendu" in page
    assert "soumis à un second agent" in poste.soumettre("visite-medicale", saisie)


def test_une_visite_inapte_ne_finit_rien() -> None:
    poste = Poste(du_rhone(DEUX_MOIS, au=localdate()))
    page = poste.voir_l_effet("visite-medicale", {"date_visite": jj(il_y_a(1)), "avis": "inapte"} | PIECE)
    assert "prend fin le" not in page


def test_une_decision_d_avant_la_visite_est_refusee() -> None:
    saisie = {"date_visite": jj(il_y_a(1)), "date_decision": jj(il_y_a(2)), "avis": "apte"} | PIECE
    assert "La décision serait d'avant la visite." in Poste(du_rhone()).voir_l_effet("visite-medicale", saisie)


# --- Several infractions in one decision ------------------------------------------------------------------------------


def test_un_jugement_annule_plusieurs_infractions_en_un_acte() -> None:
    faits = [infraction(f"i{n}", str(il_y_a(200 - n)), str(il_y_a(100 - n)), 2, lieu=f"Lieu {n}") for n in (1, 2, 3)]
    pose = du_rhone(*faits, au=localdate())
    poste = Poste(pose)
    usurpation: Any = {
        "infractions_annulees": ["i1", "i3"],
        "date_decision": jj(il_y_a(2)),
        "motif": "Usurpation d'identité",
    } | PIECE
    page = poste.voir_l_effet("infraction-annulee", usurpation)
    assert "6 / 12" in page
    assert "10 / 12" in page
    poste.soumettre("infraction-annulee", usurpation)
    decision = Decision.objects.get()
    assert [fait["infraction"] for fait in decision.faits] == ["i1", "i3"]
    regles: list[Any] = []
    dossiers_settled.connect(ecoute := lambda dossier_ids, **_: regles.append(dossier_ids))
    try:
        valider(au_bureau("validation"), decision)
    finally:
        dossiers_settled.disconnect(ecoute)
    assert regles == [[pose.pk]], "settled once: whatever is sent of it is sent once"
    pose.refresh_from_db()
    assert pose.points == 10
    assert Fait.objects.filter(dossier=pose, type="infraction_annulee").count() == 2


def test_toutes_ou_aucune(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the two was annulled meanwhile: the decision is refused whole."""
    faits = [infraction(f"i{n}", str(il_y_a(200 - n)), str(il_y_a(100 - n)), 2) for n in (1, 2)]
    pose = du_rhone(*faits, au=localdate())
    deux: Any = {"infractions_annulees": ["i1", "i2"], "date_decision": jj(il_y_a(2)), "motif": "Relaxe"} | PIECE
    Poste(pose).soumettre("infraction-annulee", deux)
    annulee = {"id": "a", "type": "infraction_annulee", "infraction": "i2", "date_decision": str(il_y_a(1))}
    record_faits(dossier_id=pose.pk, faits=[annulee], au=localdate())
    valideur, decision = au_bureau("validation"), Decision.objects.get()
    page = unescape(valideur.get(decision_url(decision)).content.decode())
    assert f"L'infraction du {jj(il_y_a(198))} est déjà annulée" in page
    valideur.post(decision_url(decision), {"vu": "0", "valider": "1", "change": "1"})
    pose.refresh_from_db()
    assert pose.points == 10
    assert Fait.objects.filter(dossier=pose, type="infraction_annulee").count() == 1


@pytest.mark.parametrize("cochees", [[], ["i9"], ["i1", "i9"]], ids=["aucune", "inconnue", "l'une inconnue"])
def test_des_infractions_mal_cochees_sont_refusees(cochees: list[str]) -> None:
    poste = Poste(du_rhone(infraction("i1", str(il_y_a(200)), str(il_y_a(100))), au=localdate()))
    saisie: Any = {"infractions_annulees": cochees, "date_decision": jj(il_y_a(2)), "motif": "Relaxe"} | PIECE
    page = poste.voir_l_effet("infraction-annulee", saisie)
    assert 'name="vu"' not in page
    assert "Cochez au moins une infraction." in page or "Ce choix n'est plus possible" in page


def test_une_decision_d_avant_l_infraction_est_refusee() -> None:
    poste = Poste(du_rhone(infraction("i1", str(il_y_a(200)), str(il_y_a(100))), au=localdate()))
    saisie: Any = {"infractions_annulees": ["i1"], "date_decision": jj(il_y_a(201)), "motif": "Relaxe"} | PIECE
    assert "La décision serait d'avant l'infraction" in poste.voir_l_effet("infraction-annulee", saisie)


# --- At the same time -------------------------------------------------------------------------------------------------


def test_commises_en_meme_temps_le_meme_jour_seulement() -> None:
    poste = Poste(du_rhone(infraction("i1", str(il_y_a(41)), str(il_y_a(20)), 3, groupe="PV 7"), au=localdate()))
    page = poste.voir_l_effet("infraction", hors_bareme(groupe="PV 7"))
    assert "Commises en même temps" in page
    assert "rocédure commune" not in page
    assert f"est déjà celui d'une infraction du {jj(il_y_a(41))}" in page
    assert 'name="vu"' not in page
    assert 'name="vu"' in poste.voir_l_effet("infraction", hors_bareme(groupe="PV 7", date_commission=jj(il_y_a(41))))
    assert 'name="vu"' in poste.voir_l_effet("infraction", hors_bareme(groupe="PV 8"))


# --- What an agent must settle ----------------------------------------------------------------------------------------

LIGNE = {"libelle": "Feu rouge", "lieu": "Tours"}
DOUTES: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "l'adresse": (
        [
            *PERTES,
            {"id": "l1", "type": "lettre", "reference": "48SI", "fait": "n1", "issue": "npai"},
            INVALIDE,
        ],
        "Demandez l'avis de réception.",
        "levee",
    ),
    "une 48SI sans fondement": (
        [infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 8), INVALIDE],
        "La 48SI ne tombe pas d'elle-même",
        "levee",
    ),
    "dite deux fois": (
        [infraction(cle, str(il_y_a(200)), str(il_y_a(150)), 2, **LIGNE) for cle in ("i1", "i2")],
        "Comparez les deux procès-verbaux.",
        "infraction-annulee",
    ),
    "un groupe de plusieurs jours": (
        [infraction(f"i{n}", str(il_y_a(200 + n)), str(il_y_a(150)), 2, groupe="g") for n in (1, 2)],
        "Relisez les procès-verbaux.",
        "infraction-annulee",
    ),
    "un permis avant l'âge": (
        [PERMIS | {"id": "p0", "date_obtention": "1990-01-15"}],
        "Comparez la date de naissance et le titre.",
        "",
    ),
    "un stage d'un jour": (
        [
            infraction("i1", str(il_y_a(200)), str(il_y_a(150)), 2),
            {
                "id": "t1",
                "type": "stage",
                "date_debut": str(il_y_a(20)),
                "date_fin": str(il_y_a(20)),
                "nature": "volontaire",
            },
        ],
        "Demandez l'attestation au centre.",
        "stage",
    ),
}


@pytest.mark.parametrize("doute", DOUTES)
def test_ce_qui_est_a_trancher_se_voit_avec_quoi_faire(doute: str) -> None:
    faits, dit, acte = DOUTES[doute]
    pose = du_rhone(*faits, permis=doute != "un permis avant l'âge", au=localdate())
    client = au_bureau("instruction")
    page = unescape(client.get(adresse := ouvrir(client, pose)).content.decode())
    (section,) = re.findall(r'aria-labelledby="g-a-trancher">(.*?)</section>', page, re.S)
    assert section.count("<strong>") == 1
    assert dit in section
    assert (f"{adresse}enregistrer/{acte}/" in section) is bool(acte)
    assert len(re.findall(r"<li>", section)) == 1


def test_rien_a_trancher_ne_se_dit_pas() -> None:
    client = au_bureau("instruction")
    page = client.get(ouvrir(client, du_rhone(SUSPENDU, au=localdate()))).content.decode()
    assert "g-a-trancher" not in page
