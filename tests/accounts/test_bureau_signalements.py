"""The signalements at the desk: the queue, who may read one, the exchange with its driver."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.courriels import SUIVI, signer_lien
from accounts.models import MessageSignalement, Signalement
from dossier.models import Dossier, Journal
from tests.accounts.factories import CompteFactory, RattachementFactory
from tests.accounts.parcours import texte
from tests.accounts.signaler import CAMILLE, adresse, lie, prendre, signalement
from tests.dossier.bureau import RHONE, au_bureau, du_rhone

pytestmark = pytest.mark.django_db
FILE = "/admin/accounts/signalement/"
SECRETS = ("990175100001", "1979", "12 points")


def journal() -> list[tuple[str, int | None, str]]:
    return list(Journal.objects.order_by("pk").values_list("acte", "dossier_id", "precision"))


def repondre(client: Client, pose: Signalement, texte: str = "Votre dossier est à Lyon.", **champs: Any) -> Any:
    saisie = {"texte": texte, "cle": uuid.uuid4(), "vu": 0} | champs
    return client.post(adresse(pose, "repondre/"), {f"reponse-{cle}": valeur for cle, valeur in saisie.items()})


def ecrire(client: Client, pose: Signalement, texte: str = "Merci, mais j'ai déménagé.", cle: Any = None) -> Any:
    lien = f"/signalements/suivi/{signer_lien(SUIVI, pose.pk)}/"
    return client.post(lien, {"texte": texte, "cle": cle or uuid.uuid4()})


# --- The queue --------------------------------------------------------------------------------------------------------


def test_la_file_va_du_plus_ancien_au_plus_recent_sans_nom() -> None:
    recent, ancien = signalement(), signalement(jours=20)
    page = texte(au_bureau().get(FILE))
    assert page.index(ancien.reference) < page.index(recent.reference)
    assert "il y a 20 jours" in page
    assert "aujourd'hui" in page
    for cache in ("Martin", "camille@", *SECRETS):
        assert cache not in page
    assert journal() == [], "nothing of anybody was shown"


def test_la_file_se_filtre_par_genre_et_par_etat() -> None:
    introuvable, stage = signalement(), signalement(motif="stage", dossier=du_rhone(), contenu={})
    client = au_bureau()
    for recherche, montre, cache in (
        ("?genre=stage", stage, introuvable),
        ("?genre=introuvable", introuvable, stage),
    ):
        page = texte(client.get(FILE + recherche))
        assert montre.reference in page
        assert cache.reference not in page
    assert "Aucun signalement." in texte(client.get(FILE + "?etat=clos"))
    assert stage.reference in texte(client.get(FILE + "?genre=%FF&etat=rien&page=x"))


def test_chaque_motif_a_un_genre() -> None:
    from accounts.bureau.acces import GENRES

    classes = [motif for _, motifs in GENRES.values() for motif in motifs]
    assert sorted(classes) == sorted(Signalement.Motif.values)


def test_la_file_ne_coute_pas_plus_avec_vingt_lignes() -> None:
    client = au_bureau()
    client.get(FILE)
    couts = []
    for combien in (1, 19):
        for _ in range(combien):
            signalement()
        with CaptureQueriesContext(connection) as requetes:
            client.get(FILE)
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 12


def test_la_journee_dit_les_retards() -> None:
    signalement(jours=16)
    signalement(jours=3)
    page = texte(au_bureau().get("/admin/"))
    assert "Signalements à traiter" in page
    assert "Le plus ancien est arrivé il y a 16 jours · 1 attend depuis plus de 15 jours · 2 sans agent" in page
    assert "g-travail--presse" in page


# --- Who may read one -------------------------------------------------------------------------------------------------

CHEMINS = ["", "prendre/", "rendre/", "repondre/", "clore/", "comparer/", "dossier/1/", "proposer/", "propositions/1/"]


@pytest.mark.parametrize("qui", ["anonyme", "conducteur", "lecture", "autre département", "administration", "le sien"])
def test_qui_n_y_a_pas_droit_est_refuse(qui: str) -> None:
    dossier = du_rhone()
    pose = signalement(motif="stage", dossier=dossier, contenu={}, message="Stage du 3 mai")
    client = {
        "anonyme": Client,
        "conducteur": Client,
        "lecture": lambda: au_bureau("lecture"),
        "autre département": lambda: au_bureau("validation", "75"),
        "administration": lambda: au_bureau("administration", None),
        "le sien": lambda: au_bureau("validation", dossier=dossier),
    }[qui]()
    if qui == "conducteur":
        client.force_login(lie(dossier).user)
    for suite in CHEMINS:
        reponse = client.post(adresse(pose, suite)) if suite else client.get(adresse(pose))
        assert reponse.status_code == (302 if qui == "anonyme" else 403), suite
        assert "/connexion/?next=" in reponse.get("Location", "/connexion/?next=")
        assert "Stage du 3 mai" not in reponse.content.decode()
    pose.refresh_from_db()
    assert (pose.statut, pose.agent_id) == ("recu", None)
    if qui in {"autre département", "le sien"}:
        assert journal() == [("refus", dossier.pk, pose.reference)] * len(CHEMINS)
        assert pose.reference not in texte(client.get(FILE))
    else:
        assert journal() == []


def test_une_reponse_ou_un_lien_ne_s_ecrit_pas_par_get() -> None:
    pose, client = signalement(), au_bureau("validation")
    for suite in CHEMINS[1:]:
        assert client.get(adresse(pose, suite)).status_code == 405
    assert client.get(adresse(pose).replace(str(pose.pk), "999999")).status_code == 404


def test_proposer_et_trancher_demandent_de_nouveau_le_mot_de_passe() -> None:
    pose, client = signalement(), au_bureau("validation")
    session = client.session
    session["account_authentication_methods"] = [
        preuve | {"at": preuve["at"] - 301} for preuve in session["account_authentication_methods"]
    ]
    session.save()
    for suite in ("proposer/", "propositions/1/"):
        assert "reauthenticate" in client.post(adresse(pose, suite))["Location"]


# --- One signalement --------------------------------------------------------------------------------------------------


def test_la_page_dit_ce_qui_s_accorde_et_pourquoi_et_c_est_au_journal() -> None:
    dossier = du_rhone(date_naissance="1979-12-00")
    pose = signalement(motif="discordant", dossier=dossier, contenu=CAMILLE | {"nom_naissance": "Durand"})
    client = au_bureau()
    page = texte(client.get(adresse(pose)))
    assert "Ne s'accorde pas : nom de naissance." in page
    assert "le fichier ignore le jour ou le mois" in page
    assert "Trouvé par : numéro donné." in page
    assert journal() == [("signalement", dossier.pk, pose.reference)]
    lecteur = Client()
    lecteur.force_login(lie(dossier).user)
    lu = texte(lecteur.get("/mes-points/consultations/"))
    assert "Préfecture du Rhône a comparé votre dossier à un signalement" in lu.replace("</strong>", "")
    assert pose.reference not in lu


def test_les_homonymes_sont_cote_a_cote_et_ceux_d_ailleurs_restent_caches() -> None:
    ici, ailleurs = du_rhone(), du_rhone(neph="990175100002")
    Dossier.objects.filter(pk=ailleurs.pk).update(adresse=RHONE | {"code_postal": "75012"})
    pose = signalement(contenu=CAMILLE | {"neph": "000000000000"})
    page = texte(au_bureau().get(adresse(pose)))
    assert ici.neph in page
    assert "Trouvé par : mêmes nom et date de naissance." in page
    assert ailleurs.neph not in page
    assert "Il relève d'une autre préfecture." in page
    assert journal() == [("signalement", ici.pk, pose.reference)]


def test_cinq_homonymes_ne_coutent_pas_plus_qu_un() -> None:
    pose, client, couts = signalement(), au_bureau("validation"), []
    for debut, fin in ((1, 2), (2, 8)):
        for n in range(debut, fin):
            lie(du_rhone(neph=f"99017510010{n}"))
        with CaptureQueriesContext(connection) as requetes:
            page = texte(client.get(adresse(pose)))
        couts.append(len([r for r in requetes if not r["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert page.count("Trouvé par") == 5
    assert Journal.objects.count() == 1 + 5
    assert couts[0] == couts[1] <= 12


def test_un_signalement_sans_dossier_est_aussi_au_journal() -> None:
    pose = signalement()
    assert "Aucun dossier ne porte ce numéro" in texte(au_bureau().get(adresse(pose)))
    assert journal() == [("signalement", None, pose.reference)]


def test_un_autre_dossier_se_compare_par_son_numero_et_compte_comme_une_recherche() -> None:
    autre = du_rhone(neph="990175100009", nom_naissance="MARTINE")
    pose, client = signalement(), au_bureau()
    assert client.post(adresse(pose, "comparer/"), {"comparer-neph": "9901 7510 0009"}).status_code == 302
    page = texte(client.get(adresse(pose)))
    assert "cherché par un agent" in page
    assert autre.neph in page
    assert [acte for acte, _, _ in journal()] == ["recherche", "signalement"]
    faux = client.post(adresse(pose, "comparer/"), {"comparer-neph": "9901-7510-0009"})
    assert "Le numéro NEPH ne porte que des chiffres 0 à 9 et des lettres A à Z." in texte(faux)
    vain = client.post(adresse(pose, "comparer/"), {"comparer-neph": "000000000000"})
    assert "Aucun dossier ne correspond" in texte(vain)
    assert "000000000000" in texte(vain), "what was typed is lost"


def test_le_dossier_cherche_n_est_pas_chasse_par_cinq_homonymes() -> None:
    for n in range(1, 7):
        du_rhone(neph=f"99017510010{n}")
    autre, dernier = du_rhone(neph="990175100009", nom_naissance="PETIT"), Dossier.objects.get(neph="990175100106")
    pose, client = signalement(), au_bureau()
    for voulu in (autre, dernier):  # of another name, or one of the homonyms themselves
        client.post(adresse(pose, "comparer/"), {"comparer-neph": voulu.neph})
        page = texte(client.get(adresse(pose)))
        assert page.count("Trouvé par") == 5
        assert f"Dossier {voulu.neph}" in page.split("Trouvé par")[0], "first of them"
        assert client.post(adresse(pose, f"dossier/{voulu.pk}/")).status_code == 302


def test_le_dossier_s_ouvre_pour_ce_signalement_et_pour_lui_seul() -> None:
    dossier, autre = du_rhone(), du_rhone(neph="990175100003", nom_naissance="PETIT")
    pose, client = signalement(dossier=dossier), au_bureau()
    assert client.post(adresse(pose, f"dossier/{autre.pk}/")).status_code == 404
    page = client.post(adresse(pose, f"dossier/{dossier.pk}/"), follow=True)
    assert page.redirect_chain[-1][0] == f"/admin/dossier/dossier/{dossier.pk}/"
    assert Journal.objects.latest("pk").precision == pose.reference
    assert Journal.objects.latest("pk").motif == "signalement"


# --- The exchange -----------------------------------------------------------------------------------------------------


def test_de_la_prise_en_charge_a_la_cloture_puis_rouvert(courriels_partis, caplog) -> None:
    dossier = du_rhone()
    user = lie(dossier).user
    pose = signalement(
        motif="stage", dossier=dossier, user=user, email=user.email, contenu={}, message="Stage du 3 mai"
    )
    client, conducteur = au_bureau(), Client()
    conducteur.force_login(user)
    assert repondre(client, pose).status_code == 422, "not taken yet"
    prendre(client, pose)
    assert repondre(client, pose, "Il vous reste 12 points, NEPH 990175100001.").status_code == 302
    pose.refresh_from_db()
    assert pose.statut == "repondu"

    (message,) = [parti for parti in courriels_partis() if pose.reference in parti.subject]
    assert message.to == [user.email]
    for partie in (message.body, message.alternatives[0][0], message.subject, caplog.text):
        for cache in (*SECRETS, "Il vous reste", "Martin", "stage"):
            assert cache not in partie
    lien = f"/signalements/suivi/{signer_lien(SUIVI, pose.pk)}/"
    assert "Il vous reste 12 points" in texte(conducteur.get(lien))
    assert "agent" not in texte(conducteur.get(lien)).split("L'échange")[1].split("Répondre")[0]

    assert client.post(adresse(pose, "clore/")).status_code == 302
    pose.refresh_from_db()
    assert pose.statut == "clos"
    assert repondre(client, pose).status_code == 422
    assert ecrire(conducteur, pose).status_code == 302
    pose.refresh_from_db()
    assert (pose.statut, pose.agent_id) == ("en_cours", client.agent.pk)  # type: ignore[attr-defined]
    assert "Merci, mais j'ai déménagé." in texte(client.get(adresse(pose)))
    actes = [(acte, precision.partition(" : ")[2]) for acte, _, precision in journal() if acte == "traitement"]
    assert actes == [("traitement", quoi) for quoi in ("pris en charge", "réponse", "clos")]


def test_ce_qui_est_dit_d_un_dossier_ne_s_ouvre_pas_par_un_lien_seul() -> None:
    dossier = du_rhone()
    pose = signalement(motif="donnees", dossier=dossier, user=lie(dossier).user, contenu={}, message="Mon adresse")
    lien = f"/signalements/suivi/{signer_lien(SUIVI, pose.pk)}/"
    autre = Client()
    autre.force_login(lie(dossier).user)
    for client in (Client(), autre):
        for reponse in (client.get(lien), ecrire(client, pose)):
            assert reponse["Location"].startswith("/connexion/?next=/signalements/suivi/")
    assert not MessageSignalement.objects.exists()


def test_sans_compte_le_lien_du_courriel_suffit() -> None:
    pose, client = signalement(), au_bureau()
    prendre(client, pose)
    repondre(client, pose)
    lien = f"/signalements/suivi/{signer_lien(SUIVI, pose.pk)}/"
    assert "Votre dossier est à Lyon." in texte(Client().get(lien))
    assert ecrire(Client(), pose).status_code == 302


def test_envoyer_deux_fois_est_un_message() -> None:
    pose, client, cle = signalement(), au_bureau(), uuid.uuid4()
    prendre(client, pose)
    for _ in range(2):
        assert repondre(client, pose, cle=cle).status_code == 302
    sienne = uuid.uuid4()
    for _ in range(2):
        assert ecrire(Client(), pose, cle=sienne).status_code == 302
    assert MessageSignalement.objects.count() == 2


def test_on_ne_repond_pas_par_dessus_ce_qu_on_n_a_pas_lu() -> None:
    pose, client = signalement(), au_bureau()
    prendre(client, pose)
    ecrire(Client(), pose, "Attendez !")
    page = repondre(client, pose, "Réponse longuement écrite.")
    assert page.status_code == 422
    assert "Le conducteur a écrit entre-temps" in texte(page)
    assert "Réponse longuement écrite." in texte(page), "what was typed is lost"
    encore = page.content.decode().split("repondre/")[1].split("</form>")[0]
    caches = dict(re.findall(r'<input type="hidden" name="(reponse-\w+)" value="([^"]*)"', encore))
    assert caches["reponse-vu"] == str(MessageSignalement.objects.get().pk)
    renvoi = caches | {"reponse-texte": "Réponse longuement écrite."}
    assert client.post(adresse(pose, "repondre/"), renvoi).status_code == 302, "what the page holds, sent again"
    assert MessageSignalement.objects.latest("pk").texte == "Réponse longuement écrite."


def test_un_collegue_reprend_et_rend() -> None:
    pose, un, autre = signalement(), au_bureau(), au_bureau()
    prendre(un, pose)
    prendre(autre, pose)
    pose.refresh_from_db()
    assert pose.agent_id == un.agent.pk, "two pressed together: the first has it"  # type: ignore[attr-defined]
    prendre(autre, pose, a=pose.agent_id)
    assert "Prenez d'abord" in texte(un.post(adresse(pose, "rendre/"), follow=True))
    autre.post(adresse(pose, "rendre/"))
    pose.refresh_from_db()
    assert (pose.statut, pose.agent_id) == ("recu", None)
    assert "après une réponse" not in texte(autre.get(adresse(pose)))


def test_un_message_ne_se_change_ni_ne_s_efface() -> None:
    message = MessageSignalement.objects.create(signalement=signalement(), texte="Bonjour")
    for alterer in (
        lambda: MessageSignalement.objects.filter(pk=message.pk).update(texte="Autre"),
        message.delete,
        lambda: connection.cursor().execute("TRUNCATE accounts_messagesignalement"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            alterer()
    assert MessageSignalement.objects.get().texte == "Bonjour"


@pytest.mark.parametrize("texte_saisi", ["", " ", "x" * 1001])
def test_un_message_vide_ou_trop_long_le_dit(texte_saisi: str) -> None:
    assert ecrire(Client(), signalement(), texte_saisi).status_code == 200
    assert not MessageSignalement.objects.exists()


def test_le_conducteur_n_en_ecrit_pas_sans_fin() -> None:
    pose, client = signalement(), Client()
    codes = [ecrire(client, pose).status_code for _ in range(8)]
    assert codes == [302] * 6 + [429] * 2


# --- Told from a dossier ----------------------------------------------------------------------------------------------

NOUVEAU = {"motif": "stage", "message": "Mon stage de mai à Lyon n'apparaît pas."}


def test_un_conducteur_signale_depuis_son_dossier(client: Client, courriels_partis) -> None:
    lien = RattachementFactory()
    client.force_login(lien.user)
    assert "Signaler une difficulté" in texte(client.get("/signalements/"))
    page = client.post("/signalements/nouveau/", NOUVEAU, follow=True)
    pose = Signalement.objects.get()
    assert (pose.dossier_id, pose.user_id, pose.email) == (lien.dossier_id, lien.user_id, lien.user.email)
    assert "Mon stage de mai" in texte(page)
    page = client.post("/signalements/nouveau/", NOUVEAU)
    assert "Vous avez déjà un signalement ouvert" in texte(page)
    assert "Mon stage de mai" in texte(page), "what was typed is lost"
    assert Signalement.objects.count() == 1
    assert "Mon stage" not in str([message.body for message in courriels_partis()])


@pytest.mark.parametrize("change", [{"motif": ""}, {"motif": "inconnu"}, {"message": "court"}, {"message": "x" * 1001}])
def test_un_signalement_incomplet_le_dit(client: Client, change: dict[str, str]) -> None:
    client.force_login(RattachementFactory().user)
    assert client.post("/signalements/nouveau/", NOUVEAU | change).context["form"].errors
    assert not Signalement.objects.exists()


def test_sans_dossier_on_ne_signale_rien_d_un_dossier(client: Client) -> None:
    client.force_login(CompteFactory())
    assert client.post("/signalements/nouveau/", NOUVEAU).status_code == 403
    assert unescape(client.get("/signalements/").content.decode()).count("/signalements/nouveau/") == 0
