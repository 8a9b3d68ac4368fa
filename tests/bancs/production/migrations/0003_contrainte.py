"""A rule that new rows obey at once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("production", "0002_index")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE dossier_dossier ADD CONSTRAINT essai_court CHECK (length(essai) < 5) NOT VALID",
            "ALTER TABLE dossier_dossier DROP CONSTRAINT essai_court",
        )
    ]
