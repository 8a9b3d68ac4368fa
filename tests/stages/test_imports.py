"""The files of préfectures and centres: however they are written, nothing good is lost and nothing bad comes in."""

import contextlib
import csv
import io
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from stages import selectors
from stages.models import Centre, Session, VersionCentre

pytestmark = pytest.mark.django_db

Ecrire = Callable[..., Path]
TITRES = "agrement;nom;adresse;code_postal;commune;departement;agree_du;agree_au"
LYON = "R 19 069 0012 0;Route Sereine;12 rue de l'Exemple;69003;Lyon;69;2022-01-01;2026-12-31"
NIMES = "R 19 030 0001 0;École du Gué;1 rue Été;30000;Nîmes;Gard;01/01/2022;31/12/2026"


def centres(chemin: Path, *options: str, liste_du: str = "2026-10-01", rejets: bool = False) -> str:
    """Run ``import_centres``; what it prints. Refused lines make it end with 1."""
    sortie = io.StringIO()
    arguments = ("--source", "Préfecture", "--liste-du", liste_du, *options)
    if rejets:
        with pytest.raises(SystemExit):
            call_command("import_centres", chemin, *arguments, stdout=sortie, stderr=io.StringIO())
    else:
        call_command("import_centres", chemin, *arguments, stdout=sortie)
    return sortie.getvalue()


def appliquer(chemin: Path, *options: str, **autres: Any) -> str:
    return centres(chemin, "--appliquer", *options, **autres)


def lire_rejets(chemin: Path) -> list[dict[str, str]]:
    rejets = chemin.with_name(chemin.name + ".rejets.csv")
    with rejets.open(encoding="utf-8-sig", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def photo() -> list[tuple[Any, ...]]:
    return list(Centre.objects.order_by("agrement").values_list())


# --- The difference ---------------------------------------------------------------------------------------------------


def test_la_difference_est_montree_avant_d_etre_appliquee(fichier: Ecrire) -> None:
    chemin = fichier(TITRES, LYON, NIMES)
    dite = centres(chemin)
    assert "+ R 19 069 0012 0 Route Sereine, 69003 Lyon" in dite
    assert "nouveaux: 2, modifiés: 0, retirés: 0" in dite
    assert "relancez avec --appliquer" in dite
    assert not Centre.objects.exists()
    appliquer(chemin)
    assert Centre.objects.get(departement="30").commune == "Nîmes"


def test_ce_qui_change_est_dit_champ_par_champ_et_garde(fichier: Ecrire) -> None:
    appliquer(fichier(TITRES, LYON, NIMES))
    suivante = fichier(TITRES, LYON.replace("12 rue de l'Exemple", "3 quai Neuf").replace("2026-12-31", "2031-12-31"))
    dite = appliquer(suivante, liste_du="2026-11-01")
    assert "    adresse : 12 rue de l'Exemple -> 3 quai Neuf" in dite
    assert "    agree_au : 31/12/2026 -> 31/12/2031" in dite
    assert "modifiés: 1, retirés: 0" in dite  # the Gard is not in this list: nothing is said of it
    (version,) = VersionCentre.objects.all()
    assert version.contenu["agree_au"] == "2026-12-31"


def test_un_centre_absent_de_la_nouvelle_liste_de_son_departement_est_retire(fichier: Ecrire) -> None:
    autre = LYON.replace("0012", "0013").replace("Route Sereine", "Autre")
    appliquer(fichier(TITRES, LYON, autre, NIMES))
    dite = appliquer(fichier(TITRES, LYON), liste_du="2026-11-01")
    assert "- R 19 069 0013 0 Autre, 69003 Lyon" in dite
    assert "retirés: 1, confirmés: 1" in dite
    (periode,) = selectors.list_periodes("R1906900130")
    assert periode.dernier_jour == date(2026, 10, 31)
    assert selectors.list_periodes("R1903000010")[0].dernier_jour == date(2026, 12, 31)
    revenu = appliquer(fichier(TITRES, LYON, autre), liste_du="2026-11-20")
    assert "    retire_le : 01/11/2026 -> rien" in revenu
    assert [p.dernier_jour for p in selectors.list_periodes("R1906900130")] == [date(2026, 10, 31), date(2026, 12, 31)]


def test_une_ligne_refusee_ou_une_liste_partielle_ne_retire_personne(fichier: Ecrire) -> None:
    autre = LYON.replace("0012", "0013")
    appliquer(fichier(TITRES, LYON, autre))
    assert "retirés: 0" in appliquer(fichier(TITRES, LYON), "--partielle", liste_du="2026-11-01")
    abimee = fichier(TITRES, LYON, autre.replace("69003", "6900"))
    assert "retirés: 0" in appliquer(abimee, liste_du="2026-11-02", rejets=True)
    assert Centre.objects.filter(retire_le=None).count() == 2


def test_une_liste_plus_ancienne_est_refusee_entiere(fichier: Ecrire) -> None:
    appliquer(fichier(TITRES, LYON), liste_du="2026-11-01")
    avant = photo()
    with pytest.raises(CommandError, match="une liste plus récente, du 01/11/2026"):
        appliquer(fichier(TITRES, NIMES, LYON), liste_du="2026-10-31")
    assert photo() == avant


def test_le_meme_fichier_deux_fois_ne_change_rien(fichier: Ecrire) -> None:
    chemin = fichier(TITRES, LYON, NIMES)
    appliquer(chemin)
    avant = photo()
    assert "nouveaux: 0, modifiés: 0, retirés: 0, confirmés: 0, inchangés: 2, refusés: 0" in appliquer(chemin)
    assert (photo(), VersionCentre.objects.count()) == (avant, 0)


# --- The file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_tout_tableur_est_lu(fichier: Ecrire, encodage: str, separateur: str) -> None:
    lignes = [ligne.replace(";", separateur) for ligne in (TITRES, LYON, NIMES)]
    assert "nouveaux: 2" in appliquer(fichier(*lignes, encodage=encodage))
    assert Centre.objects.get(departement="30").nom == "École du Gué"


def test_guillemets_titres_accentues_et_colonnes_en_plus(fichier: Ecrire) -> None:
    titres = TITRES.replace("agrement", "Agrément").replace("agree_du", "Agréé du") + ";telephone"
    ligne = LYON.replace("12 rue de l'Exemple", '"12; rue ""du"" Puits"') + ";0400000000"
    appliquer(fichier(titres, ligne, ";;;;;;;;", ""))
    assert Centre.objects.get().adresse == '12; rue "du" Puits'


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        (LYON.replace("Route Sereine", "=cmd|' /C calc'!A0"), "nom : commence par « = », comme une formule de tableur"),
        (LYON.replace("12 rue", "@SUM(A1) rue"), "adresse : commence par « @ »"),
        (LYON.replace("Lyon", "+33"), "commune : commence par « + »"),
        (LYON.replace("69003", "6900"), "code_postal : « 6900 » n'est pas un code postal"),
        (LYON.replace(";69;", ";999;"), "departement : « 999 » n'est pas un département"),
        (LYON.replace("2022-01-01", "2022-02-30"), "agree_du : « 2022-02-30 » n'est pas un jour du calendrier"),
        (LYON.replace("2022-01-01", "hier"), "JJ/MM/AAAA ou AAAA-MM-JJ attendu"),
        (LYON.replace("2026-12-31", "2021-12-31"), "l'agrément finirait avant de commencer"),
        (LYON.replace("Lyon", ""), "commune : valeur absente"),
        (LYON + ";de trop", "9 valeurs pour 8 colonnes"),
        (LYON.replace("Route", '"Route'), "un guillemet n'est pas fermé"),
        (LYON.replace("Lyon", "Ly\x07on"), "caractère invisible ou de contrôle"),
        (LYON.replace("Lyon", "L" * 121), "dépasse 120 caractères"),
        (LYON.replace("Lyon", "L" * 5000), "dépasse 4000 octets"),
        (LYON.replace("R 19 069 0012 0", "R!"), "agrement : doit compter de 5 à 20"),
    ],
)
def test_une_mauvaise_ligne_est_refusee_seule(fichier: Ecrire, ligne: str, raison: str) -> None:
    chemin = fichier(TITRES, NIMES, ligne, LYON.replace("0012", "0013"))
    assert "nouveaux: 2" in appliquer(chemin, rejets=True)
    (rejet,) = lire_rejets(chemin)
    assert rejet["ligne"] == "3"
    assert raison in rejet["raison"]


def test_les_rejets_ne_sont_lus_que_de_leur_proprietaire_et_ne_s_executent_pas(fichier: Ecrire) -> None:
    chemin = fichier(TITRES, "=cmd;" + LYON)
    appliquer(chemin, rejets=True)
    rejets = chemin.with_name(chemin.name + ".rejets.csv")
    assert stat.S_IMODE(rejets.stat().st_mode) == 0o600
    assert lire_rejets(chemin)[0]["contenu"].startswith("'=cmd")
    chemin.write_text(f"{TITRES}\n{LYON}\n")
    appliquer(chemin)
    assert not rejets.exists()


def test_un_numero_repete_avec_un_autre_contenu_est_refuse(fichier: Ecrire) -> None:
    chemin = fichier(TITRES, LYON, LYON, LYON.replace("Sereine", "Grise"))
    assert "nouveaux: 1" in appliquer(chemin, rejets=True)
    assert "figure plus haut" in lire_rejets(chemin)[0]["raison"]
    assert Centre.objects.get().nom == "Route Sereine"


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        (b"", "le fichier est vide"),
        (TITRES.encode("utf-16"), "UTF-16"),
        (b"nom;adresse\nx;y\n", "colonnes absentes de la première ligne : agrement"),
        (f"{TITRES};nom\n".encode(), "colonnes présentes deux fois : nom"),
        (b'"agrement;nom\n', "première ligne"),
        (b"\x00\x01\x02PNG\n", "colonnes absentes"),
    ],
    ids=["vide", "utf-16", "autres colonnes", "double", "guillemet", "binaire"],
)
def test_ce_qui_n_est_pas_une_liste_est_dit(tmp_path: Path, contenu: bytes, dit: str) -> None:
    chemin = tmp_path / "liste.csv"
    chemin.write_bytes(contenu)
    with pytest.raises(CommandError, match=dit):
        appliquer(chemin)
    with pytest.raises(CommandError, match="Rien n'a été enregistré"):
        appliquer(tmp_path / "absent.csv")


def test_une_mauvaise_ligne_sur_dix_mille(fichier: Ecrire) -> None:
    lignes = [LYON.replace("0012 0", f"{n:05}") for n in range(10_000)]
    lignes[6_000] = lignes[6_000].replace("Route", '"Route')
    chemin = fichier(TITRES, *lignes)
    assert "nouveaux: 9999" in centres(chemin, "--appliquer", "-v0", rejets=True)
    assert [rejet["ligne"] for rejet in lire_rejets(chemin)] == ["6002"]


# --- Sessions ---------------------------------------------------------------------------------------------------------

SESSIONS = "agrement;numero;date_debut;date_fin;places"


def sessions(chemin: Path) -> str:
    sortie = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_sessions", chemin, stdout=sortie, stderr=io.StringIO())
    return sortie.getvalue()


def test_sessions_ajoutees_modifiees_puis_inchangees(fichier: Ecrire, centre: Centre) -> None:
    chemin = fichier(SESSIONS, "R1906900120;S1;04/12/2026;05/12/2026;20", "R1906900120;S2;2026-12-11;2026-12-12;6")
    assert sessions(chemin) == "nouvelles: 2, modifiées: 0, inchangées: 0, refusées: 0\n"
    assert sessions(chemin) == "nouvelles: 0, modifiées: 0, inchangées: 2, refusées: 0\n"
    annulee = fichier(SESSIONS + ";annulee", "R1906900120;S1;04/12/2026;05/12/2026;20;oui")
    assert sessions(annulee) == "nouvelles: 0, modifiées: 1, inchangées: 0, refusées: 0\n"
    assert Session.objects.get(numero="S1").annulee


@pytest.mark.parametrize(
    ("ligne", "raison"),
    [
        ("R1906900120;S1;2026-12-04;2026-12-04;20", "deux jours consécutifs"),
        ("R1906900120;S1;2026-12-04;2026-12-06;20", "deux jours consécutifs"),
        ("R1906900120;S1;2026-12-04;2026-12-05;5", "places : « 5 » n'est pas un nombre entier de 6 à 20"),
        ("R1906900120;S1;2026-12-04;2026-12-05;21", "de 6 à 20"),
        ("R1906900120;S1;2026-12-04;2026-12-05;²", "de 6 à 20"),
        ("R1906900990;S1;2026-12-04;2026-12-05;20", "aucun centre enregistré"),
    ],
)
def test_session_refusee(fichier: Ecrire, centre: Centre, ligne: str, raison: str) -> None:
    chemin = fichier(SESSIONS, ligne)
    assert sessions(chemin).endswith("refusées: 1\n")
    assert raison in lire_rejets(chemin)[0]["raison"]
    assert not Session.objects.exists()
