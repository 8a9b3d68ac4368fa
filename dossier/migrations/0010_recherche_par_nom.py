"""Finding the dossiers of a birth name and a year: an index, on the letters of the name alone.

FranceConnect spells as the état civil does, the file as it was typed: marks, case, spaces, apostrophes and hyphens are
left out of both sides by the same function. What it finds is compared again in Python, more strictly.
"""

from django.db import migrations

FONCTION = """
CREATE FUNCTION nom_compact(nom text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT upper(regexp_replace(normalize(
        translate(
            replace(replace(replace(replace(replace(replace(replace(replace(
                nom, 'œ', 'oe'), 'Œ', 'OE'), 'æ', 'ae'), 'Æ', 'AE'), 'ß', 'ss'), 'ẞ', 'SS'), 'þ', 'th'), 'Þ', 'TH'),
            'øØłŁđĐðÐıħĦ', 'oOlLdDdDihH'),
        NFKD), '[^A-Za-z0-9]', '', 'g'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossier", "0007_dix_ans_sans_decision")]

    operations = [
        migrations.RunSQL(FONCTION, "DROP FUNCTION nom_compact(text);"),
        migrations.RunSQL(
            "CREATE INDEX dossier_nom_annee ON dossier_dossier (nom_compact(nom_naissance), left(date_naissance, 4));",
            "DROP INDEX dossier_nom_annee;",
        ),
    ]
