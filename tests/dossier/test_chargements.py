"""A file is loaded whole or not at all when it is bad (H3); and whatever became of a loading is kept."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection
from django.test import Client
from django.utils.timezone import now

from dossier import importation
from dossier.manifeste import FORMAT, get_derniere_sequence
from dossier.models import Dossier, Importation
from dossier.models.importation import SILENCE
from tests.dossier.bureau import au_bureau
from tests.dossier.lignes import PERMIS, dossier, infraction, ligne, octets

pytestmark = pytest.mark.django_db
I1 = infraction("i1", "2026-01-05", "2026-02-05", 3)


def bonnes(combien: int) -> list[bytes]:
    return [octets(ligne(PERMIS, neph=f"9901751{n:05d}")) for n in range(combien)]


def ecrire(chemin: Path, *lignes: bytes) -> Path:
    chemin.write_bytes(b"".join(li + b"\n" for li in lignes))
    return chemin


def charger(*arguments: Any) -> int:
    """The exit code of the command."""
    try:
        call_command("import_dossiers", *map(str, arguments), stdout=io.StringIO())
    except SystemExit as fin:
        return int(fin.code or 0)
    return 0


def refus(*arguments: Any) -> str:
    """What the command says when it loads nothing, or stops."""
    with pytest.raises(CommandError) as erreur:
        charger(*arguments)
    return str(erreur.value)


def derniere() -> Importation:
    trouvee = Importation.objects.first()
    assert trouvee is not None
    return trouvee


def manifester(chemin: Path, sequence: int = 1, **change: Any) -> Path:
    """The manifest beside a file, true but for what is changed; None takes a field away."""
    contenu = chemin.read_bytes()
    dit = {
        "format": FORMAT,
        "lignes": contenu.count(b"\n"),
        "sha256": hashlib.sha256(contenu).hexdigest(),
        "sequence": sequence,
    } | change
    beside = chemin.with_name(chemin.name + ".manifeste.json")
    beside.write_text(json.dumps({cle: valeur for cle, valeur in dit.items() if valeur is not None}))
    return beside


# --- The threshold ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bons", "mauvais", "seuil", "passe"),
    [
        (99, 1, None, False),  # one per cent
        (999, 1, None, True),  # a thousandth
        (998, 2, None, False),
        (99, 1, "1", True),
        (99, 1, "0,99", False),
        (1, 1, "50", True),
        (0, 1, "100", True),
        (3, 0, "0", True),
        (3, 1, "0", False),
        (0, 0, None, True),
    ],
)
def test_un_fichier_trop_mauvais_n_est_pas_charge_du_tout(
    tmp_path: Path, bons: int, mauvais: int, seuil: str | None, passe: bool
) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(bons), *[b"{"] * mauvais)
    options = ["--au-plus-de", seuil] if seuil else []
    if passe:
        assert charger(chemin, *options) == int(mauvais > 0)
        assert Dossier.objects.count() == bons
        assert (derniere().etat, derniere().acceptes, derniere().refuses) == ("termine", bons, mauvais)
        return
    dit = refus(chemin, *options)
    assert f"{mauvais} lignes refusées sur {bons + mauvais}" in dit
    assert "Rien n'a été chargé" in dit
    assert "rejets.ndjson" in dit
    assert not Dossier.objects.exists()
    assert (derniere().etat, derniere().acceptes, derniere().refuses) == ("refuse", 0, mauvais)
    assert derniere().finished_at is not None
    raisons = (tmp_path / "f.ndjson.rejets.ndjson").read_text().splitlines()
    assert len(raisons) == mauvais


def test_la_mauvaise_ligne_de_la_fin_retient_la_premiere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches would have been posted before it was read."""
    monkeypatch.setattr(importation, "LOT", 2)
    refus(ecrire(tmp_path / "f.ndjson", *bonnes(20), b"{"))
    assert not Dossier.objects.exists()


def test_un_neph_deux_fois_compte_au_seuil(tmp_path: Path) -> None:
    autre = octets(ligne(PERMIS, I1, neph="990175100000"))
    assert "1 lignes refusées sur 11" in refus(ecrire(tmp_path / "f.ndjson", *bonnes(10), autre))
    assert not Dossier.objects.exists()
    assert charger(tmp_path / "f.ndjson", "--au-plus-de", "10") == 1
    assert (derniere().acceptes, derniere().refuses) == (10, 1)


def test_ce_que_la_base_contredit_arrete_en_route_et_le_dit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known only when it is loaded: what precedes stays, what follows is not loaded."""
    monkeypatch.setattr(importation, "LOT", 4)
    dossier(I1, neph="990175100003")
    lignes = bonnes(12)
    lignes[3] = octets(ligne(PERMIS, I1 | {"points": 4}, neph="990175100003"))
    dit = refus(ecrire(tmp_path / "f.ndjson", *lignes))
    assert "Ce qui précède est chargé" in dit
    assert Dossier.objects.count() == 4
    assert (derniere().etat, derniere().acceptes, derniere().refuses) == ("arrete", 3, 1)


@pytest.mark.parametrize("dit", ["", "-1", "101", "1e1", "zéro", "nan", "0.1%", "١"])
def test_un_seuil_faux_se_dit_en_francais(tmp_path: Path, dit: str) -> None:
    assert "pourcentage" in refus(ecrire(tmp_path / "f.ndjson"), f"--au-plus-de={dit}")


def test_l_entree_standard_attend_aussi_sa_fin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe cannot be read twice: it is copied first."""
    lecture, ecriture = os.pipe()
    with os.fdopen(ecriture, "wb") as sortie:
        sortie.write(b"\n".join([*bonnes(5), b"{"]) + b"\n")
    with os.fdopen(lecture, "r") as entree:
        monkeypatch.setattr(sys, "stdin", entree)
        assert "1 lignes refusées sur 6" in refus("-")
    assert not Dossier.objects.exists()


def test_un_fichier_qui_change_pendant_son_chargement_est_arrete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at is what is loaded: a line written over it meanwhile is not."""
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(3))
    vrai = importation._examiner
    for apres in (b"", b"{\n" * 3, b"\n".join(bonnes(3)) + b"\n" + octets(ligne(PERMIS, neph="990175199999")) + b"\n"):
        ecrire(chemin, *bonnes(3))

        def remplacer(*arguments: Any, apres: bytes = apres) -> Any:
            examine = vrai(*arguments)
            chemin.write_bytes(apres)
            return examine

        monkeypatch.setattr(importation, "_examiner", remplacer)
        assert "a changé pendant son chargement" in refus(chemin)
        assert derniere().etat == "arrete"
        assert not Dossier.objects.filter(neph="990175199999").exists()


# --- The manifest -----------------------------------------------------------------------------------------------------


def test_un_fichier_et_son_manifeste(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(3))
    manifester(chemin, 41)
    assert charger(chemin) == 0
    assert (derniere().sequence, get_derniere_sequence()) == (41, 41)
    assert derniere().sha256 == hashlib.sha256(chemin.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"lignes": 4}, "3 lignes et son manifeste en annonce 4"),
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"sha256": "0" * 63}, "64 chiffres"),
        ({"sha256": None}, "64 chiffres"),
        ({"lignes": "3"}, "nombres entiers"),
        ({"lignes": True}, "nombres entiers"),
        ({"sequence": -1}, "nombres entiers"),
        ({"sequence": 2**63}, "nombres entiers"),
        ({"format": "mespoints-dossier/1"}, "mespoints-manifeste/1"),
        ({"de": "moi"}, "rien d'autre"),
    ],
)
def test_un_manifeste_qui_ne_va_pas_refuse_tout(tmp_path: Path, change: dict[str, Any], dit: str) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(3))
    manifester(chemin, **change)
    assert dit in refus(chemin)
    assert not Dossier.objects.exists()
    assert derniere().etat == "refuse"
    assert get_derniere_sequence() is None


@pytest.mark.parametrize("contenu", [b"", b"{", b"[]", b'{"sequence": 1, "sequence": 2}', b"\xff"])
def test_un_manifeste_illisible_se_dit(tmp_path: Path, contenu: bytes) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(1))
    (tmp_path / "autre.json").write_bytes(contenu)
    assert "le manifeste ne" in refus(chemin, "--manifeste", tmp_path / "autre.json").replace("n'est", "ne")
    assert not Dossier.objects.exists()
    assert "absent.json" in refus(chemin, "--manifeste", tmp_path / "absent.json")


def test_un_fichier_tronque_d_un_octet_est_refuse(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(3))
    manifester(chemin)
    chemin.write_bytes(chemin.read_bytes()[:-1])
    assert "SHA-256" in refus(chemin)
    assert not Dossier.objects.exists()


def test_un_trou_un_ancien_fichier_et_un_fichier_sans_numero_sont_refuses(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(2))
    manifester(chemin, 7)
    charger(chemin)
    for sequence, dit in ((9, "chargez d'abord le n° 8"), (7, "déjà chargé"), (3, "ancien fichier")):
        manifester(chemin, sequence)
        assert dit in refus(chemin)
    (tmp_path / "f.ndjson.manifeste.json").unlink()
    assert "n'a pas de manifeste" in refus(chemin)
    assert get_derniere_sequence() == 7
    assert charger(chemin, "--sans-manifeste") == 0
    assert get_derniere_sequence() == 7
    manifester(chemin, 8)
    assert charger(chemin) == 0
    manifester(chemin, 1)
    assert charger(chemin, "--repartir") == 0
    assert get_derniere_sequence() == 1


def test_un_numero_n_est_pris_qu_au_bout_du_fichier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut, or refused, the same file may come again."""
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(2), b"{")
    manifester(chemin, 1)
    refus(chemin)
    assert get_derniere_sequence() is None

    def couper(**_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as coupe:
        coupe.setattr("dossier.services.import_lot", couper)
        with pytest.raises(KeyboardInterrupt):
            charger(chemin, "--au-plus-de", "50")
    assert get_derniere_sequence() is None
    assert charger(chemin, "--au-plus-de", "50") == 1
    assert get_derniere_sequence() == 1


def test_un_manifeste_pour_deux_fichiers_ne_veut_rien_dire(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(1))
    assert "un seul fichier" in refus(chemin, chemin, "--manifeste", manifester(chemin))


# --- What is kept of a loading ----------------------------------------------------------------------------------------


def test_chaque_fichier_a_sa_ligne_et_celui_qui_n_est_pas_venu_aussi(tmp_path: Path) -> None:
    un, deux = ecrire(tmp_path / "1.ndjson", *bonnes(2)), ecrire(tmp_path / "2.ndjson", *bonnes(3))
    charger(un, deux)
    assert list(Importation.objects.values_list("acceptes", "inchanges")) == [(1, 2), (2, 0)]
    refus(un, tmp_path / "MARTIN.ndjson")
    assert (derniere().etat, derniere().raison) == ("refuse", "fichier introuvable. Rien n'a été chargé.")


@pytest.mark.parametrize(
    ("arret", "raison"),
    [
        (OSError(5, "Input/output error", "MARTIN.ndjson"), "OSError (Input/output error)"),
        (DataError("Key (neph)=(990175100001) already exists"), "DataError"),
        (ValueError("990175100001"), "ValueError"),
        (KeyboardInterrupt(), "interrompu au clavier"),
    ],
    ids=lambda valeur: type(valeur).__name__,
)
def test_une_panne_se_garde_sans_nommer_personne(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arret: BaseException, raison: str
) -> None:
    def casser(**_: Any) -> Any:
        raise arret

    monkeypatch.setattr("dossier.services.import_lot", casser)
    with pytest.raises((CommandError, type(arret))):
        charger(ecrire(tmp_path / "f.ndjson", *bonnes(1)))
    assert (derniere().etat, derniere().raison) == ("arrete", raison)


def test_une_raison_tient_dans_sa_colonne(tmp_path: Path) -> None:
    """The longest that we say: a row that could not be written would hide the fault."""
    chemin = ecrire(tmp_path / "f.ndjson", *bonnes(1))
    manifester(chemin, 2**63 - 2)
    charger(chemin)
    manifester(chemin, 2**63 - 4)
    assert refus(chemin).endswith("rejets.ndjson.")
    assert len(derniere().raison) < Importation._meta.get_field("raison").max_length


@pytest.fixture
def tuer(transactional_db: None, tmp_path: Path) -> Callable[[int], None]:
    """A real process, killed in the middle of its loading."""

    def tuer(signe: int) -> None:
        reglages = connection.settings_dict
        programme = (
            "import os, django; django.setup()\n"
            "from django.db import connection\n"
            f"connection.settings_dict['NAME'] = {reglages['NAME']!r}\n"
            "from dossier import importation, services\n"
            "vrai = services.import_lot\n"
            "def lent(**a):\n"
            "    faits = vrai(**a); print('lot', flush=True); import time; time.sleep(60); return faits\n"
            "importation.LOT, importation.BATTEMENT, services.import_lot = 2, 0, lent\n"
            "from django.core.management import call_command\n"
            f"call_command('import_dossiers', {str(ecrire(tmp_path / 'f.ndjson', *bonnes(6)))!r})\n"
        )
        with subprocess.Popen([sys.executable, "-c", programme], stdout=subprocess.PIPE, text=True) as enfant:
            assert enfant.stdout is not None
            assert enfant.stdout.readline() == "lot\n"
            enfant.send_signal(signe)
            enfant.wait(30)

    return tuer


@pytest.mark.django_db(transaction=True)
def test_un_chargement_tue_laisse_sa_ligne_et_se_reprend(tuer: Callable[[int], None], tmp_path: Path) -> None:
    tuer(signal.SIGKILL)
    ligne = derniere()
    assert ligne.etat == "en_cours"
    assert not ligne.interrompu  # nobody knows yet
    assert Dossier.objects.count() == 2
    Importation.objects.update(vu_at=ligne.started_at - 2 * SILENCE)
    assert derniere().interrompu
    assert charger(tmp_path / "f.ndjson") == 0
    assert (derniere().acceptes, derniere().inchanges) == (4, 2)
    assert [tenue.etat for tenue in Importation.objects.all()] == ["termine", "en_cours"]


# --- The desk's first page --------------------------------------------------------------------------------------------


def manques(client: Client) -> Any:
    (travail,) = [t for t in client.get("/admin/").context["travaux"] if t.titre.startswith("Chargements du fichier")]
    return travail


def test_un_chargement_manque_se_dit_jusqu_au_suivant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = au_bureau("administration", None)
    assert not manques(client).presse

    def interrompre(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dossier.services.import_lot", interrompre)
    flux = tmp_path / "flux.ndjson"
    ecrire(flux, *bonnes(1))
    with pytest.raises(KeyboardInterrupt):
        charger(flux)
    travail = manques(client)
    assert (travail.nombre, travail.presse) == (1, True)
    assert "interrompu au clavier" in travail.detail
    assert "interrompu au clavier" in client.get(travail.adresse).content.decode()
    monkeypatch.undo()
    charger(flux)
    assert manques(client).nombre == 0


def test_un_chargement_tue_se_dit_un_autre_qui_avance_non() -> None:
    client = au_bureau("administration", None)
    en_cours = Importation.objects.create(started_at=now() - timedelta(hours=2), vu_at=now())
    assert manques(client).nombre == 0
    Importation.objects.filter(pk=en_cours.pk).update(vu_at=now() - timedelta(minutes=11), acceptes=3)
    travail = manques(client)
    assert (travail.nombre, travail.presse) == (1, True)
    assert "interrompu" in travail.detail
    assert "interrompu" in client.get(travail.adresse).content.decode()
