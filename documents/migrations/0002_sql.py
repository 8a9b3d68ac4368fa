"""What the models cannot say, in PostgreSQL's own words: one story a file of ``documents/sql``."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("dossier", "0002_sql")]

    operations = [
        migrations.RunSQL(
            (SQL / "document_immuable.sql").read_text("utf-8"),
            """
            ALTER TABLE documents_documentemis DROP CONSTRAINT document_empreinte;
            DROP FUNCTION refuser_retouche_du_document() CASCADE;
            DROP TRIGGER document_ineffacable ON documents_documentemis;
            DROP TRIGGER table_immuable ON documents_documentemis;
            """,
        ),
        migrations.RunSQL((SQL / "index_statut.sql").read_text("utf-8"), "DROP SEQUENCE documents_index_statut"),
        migrations.RunSQL(
            (SQL / "ouverture.sql").read_text("utf-8"), "DROP FUNCTION refuser_retouche_d_ouverture() CASCADE"
        ),
        migrations.RunSQL(
            (SQL / "envois.sql").read_text("utf-8"),
            "DROP FUNCTION refuser_retouche_d_envoi(), refuser_retouche_de_ligne_d_envoi() CASCADE",
        ),
        migrations.RunSQL(
            (SQL / "effacement.sql").read_text("utf-8"), "DROP FUNCTION effacer_documents(), effacer_courrier() CASCADE"
        ),
        migrations.RunSQL(
            (SQL / "peremption.sql").read_text("utf-8"),
            "DROP FUNCTION effacer_documents_perimes(integer); DROP INDEX document_perime",
        ),
    ]
