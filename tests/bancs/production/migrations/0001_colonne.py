"""Expand, first half: a column with a constant default, which PostgreSQL adds without rewriting the table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossier", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE dossier_dossier ADD COLUMN essai varchar(8) NOT NULL DEFAULT ''",
            "ALTER TABLE dossier_dossier DROP COLUMN essai",
        )
    ]
