"""The public calculators say what the rules give, forgive what is typed, and keep nothing."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from dossier.rules.articles import legifrance
from dossier.rules.bareme import bareme_au
from dossier.rules.calendrier import jours_feries
from dossier.rules.invalidation import dernier_jour_de_remise
from dossier.rules.lettre import FAMILLES
from mespoints.pages import presenters
from mespoints.pages.forms import CLASSES, PREMIER_JOUR, RetourForm

REMISE, RETOUR = "/comprendre/lettre-48si/", "/comprendre/retour-des-points/"
#: Four points, fourth class, long held licence: 12 again three years later.
SIMPLE = {"commission": "20/12/2020", "definitive": "02/01/2021", "points": "4", "classe": "4"}


def lire(client: Client, chemin: str, **saisie: str) -> str:
    """The text of the page, without tags, its no-break spaces as spaces."""
    page = client.get(f"{chemin}?{urlencode(saisie)}" if saisie else chemin)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(strip_tags(page.content.decode())))


def douze(**saisie: str) -> presenters.Retour:
    form = RetourForm(SIMPLE | saisie)
    assert form.is_valid(), form.errors
    return presenters.retour(form.cleaned_data)


# --- Ten clear days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recue", "limite", "report"),
    [
        ("03/03/2025", "vendredi 14 mars 2025", ""),
        ("26/03/2026", "mardi 7 avril 2026", "Le lundi 6 avril 2026 (férié) ne compte pas"),
        (
            "25/03/2026",
            "mardi 7 avril 2026",
            "Le dimanche 5 avril 2026 et le lundi 6 avril 2026 (férié) ne comptent pas",
        ),
        # the rule's own example: a Saturday, then a Monday that is a public holiday
        (
            "24/03/2026",
            "mardi 7 avril 2026",
            "Le samedi 4 avril 2026, le dimanche 5 avril 2026 et le lundi 6 avril 2026",
        ),
        ("20/04/2026", "lundi 4 mai 2026", "Le vendredi 1er mai 2026 (férié), le samedi 2 mai 2026"),
    ],
)
def test_la_date_de_remise_et_son_pourquoi(client: Client, recue: str, limite: str, report: str) -> None:
    texte = lire(client, REMISE, recue=recue)
    assert f"au plus tard le {limite}" in texte
    assert report in texte
    assert ("reporté" in texte) == bool(report)
    assert "article R. 223-3, III du Code de la route" in texte


def test_chaque_jour_de_dix_ans_est_un_jour_ou_la_prefecture_ouvre() -> None:
    for rang in range(3653):
        recue = date(2020, 1, 1) + timedelta(rang)
        limite = dernier_jour_de_remise(recue)
        reponse = presenters.remise(recue, au=recue)
        assert presenters.avec_le_jour(limite) == reponse.limite
        assert 11 <= (limite - recue).days <= 15
        assert limite.weekday() < 5
        assert limite not in jours_feries(limite.year)
        assert bool(reponse.report) == ((limite - recue).days > 11)


def test_une_date_passee_le_dit() -> None:
    assert presenters.remise(date(2026, 3, 26), au=date(2026, 4, 8)).passee
    assert not presenters.remise(date(2026, 3, 26), au=date(2026, 4, 7)).passee


# --- When the points come back --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisie", "attendus"),
    [
        (SIMPLE, ["Mardi 2 janvier 2024 : +4 points"]),
        (SIMPLE | {"classe": "3"}, ["Lundi 2 janvier 2023 : +4 points"]),
        (SIMPLE | {"points": "6", "classe": "delit"}, ["Mardi 2 janvier 2024 : +6 points"]),
        (
            {"commission": "01/07/2021", "definitive": "21/07/2021", "points": "1", "classe": "3"},
            ["Vendredi 21 janvier 2022 : +1 point", "Vendredi 21 juillet 2023 : rien à ajouter"],
        ),
        (  # permis probatoire: the end of the délai gives nothing, 12 comes later
            {
                **{"commission": "01/09/2022", "definitive": "20/09/2022", "points": "1", "classe": "4"},
                **{"obtention": "15/03/2022", "filiere": "classique"},
            },
            [
                *("Lundi 20 mars 2023 : +1 point", "Samedi 15 mars 2025 : rien à ajouter"),
                "Samedi 20 septembre 2025 : +6 points",
            ],
        ),
        (  # two years are over during the délai: they wait for its end
            {
                **{"commission": "01/05/2022", "definitive": "20/05/2022", "points": "3", "classe": "3"},
                "obtention": "01/02/2022",
            },
            ["Samedi 1er février 2025 : rien à ajouter", "Samedi 1er février 2025 : +9 points"],
        ),
        (  # conduite accompagnée: the délai ends after two years
            {
                **{"commission": "01/05/2022", "definitive": "20/05/2022", "points": "3", "classe": "3"},
                **{"obtention": "01/02/2022", "filiere": "aac"},
            },
            ["Jeudi 1er février 2024 : rien à ajouter", "Lundi 20 mai 2024 : +9 points"],
        ),
    ],
    ids=["trois-ans", "deux-ans", "delit", "un-point", "probatoire", "report-apres-probatoire", "aac"],
)
def test_les_dates_de_retour(saisie: dict[str, str], attendus: list[str]) -> None:
    form = RetourForm(saisie)
    assert form.is_valid(), form.errors
    reponse = presenters.retour(form.cleaned_data)
    assert [ligne.titre.replace("\u00a0", " ") for ligne in reponse.lignes] == attendus


def test_la_page_dit_la_date_le_pourquoi_l_article_et_ce_qui_la_deplacerait(client: Client) -> None:
    texte = lire(client, RETOUR, **SIMPLE)
    assert "Votre solde revient à 12 le mardi 2 janvier 2024" in texte
    assert "Après ce retrait de 4 points, il est de 8 sur 12." in texte
    assert (
        "Le délai est de trois ans, car l'infraction du 20 décembre 2020 est une contravention de 4e classe." in texte
    )
    assert "article L. 223-6, al. 2 du Code de la route" in texte
    assert "Ce qui déplacerait cette date : Une autre infraction à points" in texte
    assert legifrance("L223-6") in client.get(f"{RETOUR}?{urlencode(SIMPLE)}").content.decode()


def test_sans_la_classe_les_deux_dates_sont_dites(client: Client) -> None:
    assert "2 janvier 2024" in lire(client, RETOUR, **SIMPLE | {"classe": "inconnue"})
    assert douze(classe="inconnue").prudence.endswith("elle laisserait revenir à 12 dès le 02/01/2023.")
    assert douze(classe="inconnue", points="1").prudence.endswith(
        "la plus fréquente."
    )  # six months, whatever the class
    assert douze(classe="inconnue", points="9").prudence == ""  # only a délit withdraws nine points
    assert douze().prudence == ""


def test_un_solde_nul_est_dit_avant_les_dates(client: Client) -> None:
    saisie = SIMPLE | {"points": "6", "classe": "delit", "obtention": "01/06/2020", "filiere": "classique"}
    assert "Ce solde est nul. Votre permis reste valable tant que la lettre 48SI" in lire(client, RETOUR, **saisie)
    assert "solde est nul" not in lire(client, RETOUR, **SIMPLE)


jours = st.dates(PREMIER_JOUR, date.today())  # noqa: DTZ011


@given(
    commission=jours,
    attente=st.integers(0, 4_000),
    anciennete=st.none() | st.integers(0, 2_000),
    points=st.sampled_from([1, 2, 3, 4, 5, 6, 9]),
    classe=st.sampled_from([cle for cle, _ in CLASSES]),
    filiere=st.sampled_from(["", "classique", "aac"]),
)
def test_toute_saisie_acceptee_a_une_reponse(
    commission: date, attente: int, anciennete: int | None, points: int, classe: str, filiere: str
) -> None:
    obtention = "" if anciennete is None else str(commission - timedelta(anciennete))
    definitive = str(commission + timedelta(attente))
    saisie: dict[str, Any] = {"points": str(points), "classe": classe, "obtention": obtention, "filiere": filiere}
    form = RetourForm(saisie | {"commission": str(commission), "definitive": definitive})
    if form.is_valid():
        reponse = presenters.retour(form.cleaned_data)
        assert any(reponse.douze in ligne.titre.lower() for ligne in reponse.lignes)
        assert all(ligne.ligne["deplace"] for ligne in reponse.lignes)


# --- What is typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ecrite",
    ["25/03/2026", "25-3-2026", "25.03.2026", "25 03 2026", "2026-03-25", " 25  mars 2026 ", "25 MARS 2026"],
)
def test_une_date_se_tape_comme_on_l_ecrit(client: Client, ecrite: str) -> None:
    assert "mardi 7 avril 2026" in lire(client, REMISE, recue=ecrite)


def test_le_premier_du_mois_s_ecrit_1er(client: Client) -> None:
    assert "lundi 13 avril 2026" in lire(client, REMISE, recue="1er avril 2026")


@pytest.mark.parametrize(
    ("recue", "message"),
    [
        ("", "Saisissez la date de réception de la lettre."),
        ("31/02/2026", "Cette date n'existe pas ou n'est pas lisible."),
        ("14/03/26", "Cette date n'existe pas ou n'est pas lisible."),
        ("hier", "Cette date n'existe pas ou n'est pas lisible."),
        ("30/11/1992", "Saisissez une date entre le 01/12/1992 et le"),
        ("31/12/9999", "Saisissez une date entre le 01/12/1992 et le"),
        ("1" * 5000, "Cette date n'existe pas ou n'est pas lisible."),
    ],
)
def test_une_mauvaise_date_est_gardee_et_expliquee(client: Client, recue: str, message: str) -> None:
    page = client.get(f"{REMISE}?{urlencode({'recue': recue})}").content.decode()
    assert page.count(message.replace("'", "&#x27;")) == 2  # at the top, and beside the field
    assert f'value="{recue}"' in page or not recue
    assert "<title>Erreur&nbsp;: " in page
    assert "au plus tard" not in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"commission": ""}, "Saisissez le jour de l'infraction."),
        ({"definitive": ""}, "Saisissez le jour où l'infraction est devenue définitive."),
        ({"definitive": "19/12/2020"}, "Une infraction ne peut pas devenir définitive avant d'être commise."),
        ({"points": ""}, "Saisissez le nombre de points retirés."),
        ({"points": "trois"}, "Saisissez le nombre de points en chiffres, par exemple 3."),
        ({"points": "0"}, "Une seule infraction retire de 1 à 6 points, ou 9 pour"),
        ({"points": "8"}, "Une seule infraction retire de 1 à 6 points, ou 9 pour"),
        ({"points": "9"}, "Seul un délit peut retirer 9 points."),
        ({"classe": "delit"}, "Un délit retire 6 ou 9 points."),
        ({"classe": ""}, "Choisissez la gravité de l'infraction, ou « Je ne sais pas »."),
        ({"classe": "7"}, "Choisissez la gravité de l'infraction dans la liste."),
        ({"obtention": "21/12/2020"}, "Le permis doit avoir été obtenu avant l'infraction."),
        ({"obtention": "32/12/2020"}, "Cette date n'existe pas ou n'est pas lisible."),
        ({"filiere": "peut-être"}, "Répondez par oui ou par non."),
    ],
)
def test_chaque_mauvaise_saisie_a_sa_phrase(client: Client, change: dict[str, str], message: str) -> None:
    saisie = SIMPLE | change
    texte = lire(client, RETOUR, **saisie)
    assert texte.count(message) == 2
    assert "Votre solde revient" not in texte
    page = client.get(f"{RETOUR}?{urlencode(saisie)}").content.decode()
    for nom in ("commission", "definitive", "points"):
        assert not saisie[nom] or f'value="{saisie[nom]}"' in page


def test_une_saisie_repetee_inconnue_ou_hostile_ne_fait_rien_tomber(client: Client) -> None:
    assert client.get(f"{REMISE}?recue=1&recue=25/03/2026&x=%FF").status_code == 200
    assert "Erreur" not in lire(client, REMISE, utm_source="lettre")
    hostile = SIMPLE | {"points": '"><script>'}
    page = client.get(f"{RETOUR}?{urlencode(hostile)}").content.decode()
    assert "<script" not in page


@pytest.mark.parametrize("chemin", ["/comprendre/", f"{REMISE}?recue=25/03/2026", f"{RETOUR}?{urlencode(SIMPLE)}"])
@pytest.mark.django_db
def test_rien_n_est_garde(client: Client, django_assert_num_queries, chemin: str) -> None:
    with django_assert_num_queries(0):
        reponse = client.get(chemin)
    assert reponse.cookies == {}


# --- The rules ------------------------------------------------------------------------------------------------------


def test_le_bareme_montre_est_celui_du_jour(client: Client) -> None:
    jour = date(2026, 11, 21)
    montres = presenters.exemples(jour)
    assert len(montres) == len(presenters.COURANTES)
    for (_, article), montre in zip(presenters.COURANTES, montres, strict=True):
        points = {ligne.points for ligne in bareme_au(jour) if ligne.article == article}
        assert len(points) == 1, article
        assert montre.points.startswith(str(points.pop()))
    assert len(presenters.exemples(date(2023, 6, 1))) < len(montres)  # what was not in force then is left out


def test_chaque_lettre_est_expliquee(client: Client) -> None:
    page = client.get("/comprendre/").content.decode()
    for reference in FAMILLES:
        assert f'id="lettre-{reference.lower()}"' in page


@pytest.mark.parametrize("chemin", ["/comprendre/", REMISE, "/aide/documents/", "/aide/employeur/"])
def test_un_article_cite_mene_a_son_texte(client: Client, chemin: str) -> None:
    page = client.get(chemin).content.decode().replace("&nbsp;", " ")
    cites = re.findall(r'<a href="(https://www\.legifrance[^"]+)">[^<]*?\b([LR])\. (\d{3}-\d+(?:-\d+)?)', page)
    assert cites
    assert [
        (adresse, lettre, numero) for adresse, lettre, numero in cites if adresse != legifrance(lettre + numero)
    ] == []


@pytest.mark.parametrize(
    ("numero", "fin"),
    [
        ("L223-6", "/article_lc/LEGIARTI000023718484"),
        ("R223-3", "/LEGISCTA000006177146"),
        ("R223-8", "/texte_lc/LEGITEXT000006074228"),  # another section of the same chapter
        ("L235-1", "/texte_lc/LEGITEXT000006074228"),
    ],
)
def test_l_adresse_d_un_article(numero: str, fin: str) -> None:
    assert legifrance(numero).endswith(fin)
