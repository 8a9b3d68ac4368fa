"""What the models cannot say, in PostgreSQL's own words: one story a file of ``stages/sql``."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("stages", "0001_initial"), ("dossier", "0002_sql")]

    operations = [
        migrations.RunSQL((SQL / "effacement.sql").read_text("utf-8"), "DROP FUNCTION effacer_stages() CASCADE"),
    ]
