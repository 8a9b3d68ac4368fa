"""The doors tell nobody anything: whatever was typed, the same work and the same answer.

Times are measured by ``make timing``; here the work is counted, request by request (``tests.travail``), and a twin of
each page that did a little more for those it knows is found out.
"""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import adapter
from accounts.compte import forms as formulaires
from accounts.courriels import SUIVI, signer_lien
from accounts.creation import demandes
from accounts.models import Compteur, Courriel, DemandeCompte, DemandeLien, User
from accounts.signalements.services import ouvrir_signalement
from dossier.models import Dossier
from mespoints.lib.worker import tell_worker
from tests.accounts.factories import MOT_DE_PASSE, CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.parcours import CREER, demander, texte
from tests.accounts.signaler import signalement
from tests.travail import ClientCompte, Travail, mesurer

pytestmark = pytest.mark.django_db

CONNUE, INCONNUE = "camille@exemple.fr", "zinedin@exemple.fr"
#: What may be typed in the wizard: each is the same length as the others.
CAS = {
    "tout concorde": {},
    "adresse d'un compte": {"email": "connu__@exemple.fr"},
    "numéro inconnu": {"numero-une-ligne": {"numero": "999999999999"}},
    "autre nom": {"nom": {"nom": "Durand"}},
    "autre naissance": {"naissance": {"jour": "30", "mois": "12", "annee": "1979"}},
    "dossier déjà rattaché": {"numero-une-ligne": {"numero": "780913100028"}},
}
Chemin = Callable[[ClientCompte], object]


def travail(chemin: Chemin) -> list[Travail]:
    """Of each request of a new visitor who goes that way; nothing is held against those before."""
    Compteur.objects.all().delete()
    visiteur = ClientCompte()
    chemin(visiteur)
    return visiteur.travaux


def assert_meme_travail(*chemins: Chemin) -> None:
    travail(chemins[0])  # what a process reads once
    premier = travail(chemins[0])
    for autre in map(travail, chemins[1:]):
        for rang, (attendu, fait) in enumerate(zip(premier, autre, strict=True)):
            for quoi in Travail._fields:
                assert getattr(fait, quoi) == getattr(attendu, quoi), f"request {rang}: {quoi}"


# --- The wizard -------------------------------------------------------------------------------------------------------


@pytest.fixture
def monde() -> None:
    poser_le_monde()


def poser_le_monde() -> None:
    DossierFactory(neph="780913100027")
    RattachementFactory(dossier__neph="780913100028")
    CompteFactory(email="connu__@exemple.fr")


def creer(cas: str) -> Chemin:
    options = {"email": CONNUE} | CAS[cas]

    def chemin(visiteur: ClientCompte) -> None:
        DemandeCompte.objects.all().delete()  # or the same answers would be the same demande
        reponse = demander(visiteur, **options)
        assert (reponse.status_code, reponse["Location"]) == (302, f"{CREER}envoye/")
        visiteur.get(reponse["Location"])
        assert DemandeCompte.objects.get().instruite_at is None, "nothing is decided in the request"

    return chemin


@pytest.mark.usefixtures("monde")
def test_un_meme_travail_quoi_que_l_on_ait_saisi() -> None:
    assert_meme_travail(*map(creer, CAS))


@pytest.mark.usefixtures("monde")
def test_le_travail_compte_est_celui_de_la_page() -> None:
    """Or two pages of which nothing was seen would be alike."""
    *_, derniere, page = travail(creer("tout concorde"))
    assert derniere.hachages == ["md5"]
    assert derniere.lignes["accounts_demandecompte"] == 1
    assert derniere.taches == ["accounts.instruire_demande"]
    assert any('INSERT INTO "accounts_demandecompte"' in requete for requete in derniere.requetes)
    assert derniere.cache
    assert (derniere.reponse[0], page.reponse[0]) == (302, 200)
    assert page.reponse[1] > 5_000
    assert (page.hachages, page.taches, page.lignes.total()) == ([], [], 0)


#: What a page could do more for a number that it knows, and where it would be seen.
INDISCRETIONS: dict[str, Callable[[], object]] = {
    "requetes": lambda: Dossier.objects.filter(neph="780913100027").exists(),
    "hachages": lambda: make_password(MOT_DE_PASSE),
    "lignes": lambda: DemandeLien.objects.create(email=CONNUE),
    "cache": lambda: cache.get("780913100027"),
    "taches": lambda: tell_worker("accounts.envoyer"),
    "courriels": lambda: mail.send_mail("Bonjour", "", None, [CONNUE]),
}


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize("endroit", INDISCRETIONS)
def test_une_difference_se_verrait(monkeypatch: pytest.MonkeyPatch, endroit: str) -> None:
    """The failing twin: a page that looked the number up, or did anything more for it, would be found out."""
    deposer = demandes.deposer_demande

    def bavarde(*, saisie: demandes.Saisie) -> None:
        if saisie.neph == "780913100027":
            INDISCRETIONS[endroit]()
        deposer(saisie=saisie)

    monkeypatch.setattr(demandes, "deposer_demande", bavarde)
    *_, connu, _ = travail(creer("tout concorde"))
    *_, inconnu, _ = travail(creer("numéro inconnu"))
    assert getattr(connu, endroit) != getattr(inconnu, endroit)
    with pytest.raises(AssertionError):
        assert_meme_travail(creer("tout concorde"), creer("numéro inconnu"))


# --- The mailbox, which anybody may own -------------------------------------------------------------------------------


def instruire(cas: str) -> tuple[Travail, tuple[str, ...]]:
    """What the worker does of a demande, and what its mail says; the link, whose length is that of a number, apart."""
    DemandeCompte.objects.all().delete()
    Courriel.objects.all().delete()
    demander(Client(), **({"email": CONNUE} | CAS[cas]))
    demande = DemandeCompte.objects.get()
    _, fait = mesurer(lambda: demandes.instruire_demande(demande_id=demande.pk))
    courriel = Courriel.objects.get()
    return fait, tuple(
        re.sub(r"/signalements/ouvrir/[^/]+/", "", t) for t in (courriel.sujet, courriel.texte, courriel.html)
    )


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize("cas", ["autre nom", "autre naissance"])
def test_un_numero_inconnu_et_une_autre_personne_recoivent_le_meme_courriel(cas: str) -> None:
    """The same words and the same work: a mailbox that takes everything learns of no number that it exists."""
    instruire(cas)
    assert instruire("numéro inconnu") == instruire(cas)


@pytest.mark.usefixtures("monde")
@pytest.mark.parametrize("cas", ["numéro inconnu", "autre nom"])
def test_le_signalement_qui_suit_ne_dit_pas_non_plus_lequel(cas: str) -> None:
    demander(Client(), **({"email": CONNUE} | CAS[cas]))
    demande = DemandeCompte.objects.get()
    demandes.instruire_demande(demande_id=demande.pk)
    pose = ouvrir_signalement(demande_id=demande.pk, message="")
    page = texte(Client().get(f"/signalements/suivi/{signer_lien(SUIVI, pose.pk)}/"))
    assert "Mon numéro et mon état civil ne correspondent pas" in page
    assert "introuvable" not in page


# --- The doors that ask for an address --------------------------------------------------------------------------------


def poster(chemin: str, **champs: str) -> Chemin:
    """The page, then its form."""
    return lambda visiteur: (visiteur.get(chemin), visiteur.post(chemin, champs))


def echouer(email: str, *, fois: int = 6) -> Chemin:
    """Wrong passwords, until one must wait: the fifth warns the owner, the sixth is refused."""

    def chemin(visiteur: ClientCompte) -> None:
        for _ in range(fois):
            visiteur.post("/connexion/", {"login": email, "password": "faux"})

    return chemin


@pytest.fixture
def _comptes(settings) -> None:
    """Of every kind."""
    settings.EFFORT_APRES = 10_000  # its question is new on each page
    poser_des_comptes()


def poser_des_comptes() -> None:
    CompteFactory(email=CONNUE)
    CompteFactory(email="fermees@exemple.fr", desactive=True)
    CompteFactory(email="passant@exemple.fr", sans_mot_de_passe=True)
    CompteFactory(email="verifie@exemple.fr", verifie=False)


ADRESSES = (INCONNUE, CONNUE, "fermees@exemple.fr", "passant@exemple.fr", "verifie@exemple.fr")


@pytest.mark.usefixtures("_comptes")
def test_connue_ou_inconnue_une_adresse_donne_le_meme_travail() -> None:
    assert_meme_travail(*map(echouer, ADRESSES))
    assert [fait.hachages for fait in travail(echouer(INCONNUE))] == [["md5"]] * 5 + [[]]


def test_le_hachage_de_production_se_fait_une_fois_pour_chaque_adresse(settings) -> None:
    settings.PASSWORD_HASHERS = ["accounts.compte.mots_de_passe.Argon2id"]
    poser_des_comptes()
    for email in ADRESSES:
        assert [fait.hachages for fait in travail(echouer(email, fois=1))] == [["argon2"]], email


@pytest.mark.usefixtures("_comptes")
def test_demander_un_nouveau_mot_de_passe_est_le_meme_travail_pour_tous() -> None:
    assert_meme_travail(*(poster("/compte/password/reset/", email=email) for email in ADRESSES))


def test_redemander_le_courriel_d_une_demande_est_le_meme_travail_pour_tous() -> None:
    demander(Client(), email=CONNUE)
    assert_meme_travail(*(poster(f"{CREER}renvoyer/", email=email) for email in (INCONNUE, CONNUE)))


def test_suivre_un_signalement_est_le_meme_travail_qu_il_existe_ou_non() -> None:
    pose = signalement(email=CONNUE)
    assert_meme_travail(
        *(
            poster("/signalements/", reference=reference, email=email)
            for reference, email in (
                ("S-2026-AB23CD", INCONNUE), (pose.reference, CONNUE), (pose.reference, INCONNUE),
            )
        )
    )  # fmt: skip


@pytest.mark.usefixtures("_comptes")
@pytest.mark.parametrize("porte", ["connexion", "oubli"])
def test_une_porte_qui_regarderait_de_plus_pres_se_verrait(monkeypatch: pytest.MonkeyPatch, porte: str) -> None:
    """The failing twins: a hash that nobody needs at an address without account, a lookup in the page."""
    if porte == "connexion":
        monkeypatch.setattr("accounts.backends.CompteBackend._mitigate_timing_attack", lambda soi, mot: None)
        chemins = [echouer(email, fois=1) for email in (INCONNUE, CONNUE)]
    else:
        monkeypatch.setattr(formulaires.OubliForm, "clean_email", _curieuse)
        chemins = [poster("/compte/password/reset/", email=email) for email in (INCONNUE, CONNUE)]
    with pytest.raises(AssertionError):
        assert_meme_travail(*chemins)


def _curieuse(form: formulaires.OubliForm) -> str:
    """What allauth's own form does: a second query for who is not found by the first."""
    email = str(form.cleaned_data["email"])
    if User.objects.filter(email=email).exists():
        User.objects.get(email=email)
    return email


@pytest.mark.usefixtures("_comptes")
def test_prevenir_dans_la_page_se_verrait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failing twin: written in the request, the warning of the fifth failure would tell that somebody is there."""
    from accounts.compte.securite import record_essais_repetes

    monkeypatch.setattr(adapter, "demander_lien", lambda *, email, reference: record_essais_repetes(email))
    with pytest.raises(AssertionError, match="request 4"):
        assert_meme_travail(echouer(INCONNUE), echouer(CONNUE))
