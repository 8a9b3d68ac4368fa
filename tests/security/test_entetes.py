"""What every answer promises, whoever asks: the strict content policy, what the page may ask of the browser."""

import re

import pytest
from csp.utils import build_policy
from django.test import Client

from tests.accounts.agents import connecter_agent
from tests.accounts.factories import RattachementFactory
from tests.mespoints.adresses import adresses

pytestmark = pytest.mark.django_db

EN_LIGNE = re.compile(
    rb"<\s*script\b(?![^>]*\ssrc=)(?![^>]*application/json)|<\s*style\b|<[^>]+\s(?:style|on[a-z]+)\s*=|javascript:",
    re.IGNORECASE,
)
#: A security key to sign in with, and nothing else of the browser.
REFUSEES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
)
DEMANDES = {f"{nom}=()" for nom in REFUSEES} | {f"publickey-credentials-{geste}=(self)" for geste in ("create", "get")}


@pytest.mark.filterwarnings("ignore:The default scheme will be changed")  # django-dsfr's own admin form
@pytest.mark.parametrize("qui", ["anonyme", "titulaire", "administration"])
def test_la_politique_est_sur_chaque_reponse_et_rien_n_est_en_ligne(client: Client, qui: str) -> None:
    """The admin included: its pages carry data in JSON blocks, which are no script."""
    if qui == "titulaire":
        client.force_login(RattachementFactory().user)
    elif qui == "administration":
        connecter_agent(client)
    attendue = _directives(build_policy())
    vues = 0
    for adresse in (*(a.chemin for a in adresses()), "/nexiste/pas/"):
        reponse = client.get(adresse)
        assert _directives(reponse["Content-Security-Policy"]) == attendue, adresse
        assert "Content-Security-Policy-Report-Only" not in reponse, adresse
        assert set(reponse["Permissions-Policy"].split(", ")) == DEMANDES, adresse
        assert reponse["X-Content-Type-Options"] == "nosniff", adresse
        assert reponse["X-Frame-Options"] == "DENY", adresse
        assert reponse["Referrer-Policy"] in {"same-origin", "no-referrer"}, adresse
        assert reponse["Cross-Origin-Opener-Policy"] == "same-origin", adresse
        assert "Access-Control-Allow-Origin" not in reponse, adresse
        if reponse["Content-Type"].startswith("text/"):
            assert reponse["Content-Type"].replace('"', "").endswith("charset=utf-8"), adresse
        if reponse["Content-Type"].startswith("text/html"):
            assert EN_LIGNE.findall(b"".join(reponse)) == [], adresse
            vues += reponse.status_code == 200
    assert vues > 10


def _directives(politique: str) -> set[str]:
    return {" ".join(sorted(directive.split())) for directive in politique.split(";")}
