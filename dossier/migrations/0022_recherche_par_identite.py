"""One index for both searches by identity: the letters of the birth name, then the birth date, whole or by its year.

``text_pattern_ops`` serves both « = » and « LIKE '1979-%' », whatever the collation of the database.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossier", "0021_journal_et_decisions")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX dossier_nom_naissance ON dossier_dossier"
            " (nom_compact(nom_naissance), date_naissance text_pattern_ops);"
            "DROP INDEX dossier_nom_annee;",
            "CREATE INDEX dossier_nom_annee ON dossier_dossier (nom_compact(nom_naissance), left(date_naissance, 4));"
            "DROP INDEX dossier_nom_naissance;",
        ),
    ]
