"""What the models cannot say, in PostgreSQL's own words: one story a file of ``dossier/sql``."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("dossier", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SQL / "refuser_alteration.sql").read_text("utf-8"), "DROP FUNCTION refuser_alteration() CASCADE"
        ),
        migrations.RunSQL((SQL / "ajout_seul.sql").read_text("utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "corrections.sql").read_text("utf-8"), "DROP FUNCTION verifier_reprise() CASCADE"),
        migrations.RunSQL((SQL / "effacement.sql").read_text("utf-8"), "DROP FUNCTION IF EXISTS effacer_mentions(bigint, date)"),
        migrations.RunSQL((SQL / "recherche.sql").read_text("utf-8"), "DROP FUNCTION nom_compact(text) CASCADE"),
        migrations.RunSQL((SQL / "lettres_48n.sql").read_text("utf-8"), "DROP INDEX fait_48n"),
    ]
