"""A posted line is never changed and never erased: every way to try, by the application and by the tables' owner."""

import json
import tempfile
from collections.abc import Callable
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
from tests.dossier.lignes import dossier, importer, infraction, ligne

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
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM autre"
        " ON CONFLICT (id) DO UPDATE SET {colonne} = excluded.{colonne}",
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
    assert {droits.pop(nom) for nom in en_ajout_seul} == {"SELECT"}  # to add: by columns, see test_identifiants
    assert set(droits.values()) == {"DELETE INSERT SELECT UPDATE"}


def test_une_correction_se_pose_avec_ces_seuls_droits(pose: Dossier) -> None:
    """The foreign key of ``corrige`` locks the line corrected: PostgreSQL does it as the owner of the table."""
    importer(ligne({"id": "a", "type": "infraction_annulee", "infraction": "i1", "date_decision": "2026-11-01"}))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert Mouvement.objects.filter(nature="correction", corrige__nature="retrait").count() == 1


# --- As the owner of the tables ---------------------------------------------------------------------------------------


@LES_DEUX
@pytest.mark.parametrize(
    "requete",
    [
        "UPDATE {table} SET {colonne} = 'stage'",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}"
        " ON CONFLICT (id) DO UPDATE SET {colonne} = 'stage'",
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
            "documents_de_la_mesure",
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


def test_les_fautes_se_plantent_par_le_proprietaire(
    grand_livre_ouvert: Callable[..., int], proprietaire: psycopg.Connection[Any], pose: Dossier
) -> None:
    """The tests' own door leaves the triggers as it found them."""
    assert grand_livre_ouvert("UPDATE dossier_mouvement SET solde = 3 WHERE nature = %s", ("retrait",)) == 1
    assert Mouvement.objects.get(nature="retrait").solde == 3
    with pytest.raises(psycopg.errors.RestrictViolation):
        proprietaire.execute("UPDATE dossier_mouvement SET solde = 9")
    test_les_declencheurs_tirent_toujours(proprietaire)
