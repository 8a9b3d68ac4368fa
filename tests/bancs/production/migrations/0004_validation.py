"""The same rule for the rows that were there, looked at without keeping anybody out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("production", "0003_contrainte")]
    operations = [
        migrations.RunSQL("ALTER TABLE dossier_dossier VALIDATE CONSTRAINT essai_court", migrations.RunSQL.noop)
    ]
