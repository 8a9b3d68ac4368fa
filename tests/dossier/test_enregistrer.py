"""Recording at the desk: the effect first, then a second agent, and once, however often a button is pressed."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localdate

from dossier import livre
from dossier.bureau.actes import ACTES
from dossier.bureau.effet import calculer
from dossier.models import Decision, Dossier, Fait, Journal, Mouvement
from tests.dossier.bureau import RHONE, Poste, au_bureau, du_rhone, hors_bareme, il_y_a, jj, ouvrir, valider
from tests.dossier.lignes import infraction

pytestmark = pytest.mark.django_db


# --- The effect -------------------------------------------------------------------------------------------------------


def test_l_effet_est_montre_avant_et_un_second_agent_valide() -> None:
    pose = du_rhone()
    poste = Poste(pose)
    page = poste.voir_l_effet("infraction", hors_bareme())
    assert "12 / 12" in page
    assert "9 / 12" in page
    assert "Lettre 48, à envoyer" in page
    assert not Fait.objects.filter(dossier=pose, type="infraction").exists()
    assert "soumis à un second agent" in poste.soumettre("infraction", hors_bareme())
    decision = Decision.objects.get()
    pose.refresh_from_db()
    assert (pose.points, decision.statut) == (12, "attente")
    valideur = au_bureau("validation")
    assert "Enregistrements à valider" in unescape(valideur.get("/admin/").content.decode())
    assert "Validé et enregistré" in valider(valideur, decision)
    pose.refresh_from_db()
    decision.refresh_from_db()
    assert (pose.points, decision.statut) == (9, "validee")
    assert pose.lettres.get().reference == "48"
    actes = list(Journal.objects.order_by("pk").values_list("acte", flat=True))
    assert [acte for acte in actes if acte not in {"consultation", "recherche"}] == ["proposition", "validation"]


def test_le_bareme_propose_points_et_classe_au_jour_de_la_commission() -> None:
    poste = Poste(du_rhone())
    from dossier.rules.bareme import bareme_au

    ligne = next(ligne for ligne in bareme_au(il_y_a(40)) if ligne.points == 3 and ligne.classe == 4)
    saisie = hors_bareme(bareme=f"{ligne.libelle}|{ligne.article}", libelle="", nature="", classe="", points="")
    poste.soumettre("infraction", saisie)
    (fait,) = Decision.objects.get().faits
    assert (fait["points"], fait["classe"], fait["nature"], fait["libelle"]) == (3, 4, "contravention", ligne.libelle)
    avant = poste.voir_l_effet("infraction", saisie | {"date_commission": "01/01/1985", "date_definitive": ""})
    assert "n'était pas au barème le 01/01/1985" in avant or "9 / 12" not in avant


#: What each form takes, on a dossier that holds « i1 », final, and « i2 », which is not.
SAISIES: dict[str, dict[str, str]] = {
    "infraction": hors_bareme(),
    "date-definitive": {"infraction": "i2", "date_definitive": jj(il_y_a(5)), "etablie_par": "amende_majoree"},
    "infraction-annulee": {"infractions_annulees": "i1", "date_decision": jj(il_y_a(2)), "motif": "Relaxe"},
    "stage": {
        "date_debut": jj(il_y_a(4)),
        "date_fin": jj(il_y_a(3)),
        "nature": "volontaire",
        "agrement": "R22013",
    },
    "suspension": {"nature": "administrative", "motif": "infraction", "date_debut": jj(il_y_a(3)), "date_fin": ""},
    "notification-48si": {
        "date_envoi": jj(il_y_a(9)),
        "issue": "remise",
        "adresse_utilisee": "dossier",
        "date_notification": jj(il_y_a(2)),
        "fait": "i1",
    },
    "annulation": {"date_effet": jj(il_y_a(2)), "interdiction_mois": "6"},
    "visite-medicale": {"date_visite": jj(il_y_a(2)), "avis": "apte"},
    "lettre": {"reference": "48", "date_envoi": jj(il_y_a(2)), "fait": "i1"},
    "remise-titre": {"date_remise": jj(il_y_a(2))},
    "levee": {"mesure": "s1|a_compter", "motif": "mainlevee", "date_effet": jj(il_y_a(1))},
    "retablissement": {"fait": "v1", "date_effet": jj(il_y_a(1))},
    "echange": {"date_echange": jj(il_y_a(2)), "pays": "Suisse"},
    "deces": {"date_deces": jj(il_y_a(2))},
    "permis-obtenu": {"date_obtention": jj(il_y_a(2)), "filiere": "classique", "categorie": "a1"},
    "permis-etranger": {"date_debut": jj(il_y_a(2)), "pays": "Italie"},
    "interdiction": {"date_notification": jj(il_y_a(2))},
}
#: What the dossier holds besides, for some of them.
SUSPENDU = {"id": "s1", "type": "suspension", "date_debut": str(il_y_a(20)), "nature": "administrative"}
INVALIDE = {"id": "n1", "type": "invalidation", "date_notification": str(il_y_a(60))}
REFERE = {"id": "v1", "type": "levee", "fait": "n1", "date_effet": str(il_y_a(30)), "portee": "provisoire"}
DE_TROP = infraction("i3", str(il_y_a(190)), str(il_y_a(90)), 9)
ITALIEN = {"id": "e1", "type": "permis_etranger", "date_debut": str(il_y_a(900)), "pays": "Italie"}
TENUS: dict[str, list[dict[str, Any]]] = {
    "notification-48si": [DE_TROP],
    "levee": [SUSPENDU],
    "retablissement": [DE_TROP, INVALIDE, REFERE],
    "permis-etranger": [{"id": "x1", "type": "echange", "date_echange": str(il_y_a(50)), "pays": "Italie"}],
    "interdiction": [DE_TROP, ITALIEN],
}
#: What the driver has after each, and whether somebody else must approve.
ISSUES = {
    "infraction": (6, "valide", True),
    "date-definitive": (7, "valide", True),
    "infraction-annulee": (12, "valide", True),
    "stage": (12, "valide", True),
    "suspension": (9, "suspendu", True),
    "notification-48si": (0, "invalide", True),
    "annulation": (0, "annule", True),
    "visite-medicale": (9, "valide", False),
    "lettre": (9, "valide", False),
    "remise-titre": (9, "valide", False),
    "levee": (9, "valide", True),
    "retablissement": (0, "invalide", True),
    "echange": (0, "echange", True),
    "deces": (9, "decede", True),
    "permis-obtenu": (9, "valide", False),
    "permis-etranger": (12, "valide", True),
    "interdiction": (0, "interdit", True),
}


@pytest.mark.parametrize("acte", ACTES)
def test_chaque_fait_a_son_formulaire(acte: str) -> None:
    au = localdate()
    faits = [infraction("i1", str(il_y_a(200)), str(il_y_a(100)), 3), infraction("i2", str(il_y_a(60)), None, 2)]
    pose = du_rhone(*faits, *TENUS.get(acte, []), permis=acte != "interdiction", au=au)
    points, etat, a_deux = ISSUES[acte]
    poste = Poste(pose)
    poste.soumettre(acte, SAISIES[acte] | {"piece": "pièce n° 4"})
    assert Decision.objects.count() == int(a_deux), acte
    if a_deux:
        valider(au_bureau("validation"), Decision.objects.get())
    pose.refresh_from_db()
    assert (pose.points, pose.etat) == (points, etat)
    (tenu,) = livre.lire([pose.pk])
    from dossier.services import verifier

    assert verifier(tenu) == []


@pytest.mark.parametrize("acte", ACTES)
def test_une_saisie_vide_est_refusee_et_dite(acte: str) -> None:
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    page = Poste(pose).voir_l_effet(acte, {})
    assert "Rien n'a été enregistré" in page
    assert Fait.objects.filter(dossier=pose).count() == 2


def test_ce_que_le_flux_refuse_est_dit_en_francais_sans_rien_perdre() -> None:
    page = Poste(du_rhone()).voir_l_effet("stage", SAISIES["stage"] | {"piece": "x", "date_fin": jj(il_y_a(9))})
    assert "Le stage finirait avant de commencer." in page
    assert "faits[1]" not in page
    assert 'value="R22013"' in page


def test_une_48si_demande_un_solde_nul_ce_jour_la() -> None:
    pose = du_rhone(infraction("i1", str(il_y_a(200)), str(il_y_a(100)), 3), au=localdate())
    page = Poste(pose).voir_l_effet("notification-48si", SAISIES["notification-48si"] | {"piece": "avis de réception"})
    assert "n'était pas nul (points : 9)" in page
    assert 'name="vu"' not in page


@pytest.mark.parametrize(("acte", "champ"), [("stage", "date_fin"), ("infraction", "date_definitive")])
def test_ce_qui_n_est_pas_encore_arrive_ne_s_enregistre_pas(acte: str, champ: str) -> None:
    page = Poste(du_rhone()).voir_l_effet(acte, SAISIES[acte] | {"piece": "pièce n° 4", champ: jj(il_y_a(-1))})
    assert "Cette date n'est pas encore passée." in page
    assert 'name="vu"' not in page


def test_la_date_definitive_n_efface_rien() -> None:
    """The offence without its final day is annulled, and told again: both facts stay, the driver sees one."""
    pose = du_rhone(infraction("i2", str(il_y_a(60)), None, 2, lieu="Lyon"), au=localdate())
    Poste(pose).soumettre("date-definitive", SAISIES["date-definitive"] | {"piece": "titre exécutoire n° 8"})
    valider(au_bureau("validation"), Decision.objects.get())
    faits = list(Fait.objects.filter(dossier=pose).order_by("pk").values_list("type", flat=True))
    assert faits == ["permis_obtenu", "infraction", "infraction_annulee", "infraction"]
    derniere = Fait.objects.filter(dossier=pose).latest("pk").contenu
    assert (derniere["lieu"], derniere["points"], derniere["date_definitive"]) == ("Lyon", 2, str(il_y_a(5)))
    assert Mouvement.objects.filter(dossier=pose, nature="retrait").count() == 1
    vue = unescape(_conducteur(pose))
    assert "Pas encore définitif" not in vue
    assert "-2" in vue or "−2" in vue


def _conducteur(pose: Any) -> str:
    client = au_bureau("lecture")
    return client.get(f"{ouvrir(client, pose)}conducteur/").content.decode()


def test_une_infraction_tardive_montre_la_reconstitution_corrigee() -> None:
    """Twelve points again two years ago; an offence of before, learnt today, takes the reconstitution back."""
    au = localdate()
    pose = du_rhone(infraction("i1", str(il_y_a(1500)), str(il_y_a(1400)), 3, classe=4), au=au)
    assert Mouvement.objects.filter(dossier=pose, nature="reconstitution_totale").exists()
    poste = Poste(pose)
    tardive = hors_bareme(
        2, classe="4", date_commission=jj(il_y_a(1000)), date_definitive=jj(il_y_a(900)), etablie_par="condamnation"
    )
    page = poste.voir_l_effet("infraction", tardive)
    assert "Lignes annulées par une correction" in page
    assert re.search(r'class="g-annule">[^<]*Reconstitution totale', page)
    poste.soumettre("infraction", tardive)
    valider(au_bureau("validation"), Decision.objects.get())
    assert Mouvement.objects.filter(dossier=pose, nature="correction").exists()
    vue = unescape(_conducteur(pose))
    assert "Reconstitution totale" in vue


def test_un_fait_est_connu_du_jour_ou_il_est_valide_et_suit_le_conducteur() -> None:
    """Proposed three days ago in the Rhône, the driver moved since: it waits in the Gironde, known from today."""
    pose = du_rhone()
    Poste(pose).soumettre("infraction", hors_bareme())
    lue = Decision.objects.get()
    faits = [fait | {"enregistre_le": str(il_y_a(3))} for fait in lue.faits]
    decision = Decision.objects.create(
        dossier=pose, departement="69", acte=lue.acte, faits=faits, effet=lue.effet, piece="PV", auteur=lue.auteur
    )
    Dossier.objects.filter(pk=pose.pk).update(adresse=RHONE | {"code_postal": "33000"})
    client = au_bureau("validation", "33")
    assert "Une infraction" in client.get("/admin/dossier/decision/").content.decode()
    assert "Une infraction" not in au_bureau("validation").get("/admin/dossier/decision/").content.decode()
    assert "Validé et enregistré" in valider(client, decision)
    assert Fait.objects.get(dossier=pose, type="infraction").contenu["enregistre_le"] == str(localdate())


def test_l_effet_est_pur() -> None:
    """Calculated from values: no query, twice the same."""
    pose = du_rhone(infraction("i1", "2026-01-10", "2026-03-01", 3))
    tenu = livre.consulter(pose.pk)
    faits = [infraction("x", "2026-05-01", "2026-06-01", 2)]
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        assert calculer(tenu, faits, date(2026, 11, 21)) == calculer(tenu, faits, date(2026, 11, 21))
    assert len(requetes) == 0
