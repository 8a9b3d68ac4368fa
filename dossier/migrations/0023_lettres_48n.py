"""The desk's day: the 48N letters by the day they were received, so that those without a course are found by an index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossier", "0022_recherche_par_identite")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX fait_48n ON dossier_fait"
            " ((coalesce(contenu ->> 'date_notification', contenu ->> 'date_presentation')))"
            " WHERE type = 'lettre' AND contenu ->> 'reference' = '48N';",
            "DROP INDEX fait_48n;",
        ),
    ]
