"""The making of an account: each question, what is refused, what is kept, and where it leads."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.demandes import COURRIELS_PAR_ADRESSE, ECHECS_PAR_NUMERO, ESSAIS_PAR_LIEN
from accounts.models import AvisRattachement, DemandeCompte, Rattachement, User
from tests.accounts.factories import CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.parcours import (
    CREER,
    DERNIERE,
    FORMATS,
    MOT_DE_PASSE,
    PERSONNE,
    avertir,
    demander,
    donnees,
    instruire,
    jusqu_au_mot_de_passe,
    lien_recu,
    repondre,
)

pytestmark = pytest.mark.django_db


def texte(reponse) -> str:
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


# --- It works -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_mene_a_un_compte_rattache(client: Client, format: str) -> None:
    dossier = DossierFactory(neph=FORMATS[format][1])
    assert demander(client, format=format)["Location"] == f"{CREER}envoye/"
    assert "Un courriel part à camille@exemple.fr" in texte(client.get(f"{CREER}envoye/")).replace(
        '<span class="mp-adresse">', ""
    )
    assert not User.objects.exists()
    assert instruire().issue == DemandeCompte.Issue.ACTIVABLE
    lien = lien_recu()
    page = client.get(lien)
    assert "Activer mon compte" in texte(page)
    assert not User.objects.exists(), "a GET makes nothing"
    assert client.post(lien)["Location"] == "/connexion/"
    rattachement = Rattachement.objects.get()
    assert (rattachement.dossier, rattachement.origine) == (dossier, "numero")
    assert AvisRattachement.objects.get(lettre_at=None).rattachement == rattachement
    connexion = client.post("/connexion/", {"login": "camille@exemple.fr", "password": MOT_DE_PASSE})
    assert connexion["Location"] == "/mes-points/"
    assert client.get("/mes-points/").status_code == 200
    assert client.get("/mes-documents/adcs/").status_code == 200
    assert client.get("/mes-documents/rii/").status_code == 403, "a number and a mailbox never open the RII"


def test_les_reponses_restent_a_l_ecran_avec_leur_modifier(client: Client) -> None:
    jusqu_au_mot_de_passe(client, format="avant_1975")
    page = texte(client.get(f"{CREER}mot-de-passe/"))
    for reponse in (
        *("J'ai mon permis de conduire", "Format 3 volets (cartonné)", "Numéro sur 1 ligne", "Délivré avant le 1er"),
        "Nous avons lu le numéro 418LMP207, l'année 1968 et le département 20 (Corse), soit 418LMP2076820",
        *("Martin", "Camille Anne", "31/12/1979", "camille@exemple.fr"),
    ):
        assert reponse in page, reponse
    assert page.count(">Modifier<") == 9
    assert "Étape 5 sur 5" in page


def test_modifier_une_reponse_ramene_ou_l_on_en_etait(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    assert 'value="Martin"' in texte(client.get(f"{CREER}nom/"))
    assert repondre(client, "nom", {"nom": "Martin-Roche"})["Location"] == f"{CREER}mot-de-passe/"
    assert repondre(client, "format", {"choisi": "carte"})["Location"] == f"{CREER}espace/"
    assert repondre(client, "format", {"choisi": "trois_volets"})["Location"] == f"{CREER}mot-de-passe/"


@pytest.mark.parametrize("etape", ["permis", *(e for f in FORMATS.values() for e in f[0]), *PERSONNE, "courriel"])
def test_chaque_question_vide_dit_son_erreur_et_garde_la_page(client: Client, etape: str) -> None:
    format = next(nom for nom, (etapes, _) in FORMATS.items() if etape in etapes | PERSONNE | {"courriel": {}})
    jusqu_au_mot_de_passe(client, format=format)
    reponse = repondre(client, etape, {})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    page = texte(reponse)
    assert "<title>Erreur" in page
    ids = set(re.findall(r' id="([^"]+)"', page))
    cibles = re.findall(r'<p><a href="#([^"]+)">', page)
    assert cibles
    assert set(cibles) <= ids


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("naissance", "message"),
    [
        (("00", "00", "1960"), None),
        (("00", "07", "1960"), None),
        (("0", "0", "1960"), None),
        (("29", "2", "2000"), None),
        (("29", "02", "1900"), "n'existe pas"),
        (("31", "02", "1979"), "n'existe pas"),
        (("32", "01", "1979"), "n'existe pas"),
        (("01", "13", "1979"), "n'existe pas"),
        (("01", "01", "0001"), "à partir de 1900"),
        (("31", "12", "9999"), "n'existe pas"),
        (("31", "12", "2199"), "dans le futur"),
        (("1", "1", "79"), "à partir de 1900"),
        (("", "12", "1979"), "Saisissez le jour"),
        (("31", "", "1979"), "Saisissez le mois"),
        (("31", "12", ""), "Saisissez l'année"),
        (("٣١", "12", "1979"), "Saisissez le jour"),
        (("-1", "12", "1979"), "Saisissez le jour"),
        (("31", "12", "19 9"), "Saisissez l'année"),
    ],
)
def test_la_date_de_naissance(client: Client, naissance: tuple[str, str, str], message: str | None) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "naissance", dict(zip(("jour", "mois", "annee"), naissance, strict=True)))
    if message is None:
        assert reponse["Location"] == f"{CREER}mot-de-passe/"
    else:
        assert message in texte(reponse)


def test_demain_est_dans_le_futur(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    demain = timezone.localdate() + timedelta(days=1)
    reponse = repondre(
        client, "naissance", {"jour": str(demain.day), "mois": str(demain.month), "annee": str(demain.year)}
    )
    assert "dans le futur" in texte(reponse)


@pytest.mark.parametrize(
    "nom", ["O'Connor", "D’Arc", "Nguyễn", "de La Tour", "O", "A" * 80, "Nguye\u0302\u0303n", "LE GOFF", "Ωμέγα"]
)
def test_un_nom_d_ici_ou_d_ailleurs_est_accepte(client: Client, nom: str) -> None:
    jusqu_au_mot_de_passe(client)
    assert repondre(client, "nom", {"nom": nom}).status_code == 302


@pytest.mark.parametrize(
    "nom", ["", "   ", "🚗", "Mar\u202etin", "Mar\u200btin", "A\x00B", "A" * 121, "123", "Mart\x1bin", "ﬁnot", "<b>"]
)
def test_un_nom_impossible_est_une_erreur_de_formulaire(client: Client, nom: str) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "nom", {"nom": nom})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    assert b"<b>" not in reponse.content


@pytest.mark.parametrize(
    ("reponses", "passe"),
    [
        ({"prenoms": "Camille"}, True),
        ({"prenoms": "Jean-Pierre, Marie"}, True),
        ({"sans_prenom": "on"}, True),
        ({"prenoms": " ", "sans_prenom": "on"}, True),
        ({"prenoms": ""}, False),
        ({"prenoms": "Camille", "sans_prenom": "on"}, False),
        ({"prenoms": "Cam\u202eille"}, False),
        ({"prenoms": "A " * 100}, False),
    ],
)
def test_les_prenoms(client: Client, reponses: dict[str, str], passe: bool) -> None:
    jusqu_au_mot_de_passe(client)
    assert (repondre(client, "prenoms", reponses).status_code == 302) is passe


@pytest.mark.parametrize("email", ["", "x", "a@b", "a\r\nBcc: b@exemple.fr@exemple.fr", "a\x00@exemple.fr", "a" * 300])
def test_une_adresse_impossible(client: Client, email: str) -> None:
    jusqu_au_mot_de_passe(client)
    assert repondre(client, "courriel", {"email": email}).status_code == 200


@pytest.mark.parametrize(
    "mot_de_passe",
    ["", "court", "motdepasse123"[:11], "x" * 257, "x" * 100_000, "\x00" * 20, "camille@exemple.fr", "123456789012345"],
)
def test_un_mot_de_passe_refuse_n_est_pas_hache(client: Client, mot_de_passe: str, monkeypatch) -> None:
    jusqu_au_mot_de_passe(client)
    monkeypatch.setattr("accounts.demandes.make_password", lambda *_: pytest.fail("hashed"))
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": mot_de_passe, "conditions": "on"})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors["mot_de_passe"]


def test_sans_accepter_les_conditions_rien_n_est_demande(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": MOT_DE_PASSE})
    assert "acceptez les conditions" in texte(reponse)
    assert not DemandeCompte.objects.exists()
    assert client.get("/conditions-d-utilisation/").status_code == 200


def test_un_champ_en_double_ne_decide_de_rien(client: Client) -> None:
    reponse = client.post(f"{CREER}permis/", {"permis-choisi": ["oui", "plus"]})
    assert reponse.status_code == 400
    assert client.get(f"{CREER}format/")["Location"] == f"{CREER}permis/"


@pytest.mark.parametrize("charge", [{"permis-choisi": "x" * 1_048_576}, {f"c{n}": "1" for n in range(10_000)}])
def test_une_charge_demesuree_est_refusee_par_une_page(client: Client, charge: dict[str, str]) -> None:
    assert client.post(f"{CREER}permis/", charge).status_code == 400


# --- Out of order -----------------------------------------------------------------------------------------------------


def test_une_question_en_avance_ramene_a_la_premiere_sans_reponse(client: Client) -> None:
    assert client.get(CREER)["Location"] == f"{CREER}permis/"
    assert client.get(f"{CREER}courriel/")["Location"] == f"{CREER}permis/"
    assert client.get(f"{CREER}nexiste-pas/")["Location"] == f"{CREER}permis/"
    reponse = client.post(f"{CREER}nom/", donnees("nom", PERSONNE["nom"]), follow=True)
    assert reponse.redirect_chain == [(f"{CREER}permis/", 302)]
    assert "Il manque une réponse" in texte(reponse)
    reponse = repondre(client, "mot-de-passe", DERNIERE)
    assert reponse["Location"] == f"{CREER}permis/"
    assert not DemandeCompte.objects.exists()


def test_deux_onglets_sur_deux_formats_ne_se_melangent_pas(client: Client) -> None:
    repondre(client, "permis", {"choisi": "oui"})
    repondre(client, "format", {"choisi": "carte"})
    repondre(client, "format", {"choisi": "trois_volets"})  # the other tab
    assert repondre(client, "espace", {"choisi": "avec_espace"})["Location"] == f"{CREER}lignes/"


def test_un_get_ne_touche_pas_a_la_session(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    avant = dict(client.session.items())
    for etape in ("permis", "nom", "mot-de-passe", "nexiste-pas"):
        client.get(f"{CREER}{etape}/")
    assert dict(client.session.items()) == avant
    assert "sid" not in Client().get(f"{CREER}permis/").cookies


def test_le_mot_de_passe_n_est_ni_dans_la_session_ni_dans_la_page(client: Client) -> None:
    reponse = client.post(f"{CREER}mot-de-passe/", donnees("mot-de-passe", DERNIERE))
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": MOT_DE_PASSE})
    assert MOT_DE_PASSE not in reponse.content.decode()
    demander(client)
    assert MOT_DE_PASSE not in str(dict(client.session.items()))
    assert DemandeCompte.objects.get().password.startswith("md5$")


def brouillon(client: Client, etape: str) -> str:
    return re.search(r'name="brouillon" value="([^"]*)"', client.get(f"{CREER}{etape}/").content.decode())[1]


def test_une_session_expiree_ne_perd_que_le_mot_de_passe(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    garde = brouillon(client, "naissance")
    nouveau = Client()
    suite = repondre(nouveau, "naissance", PERSONNE["naissance"] | {"annee": "1980"}, brouillon=garde)
    assert suite["Location"] == f"{CREER}mot-de-passe/"
    page = texte(nouveau.get(f"{CREER}mot-de-passe/"))
    assert "31/12/1980" in page
    assert "camille@exemple.fr" in page


@pytest.mark.parametrize("faux", ["", "x", "eyJ9:1:x", "\x00"])
def test_un_brouillon_contrefait_est_une_reponse_qui_manque(client: Client, faux: str) -> None:
    reponse = repondre(client, "nom", PERSONNE["nom"], brouillon=faux)
    assert reponse["Location"] == f"{CREER}permis/"


def test_effacer_oublie_tout(client: Client) -> None:
    demander(client)
    client.post(f"{CREER}mot-de-passe/", {"effacer": "1"})
    assert not {"wizard_creation_view", "creation_envoyee"} & set(client.session.keys())


def test_qui_est_connecte_n_en_cree_pas_un_second(client: Client) -> None:
    client.force_login(CompteFactory())
    assert client.get(CREER)["Location"] == "/compte/"
    assert client.post(f"{CREER}permis/", {"permis-choisi": "oui"})["Location"] == "/compte/"


# --- Once -------------------------------------------------------------------------------------------------------------


def test_envoyer_deux_fois_les_memes_reponses_est_une_demande(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    for _ in range(3):
        assert repondre(client, "mot-de-passe", DERNIERE)["Location"] == f"{CREER}envoye/"
    assert DemandeCompte.objects.count() == 1


def test_corriger_l_adresse_apres_l_envoi_est_une_autre_demande(client: Client) -> None:
    demander(client, email="cammile@exemple.fr")
    assert repondre(client, "courriel", {"email": "camille@exemple.fr"})["Location"] == f"{CREER}mot-de-passe/"
    repondre(client, "mot-de-passe", DERNIERE)
    assert [d.email for d in DemandeCompte.objects.order_by("pk")] == ["cammile@exemple.fr", "camille@exemple.fr"]


def test_instruire_deux_fois_est_un_courriel(client: Client) -> None:
    demander(client)
    instruire()
    instruire()
    assert len(mail.outbox) == 1


# --- What the mailbox is told -----------------------------------------------------------------------------------------


@pytest.fixture
def dossier():
    return DossierFactory(neph="780913100027")


@pytest.mark.parametrize(
    ("options", "issue", "dit"),
    [
        ({}, "activable", "valable 48 heures"),
        ({"nom": {"nom": "Durand"}}, "discordant", "nous ne disons pas lequel diffère"),
        ({"prenoms": {"prenoms": "Anne"}}, "discordant", "nous ne disons pas lequel diffère"),
        ({"naissance": {"jour": "30", "mois": "12", "annee": "1979"}}, "discordant", "nous ne disons pas lequel"),
        ({"naissance": {"jour": "00", "mois": "00", "annee": "1979"}}, "discordant", "nous ne disons pas lequel"),
        ({"numero-une-ligne": {"numero": "780913100028"}}, "inconnu", "aucun dossier avec le numéro"),
        ({"email": "prise@exemple.fr"}, "deja_un_compte", "elle est déjà celle d'un compte"),
        ({"email": " Prise@Exemple.FR"}, "deja_un_compte", "elle est déjà celle d'un compte"),
        ({"email": "fermee@exemple.fr"}, "deja_un_compte", "elle est déjà celle d'un compte"),
    ],
)
def test_le_courriel_seul_dit_ce_qui_en_est(client: Client, dossier, options, issue: str, dit: str) -> None:
    CompteFactory(email="prise@exemple.fr")
    CompteFactory(email="fermee@exemple.fr", desactive=True)
    demander(client, **options)
    assert instruire().issue == issue
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert dit in message.body
    assert message.to == [options.get("email", "camille@exemple.fr").strip().lower()]
    for secret in ("1979", "MARTIN", dossier.neph, MOT_DE_PASSE, "12/12"):
        assert secret not in message.body
    demande = DemandeCompte.objects.get()
    assert bool(demande.password) is (issue == "activable")


def test_trop_d_echecs_sur_un_numero_et_l_on_ne_compare_plus(client: Client, dossier) -> None:
    for n in range(ECHECS_PAR_NUMERO):
        demander(Client(), email=f"c{n}@exemple.fr", nom={"nom": "Durand"})
        assert instruire().issue == "discordant"
    demander(client)
    assert instruire().issue == "trop_d_essais"
    DemandeCompte.objects.update(instruite_at=timezone.now() - timedelta(hours=25))
    demander(Client())
    assert instruire().issue == "activable"


def test_une_adresse_ne_recoit_que_cinq_courriels_par_jour(client: Client) -> None:
    for n in range(COURRIELS_PAR_ADRESSE + 2):
        demander(Client(), **{"numero-une-ligne": {"numero": f"78091310{n:04}"}})
        instruire()
    assert len(mail.outbox) == COURRIELS_PAR_ADRESSE


# --- The link ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def lien(client: Client, dossier) -> str:
    demander(client)
    instruire()
    return lien_recu()


def test_activer_deux_fois_est_un_compte(client: Client, lien: str) -> None:
    client.post(lien)
    assert "déjà activé" in texte(client.post(lien))
    assert User.objects.count() == Rattachement.objects.count() == 1


def test_dans_un_autre_navigateur_le_mot_de_passe_est_demande(lien: str) -> None:
    ailleurs = Client()
    assert "mot de passe que vous y avez choisi" in texte(ailleurs.get(lien))
    assert ailleurs.post(lien).status_code == 200
    assert "Ce n'est pas le mot de passe" in texte(ailleurs.post(lien, {"mot_de_passe": "pas celui-là du tout"}))
    assert not User.objects.exists(), "who only owns the mailbox cannot open an account that somebody else asked for"
    assert ailleurs.post(lien, {"mot_de_passe": MOT_DE_PASSE})["Location"] == "/connexion/"
    assert User.objects.exists()


def test_le_mot_de_passe_d_un_lien_ne_se_devine_pas(lien: str) -> None:
    ailleurs = Client()
    for n in range(ESSAIS_PAR_LIEN):
        ailleurs.post(lien, {"mot_de_passe": f"essai numéro {n}"})
    assert ailleurs.post(lien, {"mot_de_passe": MOT_DE_PASSE}).status_code == 200
    assert not User.objects.exists()


def test_apres_48_heures_un_autre_lien_se_demande_sans_rien_resaisir(client: Client, lien: str) -> None:
    DemandeCompte.objects.update(expire_le=timezone.now() - timedelta(seconds=1))
    for reponse in (client.get(lien), client.post(lien)):
        assert reponse.status_code == 410
        assert "vous n'avez rien à saisir de nouveau" in texte(reponse)
        assert 'name="email" value="camille@exemple.fr"' in texte(reponse)
    assert not User.objects.exists()
    envoyer_lien(client, "camille@exemple.fr")
    assert len(mail.outbox) == 2
    assert client.post(lien_recu())["Location"] == "/connexion/"


def envoyer_lien(client: Client, email: str) -> None:
    from accounts.models import DemandeLien
    from accounts.tasks import envoyer_lien

    assert client.post(f"{CREER}renvoyer/", {"email": email})["Location"] == f"{CREER}envoye/"
    envoyer_lien(DemandeLien.objects.get().pk)
    assert not DemandeLien.objects.exists()


def test_l_avant_derniere_seconde_compte_encore(client: Client, lien: str) -> None:
    demande = DemandeCompte.objects.get()
    assert timedelta(hours=47, minutes=59) < demande.expire_le - timezone.now() <= timedelta(hours=48)


def test_redemander_ne_dit_rien_et_a_une_fin(client: Client, lien: str) -> None:
    envoyer_lien(client, "personne@exemple.fr")
    assert len(mail.outbox) == 1
    for _ in range(COURRIELS_PAR_ADRESSE + 2):
        envoyer_lien(client, "camille@exemple.fr")
    assert len(mail.outbox) == COURRIELS_PAR_ADRESSE
    assert client.post(f"{CREER}renvoyer/", {"email": "x"}).status_code == 200


@pytest.mark.parametrize("jeton", ["a", "MQ:1:x", "%00", "é", "a" * 3000])
def test_un_lien_contrefait_n_ouvre_rien(client: Client, jeton: str) -> None:
    assert client.get(f"/compte/activer/{jeton}/").status_code == 410
    assert client.post(f"/compte/activer/{jeton}/").status_code == 410


def test_une_adresse_prise_entre_temps_ne_fait_pas_un_second_compte(client: Client, lien: str) -> None:
    CompteFactory(email="camille@exemple.fr")
    reponse = client.post(lien)
    assert reponse.status_code == 409
    assert "Vous avez déjà un compte" in texte(reponse)
    assert not Rattachement.objects.exists()


# --- Somebody else on the same dossier --------------------------------------------------------------------------------


def test_un_second_compte_est_dit_aux_autres_et_une_lettre_est_due(client: Client, dossier) -> None:
    premier = RattachementFactory(dossier=dossier, user__email="premier@exemple.fr")
    par_fc = RattachementFactory(dossier=dossier, origine="franceconnect", user__email="fc@exemple.fr")
    ferme = RattachementFactory(dossier=dossier, user__email="ferme@exemple.fr", revoked_at=timezone.now())
    demander(client)
    instruire()
    client.post(lien_recu())
    mail.outbox.clear()
    avertir()
    avertir()
    assert sorted(message.to[0] for message in mail.outbox) == [par_fc.user.email, premier.user.email]
    assert all("camille@exemple.fr" not in message.body for message in mail.outbox)
    assert ferme.user.email not in str(mail.outbox)
    avis = AvisRattachement.objects.get()
    assert avis.courriels_at is not None
    assert avis.lettre_at is None
    assert Rattachement.objects.filter(dossier=dossier, revoked_at=None).count() == 3


# --- What is forgotten, what is caught up -----------------------------------------------------------------------------


def test_ce_qui_a_ete_saisi_est_oublie_au_bout_d_un_mois(client: Client, lien: str) -> None:
    from accounts.tasks import oublier_les_demandes

    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(days=29))
    oublier_les_demandes()
    assert DemandeCompte.objects.count() == 1
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(days=31))
    oublier_les_demandes()
    assert DemandeCompte.objects.count() == 0
    assert client.get(lien).status_code == 410


def test_activer_efface_le_mot_de_passe_de_la_demande(client: Client, lien: str) -> None:
    client.post(lien)
    assert DemandeCompte.objects.get().password == ""
    assert not {"wizard_creation_view", "creation_envoyee"} & set(client.session.keys())


def test_sans_redis_la_demande_est_gardee_et_reprise(
    client: Client, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
) -> None:
    from accounts import tasks

    def tomber(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("accounts.demandes.current_app.send_task", tomber)
    jusqu_au_mot_de_passe(client)
    with django_capture_on_commit_callbacks(execute=True):
        assert repondre(client, "mot-de-passe", DERNIERE)["Location"] == f"{CREER}envoye/"
    assert "worker_not_told" in caplog.text
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    confiees: list[int] = []
    monkeypatch.setattr(tasks.instruire_demande, "delay", confiees.append)
    tasks.reprendre_les_demandes()
    assert confiees == [DemandeCompte.objects.get().pk]
