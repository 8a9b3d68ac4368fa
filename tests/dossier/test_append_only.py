"""A posted line is never changed and never erased: every way to try, by the application and by the tables' owner."""

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.actions import delete_selected
from django.core import serializers
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import RequestFactory

from accounts.models import User
from documents.models import Depart, DocumentEmis, Envoi, LettreDEnvoi, Ouverture
from dossier.models import Dossier, Fait, Journal, Mouvement
from tests.base_de_donnees import se_connecter
from tests.dossier.lignes import AU, dossier, importer, infraction, ligne

Modele = type[Fait] | type[Mouvement] | type[Journal]

pytestmark = pytest.mark.django_db

REFUS_DE_DROIT, REFUS_DU_DECLENCHEUR = "42501", "23001"
#: A text column of each table, to be changed.
COLONNE = {Fait: "type", Mouvement: "article"}
LES_DEUX = pytest.mark.parametrize("modele", [Fait, Mouvement], ids=["fait", "mouvement"])


@pytest.fixture
def pose() -> Dossier:
    return dossier(infraction("i1", "2023-10-01", "2023-11-01", 3), au=date(2026, 10, 31))


def table(modele: Modele) -> str:
    return modele._meta.db_table


def contenu() -> list[list[tuple[Any, ...]]]:
    return [list(modele.objects.order_by("pk").values_list()) for modele in (Fait, Mouvement)]


def sql(requete: str, modele: Modele = Mouvement) -> None:
    """Run a statement, or several, in which ``{table}`` and ``{colonne}`` are the model's."""
    with connection.cursor() as curseur:
        curseur.execute(requete.format(table=table(modele), colonne=COLONNE[modele]))


# --- As the application -----------------------------------------------------------------------------------------------


def enregistrer(modele: Modele) -> None:
    une = modele.objects.latest("pk")
    setattr(une, COLONNE[modele], "stage")
    une.save()


def supprimer(modele: Modele) -> None:
    modele.objects.latest("pk").delete()


def update(modele: Modele) -> None:
    modele.objects.update(**{COLONNE[modele]: "stage"})


def bulk_update(modele: Modele) -> None:
    lignes = list(modele.objects.all())
    for une in lignes:
        setattr(une, COLONNE[modele], "stage")
    modele.objects.bulk_update(lignes, [COLONNE[modele]])


def update_sql(modele: Modele) -> None:
    sql("UPDATE {table} SET {colonne} = 'stage'", modele)


def delete_sql(modele: Modele) -> None:
    sql("DELETE FROM {table}", modele)


def truncate(modele: Modele) -> None:
    sql("TRUNCATE {table} CASCADE", modele)


def copier_par_dessus(modele: Modele) -> None:
    """A whole table read again, altered, and poured over the first."""
    sql("CREATE TEMPORARY TABLE autre ON COMMIT DROP AS SELECT * FROM {table}", modele)
    sql("UPDATE autre SET {colonne} = 'stage'", modele)
    with connection.cursor() as curseur:
        with curseur.copy("COPY autre TO STDOUT") as lu:
            brut = b"".join(lu)
        sql("TRUNCATE autre")
        with curseur.copy("COPY autre FROM STDIN") as ecrit:
            ecrit.write(brut)
    sql(
        "INSERT INTO {table} SELECT * FROM autre ON CONFLICT (id) DO UPDATE SET {colonne} = excluded.{colonne}",
        modele,
    )


def action_de_l_administration(modele: Modele) -> None:
    demande = RequestFactory().post("/", {"post": "yes"})
    demande.user = User.objects.create_superuser(email="admin@exemple.fr", password="x")
    admin = ModelAdmin(modele, site)
    assert delete_selected(admin, demande, modele.objects.all()) is None


def fixture(modele: Modele) -> None:
    [une] = json.loads(serializers.serialize("json", [modele.objects.latest("pk")]))
    une["fields"][COLONNE[modele]] = "stage"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as fichier:
        json.dump([une], fichier)
        fichier.flush()
        call_command("loaddata", fichier.name, verbosity=0)


def sans_declencheur(modele: Modele) -> None:
    sql("ALTER TABLE {table} DISABLE TRIGGER ALL", modele)


def comme_une_replique(modele: Modele) -> None:
    sql("SET session_replication_role = replica")


MANIERES: list[Callable[[Modele], None]] = [
    *(enregistrer, supprimer, update, bulk_update, update_sql, delete_sql, truncate, copier_par_dessus),
    *(action_de_l_administration, fixture, sans_declencheur, comme_une_replique),
]


@LES_DEUX
@pytest.mark.parametrize("maniere", MANIERES, ids=lambda maniere: maniere.__name__)
def test_l_application_ne_peut_rien_changer(pose: Dossier, modele: Modele, maniere: Callable[[Modele], None]) -> None:
    avant = contenu()
    with pytest.raises(DatabaseError) as refus, transaction.atomic():
        maniere(modele)
    assert refus.value.__cause__.sqlstate == REFUS_DE_DROIT  # type: ignore[union-attr]
    assert contenu() == avant


def test_un_dossier_ne_part_pas_avec_ses_lignes(pose: Dossier) -> None:
    avant = contenu()
    with pytest.raises(models.ProtectedError):
        pose.delete()
    with pytest.raises(DatabaseError) as refus, transaction.atomic():
        sql("DELETE FROM dossier_dossier; SET CONSTRAINTS ALL IMMEDIATE")
    assert refus.value.__cause__.sqlstate == "23503"  # type: ignore[union-attr]
    assert contenu() == avant


def test_la_porte_de_l_effacement_n_est_pas_pour_elle(pose: Dossier) -> None:
    """The flag that the triggers look for may be set by anybody; it opens for the owner alone."""
    avant = contenu()
    for requete in (f"SELECT effacer_mentions({pose.pk}, '2100-01-01')", "DELETE FROM dossier_mouvement"):
        with pytest.raises(DatabaseError) as refus, transaction.atomic():
            sql(f"SET LOCAL mespoints.effacement = '{pose.pk}'; {requete}")
        assert refus.value.__cause__.sqlstate == REFUS_DE_DROIT  # type: ignore[union-attr]
    assert contenu() == avant


DOCUMENTS = (DocumentEmis, Ouverture, Envoi, LettreDEnvoi, Depart)


def test_elle_ne_possede_rien_et_n_a_que_ce_qu_il_lui_faut(pose: Dossier) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT session_user, (SELECT count(*) FROM pg_class WHERE relowner = oid_du_role), superutilisateur"
            " FROM (SELECT oid, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user) AS role (oid_du_role, superutilisateur)"
        )
        assert curseur.fetchone() == (settings.DATABASE_APPLICATION_ROLE, 0, False)
        curseur.execute(
            "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
            " FROM information_schema.role_table_grants WHERE grantee = current_user AND table_schema = 'public'"
            " GROUP BY table_name"
        )
        droits = dict(curseur.fetchall())
    en_ajout_seul = {table(modele) for modele in (Fait, Mouvement, Journal, *DOCUMENTS)}
    assert {droits.pop(nom) for nom in en_ajout_seul} == {"INSERT SELECT"}
    assert set(droits.values()) == {"DELETE INSERT SELECT UPDATE"}


def test_une_correction_se_pose_avec_ces_seuls_droits(pose: Dossier) -> None:
    """The foreign key of ``corrige`` locks the line corrected: PostgreSQL does it as the owner of the table."""
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert Mouvement.objects.filter(nature="correction", corrige__nature="retrait").count() == 1


# --- As the owner of the tables ---------------------------------------------------------------------------------------


@pytest.fixture
def proprietaire(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with se_connecter(connection.settings_dict["NAME"], migration=True) as connexion:
        assert connexion.info.user != settings.DATABASE_APPLICATION_ROLE
        yield connexion


@LES_DEUX
@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE {table} SET {colonne} = 'stage'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET {colonne} = 'stage'",
        "MERGE INTO {table} a USING {table} b ON a.id = b.id WHEN MATCHED THEN DELETE",
        "WITH parti AS (DELETE FROM {table} RETURNING id) SELECT count(*) FROM parti",
    ],
    ids=lambda requete: requete.split()[0].lower(),
)
def test_le_proprietaire_non_plus(
    proprietaire: psycopg.Connection[Any], pose: Dossier, modele: Modele, requete: str
) -> None:
    avant = contenu()
    with pytest.raises(psycopg.errors.RestrictViolation, match="une ligne inscrite ne se modifie pas"):
        proprietaire.execute(requete.format(table=table(modele), colonne=COLONNE[modele]))
    assert contenu() == avant


def test_les_declencheurs_tirent_toujours(proprietaire: psycopg.Connection[Any]) -> None:
    """``A``: always, in a replica too; and the owner may not pass for one."""
    tires = proprietaire.execute(
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = ANY('{dossier_fait,dossier_mouvement}'::regclass[])"
    ).fetchall()
    noms = {
        Fait: (
            "documents_effaces",
            "ligne_immuable",
            "stages_effaces",
            "table_immuable",
        ),  # what an erasure takes besides
        Mouvement: ("ligne_coherente", "ligne_immuable", "table_immuable"),
    }
    assert sorted(tires) == [(table(modele), nom, "A") for modele in (Fait, Mouvement) for nom in noms[modele]]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        proprietaire.execute("SET session_replication_role = replica")


def test_une_cascade_s_arrete_aux_declencheurs(proprietaire: psycopg.Connection[Any], pose: Dossier) -> None:
    """Cascades run as the owner of the table: were one declared by mistake, the lines would stay all the same."""
    cles = proprietaire.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
        " AND confrelid = 'dossier_dossier'::regclass"
    ).fetchall()
    for fille, cle in cles:
        proprietaire.execute(f"ALTER TABLE {fille} DROP CONSTRAINT {cle}")
        proprietaire.execute(
            f"ALTER TABLE {fille} ADD FOREIGN KEY (dossier_id) REFERENCES dossier_dossier ON DELETE CASCADE"
        )
    avant = contenu()
    with pytest.raises(DatabaseError) as refus:
        sql("DELETE FROM dossier_dossier")
    assert refus.value.__cause__.sqlstate == REFUS_DU_DECLENCHEUR  # type: ignore[union-attr]
    assert contenu() == avant


def test_une_table_a_venir_est_ouverte_a_l_application(proprietaire: psycopg.Connection[Any]) -> None:
    proprietaire.execute("CREATE TABLE a_venir (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n int)")
    sql("INSERT INTO a_venir (n) VALUES (1)")
    sql("UPDATE a_venir SET n = 2")
    sql("DELETE FROM a_venir")
    with pytest.raises(DatabaseError, match="TRUNCATE|permission denied"):
        sql("TRUNCATE a_venir")


# --- L. 225-2 ---------------------------------------------------------------------------------------------------------

VIEILLE = infraction("i1", "2010-01-01", "2010-02-01", 3)


def effacer(proprietaire: psycopg.Connection[Any], cle: int | None, au: str | None) -> int:
    return int(proprietaire.execute("SELECT effacer_mentions(%s, %s)", [cle, au]).fetchone()[0])


def faits(pose: Dossier) -> list[str]:
    return list(pose.faits.order_by("pk").values_list("identifiant", flat=True))


def natures(pose: Dossier) -> list[str]:
    return list(pose.mouvements.order_by("pk").values_list("nature", flat=True))


def test_dix_ans_sans_decision(proprietaire: psycopg.Connection[Any]) -> None:
    """The offence goes with its lines; the licence and the neighbour stay; the next night posts what is left, alone."""
    pose, voisin = dossier(VIEILLE), dossier(VIEILLE, neph="990175100002")
    assert natures(pose) == ["capital_initial", "retrait", "reconstitution_totale"]
    assert effacer(proprietaire, pose.pk, "2020-02-01") == 4
    assert (faits(pose), natures(pose)) == (["p1"], [])
    assert (faits(voisin), len(natures(voisin))) == (["p1", "i1"], 3)
    call_command("settle", "--au", AU.isoformat())
    pose.refresh_from_db()
    assert (natures(pose), pose.points, pose.etat) == (["capital_initial"], 12, "valide")
    call_command("verify_ledger")
    assert effacer(proprietaire, pose.pk, "2026-11-21") == 0


RECENTES = {
    "la veille des dix ans": ([], "2020-01-31"),
    "une autre infraction": ([infraction("i2", "2019-01-01", "2019-02-01", 1)], "2026-11-21"),
    "commise, pas encore définitive": ([infraction("i2", "2019-01-01", None, 1)], "2026-11-21"),
    "une suspension finie depuis peu": (
        [
            {
                "id": "s",
                "type": "suspension",
                "date_debut": "2012-01-01",
                "date_fin": "2017-01-01",
                "nature": "judiciaire",
            }
        ],
        "2026-11-21",
    ),
    "une suspension qui court": (
        [{"id": "s", "type": "suspension", "date_debut": "2012-01-01", "nature": "judiciaire"}],
        "2026-11-21",
    ),
    "une interdiction qui court": (
        [{"id": "a", "type": "annulation", "date_effet": "2012-01-01", "interdiction_mois": 240}],
        "2026-11-21",
    ),
    "une invalidation récente": (
        [{"id": "n", "type": "invalidation", "date_notification": "2017-01-01"}],
        "2026-11-21",
    ),
}


@pytest.mark.parametrize("cas", RECENTES)
def test_une_decision_recente_garde_les_anciennes(proprietaire: psycopg.Connection[Any], cas: str) -> None:
    autres, au = RECENTES[cas]
    pose = dossier(VIEILLE, *autres)
    avant = (faits(pose), natures(pose))
    assert effacer(proprietaire, pose.pk, au) == 0
    assert (faits(pose), natures(pose)) == avant


def test_une_infraction_annulee_ne_garde_rien(proprietaire: psycopg.Connection[Any]) -> None:
    annulee = infraction("i2", "2019-01-01", "2019-02-01", 1)
    annulation = {"id": "a", "type": "infraction_annulee", "infraction": "i2", "date_decision": "2020-02-01"}
    pose = dossier(VIEILLE, annulee, annulation)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1"]


def test_les_stages_et_les_lettres_de_trois_ans(proprietaire: psycopg.Connection[Any]) -> None:
    """The course of 2011 gave points that only the old offence explains; that of 2025 gave none."""
    stages = [
        {"id": f"s{jour[:4]}", "type": "stage", "date_fin": jour, "nature": "volontaire"}
        for jour in ("2011-05-02", "2023-11-21", "2025-05-02")
    ]
    lettre = {"id": "l1", "type": "lettre", "reference": "48", "fait": "i1", "date_envoi": "2010-02-10"}
    pose = dossier(VIEILLE, lettre, *stages)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1", "s2025"]
    call_command("settle", "--au", AU.isoformat())
    call_command("verify_ledger")
    assert natures(pose) == ["capital_initial", "recuperation_stage"]
    assert not pose.lettres.exists()


def test_un_permis_perdu_ne_revient_pas(proprietaire: psycopg.Connection[Any]) -> None:
    """The end of a licence stays while it is the last word; it goes with that licence once another has followed."""
    fin = {"id": "n", "type": "invalidation", "date_notification": "2011-01-01"}
    pose = dossier(VIEILLE, fin)
    assert effacer(proprietaire, pose.pk, "2026-11-21") > 0
    assert faits(pose) == ["p1", "n"]
    autre = {"id": "p2", "type": "permis_obtenu", "date_obtention": "2012-06-01", "filiere": "classique"}
    suivi = dossier(VIEILLE, fin, autre, neph="990175100002")
    assert effacer(proprietaire, suivi.pk, "2026-11-21") > 0
    assert faits(suivi) == ["p2"]
    call_command("settle", "--au", AU.isoformat())
    call_command("verify_ledger")
    pose.refresh_from_db()
    suivi.refresh_from_db()
    assert [(d.etat, d.points) for d in (pose, suivi)] == [("invalide", 0), ("valide", 12)]
    assert natures(suivi)[0] == "capital_initial"
    assert not suivi.lettres.exists(), "what is posted again calls for no letter"


def test_la_porte_se_referme(proprietaire: psycopg.Connection[Any], pose: Dossier) -> None:
    """In the same transaction, right after an erasure; and it opens on one dossier, never on nothing."""
    with proprietaire.transaction():
        effacer(proprietaire, pose.pk, "2100-01-01")
        with pytest.raises(psycopg.errors.RestrictViolation), proprietaire.transaction():
            proprietaire.execute("DELETE FROM dossier_fait")
    for cle, avant in ((None, "2026-01-01"), (pose.pk, None)):
        with pytest.raises(psycopg.errors.NullValueNotAllowed):
            effacer(proprietaire, cle, avant)


def test_les_fautes_se_plantent_par_le_proprietaire(
    grand_livre_ouvert: Callable[..., int], proprietaire: psycopg.Connection[Any], pose: Dossier
) -> None:
    """The tests' own door leaves the triggers as it found them."""
    assert grand_livre_ouvert("UPDATE dossier_mouvement SET solde = 3 WHERE nature = %s", ("retrait",)) == 1
    assert Mouvement.objects.get(nature="retrait").solde == 3
    with pytest.raises(psycopg.errors.RestrictViolation):
        proprietaire.execute("UPDATE dossier_mouvement SET solde = 9")
    test_les_declencheurs_tirent_toujours(proprietaire)
