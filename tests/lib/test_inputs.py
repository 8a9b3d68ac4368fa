"""The gate: what nobody types is refused before anything reads it, and what a page asks for passes."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory

from dossier import champs
from mespoints import wsgi
from mespoints.lib import inputs
from mespoints.lib.http import BodyLimitMiddleware

URLENCODE = "application/x-www-form-urlencoded"
#: Method, address, body, type of the body, headers.
REFUSES: dict[str, tuple[str, str, bytes, str, dict[str, str]]] = {
    "nul dans le chemin": ("GET", "/aide/%00", b"", "", {}),
    "nul dans un lien": ("GET", "/compte/activer/%00/", b"", "", {}),
    "nul dans la demande": ("GET", "/aide/?q=%00", b"", "", {}),
    "nul dans un nom de la demande": ("GET", "/aide/?q%00=1", b"", "", {}),
    "nul une fois sur deux": ("GET", "/aide/?q=%00&q=1", b"", "", {}),
    "échappement dans la demande": ("GET", "/admin/?q=%1b%5b2J", b"", "", {}),
    "trop de paramètres": ("GET", "/aide/?" + "&".join(f"q{n}=1" for n in range(61)), b"", "", {}),
    "nul dans un champ": ("POST", "/connexion/", b"login=%00", URLENCODE, {}),
    "échappement dans un champ": ("POST", "/connexion/", b"login=%1b%5b2J", URLENCODE, {}),
    "nul dans un nom de champ": ("POST", "/connexion/", b"log%00in=a", URLENCODE, {}),
    "champ deux fois": ("POST", "/connexion/", b"login=a&login=b", URLENCODE, {}),
    "formulaire démesuré": ("POST", "/connexion/", b"login=" + b"a" * 300_000, URLENCODE, {}),
    "trop de champs": ("POST", "/connexion/", b"&".join(b"c%d=1" % n for n in range(61)), URLENCODE, {}),
    "multiple sans borne": ("POST", "/connexion/", b"login=a", "multipart/form-data", {}),
    "en-tête": ("GET", "/aide/", b"", "", {"HTTP_USER_AGENT": "a\x00b"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("cas", REFUSES)
def test_ce_que_personne_ne_tape_est_refuse(client: Client, cas: str) -> None:
    methode, adresse, corps, type_, entetes = REFUSES[cas]
    reponse = client.generic(methode, adresse, corps, type_, **entetes)
    assert reponse.status_code == 400
    page = reponse.content.decode()
    assert "Rien n'a été enregistré" in page
    assert "caractère invisible" in page
    assert reponse["Content-Security-Policy"]
    assert not Session.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "corps",
    [
        b"login=%e2%80%8f%C3%A9%F0%9F%9A%97",
        b"login=l%27%EF%BF%BD",
        b"login=%ff",
        b"login=%ed%a0%80",
        b"login=a%0d%0ab%09c%0b%0c",
        b"login=%3Cscript%3E",
        b"=&&",
    ],
    ids=["droite à gauche, accent, emoji", "un losange", "hors UTF-8", "un demi-caractère", "lignes", "balise", "rien"],
)
def test_ce_qu_un_visiteur_peut_coller_est_l_affaire_du_formulaire(client: Client, corps: bytes) -> None:
    assert client.generic("POST", "/connexion/", corps, URLENCODE).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("nom", ["sid", "csrf", "theme", "messages", "fc-0123456789ab", "autre"])
@pytest.mark.parametrize(
    "valeur", ["é" * 300, '"a\\012forged"', '"\\000aaaaaaaaaaaa"', "\xff" * 12, "a" * 5000, '"a\\033b"', "\udc80"]
)
def test_un_temoin_illisible_est_oublie_et_n_enferme_personne(nom: str, valeur: str) -> None:
    temoin = f"{nom}={valeur}".encode("utf-8", "surrogateescape").decode("latin-1")
    for adresse in ("/", "/connexion/", "/mes-points/"):
        assert Client().get(adresse, HTTP_COOKIE=temoin).status_code in {200, 302}
    assert Client().post("/connexion/", {"login": "a", "password": "b"}, HTTP_COOKIE=temoin).status_code == 200


def test_un_temoin_lisible_reste() -> None:
    lus: list[dict[str, str]] = []

    def vue(request: HttpRequest) -> HttpResponse:
        lus.append(request.COOKIES)
        return HttpResponse()

    inputs.InputsMiddleware(vue)(RequestFactory(headers={"cookie": 'a=b; c="\\000"; theme=dark'}).get("/"))
    assert lus == [{"a": "b", "theme": "dark"}]


@pytest.mark.django_db
@pytest.mark.parametrize("numero", ["a" * 31, "a" * 33, "A" * 32, "é" * 300, '"a\\012forged line"', "a b", "../../x"])
def test_ce_qui_n_est_pas_un_numero_de_session_n_est_pas_cherche(numero: str, recwarn: Any) -> None:
    """Not even in the cache, which would warn of it, word for word, in the journal."""
    temoin = f"sid={numero}".encode().decode("latin-1")
    assert Client().get("/mes-points/", HTTP_COOKIE=temoin).status_code == 302
    assert [str(avertissement.message) for avertissement in recwarn] == []


def test_un_visiteur_qui_s_en_va_n_est_pas_une_panne() -> None:
    class Coupe:
        def read(self, *_: int) -> bytes:
            raise OSError

        readline = read

    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", CONTENT_TYPE=URLENCODE, CONTENT_LENGTH="9", **{"wsgi.input": Coupe()}
    )
    with pytest.raises(SuspiciousOperation) as refus:
        inputs.InputsMiddleware(lambda request: HttpResponse())(inputs.SiteRequest(environ))
    assert isinstance(refus.value.__context__, UnreadablePostError)


def test_la_porte_suit_celle_des_corps_et_vient_avant_tout_ce_qui_lit(settings: Any) -> None:
    noms = settings.MIDDLEWARE
    corps, porte = (f"{qui.__module__}.{qui.__qualname__}" for qui in (BodyLimitMiddleware, inputs.InputsMiddleware))
    assert noms.index(corps) == noms.index(porte) - 1
    assert noms.index(porte) < noms.index("whitenoise.middleware.WhiteNoiseMiddleware")


@pytest.mark.parametrize(
    "type_",
    [
        *(f"text/plain; charset={codage}" for codage in ("base64", "rot13", "unicode_escape", "utf-16", "idna", "nul")),
        *("text/plain; charset*=x'y'z", "text/plain; charset*=base64'y'%ff", 'text/plain; charset="', ";", ";;=;"),
    ],
)
@pytest.mark.parametrize(
    "demande", ["q=%5cud800", "&".join(f"q{n}=1" for n in range(61))], ids=["une", "soixante et une"]
)
def test_le_codage_que_dit_une_demande_n_est_pas_cru(type_: str, demande: str) -> None:
    """Django's own class raises in its constructor, where no page answers."""
    lue = inputs.SiteRequest(RequestFactory()._base_environ(CONTENT_TYPE=type_, QUERY_STRING=demande))
    if "&" not in demande:
        assert QueryDict("q=%5cud800") == lue.GET
    else:
        with pytest.raises(SuspiciousOperation):
            _ = lue.GET


def test_le_serveur_lit_les_demandes_ainsi() -> None:
    assert wsgi.application.request_class is inputs.SiteRequest


@pytest.mark.django_db
@pytest.mark.parametrize("adresse", ["/aide/%ff", "/aide/%ed%a0%80/", "/%c3%a9t%c3%a9/", "/%F0%9F%9A%97/", "/%0a"])
def test_un_chemin_de_nulle_part_n_existe_pas(client: Client, adresse: str) -> None:
    assert client.get(adresse).status_code == 404


# --- The same rule elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lire", [champs.texte, champs.nom, champs.identifiant, champs.naissance, champs.neph])
def test_le_flux_refuse_tout_ce_que_la_porte_refuse(lire: Any) -> None:
    """The feed's readers are stricter: what no form may bring, no file brings."""
    refuses = [chr(c) for c in range(0x110000) if inputs.is_unreadable(chr(c))]
    assert len(refuses) > 2000
    for caractere in refuses:
        with pytest.raises(ValueError, match=r"\w"):
            lire(f"2000-01-0{caractere}1a")
