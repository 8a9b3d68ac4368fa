"""The level of a session: the lowest when unsure, and asked for in one place."""

import time

import pytest
from django.http import HttpResponse

from mespoints.lib import session
from mespoints.lib.session import RENOUVELLEMENT, renew_session
from mespoints.lib.visiteur import (
    NIVEAU_FC,
    NIVEAU_MOT_DE_PASSE,
    NiveauInsuffisant,
    SansDossier,
    Titulaire,
    avec_dossier,
    get_niveau,
    niveau_requis,
    set_niveau,
)


@pytest.fixture
def requete(rf):
    request = rf.get("/")
    request.session = {}
    return request


@pytest.mark.parametrize("valeur", [None, "", "FC", "root", 1, ["fc"]])
def test_un_niveau_inconnu_est_le_plus_bas(requete, valeur) -> None:
    requete.session["niveau"] = valeur
    assert get_niveau(requete) == NIVEAU_MOT_DE_PASSE


def test_un_niveau_se_note_et_se_relit(requete) -> None:
    set_niveau(requete, NIVEAU_FC)
    assert get_niveau(requete) == NIVEAU_FC
    with pytest.raises(ValueError, match="eidas3"):
        set_niveau(requete, "eidas3")


@pytest.mark.parametrize(
    ("niveau", "requis", "passe"),
    [
        (NIVEAU_MOT_DE_PASSE, NIVEAU_MOT_DE_PASSE, True),
        (NIVEAU_MOT_DE_PASSE, NIVEAU_FC, False),
        (NIVEAU_FC, NIVEAU_MOT_DE_PASSE, True),
        (NIVEAU_FC, NIVEAU_FC, True),
    ],
)
def test_une_vue_demande_un_niveau(requete, niveau: str, requis: str, passe: bool) -> None:
    @niveau_requis(requis)
    def view(request):
        return HttpResponse()

    set_niveau(requete, niveau)
    if passe:
        assert view(requete).status_code == 200
    else:
        with pytest.raises(NiveauInsuffisant):
            view(requete)


@pytest.mark.parametrize("titulaire", [None, Titulaire(None, NIVEAU_FC, "Camille MARTIN")])
def test_sans_dossier_la_vue_n_est_pas_appelee(requete, titulaire) -> None:
    requete.titulaire = titulaire
    with pytest.raises(SansDossier):
        avec_dossier(lambda request, dossier_id: HttpResponse())(requete)


def test_la_vue_recoit_le_dossier_du_titulaire(requete) -> None:
    requete.titulaire = Titulaire(7, NIVEAU_FC, "Camille MARTIN")
    assert avec_dossier(lambda request, dossier_id: HttpResponse(str(dossier_id)))(requete).content == b"7"


def test_une_session_n_est_renouvelee_qu_une_fois_par_minute(requete, monkeypatch) -> None:
    depart = time.time()
    vus = []
    for secondes in (0, 1, RENOUVELLEMENT - 1, RENOUVELLEMENT, RENOUVELLEMENT + 1):
        monkeypatch.setattr(session.time, "time", lambda instant=depart + secondes: instant)
        renew_session(requete)
        vus.append(requete.session["renouvelee_a"] - int(depart))
    assert vus == [0, 0, 0, RENOUVELLEMENT, RENOUVELLEMENT]
