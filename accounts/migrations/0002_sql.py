"""What the models cannot say, in PostgreSQL's own words: one story a file of ``accounts/sql``."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("dossier", "0002_sql")]

    operations = [
        migrations.RunSQL(
            (SQL / "messages.sql").read_text("utf-8"),
            """
            DROP TRIGGER ligne_immuable ON accounts_messagesignalement;
            DROP TRIGGER table_immuable ON accounts_messagesignalement;
            """,
        ),
    ]
