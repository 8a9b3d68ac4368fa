"""The search of a centre: public, by département or postcode, fast among all those of a country."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from dossier.rules.departements import departement_du_code_postal
from stages import selectors
from stages.models import Centre, Session
from stages.rules.lieux import ecrire_agrement, lire_agrement, lire_departement
from tests.stages.conftest import AGREMENT
from tests.stages.volume import REMPLIR

pytestmark = pytest.mark.django_db


def page(client: Client, chemin: str, **parametres: str) -> str:
    reponse = client.get(chemin, parametres)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("&#x27;", "'").replace("&nbsp;", " ")


def session(centre: Centre, debut: date, **autres: object) -> Session:
    return Session.objects.create(
        centre=centre,
        numero=f"S{debut:%y%m%d}",
        date_debut=debut,
        date_fin=debut + timedelta(days=1),
        places=12,
        **autres,
    )


@pytest.mark.parametrize("ou", ["69", " 69 ", "Rhône", "rhone", "69003", "69 003"])
def test_on_trouve_un_centre_par_departement_ou_code_postal(client: Client, centre: Centre, ou: str) -> None:
    dite = page(client, "/stages/centres/", ou=ou)
    assert "Un centre agréé" in dite
    assert "Route Sereine Lyon" in dite
    assert "R 19 069 0012 0" in dite
    assert "Préfecture du Rhône, 1er janvier 2026" in dite
    assert "inventés" not in dite


def test_un_code_postal_sans_centre_mene_au_departement(client: Client, centre: Centre) -> None:
    dite = page(client, "/stages/centres/", ou="69100")
    assert "Aucun centre agréé à 69100" in dite
    assert 'href="/stages/centres/?ou=69"' in dite


@pytest.mark.parametrize("ou", ["", "lune", "99", "00000", "6900", "69003'; DROP TABLE", "\u0663\u0669"])
def test_ce_qui_n_est_pas_un_lieu_est_dit(client: Client, ou: str) -> None:
    dite = page(client, "/stages/centres/", ou=ou)
    assert "La recherche n'a pas pu se faire" in dite
    assert "numéro de département (69, 2A, 974)" in dite


def test_une_donnee_d_exemple_le_dit(client: Client, centre: Centre) -> None:
    Centre.objects.update(exemple=True)
    assert "Données d'exemple." in page(client, "/stages/centres/", ou="69")
    assert "Donnée d'exemple." in page(client, "/stages/agrement/", numero=AGREMENT)


def test_seules_les_sessions_a_venir_non_annulees_et_trois_au_plus(client: Client, centre: Centre) -> None:
    au = localdate()
    for jours in (-3, 0, 5, 12, 19, 26):
        session(centre, au + timedelta(days=jours))
    session(centre, au + timedelta(days=2), annulee=True)
    dite = page(client, "/stages/centres/", ou="69")
    montres = [j for j in (-3, 0, 2, 5, 12, 19, 26) if f"S{au + timedelta(days=j):%y%m%d}" in dite]
    assert montres == [5, 12, 19]
    plus_tard = page(client, "/stages/centres/", ou="69", depuis=f"{au + timedelta(days=10):%d/%m/%Y}")
    assert f"S{au + timedelta(days=5):%y%m%d}" not in plus_tard


def test_un_centre_qui_n_est_plus_agree_n_est_pas_montre(client: Client, centre: Centre) -> None:
    for champs in ({"agree_au": localdate() - timedelta(days=1)}, {"retire_le": localdate()}):
        autre = Centre.objects.get()
        Centre.objects.update(**champs)
        assert "Aucun centre agréé" in page(client, "/stages/centres/", ou="69")
        autre.save()


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({}, "Oui : ce centre est agréé jusqu'au 31 décembre 2031"),
        ({"agree_au": date(2024, 6, 30)}, "Non : l'agrément a pris fin le 30 juin 2024"),
        ({"retire_le": date(2025, 3, 1)}, "Non : ce centre ne figure plus sur la liste du 1er mars 2025"),
        ({"agree_du": date(2031, 1, 1)}, "Pas encore : l'agrément commence le 1er janvier 2031"),
    ],
    ids=["agréé", "fini", "retiré", "à venir"],
)
def test_ce_centre_est_il_agree(client: Client, centre: Centre, champs: dict[str, date], dit: str) -> None:
    if champs:
        Centre.objects.update(**champs)
    for ecrit in (AGREMENT, "r19-069.0012 0"):
        assert dit in page(client, "/stages/agrement/", numero=ecrit)


def test_un_numero_inconnu_ne_dit_pas_oui(client: Client, centre: Centre) -> None:
    dite = page(client, "/stages/agrement/", numero="R 19 069 0099 0")
    assert "Non : aucune liste enregistrée ici ne porte le n° R 19 069 0099 0" in dite
    assert "n'a pas pu être vérifié" in page(client, "/stages/agrement/", numero="<b>?")


@pytest.mark.parametrize(
    ("code_postal", "departement"),
    [("69003", "69"), ("01000", "01"), ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20600", "2B")]
    + [("97400", "974"), ("97600", "976"), ("98800", "988"), ("00000", None), ("96000", None)],
)
def test_le_departement_d_un_code_postal(code_postal: str, departement: str | None) -> None:
    assert departement_du_code_postal(code_postal) == departement


def test_les_ecritures_d_un_lieu_et_d_un_numero() -> None:
    assert [lire_departement(t) for t in ("1", "2a", "Côte d'Or", "val d’oise", "20", "")] == [
        *("01", "2A", "21", "95"), None, None
    ]  # fmt: skip
    assert ecrire_agrement(lire_agrement("r 19 02a 0012 0")) == "R\u00a019\u00a002A\u00a00012\u00a00"
    assert ecrire_agrement("ABC12") == "ABC12"


def test_parmi_5000_centres_et_200_000_sessions(client: Client) -> None:
    """Five queries at most, and by index: what the plan of each says is printed (``-s``)."""
    au = localdate()
    with connection.cursor() as curseur:
        for ordre in REMPLIR:
            curseur.execute(ordre, {"au": au})
    with CaptureQueriesContext(connection) as requetes:
        trouvee = selectors.search_centres(au=au, departement="69", depuis=au, numero=2)
    assert (trouvee.total, trouvee.combien, len(trouvee.trouves)) == (50, 5, 10)
    assert all(len(trouve.sessions) == 3 for trouve in trouvee.trouves)
    assert len(requetes) <= 5
    for requete in requetes.captured_queries:
        with connection.cursor() as curseur:
            curseur.execute(f"EXPLAIN ANALYZE {requete['sql']}")
            plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
        print(plan, "\n")
        assert "Index" in plan
        assert "Seq Scan" not in plan
    with CaptureQueriesContext(connection) as requetes:
        assert "50 centres agréés" in page(client, "/stages/centres/", ou="69", page="5")
    assert len(requetes) <= 5
    assert "Page 5 sur 5" in page(client, "/stages/centres/", ou="69", page="99999")
    assert "50 centres agréés" in page(client, "/stages/centres/", ou="69", page="-1")


@pytest.mark.parametrize(
    "parametres", [{"ou": "\ufffd"}, {"ou": "6" * 5000}, {"ou": "69", "depuis": "hier"}, {"page": "2"}]
)
def test_une_adresse_fabriquee_n_est_jamais_une_panne(
    client: Client, centre: Centre, parametres: dict[str, str]
) -> None:
    dite = page(client, "/stages/centres/", **parametres)
    assert ("Erreur" in dite) is ("ou" in parametres)
    numero = page(client, "/stages/agrement/", numero=parametres.get("ou", "") * 2)
    assert "n'a pas pu être vérifié" in numero
