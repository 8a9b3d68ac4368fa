"""What becomes of a demande: the mail, the link, the other accounts of the dossier, and what is forgotten."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.creation.demandes import COURRIELS_PAR_ADRESSE, ECHECS_PAR_NUMERO, ESSAIS_PAR_LIEN
from accounts.models import AvisRattachement, Compteur, DemandeCompte, DemandeLien, Rattachement, User
from accounts.selectors import get_suivi
from accounts.services import detach_dossier
from tests.accounts import factories
from tests.accounts.factories import CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.parcours import (
    CREER,
    DERNIERE,
    MOT_DE_PASSE,
    avertir,
    demander,
    instruire,
    jusqu_au_mot_de_passe,
    lien_recu,
    poster,
    repondre,
    texte,
)

pytestmark = pytest.mark.django_db


# --- What the mailbox is told -----------------------------------------------------------------------------------------


DIFFERE = "le numéro ou l'état civil que vous avez saisis ne correspondent pas"


@pytest.fixture
def dossier():
    return DossierFactory(neph="780913100027")


@pytest.mark.parametrize(
    ("options", "issue", "dit"),
    [
        ({}, "activable", "valable 48 heures"),
        ({"nom": {"nom": "Durand"}}, "discordant", DIFFERE),
        ({"prenoms": {"prenoms": "Anne"}}, "discordant", DIFFERE),
        ({"naissance": {"jour": "30", "mois": "12", "annee": "1979"}}, "discordant", DIFFERE),
        ({"naissance": {"jour": "00", "mois": "00", "annee": "1979"}}, "discordant", DIFFERE),
        ({"numero-une-ligne": {"numero": "780913100028"}}, "inconnu", DIFFERE),
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


@pytest.mark.parametrize("existe", [True, False])
def test_trop_d_echecs_sur_un_numero_et_l_on_ne_compare_plus(client: Client, dossier, existe: bool) -> None:
    """Whether the number exists or not: the sixth answer would tell it otherwise."""
    numero = {} if existe else {"numero-une-ligne": {"numero": "780913100028"}}
    for n in range(ECHECS_PAR_NUMERO):
        demander(Client(), email=f"c{n}@exemple.fr", nom={"nom": "Durand"}, **numero)
        assert instruire().issue == ("discordant" if existe else "inconnu")
    demander(client, **numero)
    assert instruire().issue == "trop_d_essais"
    DemandeCompte.objects.update(instruite_at=timezone.now() - timedelta(hours=25))
    demander(Client())
    assert instruire().issue == "activable"


def test_une_adresse_ne_recoit_que_cinq_courriels_par_jour(client: Client) -> None:
    for n in range(COURRIELS_PAR_ADRESSE + 2):
        demander(Client(), **{"numero-une-ligne": {"numero": f"78091310{n:04}"}})
        instruire()
    assert len(mail.outbox) == COURRIELS_PAR_ADRESSE


# --- The breaker ------------------------------------------------------------------------------------------------------


@pytest.fixture
def _trop_d_echecs(settings, dossier) -> None:
    """Two unknown numbers in the hour, where two are too many."""
    settings.CREATION_ECHECS_PAR_HEURE = 2
    for n in range(2):
        demander(Client(), email=f"m{n}@exemple.fr", **{"numero-une-ligne": {"numero": f"78091310{n:04}"}})
        assert instruire().issue == "inconnu"
    mail.outbox.clear()


@pytest.mark.usefixtures("_trop_d_echecs")
@pytest.mark.parametrize("options", [{}, {"nom": {"nom": "Durand"}}, {"numero-une-ligne": {"numero": "780913109999"}}])
def test_quand_trop_de_demandes_echouent_la_suivante_attend_sans_etre_comparee(client: Client, options) -> None:
    demander(client, **options)
    demande = instruire()
    assert (demande.issue, demande.instruite_at, bool(demande.password)) == ("retenue", None, True)
    (message,) = mail.outbox
    assert "Votre demande est gardée" in message.body
    assert "Vous n'avez rien à refaire" in message.body
    assert "/franceconnect/connexion/" in message.body
    instruire()
    assert len(mail.outbox) == 1, "said once"


@pytest.mark.usefixtures("_trop_d_echecs")
def test_la_demande_retenue_est_reprise_sans_rien_resaisir(client: Client, monkeypatch) -> None:
    demander(client)
    instruire()
    DemandeCompte.objects.exclude(instruite_at=None).update(instruite_at=timezone.now() - timedelta(minutes=61))
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    monkeypatch.setattr(tasks.instruire_demande, "delay", tasks.instruire_demande)
    tasks.reprendre_les_demandes()
    assert DemandeCompte.objects.latest("pk").issue == "activable"
    assert client.post(lien_recu())["Location"] == "/connexion/"


@pytest.mark.usefixtures("_trop_d_echecs")
def test_ce_qui_reussit_n_ouvre_pas_le_disjoncteur(client: Client, settings) -> None:
    settings.CREATION_ECHECS_PAR_HEURE = 3
    demander(client)
    assert instruire().issue == "activable"
    demander(Client(), email="autre@exemple.fr")
    assert instruire().issue == "activable"


@pytest.mark.usefixtures("_trop_d_echecs")
def test_les_courriels_des_demandes_retenues_comptent_aussi(client: Client) -> None:
    for n in range(COURRIELS_PAR_ADRESSE + 2):
        demander(Client(), **{"numero-une-ligne": {"numero": f"78091320{n:04}"}})
        instruire()
        Compteur.objects.all().delete()
    assert len(mail.outbox) == COURRIELS_PAR_ADRESSE


@pytest.mark.usefixtures("_trop_d_echecs")
def test_l_exploitant_voit_les_demandes_retenues(client: Client) -> None:
    demander(client)
    instruire()
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    suivi = get_suivi(maintenant=timezone.now())
    assert (suivi.demandes_retenues, suivi.demandes_en_souffrance) == (1, 0)


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
    DemandeCompte.objects.update(expire_at=timezone.now() - timedelta(seconds=1))
    for reponse in (client.get(lien), client.post(lien)):
        assert reponse.status_code == 410
        assert "vous n'avez rien à saisir de nouveau" in texte(reponse)
        assert 'name="email" value="camille@exemple.fr"' in texte(reponse)
    assert not User.objects.exists()
    renvoyer(client, "camille@exemple.fr")
    assert len(mail.outbox) == 2
    assert client.post(lien_recu())["Location"] == "/connexion/"


def renvoyer(client: Client, email: str) -> None:
    assert client.post(f"{CREER}renvoyer/", {"email": email})["Location"] == f"{CREER}envoye/"
    tasks.envoyer_lien(DemandeLien.objects.get().pk)
    poster()
    assert not DemandeLien.objects.exists()


def test_l_avant_derniere_seconde_compte_encore(client: Client, lien: str) -> None:
    demande = DemandeCompte.objects.get()
    assert timedelta(hours=47, minutes=59) < demande.expire_at - timezone.now() <= timedelta(hours=48)


def test_redemander_ne_dit_rien_et_a_une_fin(client: Client, lien: str) -> None:
    renvoyer(client, "personne@exemple.fr")
    assert len(mail.outbox) == 1
    for _ in range(COURRIELS_PAR_ADRESSE + 2):
        Compteur.objects.all().delete()  # an hour later: the day's count is what is tried here
        renvoyer(client, "camille@exemple.fr")
    assert len(mail.outbox) == COURRIELS_PAR_ADRESSE
    assert client.post(f"{CREER}renvoyer/", {"email": "x"}).status_code == 200


@pytest.mark.parametrize("jeton", ["a", "MQ:1:x", "%0a", "é", "a" * 3000])
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
    ferme = RattachementFactory(dossier=dossier, user__email="ferme@exemple.fr")
    detach_dossier(user=ferme.user)
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
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(days=29))
    tasks.oublier_les_demandes()
    assert DemandeCompte.objects.count() == 1
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(days=31))
    tasks.oublier_les_demandes()
    assert DemandeCompte.objects.count() == 0
    assert client.get(lien).status_code == 410


def test_activer_efface_le_mot_de_passe_de_la_demande(client: Client, lien: str) -> None:
    client.post(lien)
    assert DemandeCompte.objects.get().password == ""
    assert not {"creation_brouillon", "creation_envoyee"} & set(client.session.keys())


def test_sans_redis_la_demande_est_gardee_et_reprise(
    client: Client, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
) -> None:
    def tomber(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("mespoints.lib.worker.current_app.send_task", tomber)
    jusqu_au_mot_de_passe(client)
    with django_capture_on_commit_callbacks(execute=True):
        assert repondre(client, "mot-de-passe", DERNIERE)["Location"] == f"{CREER}envoye/"
    assert "worker_not_told" in caplog.text
    DemandeCompte.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    confiees: list[int] = []
    monkeypatch.setattr(tasks.instruire_demande, "delay", confiees.append)
    tasks.reprendre_les_demandes()
    assert confiees == [DemandeCompte.objects.get().pk]


@pytest.mark.parametrize("longueur", [255, 262, 320, 5_000])
@pytest.mark.parametrize(
    ("adresse", "champ"),
    [
        ("/compte/password/reset/", "email"),
        ("/compte/creer/renvoyer/", "email"),
        ("/compte/creer/courriel/", "courriel-email"),
        ("/compte/email/", "email"),
        ("/connexion/", "login"),
        ("/signalements/", "email"),
    ],
)
def test_une_adresse_plus_longue_que_la_colonne_est_une_erreur(
    client: Client, adresse: str, champ: str, longueur: int
) -> None:
    """Each form that takes one, by its own page; nobody's answer is an error of the database."""
    if adresse == "/compte/email/":
        client.force_login(CompteFactory())
        client.post("/compte/reauthenticate/", {"password": factories.MOT_DE_PASSE})
    longue = "a" * (longueur - len("@exemple.fr")) + "@exemple.fr"
    envoi = {champ: longue, "password": "x", "action_add": ""}
    assert client.post(adresse, envoi).status_code in ({302} if "courriel" in adresse else {200, 405})
    assert not DemandeLien.objects.exists()
