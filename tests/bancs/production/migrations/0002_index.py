"""Expand, second half: an index built beside those who read and write."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("production", "0001_colonne")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY essai_index ON dossier_dossier (essai)",
            "DROP INDEX CONCURRENTLY essai_index",
        )
    ]
