"""The first sign-in: what is shown, said and linked; and whoever tries to have another's dossier."""

from html import unescape

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client

from accounts.franceconnect import rattachement
from accounts.franceconnect.rattachement import PasPropose, confirmer
from accounts.models import AvisRattachement, EssaiNumero, IdentiteFranceConnect, Rattachement, Signalement, User
from demo.franceconnect.application import Fournisseur
from dossier.models import Dossier
from dossier.noms import compacter
from tests.accounts.factories import DossierFactory, RattachementFactory
from tests.franceconnect import CAMILLE, choisir, partir, se_connecter

pytestmark = pytest.mark.django_db

CONFIRMATION = "/franceconnect/confirmation/"
FC = Rattachement.Origine.FRANCECONNECT


@pytest.fixture
def dossier() -> Dossier:
    """Camille's, as the file holds it."""
    return DossierFactory(
        neph="990175100001", lieu_naissance="75056", pays_naissance="99100",
        categories=[{"code": "B", "date_obtention": "1999-01-15"}],
    )  # fmt: skip


def page(client: Client) -> str:
    return client.get(CONFIRMATION).content.decode()


def liens(dossier: Dossier) -> int:
    return Rattachement.objects.filter(dossier=dossier, origine=FC, revoked_at=None).count()


def test_la_premiere_fois_le_dossier_est_montre_puis_relie(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client, suite="/mes-documents/")
    vue = page(client)
    assert "MARTIN" in vue
    assert "B depuis 1999" in vue
    assert "se termine par 0001" in vue
    for tu in ("990175100001", "75012", "12/12", f'value="{dossier.pk}"'):
        assert tu not in vue
    assert liens(dossier) == 0
    assert "Aucun dossier n'est rattaché" in unescape(client.get("/mes-points/").content.decode())
    assert client.post("/franceconnect/confirmer/")["Location"] == "/mes-documents/"
    assert liens(dossier) == 1
    assert client.get("/mes-points/").status_code == 200


def test_la_fois_suivante_on_entre_tout_droit(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    client.post("/franceconnect/confirmer/")
    autre = Client()
    assert se_connecter(autre, suite="/mes-documents/rii/")["Location"] == "/mes-documents/rii/"


def test_confirmer_deux_fois_ne_fait_qu_un_lien(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    client.post("/franceconnect/confirmer/")
    suite = client.post("/franceconnect/confirmer/", follow=True)
    assert "ne peut pas être relié" not in suite.content.decode()
    assert (liens(dossier), AvisRattachement.objects.count()) == (1, 1)


@pytest.mark.parametrize("chemin", ["confirmer", "ecarter", "numero"])
def test_seule_une_session_franceconnect_confirme(client: Client, chemin: str) -> None:
    """A first sign-in: a password session has nothing to confirm."""
    client.force_login(RattachementFactory().user)
    assert client.post(f"/franceconnect/{chemin}/").status_code == 403
    assert Client().post(f"/franceconnect/{chemin}/").status_code == 302


def test_x4_un_dossier_glisse_dans_le_formulaire_n_est_pas_lu(fc: Fournisseur, client: Client) -> None:
    autre = DossierFactory(nom_naissance="DURAND")
    se_connecter(client)
    client.post("/franceconnect/confirmer/", {"dossier": autre.pk, "dossier_id": autre.pk, "fc_propose": autre.pk})
    assert not Rattachement.objects.exists()


def test_x4_un_dossier_qui_ne_concorde_pas_n_est_pas_relie(fc: Fournisseur, client: Client) -> None:
    """Even from inside: what the session proposes is compared again with who is there."""
    autre = DossierFactory(nom_naissance="DURAND")
    se_connecter(client)
    with pytest.raises(PasPropose):
        confirmer(user_id=User.objects.get().pk, dossier_id=autre.pk)
    with pytest.raises(PasPropose):
        confirmer(user_id=User.objects.get().pk, dossier_id=10**9)
    assert not Rattachement.objects.exists()


def test_le_dossier_change_entre_temps_n_est_pas_relie(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    Dossier.objects.filter(pk=dossier.pk).update(date_naissance="1980-01-01")
    suite = client.post("/franceconnect/confirmer/", follow=True)
    assert "Rien n'a été enregistré" in suite.content.decode().replace("&#x27;", "'")
    assert liens(dossier) == 0


def test_x5_ce_n_est_pas_moi(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    """One signalement, seen at /signalements/, and no other dossier, now or at the next visit."""
    se_connecter(client)
    for _ in range(2):
        client.post("/franceconnect/ecarter/")
    signalement = Signalement.objects.get()
    assert (signalement.motif, signalement.email) == ("pas_moi", CAMILLE.email)
    assert signalement.reference in page(client)
    suivis = client.get("/signalements/").content.decode()
    assert signalement.reference in suivis
    client.post("/franceconnect/confirmer/")
    assert liens(dossier) == 0
    DossierFactory(neph="990175100002", lieu_naissance="75112", pays_naissance="99100")
    dossier.nom_naissance = "AUTRE"
    dossier.save()
    autre = Client()
    se_connecter(autre)
    assert "Est-ce bien votre permis" not in page(autre)
    autre.post("/franceconnect/numero/", {"numero": "990175100002"})
    assert "Est-ce bien votre permis" not in page(autre)
    assert Signalement.objects.filter(motif="pas_moi").count() == 1


def test_sans_adresse_le_signalement_se_suit_connecte(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    fc.citoyens["camille"] = CAMILLE._replace(email="")
    se_connecter(client)
    client.post("/franceconnect/ecarter/")
    assert Signalement.objects.get().email == ""
    assert Signalement.objects.get().reference in client.get("/signalements/").content.decode()


def test_les_signalements_d_un_autre_ne_se_voient_pas(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    client.post("/franceconnect/ecarter/")
    reference = Signalement.objects.get().reference
    autre = Client()
    autre.force_login(RattachementFactory().user)
    for curieux in (autre, Client()):
        assert reference not in curieux.get("/signalements/").content.decode()


# --- The number -----------------------------------------------------------------------------------------------------


def test_aucun_dossier_et_des_homonymes_donnent_la_meme_page(fc: Fournisseur) -> None:
    """Whether somebody has a licence is not told."""
    pages = []
    for homonymes in (0, 2):
        for _ in range(homonymes):
            DossierFactory()
        client = Client()
        se_connecter(client)
        texte = page(client)
        jeton = texte.split('csrfmiddlewaretoken" value="')[1:]
        for morceau in jeton:
            texte = texte.replace(morceau.split('"')[0], "")
        pages.append(texte)
    assert pages[0] == pages[1]
    assert "numéro de dossier" in pages[0]


def test_x6_le_numero_departage_des_homonymes(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    DossierFactory(neph="990175100002", lieu_naissance=None)
    se_connecter(client)
    assert "Est-ce bien votre permis" not in page(client)
    client.post("/franceconnect/numero/", {"numero": "99 01 75 1000 01"})
    assert "Est-ce bien votre permis" in page(client)
    client.post("/franceconnect/confirmer/")
    assert liens(dossier) == 1


@pytest.mark.parametrize("numero", ["990175100001", "123456789012"])
def test_un_numero_inconnu_et_celui_d_un_autre_disent_la_meme_chose(
    fc: Fournisseur, client: Client, numero: str
) -> None:
    """An unknown number and somebody else's; a person looks into it, once."""
    DossierFactory(neph="990175100001", nom_naissance="DURAND")
    se_connecter(client)
    for _ in range(2):
        reponse = client.post("/franceconnect/numero/", {"numero": numero}, follow=True)
        assert "transmise aux services" in reponse.content.decode()
        assert "DURAND" not in reponse.content.decode()
    assert Signalement.objects.get().motif == "introuve"


@pytest.mark.parametrize("numero", ["", "  ", "12", "é" * 10, "A" * 41, "\n"])
def test_un_numero_illisible_n_est_pas_un_essai(fc: Fournisseur, client: Client, numero: str) -> None:
    se_connecter(client)
    reponse = client.post("/franceconnect/numero/", {"numero": numero})
    assert reponse.status_code == 422
    assert "n'a pas été pris en compte" in reponse.content.decode()
    assert not EssaiNumero.objects.exists()


def test_cinq_essais_par_jour_et_par_personne(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    dossier.lieu_naissance = None
    dossier.save()
    se_connecter(client)
    for rang in range(5):
        assert client.post("/franceconnect/numero/", {"numero": f"99017510009{rang}"}).status_code == 302
    reponse = client.post("/franceconnect/numero/", {"numero": dossier.neph})
    assert reponse.status_code == 429
    assert "Trop d'essais" in reponse.content.decode().replace("&#x27;", "'")
    assert "Est-ce bien votre permis" not in page(client)


def test_cinq_essais_par_jour_et_par_numero(fc: Fournisseur, dossier: Dossier) -> None:
    for rang in range(6):
        fc.citoyens["camille"] = CAMILLE._replace(nom=f"INCONNU{rang}")
        client = Client()
        se_connecter(client)
        statut = client.post("/franceconnect/numero/", {"numero": dossier.neph}).status_code
    assert statut == 429


# --- Already linked -------------------------------------------------------------------------------------------------


def test_x6_un_etat_civil_corrige_ne_deplace_pas_le_lien(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    """The ``sub`` follows the pivot identity: the same person comes as somebody else, and a person has to look."""
    se_connecter(client)
    client.post("/franceconnect/confirmer/")
    ancien = Rattachement.objects.get(revoked_at=None)
    fc.citoyens["camille"] = CAMILLE._replace(lieu="75056")
    corrige = Client()
    se_connecter(corrige)
    assert IdentiteFranceConnect.objects.count() == 2
    assert "Est-ce bien votre permis" not in page(corrige)
    corrige.post("/franceconnect/numero/", {"numero": dossier.neph})
    assert "transmise aux services" in page(corrige)
    assert list(Rattachement.objects.filter(revoked_at=None)) == [ancien]
    assert Signalement.objects.get().motif == "introuve"


def test_un_dossier_ouvert_par_son_numero_se_relie_aussi(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    """The stronger proof: the number's account stays, is told, and may be closed by the driver."""
    par_numero = RattachementFactory(dossier=dossier, user__email="inconnu@exemple.fr")
    intrus = Client()
    intrus.post("/connexion/", {"login": "inconnu@exemple.fr", "password": "demonstration-2026"})
    assert UserSession.objects.filter(user=par_numero.user).exists()
    se_connecter(client)
    client.post("/franceconnect/confirmer/")
    assert AvisRattachement.objects.get().rattachement.dossier_id == dossier.pk
    acces = client.get("/compte/acces/").content.decode()
    assert "i…@e….fr" in acces
    assert f"/compte/acces/{par_numero.pk}/fermer/" in acces
    assert intrus.get("/mes-points/").status_code == 200
    client.post(f"/compte/acces/{par_numero.pk}/fermer/")
    assert intrus.get("/mes-points/").status_code == 302
    assert not UserSession.objects.filter(user=par_numero.user).exists()


# --- The index ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nom",
    ["LE GOFF", "D’Almeida", "Nguyễn", "Nguye\u0302\u0303n", "Œuvrard", "Æsir", "Groß", "GROẞ", "Søren", "Łukasz",
     "Đặng", "Þór", "ıħĦ", "JEAN-PAUL", "O", "123", "  - '", "Lefe\u0300vre"],
)  # fmt: skip
def test_la_base_compacte_les_noms_comme_python(nom: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT nom_compact(%s)", [nom])
        assert curseur.fetchone() == (compacter(nom),)


def test_la_recherche_passe_par_l_index() -> None:
    DossierFactory()
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        curseur.execute(
            "EXPLAIN SELECT 1 FROM dossier_dossier WHERE nom_compact(nom_naissance) = nom_compact('x')"
            " AND date_naissance LIKE '1979-%'"
        )
        plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
    assert "dossier_nom_naissance" in plan


def test_vingt_homonymes_ne_proposent_rien(fc: Fournisseur, client: Client) -> None:
    for _ in range(25):
        DossierFactory(lieu_naissance="75056", pays_naissance="99100")
    se_connecter(client)
    assert "Est-ce bien votre permis" not in page(client)


def test_une_cle_changee_ne_montre_rien_et_ne_casse_rien(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    IdentiteFranceConnect.objects.update(pivot="illisible")
    assert client.post("/franceconnect/confirmer/").status_code == 302
    assert client.post("/franceconnect/numero/", {"numero": dossier.neph}).status_code == 302
    assert liens(dossier) == 0
    assert rattachement.lire_pivot(IdentiteFranceConnect.objects.get()) is None


def test_revenir_sur_la_page_apres_le_lien_mene_aux_points(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    se_connecter(client)
    client.post("/franceconnect/confirmer/")
    assert client.get(CONFIRMATION)["Location"] == "/mes-points/"


def test_les_retours_de_deux_onglets(fc: Fournisseur, dossier: Dossier, client: Client) -> None:
    un, deux = partir(client), partir(client)
    client.get(choisir(un))
    client.post("/franceconnect/confirmer/")
    assert client.get(choisir(deux))["Location"] == "/mes-points/"
