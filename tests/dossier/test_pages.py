"""« Mes points »: what the holder reads, what nobody else does, and at what cost."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from pytest_django.fixtures import DjangoAssertNumQueries

from dossier import presenters
from dossier.feed import lire_ligne
from dossier.models import Dossier
from dossier.rules.solde import rejouer
from tests.accounts.factories import CompteFactory, RattachementFactory
from tests.dossier.lignes import PERMIS, dossier, importer, infraction, ligne, octets

pytestmark = pytest.mark.django_db

HISTORIQUE, PREVISIONNEL = "/mes-points/", "/mes-points/previsionnel/"
CAMILLE = infraction(
    "i1", "2021-06-30", "2021-07-21", 1, classe=3, libelle="Excès de vitesse inférieur à 20 km/h", lieu="A6, Évry"
)
Connecte = Callable[..., Client]


@pytest.fixture
def connecte(client: Client) -> Connecte:
    """Sign in as the holder of a dossier with a licence of 1999 and these facts."""

    def connecter(*faits: dict[str, Any], **champs: Any) -> Client:
        client.force_login(RattachementFactory(dossier=dossier(*faits, **champs)).user)
        return client

    return connecter


def texte(client: Client, adresse: str = HISTORIQUE) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return " ".join(unescape(reponse.content.decode()).split())


def montre(page: str, points: int, plafond: int = 12) -> bool:
    """The large figure, with its unit."""
    return f"<strong>{points}</strong> <span>point{'s' if points > 1 else ''} sur {plafond}</span>" in page


def il_y_a(**duree: int) -> str:
    return (localdate() - timedelta(**duree)).isoformat()


def test_ca_marche(connecte: Connecte) -> None:
    page = texte(connecte(CAMILLE))
    assert montre(page, 12)
    assert "Permis de conduire valide." in page
    for attendu in ("21/07/2023", "Reconstitution totale du solde à 2 ans", "21/01/2022"):
        assert attendu in page
    assert "Restitution automatique d'un point à 6 mois" in page
    assert "A6, Évry, le 30 juin 2021" in page
    assert "article L. 223-6, al. 3 du Code de la route" in page
    assert "Informations mises à jour le" in page


def test_le_plus_recent_d_abord(connecte: Connecte) -> None:
    page = texte(connecte(CAMILLE))
    assert page.index("21/07/2023") < page.index("21/01/2022") < page.index("A6, Évry")


def test_seulement_dix_ans(connecte: Connecte) -> None:
    page = texte(connecte(infraction("vieille", "2010-01-02", "2010-02-03", 2, lieu="Vierzon"), CAMILLE))
    assert "Vierzon" not in page
    assert presenters.debut_historique(localdate()).replace("\u00a0", " ") in page


def test_en_attente_a_part(connecte: Connecte) -> None:
    page = texte(connecte(infraction("i2", il_y_a(days=21), None, 4, lieu="Nantes")))
    assert page.index("Pas encore définitif") < page.index("Nantes") < page.index("Historique sur dix ans")
    assert "4 points en jeu" in page
    assert montre(page, 12)


def test_un_stage_et_sa_date(connecte: Connecte) -> None:
    stage = {"id": "s1", "type": "stage", "date_debut": "2024-03-07", "date_fin": "2024-03-08", "nature": "volontaire"}
    page = texte(connecte(infraction("i1", "2023-12-01", "2024-01-20", 4), stage))
    assert "Stage terminé le 8 mars 2024" in page
    assert "09/03/2024" in page


@pytest.mark.parametrize(
    ("faits", "badge", "phrase"),
    [
        ([], "PERMIS VALIDE", "Permis de conduire valide."),
        (
            [{"id": "s", "type": "suspension", "date_debut": "2026-01-01", "nature": "administrative"}],
            "PERMIS SUSPENDU",
            "Vos points ne changent pas",
        ),
        (
            [{"id": "f", "type": "invalidation", "date_notification": "2026-01-05"}],
            "PERMIS INVALIDÉ",
            "invalidé, faute de points",
        ),
        ([{"id": "f", "type": "annulation", "date_effet": "2026-01-05"}], "PERMIS ANNULÉ", "annulé par un juge"),
        ([infraction(f"i{n}", "2026-01-01", "2026-02-01", 6) for n in (1, 2)], "PERMIS VALIDE", "malgré un solde nul"),
    ],
)
def test_chaque_etat_est_dit(connecte: Connecte, faits: list[dict[str, Any]], badge: str, phrase: str) -> None:
    client = connecte(*faits)
    for adresse in (HISTORIQUE, PREVISIONNEL):
        page = texte(client, adresse)
        assert f">{badge}<" in page
        assert phrase in page


def test_sans_permis(client: Client) -> None:
    importer(ligne(neph="990175109999"))
    client.force_login(RattachementFactory(dossier=Dossier.objects.get()).user)
    assert "Aucun permis de conduire n'est enregistré à votre nom." in texte(client)
    assert "Aucune date à prévoir" in texte(client, PREVISIONNEL)


def test_previsionnel_et_sa_condition(connecte: Connecte) -> None:
    page = texte(connecte(infraction("i1", il_y_a(days=60), il_y_a(days=30), 3)), PREVISIONNEL)
    assert "Reconstitution totale du solde à 3 ans" in page
    assert "Si vous ne commettez d'ici là aucune infraction" in page


def test_une_correction_se_raconte(connecte: Connecte) -> None:
    client = connecte(infraction("i1", "2026-01-01", "2026-02-01", 4))
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    page = texte(client)
    assert "mp-jeton--corrigee" in page
    assert "Ligne corrigée le" in page
    assert "Nous avons appris depuis l'annulation d'une infraction, décidée le 1er novembre 2026." in page
    assert montre(page, 12)


def test_les_pages_rejouent_et_ne_croient_pas_la_photo(connecte: Connecte) -> None:
    """A point due at midnight is shown at midnight: the snapshot, days old, is not what is read."""
    client = connecte(infraction("i1", "2020-01-01", "2020-02-01", 1), au=date(2020, 2, 2))
    assert montre(texte(client), 12)


def test_chacun_son_dossier(client: Client) -> None:
    un, autre = (
        dossier(CAMILLE),
        dossier(infraction("x", "2026-01-01", "2026-02-01", lieu="Secret"), neph="990175100002"),
    )
    client.force_login(RattachementFactory(dossier=un).user)
    assert "Secret" not in texte(client)
    assert "Secret" not in texte(client, f"{HISTORIQUE}?dossier={autre.pk}&neph=990175100002")


@pytest.mark.parametrize("adresse", [HISTORIQUE, PREVISIONNEL])
def test_qui_ne_peut_pas(client: Client, adresse: str) -> None:
    reponse = client.get(adresse)
    assert (reponse.status_code, reponse["Location"]) == (302, f"/connexion/?next={adresse}")
    client.force_login(CompteFactory())
    assert [gabarit.name for gabarit in client.get(adresse).templates][:1] == ["sans_dossier.html"]


def test_rien_n_est_garde_en_memoire_par_le_navigateur(connecte: Connecte) -> None:
    assert "no-store" in connecte(CAMILLE).get(HISTORIQUE)["Cache-Control"]


def test_tout_est_echappe(connecte: Connecte) -> None:
    hostile = infraction("i1", il_y_a(days=60), il_y_a(days=30), libelle="<script>alert(1)</script>", lieu="{{7*7}}")
    page = connecte(hostile).get(HISTORIQUE).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize("combien", [1, 100])
def test_requetes(connecte: Connecte, combien: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """One offence, or a hundred (300 movements): the account with its tie, then one for the page."""
    depart = localdate() - timedelta(days=3500)
    faits = []
    for n in range(combien):
        jour = (depart + timedelta(days=30 * n)).isoformat()
        faits.append(infraction(f"i{n:03d}", jour, jour, 1, classe=3))
    client = connecte(*faits)
    client.get(HISTORIQUE)
    with django_assert_num_queries(2):
        client.get(HISTORIQUE)


def test_pages_de_l_historique(connecte: Connecte) -> None:
    """Sixty offences: every line is on one page, once, newest first; a page that does not exist is the nearest one."""
    depart = localdate() - timedelta(days=3500)
    jours = [(depart + timedelta(days=50 * n)).isoformat() for n in range(60)]
    client = connecte(
        *[infraction(f"i{n:02d}", jour, jour, 1, classe=4, lieu=f"PK{n:02d}") for n, jour in enumerate(jours)]
    )
    vus: list[str] = []
    for numero, attendu in [("1", 1), ("2", 2), ("3", 3), ("999", 3), ("0", 1), ("x", 1), ("-1", 1), ("9" * 400, 1)]:
        page = texte(client, f"{HISTORIQUE}?page={numero}")
        assert f"Page {attendu} sur 3 (61 lignes)" in page
        if numero == str(attendu):
            vus += re.findall(r">(PK\d\d), le", page)
    assert vus == sorted(vus, reverse=True)
    assert len(vus) == len(set(vus)) == 60


def test_quand_les_points_reviennent(connecte: Connecte) -> None:
    page = texte(connecte(CAMILLE, infraction("i2", il_y_a(days=60), il_y_a(days=30), 3)))
    assert "Ce point est revenu le 21 janvier 2022." in page
    assert re.search(r"Ces 3 points reviennent le [^.]+, si vous ne commettez aucune infraction d'ici là\.", page)


def test_la_lettre_de_chaque_retrait(connecte: Connecte) -> None:
    lettre = {"id": "l", "type": "lettre", "reference": "48", "date_envoi": "2021-07-29", "fait": "i1"}
    assert "Lettre 48 envoyée le 29 juillet 2021." in texte(connecte(CAMILLE, lettre))


def test_sans_effet_et_pourquoi(connecte: Connecte) -> None:
    stages = [
        {"id": f"s{n}", "type": "stage", "date_fin": jour, "nature": "volontaire"}
        for n, jour in enumerate(("2025-03-08", "2025-09-08"))
    ]
    page = texte(connecte(infraction("i1", "2024-12-01", "2025-01-20", 6), *stages))
    assert "Enregistré, sans effet sur vos points" in page
    assert "Le stage terminé le 8 septembre 2025 ne rend aucun point" in page


def test_un_point_a_douze_mois_avant_2011() -> None:
    parcours = lire_ligne(octets(ligne(PERMIS, infraction("i", "2009-01-01", "2009-02-01", 1)))).parcours
    replay = rejouer(parcours, date(2010, 3, 1))
    titres = [m.titre for m in replay.mouvements]
    assert titres[-1] == "Restitution automatique d'un point à 12 mois"


def test_suspendu_et_solde_nul(connecte: Connecte) -> None:
    """Never « valide » to someone who may not drive."""
    page = texte(
        connecte(
            *[infraction(f"i{n}", "2026-01-01", "2026-02-01", 6) for n in (1, 2)],
            {"id": "s", "type": "suspension", "date_debut": "2026-01-01", "nature": "judiciaire"},
        )
    )
    assert ">PERMIS SUSPENDU<" in page
    assert ">PERMIS VALIDE<" not in page
