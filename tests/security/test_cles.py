"""Changing SECRET_KEY: with the old one as a fallback nobody is signed out and no link dies; without it, all do."""

from typing import Any

import pytest
from django.test import Client

from accounts.courriels import SUIVI, lire_lien, signer_lien
from tests.accounts.factories import RattachementFactory

pytestmark = pytest.mark.django_db


def test_une_cle_se_change_avec_un_temps_de_recouvrement(settings: Any) -> None:
    present, absent = Client(), Client()
    for venu in (present, absent):
        venu.force_login(RattachementFactory().user)
        assert venu.get("/mes-points/").status_code == 200
    ancienne, lien = settings.SECRET_KEY, signer_lien(SUIVI, 7)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une-autre-clé-" * 5, [ancienne]
    assert present.get("/mes-points/").status_code == 200
    assert lire_lien(SUIVI, lien) == "7"
    nouveau = signer_lien(SUIVI, 8)

    settings.SECRET_KEY_FALLBACKS = []
    assert present.get("/mes-points/").status_code == 200, "seen meanwhile: their session has the new key"
    assert absent.get("/mes-points/").status_code == 302
    assert (lire_lien(SUIVI, lien), lire_lien(SUIVI, nouveau)) == (None, "8")
