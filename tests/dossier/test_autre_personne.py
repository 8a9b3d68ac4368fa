"""A line of the feed does not make a dossier somebody else's, unless it says that it means to."""

from typing import Any

import pytest

from accounts.models import Courriel, Rattachement
from dossier.feed import LigneRefusee, lire_ligne
from dossier.models import Dossier
from tests.accounts.factories import RattachementFactory
from tests.dossier.lignes import PERMIS, dossier, importer, infraction, ligne, octets

pytestmark = pytest.mark.django_db

AUTRE = {"nom_naissance": "BERNARD", "date_naissance": "1990-01-31"}


@pytest.mark.parametrize(
    "civil",
    [AUTRE, {"prenoms": ["Louis"], "date_naissance": "1990-01-31"}],
    ids=["nom et naissance", "prénom et naissance"],
)
def test_une_autre_personne_est_refusee_et_rien_ne_change(civil: dict[str, Any]) -> None:
    dossier()
    (resultat,) = importer(ligne(PERMIS, infraction("i", "2026-01-01", "2026-02-01"), **civil))
    assert resultat.etat == "refuse"
    assert "cette ligne semble parler d'une autre personne" in (resultat.raison or "")
    garde = Dossier.objects.get()
    assert (garde.nom_naissance, garde.points) == ("MARTIN", 12)


@pytest.mark.parametrize(
    "civil",
    [
        {"nom_naissance": "BERNARD"},
        {"prenoms": ["Louise"]},
        {"date_naissance": "1990-01-31"},
        {"nom_naissance": "Martín", "prenoms": ["CAMILLE"], "date_naissance": "1990-01-31"},
    ],
    ids=["le nom seul", "le prénom seul", "la naissance seule", "les accents avec la naissance"],
)
def test_une_correction_ordinaire_passe(civil: dict[str, Any]) -> None:
    dossier()
    assert importer(ligne(PERMIS, **civil))[0].etat == "accepte"


def test_une_naissance_enfin_complete_n_est_pas_une_autre_naissance() -> None:
    dossier(date_naissance="1979-00-00")
    assert importer(ligne(PERMIS, nom_naissance="MARTIN-DUPRÉ", date_naissance="1979-12-31"))[0].etat == "accepte"


def test_une_correction_dite_est_prise_et_les_comptes_ne_montrent_plus_rien(courriels_partis: list[Any]) -> None:
    pose = dossier()
    rattachement = RattachementFactory(dossier=pose)
    (resultat,) = importer(ligne(PERMIS, **AUTRE) | {"etat_civil_corrige": True})
    assert resultat.etat == "corrige"
    assert Dossier.objects.get().nom_naissance == "BERNARD"
    assert not Rattachement.objects.filter(revoked_at=None).exists()
    (courriel,) = Courriel.objects.filter(modele="emails/etat_civil_corrige.txt")
    assert courriel.destinataire == rattachement.user.email
    assert not {"BERNARD", "MARTIN", pose.neph} & set((courriel.texte or "").split()), "nothing of the dossier"


def test_le_dire_sans_rien_changer_ne_detache_personne() -> None:
    pose = dossier()
    RattachementFactory(dossier=pose)
    assert importer(ligne(PERMIS) | {"etat_civil_corrige": True})[0].etat == "inchange"
    assert Rattachement.objects.filter(revoked_at=None).exists()


def test_ce_n_est_pas_un_texte() -> None:
    with pytest.raises(LigneRefusee, match="true ou false"):
        lire_ligne(octets(ligne(PERMIS) | {"etat_civil_corrige": "oui"}))
