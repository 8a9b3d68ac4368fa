"""The RII that told an annulled measure are erased with it (``sql/mesure_effacee.sql``)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_sql"), ("dossier", "0007_mesures_annulees")]

    operations = [
        migrations.RunSQL(
            (SQL / "mesure_effacee.sql").read_text("utf-8"), "DROP TRIGGER documents_de_la_mesure ON dossier_fait"
        )
    ]
