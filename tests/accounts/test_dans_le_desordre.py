"""A step asked for out of order leads to the first that is due, whoever asks and however."""

import pytest
from django.test import Client

from tests.accounts.parcours import CREER, FORMATS, PERSONNE, donnees
from tests.bancs.attaques.visiteurs import VISITEURS, Monde, peupler

pytestmark = pytest.mark.django_db

DOUBLE = "/compte/double-authentification/"
DOSSIER = "/admin/dossier/dossier/"
#: Who, what is asked for, where they are led: by a GET and by a POST alike.
MENE = [
    *(("anonyme", f"{CREER}{etape}/", f"{CREER}permis/") for etape in ("nom", "prenoms", "naissance", "courriel")),
    *(("anonyme", f"{CREER}{etape}/", f"{CREER}permis/") for etape in ("mot-de-passe", "numero", "format", "autre")),
    ("conducteur", f"{CREER}nom/", "/compte/"),
    ("anonyme", f"{DOUBLE}authenticate/", "/connexion/"),
    ("anonyme", "/compte/login/code/confirm/", "/connexion/"),
    ("anonyme", "/compte/reauthenticate/", "/connexion/?next=/compte/reauthenticate/"),
    ("anonyme", f"{DOUBLE}totp/activate/", f"/connexion/?next={DOUBLE}totp/activate/"),
    ("code attendu", "/compte/reauthenticate/", "/connexion/?next=/compte/reauthenticate/"),
    ("code attendu", f"{DOUBLE}recovery-codes/", f"/connexion/?next={DOUBLE}recovery-codes/"),
    ("code attendu", "/compte/password/change/", "/connexion/?next=/compte/password/change/"),
    ("conducteur", f"{DOUBLE}authenticate/", "/mes-points/"),
    ("conducteur", f"{DOUBLE}reauthenticate/", "/compte/reauthenticate/"),
    ("conducteur", f"{DOUBLE}webauthn/reauthenticate/", "/compte/reauthenticate/"),
    *(
        ("conducteur", f"{DOUBLE}{page}", f"/compte/reauthenticate/?next={DOUBLE.replace('/', '%2F')}{suite}")
        for page, suite in (
            ("totp/activate/", "totp%2Factivate%2F"),
            ("webauthn/add/", "webauthn%2Fadd%2F"),
            ("recovery-codes/generate/", "recovery-codes%2Fgenerate%2F"),
        )
    ),
    ("agent sans code", "/admin/", f"{DOUBLE}reauthenticate/?next=%2Fadmin%2F"),
]


@pytest.fixture
def monde() -> Monde:
    return peupler()


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize(("qui", "demande", "mene"), MENE, ids=lambda valeur: str(valeur))
def test_ce_qui_vient_trop_tot_mene_a_ce_qui_est_du(
    client: Client, monde: Monde, qui: str, demande: str, mene: str, methode: str
) -> None:
    VISITEURS[qui].entrer(client, monde)
    reponse = getattr(client, methode)(demande)
    assert (reponse.status_code, reponse["Location"]) == (302, mene)


@pytest.mark.parametrize("page", ["", "enregistrer/infraction/", "rii/", "conducteur/"])
def test_un_dossier_s_ouvre_d_abord(client: Client, monde: Monde, page: str) -> None:
    VISITEURS["instruction"].entrer(client, monde)
    session = client.session
    del session["bureau"]
    session.save()
    reponse = client.get(f"{DOSSIER}{monde.canari.pk}/{page}")
    assert (reponse.status_code, reponse["Location"]) == (302, DOSSIER)


@pytest.mark.parametrize("geste", ["confirmer", "ecarter"])
def test_franceconnect_ne_confirme_que_ce_qu_il_a_propose(client: Client, monde: Monde, geste: str) -> None:
    VISITEURS["FranceConnect, sans dossier"].entrer(client, monde)
    reponse = client.post(f"/franceconnect/{geste}/")
    assert (reponse.status_code, reponse["Location"]) == (302, "/franceconnect/confirmation/")
    assert client.get("/franceconnect/retour/")["Location"] == "/franceconnect/echec/?motif=recommencer"


@pytest.mark.parametrize("format_", FORMATS)
def test_les_questions_dans_tous_les_desordres(client: Client, format_: str) -> None:
    """Each question asked for, then each answer sent, at each point of the way: the first due, never a failure."""
    etapes = FORMATS[format_][0] | PERSONNE | {"courriel": {"email": "a@exemple.fr"}}
    suite = [*etapes, "mot-de-passe"]
    for rang, etape in enumerate(etapes):
        due = f"{CREER}{etape}/"
        for trop_tot in suite[rang + 1 :]:
            assert client.get(f"{CREER}{trop_tot}/")["Location"] == due
            assert client.post(f"{CREER}{trop_tot}/")["Location"] == due
        assert client.get(due).status_code == 200
        assert client.post(due, donnees(etape, etapes[etape]))["Location"] == f"{CREER}{suite[rang + 1]}/"
    assert client.get(f"{CREER}mot-de-passe/").status_code == 200
