"""What drivers announce, what staff must look into, and the commands that say so."""

import csv
import io
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dossier.models import Dossier
from mespoints.lib.visiteur import LECTURE, Agent
from stages import presenters, selectors, services
from stages.models import AnnonceStage, Attestation
from tests.dossier.lignes import PERMIS, dossier, importer, ligne
from tests.stages.attestations import (
    CLE,
    NEPH,
    RETRAIT,
    TITRES,
    attestation,
    ordonne,
    recevoir,
    situation,
    suivis,
    texte,
)
from tests.stages.conftest import AGREMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


# --- Announced --------------------------------------------------------------------------------------------------------


def annoncer(fin: str = "2026-11-06", **autres: Any) -> AnnonceStage:
    valeurs = {"agrement": CLE, "nature": "volontaire"} | autres
    pk = Dossier.objects.get().pk
    return services.announce_stage(dossier_id=pk, date_fin=date.fromisoformat(fin), **valeurs)


@pytest.mark.parametrize(
    ("au", "motifs", "phrase"),
    [
        ("2026-11-21", [], "Le centre a quinze jours"),
        ("2026-11-22", ["15 jours"], "Le délai du centre est passé"),
        ("2026-12-06", ["15 jours"], "Le délai du centre est passé"),
        ("2026-12-07", ["un mois"], "Plus d'un mois après"),
    ],
)
def test_un_stage_annonce_sans_attestation_est_liste(au: str, motifs: list[str], phrase: str) -> None:
    dossier(RETRAIT)
    annoncer()
    jour = date.fromisoformat(au)
    for pour in (None, Agent(LECTURE, "69", 0)):
        assert [r.motif for r in selectors.list_annonces_sans_attestation(au=jour, pour=pour)] == motifs
    assert selectors.list_annonces_sans_attestation(au=jour, pour=Agent(LECTURE, "13", 0)) == []
    (suivi,) = suivis(jour)
    assert suivi.badge == "ATTESTATION ATTENDUE"
    assert phrase in texte(suivi)


def test_l_attestation_recue_ou_le_fait_connu_retire_l_annonce_de_la_liste() -> None:
    dossier(RETRAIT)
    annoncer()
    recevoir(attestation(heures=13))
    assert selectors.list_annonces_sans_attestation(au=date(2026, 12, 31)) == []
    (suivi,) = suivis()
    assert "annoncé le" in texte(suivi)
    annoncer("2026-11-10")
    connu = {"id": "st", "type": "stage", "date_fin": "2026-11-10", "nature": "volontaire"}
    importer(ligne(PERMIS, RETRAIT, connu))
    assert selectors.list_annonces_sans_attestation(au=date(2026, 12, 31)) == []


def test_un_stage_annonce_fait_attendre_le_suivant() -> None:
    dossier(RETRAIT)
    cas = presenters.cas(situation(), [annoncer()])
    assert cas.titre.startswith("Attendez")
    dit = " ".join(cas.phrases).replace("\u00a0", " ")
    assert "il rend 4 points, qui compteront à partir du 7 novembre 2026" in dit
    assert "le prochain devra commencer à partir du 7 novembre 2027" in dit


@pytest.mark.parametrize(
    ("fin", "dit"),
    [
        ("2026-10-20", "terminé le 20 octobre 2026, avant cette lettre : il n'y répond pas."),
        ("2026-10-21", "terminé le 21 octobre 2026 : une fois enregistré, il répondra à cette lettre."),
    ],
)
def test_seul_un_stage_fini_depuis_la_48n_lui_repondra(fin: str, dit: str) -> None:
    ordonne()
    annonce = annoncer(fin, nature="obligatoire")
    phrases = [phrase.replace("\u00a0", " ") for phrase in presenters.cas(situation(), [annonce]).phrases]
    assert phrases[1].endswith(dit)
    assert sum("répond" in phrase for phrase in phrases) == 2, "and what is said of voluntary courses"
    recevoir(attestation(fin, cas="obligatoire"))
    assert (situation().stage_ordonne_le is None) is ("répondra" in dit), "what the law says once it is recorded"


def test_un_numero_qu_aucune_liste_ne_porte_est_dit() -> None:
    dossier(RETRAIT)
    annoncer("2026-11-06", agrement="R1906900990")
    annoncer("2026-10-06")
    inconnu, connu = (texte(suivi) for suivi in suivis())
    assert "Ce numéro ne figure sur aucune liste" in inconnu
    assert "aucune liste" not in connu


def test_annonces_refusees() -> None:
    dossier(RETRAIT)
    for fin in ("2026-11-06", "2026-10-06", "2026-09-06"):
        annoncer(fin)
    with pytest.raises(services.AnnonceRefusee, match="pour ces jours-là"):
        annoncer("2026-11-07")
    with pytest.raises(services.AnnonceRefusee, match="trois stages"):
        annoncer("2026-08-06")
    recevoir(attestation("2026-10-06"))
    with pytest.raises(services.AnnonceRefusee, match="déjà reçue"):
        annoncer("2026-10-06")
    annoncer("2026-08-06")


# --- The commands -----------------------------------------------------------------------------------------------------


def lancer(nom: str, *arguments: Any) -> str:
    sortie = io.StringIO()
    with suppress(SystemExit):
        call_command(nom, *arguments, stdout=sortie, stderr=io.StringIO())
    return sortie.getvalue()


def test_import_attestations_deux_fois(fichier: Callable[..., Path]) -> None:
    pose = dossier(RETRAIT)
    chemin = fichier(
        TITRES,
        f"{NEPH};MARTIN;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};MARTIN;R 99;05/06/2026;06/06/2026;14;1",
        f"{NEPH};DURAND;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};=cmd;{AGREMENT};05/11/2026;06/11/2026;14;1",
        f"{NEPH};MARTIN;{AGREMENT};05/11/2026;06/11/2026;14;5",
        encodage="latin-1",
    )
    comptes = lancer("import_attestations", chemin, "--au", "2026-11-21")
    assert comptes == "enregistrées: 1, refusées: 0, inchangées: 0, rejetées: 4\n"
    with chemin.with_name(chemin.name + ".rejets.csv").open(encoding="utf-8-sig", newline="") as rejets:
        raisons = {ligne["ligne"]: ligne["raison"] for ligne in csv.DictReader(rejets, delimiter=";")}
    assert raisons["3"].startswith("agrement : doit compter")
    assert "n'est pas celui du dossier" in raisons["4"]
    assert "nom_naissance" in raisons["5"]
    assert "cas : « 5 » n'est pas un cas" in raisons["6"]
    pose.refresh_from_db()
    assert pose.points == 10
    assert lancer("import_attestations", chemin, "--au", "2026-11-22").startswith("enregistrées: 0, refusées: 0, inch")
    assert Attestation.objects.count() == 1


def test_la_liste_du_personnel_ne_dit_qui_qu_au_fichier(tmp_path: Path) -> None:
    pose = ordonne()
    annoncer()
    dite = lancer("list_stages_a_verifier", "--au", "2027-03-01")
    assert f"48N;manquant;21/02/2027;;;;{pose.pk}" in dite
    assert f"annonce sans attestation;un mois;21/11/2026;06/11/2026;{CLE};69;{pose.pk}" in dite
    assert "annonces sans attestation: 1, 48N: 1" in dite
    assert NEPH not in dite
    assert "MARTIN" not in dite
    chemin = tmp_path / "liste.csv"
    lancer("list_stages_a_verifier", "--au", "2027-03-01", "--fichier", chemin)
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert chemin.read_text(encoding="utf-8-sig").count(f"{NEPH};MARTIN Camille") == 2
    par_departement = ("list_stages_a_verifier", "--au", "2027-03-01", "--departement")
    assert "sans attestation: 0, 48N: 1" in lancer(*par_departement, "Gironde"), "a driver of no known département"
    Dossier.objects.update(adresse={"lignes": [], "code_postal": "33000", "commune": "Bordeaux"})
    assert "sans attestation: 1, 48N: 0" in lancer(*par_departement, "Rhône")
    assert "sans attestation: 0, 48N: 1" in lancer(*par_departement, "Gironde")
    with pytest.raises(CommandError, match="n'est pas un département"):
        call_command("list_stages_a_verifier", "--departement", "lune")
