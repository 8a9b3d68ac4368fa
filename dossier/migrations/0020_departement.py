"""Whose desk a dossier belongs to: the département of its address's postcode, else of the newest title that names one.

A generated column, so that no way to write a dossier forgets it and that a desk is found by an index. Adding it rewrites
the table under an exclusive lock: on a national base, in a window.

20 is Corsica: 200 and 201 are 2A, 202 and 206 are 2B; a title that says 20 alone names neither. Overseas, three digits,
but two communes whose postcode is Guadeloupe's. What is no French postcode gives nothing.
"""

from django.db import migrations, models

FONCTION = """
CREATE FUNCTION departement_de(adresse jsonb, titres jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT CASE
            WHEN cp IN ('97133') THEN '977'
            WHEN cp IN ('97150') THEN '978'
            WHEN cp ~ '^97[1-6]' OR cp ~ '^98[678]' THEN left(cp, 3)
            WHEN cp ~ '^20[01]' THEN '2A'
            WHEN cp ~ '^20[26]' THEN '2B'
            WHEN cp ~ '^(0[1-9]|1[0-9]|2[1-9]|[3-8][0-9]|9[0-5])' THEN left(cp, 2)
         END FROM (SELECT adresse ->> 'code_postal') AS a (cp) WHERE cp ~ '^[0-9]{5}$'),
        (SELECT t ->> 'departement' FROM jsonb_array_elements(titres) t
         WHERE t ->> 'departement' ~ '^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[678])$'
         ORDER BY t ->> 'date_delivrance' COLLATE "C" DESC NULLS LAST LIMIT 1)
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossier", "0010_recherche_par_nom")]

    operations = [
        migrations.RunSQL(FONCTION, "DROP FUNCTION departement_de(jsonb, jsonb);"),
        migrations.AddField(
            model_name="dossier",
            name="departement",
            field=models.GeneratedField(
                expression=models.Func("adresse", "titres", function="departement_de"),
                output_field=models.CharField("département", max_length=3, null=True),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="dossier", index=models.Index(fields=["departement"], name="dossier_departement")
        ),
    ]
