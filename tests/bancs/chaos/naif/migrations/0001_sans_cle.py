"""The ledger without the key that makes a movement unique. Migrated by whoever owns the table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossier", "__first__")]
    operations = [
        migrations.RunSQL("ALTER TABLE dossier_mouvement DROP CONSTRAINT mouvement_unique", migrations.RunSQL.noop)
    ]
