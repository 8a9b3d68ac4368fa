"""Finding the 48N notified in a span of days: they are few, and whoever looks for them must not read every fact."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossier", "0011_verification")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX fait_48n ON dossier_fait"
            " ((COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation')), dossier_id)"
            " WHERE type = 'lettre' AND contenu ->> 'reference' = '48N';",
            "DROP INDEX fait_48n;",
        ),
    ]
