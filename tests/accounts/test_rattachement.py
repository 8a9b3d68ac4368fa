"""The tie between an account and a dossier, and what each request knows of it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.bureau import services
from accounts.bureau.services import CompteInutilisable
from accounts.middleware import VisitorMiddleware
from accounts.models import Rattachement, User
from accounts.selectors import get_titulaire
from accounts.services import DossierDejaRattache, attach_dossier, detach_dossier
from mespoints.lib.visiteur import NIVEAU_FC, NIVEAU_MOT_DE_PASSE, Titulaire
from tests.accounts.agents import SECRET
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, DossierFactory, RattachementFactory
from tests.base_de_donnees import attendre_des_verrous

pytestmark = pytest.mark.django_db
NUMERO, FRANCECONNECT = Rattachement.Origine.NUMERO, Rattachement.Origine.FRANCECONNECT


# --- The model ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"meme": "user"}, "rattachement_un_actif_par_compte"),
        ({"meme": "dossier", "origine": FRANCECONNECT}, "rattachement_un_actif_par_dossier_sauf_numero"),
        ({"origine": "courriel"}, "rattachement_origine_connue"),
        ({"revoked_at": "2001-01-01T00:00Z"}, "rattachement_revoque_apres_sa_creation"),
    ],
)
def test_la_base_refuse(champs: dict[str, str], contrainte: str) -> None:
    premier = RattachementFactory(origine=champs.get("origine", NUMERO) if "meme" in champs else NUMERO)
    if meme := champs.pop("meme", None):
        champs[meme] = getattr(premier, meme)
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        RattachementFactory(**champs)


def test_un_conducteur_peut_avoir_un_compte_par_porte() -> None:
    premier = RattachementFactory()
    RattachementFactory(dossier=premier.dossier, origine=FRANCECONNECT)


# --- Attaching ------------------------------------------------------------------------------------------------------


def test_rattacher_deux_fois_ne_change_rien() -> None:
    user, dossier = CompteFactory(), DossierFactory()
    premier = attach_dossier(user=user, dossier_id=dossier.pk, origine=NUMERO)
    assert attach_dossier(user=user, dossier_id=dossier.pk, origine=NUMERO) == premier
    assert Rattachement.objects.count() == 1


def test_rattacher_un_autre_dossier_revoque_le_premier_et_le_garde() -> None:
    ancien = RattachementFactory()
    nouveau = attach_dossier(user=ancien.user, dossier_id=DossierFactory().pk, origine=NUMERO)
    ancien.refresh_from_db()
    assert ancien.revoked_at is not None
    assert list(Rattachement.objects.filter(revoked_at=None)) == [nouveau]


def test_le_dossier_d_un_autre_compte_est_refuse_sans_perdre_le_sien() -> None:
    pris, mien = RattachementFactory(origine=FRANCECONNECT), RattachementFactory(origine=FRANCECONNECT)
    with pytest.raises(DossierDejaRattache):
        attach_dossier(user=mien.user, dossier_id=pris.dossier_id, origine=FRANCECONNECT)
    mien.refresh_from_db()
    assert mien.revoked_at is None


def test_le_premier_venu_par_le_numero_ne_ferme_pas_la_porte_au_titulaire() -> None:
    """A number and a mailbox prove little: a second account by the number is attached, and told (test_demandes.py)."""
    premier = RattachementFactory()
    assert attach_dossier(user=CompteFactory(), dossier_id=premier.dossier_id, origine=NUMERO)


def test_un_dossier_libere_peut_etre_rattache_de_nouveau() -> None:
    ancien = RattachementFactory()
    detach_dossier(user=ancien.user)
    assert attach_dossier(user=CompteFactory(), dossier_id=ancien.dossier_id, origine=NUMERO)


def test_une_origine_inconnue_est_une_erreur_du_programme() -> None:
    with pytest.raises(ValueError, match="courriel"):
        attach_dossier(user=CompteFactory(), dossier_id=DossierFactory().pk, origine="courriel")


# --- The titulaire --------------------------------------------------------------------------------------------------


def test_le_titulaire_porte_le_dossier_le_niveau_et_le_nom_d_usage(django_assert_num_queries) -> None:
    rattachement = RattachementFactory(dossier__nom_usage="DURAND")
    with django_assert_num_queries(1):
        titulaire = get_titulaire(rattachement.user, niveau=NIVEAU_FC)
    assert titulaire == Titulaire(rattachement.dossier_id, NIVEAU_FC, "Camille DURAND")


def test_sans_dossier_actif_le_titulaire_n_a_que_son_adresse() -> None:
    rattachement = RattachementFactory()
    detach_dossier(user=rattachement.user)
    assert get_titulaire(rattachement.user) == Titulaire(None, NIVEAU_MOT_DE_PASSE, rattachement.user.email)


def test_la_requete_ne_lit_le_titulaire_que_si_on_le_demande_et_une_fois(client: Client, rf) -> None:
    rattachement = RattachementFactory()
    client.force_login(rattachement.user)
    requete = rf.get("/")
    requete.user, requete.session = rattachement.user, client.session
    with CaptureQueriesContext(connection) as requetes:
        VisitorMiddleware(lambda request: None)(requete)
        assert len(requetes) == 0
        assert requete.titulaire.dossier_id == rattachement.dossier_id
        assert requete.titulaire.nom_affiche == "Camille MARTIN"
        assert len(requetes) == 1
    assert not requete.agent


def test_la_mise_en_page_ne_coute_que_la_session_et_le_compte(client: Client, django_assert_max_num_queries) -> None:
    client.force_login(RattachementFactory().user)
    client.get("/aide/")  # the session is in the cache from now on
    with django_assert_max_num_queries(2):
        client.get("/aide/")


def test_un_compte_sans_dossier_voit_une_page_qui_le_dit(client: Client) -> None:
    client.force_login(CompteFactory())
    reponse = client.get("/mes-points/")
    assert reponse.status_code == 200
    assert "Aucun dossier n'est rattaché à votre compte" in reponse.content.decode()


# --- create_comptes_demo --------------------------------------------------------------------------------------------


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    comptes = [{"email": f"c{n}@exemple.fr", "neph": DossierFactory().neph, "montre": "…"} for n in range(3)]
    chemin = tmp_path / "comptes.json"
    agents = [{"email": "admin@exemple.fr", "departement": None, "secret_totp": SECRET}]
    chemin.write_text(json.dumps({"mot_de_passe": MOT_DE_PASSE, "comptes": comptes, "agents": agents}))
    return chemin


def test_les_comptes_de_demonstration_se_connectent(client: Client, fichier: Path, settings) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    call_command("create_comptes_demo", str(fichier))
    reponse = client.post("/connexion/", {"login": "c1@exemple.fr", "password": MOT_DE_PASSE})
    assert reponse["Location"] == "/mes-points/"
    assert get_titulaire(User.objects.get(email="c1@exemple.fr")).dossier_id is not None
    assert User.objects.get(email="admin@exemple.fr").is_superuser


def test_recommencer_ne_change_rien_et_remet_le_mot_de_passe(client: Client, fichier: Path, settings) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    call_command("create_comptes_demo", str(fichier))
    avant = list(Rattachement.objects.order_by("pk").values_list("pk", "user_id", "dossier_id"))
    change = User.objects.get(email="c2@exemple.fr")
    change.set_password("autre chose")
    change.desactive_at = now()
    change.save()
    call_command("create_comptes_demo", str(fichier))
    assert list(Rattachement.objects.order_by("pk").values_list("pk", "user_id", "dossier_id")) == avant
    assert User.objects.count() == 4
    change.refresh_from_db()
    assert change.check_password(MOT_DE_PASSE)
    assert change.is_active


def test_un_dossier_absent_est_dit_par_son_adresse(fichier: Path, settings) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    contenu = json.loads(fichier.read_text())
    contenu["comptes"][0]["neph"] = "000000000000"
    fichier.write_text(json.dumps(contenu))
    with pytest.raises(CommandError, match=r"Sans dossier : c0@exemple\.fr\."):
        call_command("create_comptes_demo", str(fichier))


def test_hors_demonstration_la_commande_refuse(fichier: Path, settings) -> None:
    settings.MESPOINTS_DEMONSTRATION = False
    with pytest.raises(CommandError, match="n'est pas une démonstration"):
        call_command("create_comptes_demo", str(fichier))
    assert not User.objects.exists()


@pytest.mark.parametrize("contenu", ["", "[]", '{"mot_de_passe": "x"}', '{"mot_de_passe": "x", "comptes": [1]}'])
def test_un_fichier_qui_n_est_pas_une_liste_de_comptes_est_refuse(tmp_path: Path, settings, contenu: str) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    chemin = tmp_path / "comptes.json"
    chemin.write_text(contenu)
    with pytest.raises(CommandError, match="pas une liste de comptes"):
        call_command("create_comptes_demo", str(chemin))
    with pytest.raises(CommandError):
        call_command("create_comptes_demo", str(tmp_path / "absent.json"))


# --- Two decisions about one account at once --------------------------------------------------------------------------


def pendant_que(premiere: Callable[[User], None], seconde: Callable[[User], None]) -> BaseException | None:
    """Begin the second decision while the first one is not committed, and commit it when the second waits; its end."""
    user = CompteFactory()

    def decider() -> BaseException | None:
        try:
            seconde(user)
        except CompteInutilisable as refus:
            return refus
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(1) as fil:
        with transaction.atomic():
            premiere(user)
            suite = fil.submit(decider)
            attendre_des_verrous()
        return suite.result(timeout=60)


def rattacher(dossier_id: int) -> Callable[[User], None]:
    return lambda user: services.rattacher(user=user, email="", dossier_id=dossier_id)


@pytest.mark.django_db(transaction=True)
def test_un_compte_lie_ou_bloque_entre_temps_ne_recoit_pas_de_dossier() -> None:
    un, deux, trois = (DossierFactory().pk for _ in range(3))
    refus = pendant_que(rattacher(un), rattacher(deux))
    assert isinstance(refus, CompteInutilisable)
    assert refus.autre_dossier
    bloque = pendant_que(lambda user: services.bloquer(user_id=user.pk), rattacher(trois))
    assert isinstance(bloque, CompteInutilisable)
    assert list(Rattachement.objects.values_list("dossier_id", "revoked_at")) == [(un, None)]


@pytest.mark.django_db(transaction=True)
def test_lu_avant_le_verrou_le_compte_perd_son_dossier_en_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failing twin: the second decision reads the account before the first is committed, and undoes it."""
    un, deux = DossierFactory().pk, DossierFactory().pk
    tenir, vues = services.tenir_compte, []

    def d_abord_sans_verrou(user_id: int) -> User:
        vues.append(user_id)
        return User.objects.get(pk=user_id) if len(vues) == 1 else tenir(user_id)

    def seconde(user: User) -> None:
        monkeypatch.setattr(services, "tenir_compte", d_abord_sans_verrou)
        rattacher(deux)(user)

    assert pendant_que(rattacher(un), seconde) is None
    assert list(Rattachement.objects.filter(revoked_at=None).values_list("dossier_id", flat=True)) == [deux]
