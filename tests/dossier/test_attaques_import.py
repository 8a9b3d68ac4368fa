"""Attacks on the feed, the import and the replay that once got through: each must end in French, with nothing lost."""

import json
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction

import manage
from dossier import importation, livre, services
from dossier.feed import LigneRefusee, lire_faits, lire_ligne
from dossier.importation import importer_fichier
from dossier.models import Dossier, Mouvement
from dossier.rules.mouvements import Mouvement as MouvementDuMoteur
from dossier.rules.solde import rejouer
from tests.dossier.lignes import AU, PERMIS, dossier, importer, infraction, ligne, octets

RACINE = Path(__file__).parents[2]
I1 = infraction("i1", "2023-10-01", "2023-11-01", 3)


def mouvements(*faits: dict[str, Any]) -> tuple[MouvementDuMoteur, ...]:
    _, parcours = lire_faits([PERMIS, *faits])
    return rejouer(parcours, AU).mouvements


# --- What reaches PostgreSQL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("caractere", ["\u0958", "\ufb1d", "\u0344"], ids=["ka nukta", "yod hiriq", "dialytika tonos"])
def test_un_nom_que_la_normalisation_allonge(caractere: str) -> None:
    """120 characters that NFC makes 240: refused by the reader, not by the column in the middle of a COPY."""
    with pytest.raises(LigneRefusee, match="120 caractères"):
        lire_ligne(octets(ligne(PERMIS, nom_naissance=caractere * 120)))


@pytest.mark.django_db
def test_un_solde_qui_deborde_de_sa_colonne() -> None:
    """Thousands of offences in one line: refused or loaded, but the other lines of the batch must not fall with it."""
    faits = [infraction(f"i{n}", "2020-01-01", "2020-01-02", 9) for n in range(3800)]
    try:
        lue = lire_ligne(json.dumps(ligne(PERMIS, *faits), separators=(",", ":")).encode())
    except LigneRefusee:
        return
    services.import_lot(lignes=[lue], au=AU)


@pytest.mark.django_db
def test_ce_que_copy_refuse_est_une_erreur_de_django() -> None:
    """Else nothing that expects Django's errors (the retries, ``manage.py``) ever sees it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        importer(ligne(PERMIS), ligne(PERMIS))


@pytest.mark.django_db(transaction=True)
def test_deux_imports_creent_le_meme_neph() -> None:
    """The second waits for the first, finds the NEPH taken, and starts its batch again."""
    resultats: list[Any] = []

    def importer_a_cote() -> None:
        try:
            resultats.append(importer(ligne(PERMIS, I1))[0].etat)
        except BaseException as erreur:  # noqa: BLE001 the thread's own failure is what the test looks at
            resultats.append(erreur)
        finally:
            connection.close()

    autre = threading.Thread(target=importer_a_cote)
    with transaction.atomic():
        importer(ligne(PERMIS))
        autre.start()
        autre.join(1)
        assert autre.is_alive(), resultats
    autre.join(10)
    assert resultats == ["accepte"]
    assert Mouvement.objects.count() == 3


# --- The ledger -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_une_identite_changee_apres_une_echeance_non_reglee() -> None:
    """The reconstitution of 01/11/2026 is due and not posted yet: the day of the snapshot must not run ahead of it."""
    pose = dossier(I1, au=date(2026, 10, 31))
    importer(ligne(PERMIS, I1, nom_usage="DURAND"), au=date(2026, 11, 2))
    (tenu,) = livre.lire([pose.pk])
    assert services.verifier(tenu) == []


@pytest.mark.django_db
@pytest.mark.parametrize("civil", [{}, {"nom_usage": "DURAND"}], ids=["faits", "faits et identité"])
def test_un_import_ne_fait_pas_reculer_le_dossier(civil: dict[str, Any]) -> None:
    pose = dossier(I1, au=date(2026, 11, 5))
    lettre = {"id": "l", "type": "lettre", "reference": "48"}
    importer(ligne(lettre, **civil), au=date(2026, 10, 15))
    pose.refresh_from_db()
    assert pose.mis_a_jour_le == date(2026, 11, 5)
    (tenu,) = livre.lire([pose.pk])
    assert services.verifier(tenu) == []


# --- The commands ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_memoire_d_un_lot_se_compte_aussi_en_octets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand lines of a megabyte would take gigabytes: a batch closes on its bytes too."""
    tailles = []
    vrai = services.import_lot

    def compter(**arguments: Any) -> Any:
        tailles.append(len(arguments["lignes"]))
        return vrai(**arguments)

    monkeypatch.setattr(importation.services, "import_lot", compter)
    chemin = tmp_path / "f.ndjson"
    with chemin.open("wb") as fichier:
        for n in range(60):
            fichier.write(octets(ligne(PERMIS, neph=f"9901751{n:05d}")) + b" " * 900_000 + b"\n")
    importer_fichier(chemin, au=AU)
    assert sum(tailles) == 60
    assert max(tailles) * 900_000 <= 32_000_000


@pytest.mark.django_db
def test_un_fichier_de_rejets_impossible(tmp_path: Path) -> None:
    """Any trouble with a file is one French line, never a traceback."""
    chemin = tmp_path / "f.ndjson"
    chemin.write_bytes(b"{\n")
    (tmp_path / "f.ndjson.rejets.ndjson").mkdir()
    with pytest.raises(CommandError):
        call_command("import_dossiers", str(chemin))


@pytest.mark.parametrize("commande", ["replay", "settle"])
@pytest.mark.parametrize("valeur", ["demain", "2026-02-30", "1899-12-31", "2200-01-01"])
def test_une_date_fausse_se_dit_en_francais(commande: str, valeur: str) -> None:
    with pytest.raises(CommandError) as erreur:
        call_command(commande, "--au", valeur)
    assert "invalid" not in str(erreur.value)
    assert "«" in str(erreur.value)


def test_le_lecteur_du_rejeu_s_en_va(tmp_path: Path) -> None:
    chemin = tmp_path / "f.ndjson"
    chemin.write_bytes((octets(ligne(PERMIS, I1)) + b"\n") * 2000)
    with chemin.open("rb") as entree:
        rejeu = subprocess.Popen(
            [sys.executable, "manage.py", "replay"],
            cwd=RACINE,
            stdin=entree,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert rejeu.stdout is not None
        assert rejeu.stderr is not None
        rejeu.stdout.readline()
        rejeu.stdout.close()
        assert rejeu.stderr.read() == b""
        rejeu.stderr.close()
        rejeu.wait()


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.errors.LockNotAvailable("attente"),
        psycopg.errors.AdminShutdown("arrêt"),
        psycopg.errors.DeadlockDetected("960894165433"),
        psycopg.OperationalError("the connection is closed"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_une_base_occupee_ou_coupee_se_dit_en_une_ligne(cause: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers, but that broke or refused what was going on; its text may quote a driver."""
    monkeypatch.setattr(manage, "database_answers", lambda: True)
    erreur = OperationalError(str(cause))
    erreur.__cause__ = cause
    dit = manage.explain(erreur)
    assert dit
    assert str(cause) not in dit


# --- What the driver reads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [(9, 4), (4, 9)])
def test_simultanees_dont_l_une_vaut_neuf_points(points: tuple[int, int]) -> None:
    """The cap is then 9, as the arithmetic shows: to say 8 is to say that a point too many was taken."""
    a = infraction("a", "2025-01-01", "2025-02-01", points[0], groupe="g")
    b = infraction("b", "2025-01-01", "2025-03-01", points[1], groupe="g")
    *_, premier, second = mouvements(a, b)
    assert premier.points + second.points == -9
    assert "plus de 8" not in second.explication
    assert "9" in second.explication


def test_deux_retraits_du_meme_jour_ne_relancent_rien() -> None:
    """« elle a relancé le délai ouvert le » the very same day."""
    a = infraction("a", "2020-01-01", "2020-02-01")
    b = infraction("b", "2020-01-05", "2020-02-01")
    dernier = mouvements(a, b)[-1]
    assert dernier.nature == "reconstitution_totale"
    assert "relancé" not in dernier.explication


def test_un_solde_affiche_n_est_jamais_negatif() -> None:
    """The page shows 0/12: the sentence beside it must not speak of −6."""
    a = infraction("a", "2025-01-01", "2025-02-01", 9)
    b = infraction("b", "2025-03-01", "2025-04-01", 9)
    stage = {"id": "s", "type": "stage", "date_fin": "2025-05-01", "nature": "volontaire"}
    rendu = mouvements(a, b, stage)[-1]
    assert (rendu.nature, rendu.solde) == ("recuperation_stage", -2)
    assert "-6" not in rendu.explication
    assert "-2" not in rendu.explication


@pytest.mark.django_db
def test_une_ligne_apres_une_mauvaise_n_est_pas_perdue(tmp_path: Path) -> None:
    """The same, through the command: the doubtful name is refused, its neighbours are loaded."""
    chemin = tmp_path / "f.ndjson"
    mauvaise = ligne(PERMIS, neph="990175199999", nom_naissance="\u0958" * 120)
    chemin.write_bytes(b"\n".join(octets(li) for li in (ligne(PERMIS), mauvaise, ligne(PERMIS, neph="990175100002"))))
    bilan = importer_fichier(chemin, au=AU)
    assert (bilan.acceptes, bilan.refuses) == (2, 1)
    assert Dossier.objects.count() == 2
