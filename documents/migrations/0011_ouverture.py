"""The day on which a driver first opened a letter: added, never changed, never erased."""

import django.db.models.deletion
from django.db import migrations, models

DECLENCHEURS = """
CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_ouverture
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_ouverture();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_ouverture
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_ouverture();
ALTER TABLE documents_ouverture ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE documents_ouverture ENABLE ALWAYS TRIGGER table_immuable;
"""
FONCTION = """
CREATE FUNCTION refuser_retouche_d_ouverture() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% refusé sur % : le jour où une lettre fut ouverte ne change pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_d_ouverture() FROM PUBLIC;
"""
RETOUR = """
DROP TRIGGER ligne_immuable ON documents_ouverture;
DROP TRIGGER table_immuable ON documents_ouverture;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0010_verification"),
    ]

    operations = [
        migrations.CreateModel(
            name='Ouverture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('jour', models.DateField(verbose_name="jour d'ouverture")),
                ('niveau', models.CharField(max_length=8, verbose_name='niveau de la session')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ouverture', to='documents.documentemis')),
            ],
            options={
                'verbose_name': 'ouverture de lettre',
                'verbose_name_plural': 'ouvertures de lettres',
            },
        ),
        migrations.RunSQL(FONCTION, "DROP FUNCTION refuser_retouche_d_ouverture();"),
        migrations.RunSQL(DECLENCHEURS, RETOUR),
    ]
