"""``import_dossiers``: idempotent, line by line, and clear about what it refuses."""

import io
import json
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from dossier import importation, services
from dossier.importation import importer_fichier
from dossier.models import Dossier, Fait, Mouvement, VersionDossier
from tests.dossier.lignes import AU, PERMIS, dossier, importer, infraction, ligne, octets

pytestmark = pytest.mark.django_db

I1 = infraction("i1", "2026-01-05", "2026-02-05", 3)


def ecrire(chemin: Path, *lignes: dict[str, Any] | bytes) -> Path:
    chemin.write_bytes(b"".join((li if isinstance(li, bytes) else octets(li)) + b"\n" for li in lignes))
    return chemin


def rejets(chemin: Path) -> list[dict[str, Any]]:
    fichier = chemin.with_name(chemin.name + ".rejets.ndjson")
    return [json.loads(li) for li in fichier.read_text().splitlines()] if fichier.exists() else []


def photo() -> list[Any]:
    """All that is held, without the instants of recording."""
    return [
        list(
            Dossier.objects.order_by("neph").values_list(
                "neph", "nom_naissance", "points", "plafond", "etat", "prochaine_echeance"
            )
        ),
        list(Fait.objects.order_by("dossier__neph", "identifiant").values_list("dossier__neph", "contenu")),
        list(
            Mouvement.objects.order_by("dossier__neph", "pk").values_list(
                "dossier__neph", "date", "nature", "points", "solde", "fait"
            )
        ),
        VersionDossier.objects.count(),
    ]


def test_ca_marche(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", ligne(PERMIS, I1))
    bilan = importer_fichier(chemin, au=AU)
    assert (bilan.acceptes, bilan.inchanges, bilan.refuses) == (1, 0, 0)
    pose = Dossier.objects.get()
    assert (pose.points, pose.plafond, pose.etat, pose.mis_a_jour_le) == (9, 12, "valide", AU)
    assert pose.prochaine_echeance == date(2029, 2, 5)
    assert [m.nature for m in pose.mouvements.order_by("pk")] == ["capital_initial", "retrait"]
    assert not rejets(chemin)


def test_charger_deux_fois_ne_change_rien(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", ligne(PERMIS, I1), ligne(PERMIS, neph="990175100002"))
    importer_fichier(chemin, au=AU)
    avant = photo()
    bilan = importer_fichier(chemin, au=AU)
    assert (bilan.acceptes, bilan.inchanges, bilan.refuses) == (0, 2, 0)
    assert photo() == avant


def test_une_mauvaise_ligne_n_arrete_pas_les_autres(tmp_path: Path) -> None:
    bonnes = [ligne(PERMIS, neph=f"9901751{n:05d}") for n in range(20)]
    mauvaise = ligne(PERMIS, infraction("i1", "2021-02-30", None), neph="990175199999")
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes[:10], mauvaise, b"{", *bonnes[10:])
    bilan = importer_fichier(chemin, au=AU)
    assert (bilan.acceptes, bilan.refuses) == (20, 2)
    premier, second = rejets(chemin)
    assert (premier["ligne"], premier["neph"]) == (11, "990175199999")
    assert "n'est pas un jour du calendrier" in premier["raison"]
    assert json.loads(premier["contenu"]) == mauvaise
    assert (second["ligne"], second["neph"]) == (12, None)
    fichier = tmp_path / "f.ndjson.rejets.ndjson"
    assert stat.S_IMODE(fichier.stat().st_mode) == 0o600


def test_un_ancien_fichier_de_rejets_ne_survit_pas(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", b"{")
    importer_fichier(chemin, au=AU)
    assert rejets(chemin)
    importer_fichier(ecrire(chemin, ligne(PERMIS)), au=AU)
    assert not rejets(chemin)


def test_le_meme_neph_deux_fois_dans_un_fichier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same content: nothing to do. Other content: refused, whether the batch is the same or not."""
    autre = ligne(PERMIS, I1)
    for lot in (1000, 1):
        monkeypatch.setattr(importation, "LOT", lot)
        neph = f"99017510000{lot % 7}"
        un, deux = ligne(PERMIS, neph=neph), autre | {"neph": neph}
        chemin = ecrire(tmp_path / "f.ndjson", un, un, deux)
        bilan = importer_fichier(chemin, au=AU)
        assert (bilan.acceptes, bilan.inchanges, bilan.refuses) == (1, 1, 1)
        assert "ligne 1 de ce fichier" in rejets(chemin)[0]["raison"]
        assert Fait.objects.filter(dossier__neph=neph).count() == 1


def test_un_fait_deja_tenu_ne_se_modifie_pas() -> None:
    dossier(I1)
    avant = photo()
    (resultat,) = importer(ligne(PERMIS, I1 | {"points": 4}, infraction("i2", "2026-03-01", "2026-04-01")))
    assert resultat.etat == "refuse"
    assert "autre contenu" in (resultat.raison or "")
    assert photo() == avant


def test_les_faits_s_ajoutent_et_l_absence_ne_retire_rien() -> None:
    pose = dossier(I1)
    assert importer(ligne(infraction("i2", "2026-03-01", "2026-04-01", 2)))[0].etat == "accepte"
    pose.refresh_from_db()
    assert (pose.points, pose.faits.count()) == (7, 3)


def test_l_etat_civil_remplace_est_garde() -> None:
    pose = dossier(nom_naissance="MARTIN")
    assert importer(ligne(PERMIS, nom_naissance="MARTIN", nom_usage="DURAND"))[0].etat == "accepte"
    pose.refresh_from_db()
    assert pose.nom_usage == "DURAND"
    assert VersionDossier.objects.get().contenu["nom_usage"] is None
    assert importer(ligne(PERMIS, nom_naissance="MARTIN", nom_usage="DURAND"))[0].etat == "inchange"


def test_titres_absents_ou_vides() -> None:
    contenu = ligne(PERMIS) | {"titres": [{"format": "carte", "numero": "13AA00001"}]}
    importer(contenu)
    assert importer(ligne(PERMIS))[0].etat == "inchange"
    assert Dossier.objects.get().titres == [{"format": "carte", "numero": "13AA00001"}]
    assert importer(ligne(PERMIS) | {"titres": []})[0].etat == "accepte"
    assert Dossier.objects.get().titres == []


def test_un_permis_obtenu_le_jour_d_une_fin_deja_tenue() -> None:
    dossier({"id": "f", "type": "invalidation", "date_notification": "2020-05-04"})
    (resultat,) = importer(
        ligne({"id": "p2", "type": "permis_obtenu", "date_obtention": "2020-05-04", "filiere": "classique"})
    )
    assert resultat.etat == "refuse"


def test_interrompu_puis_repris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of a batch, run again: the same state as in one go."""
    lignes = [ligne(PERMIS, I1, neph=f"9901751{n:05d}") for n in range(10)]
    monkeypatch.setattr(importation, "LOT", 3)
    vrai, appels = services.import_lot, []

    def coupe(**arguments: Any) -> Any:
        appels.append(1)
        if len(appels) == 3:
            raise KeyboardInterrupt
        return vrai(**arguments)

    monkeypatch.setattr(services, "import_lot", coupe)
    chemin = ecrire(tmp_path / "f.ndjson", *lignes)
    with pytest.raises(KeyboardInterrupt):
        importer_fichier(chemin, au=AU)
    assert Dossier.objects.count() == 6
    monkeypatch.setattr(services, "import_lot", vrai)
    bilan = importer_fichier(chemin, au=AU)
    assert (bilan.acceptes, bilan.inchanges) == (4, 6)
    assert Mouvement.objects.count() == 20


def test_rien_n_est_pose_a_moitie(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last COPY of a batch fails: nothing of the batch stays."""
    vrai = services.copie.copier

    def casse(modele: Any, *arguments: Any) -> None:
        if modele is Mouvement:
            raise IntegrityError("planted")
        vrai(modele, *arguments)

    monkeypatch.setattr(services.copie, "copier", casse)
    with pytest.raises(IntegrityError):
        importer(ligne(PERMIS, I1))
    assert (Dossier.objects.count(), Fait.objects.count()) == (0, 0)


def test_les_textes_arrivent_tels_quels() -> None:
    """What COPY could misread: backslashes, quotes, braces, accents, the literal null mark."""
    lieu = 'C:\\N \\t "é" {a,b} \\. \\N €'
    pose = dossier(I1 | {"lieu": lieu}, prenoms=["Jean-Noël", "D'Arc", "NULL"])
    assert pose.faits.get(identifiant="i1").contenu["lieu"] == lieu
    assert pose.prenoms == ["Jean-Noël", "D'Arc", "NULL"]


def test_la_commande(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", ligne(PERMIS))
    call_command("import_dossiers", str(chemin))
    assert capsys.readouterr().out.splitlines()[-1] == "acceptés: 1, inchangés: 0, refusés: 0"
    ecrire(chemin, ligne(PERMIS), b"{")
    with pytest.raises(SystemExit) as sortie:
        call_command("import_dossiers", str(chemin), "--au-plus-de", "50")
    assert sortie.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == "acceptés: 0, inchangés: 1, refusés: 1"


def test_la_commande_sur_l_entree_standard(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    entree = io.TextIOWrapper(io.BytesIO(octets(ligne(PERMIS)) + b"\n{\n"))
    monkeypatch.setattr(sys, "stdin", entree)
    with pytest.raises(SystemExit):
        call_command("import_dossiers", "-", "--au-plus-de", "50,0")
    sorties = capsys.readouterr()
    assert sorties.out.splitlines()[-1] == "acceptés: 1, inchangés: 0, refusés: 1"
    assert json.loads(sorties.err)["ligne"] == 2


def test_fichier_absent(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="fichier introuvable"):
        call_command("import_dossiers", str(tmp_path / "absent.ndjson"))


def test_memoire_bornee_par_la_base() -> None:
    """The NEPHs of the file wait in a temporary table that goes away."""
    with importation._nephs_vus():
        pass
    assert "nephs_vus" not in connection.introspection.table_names()
