"""The letters that wait to be sent, the batches in which they are, the day each batch left.

A batch, its letters and its departure are added to, never changed.
Letters made before this migration wait, unless a fact tells that they were sent.
"""

import django.db.models.deletion
from django.db import migrations, models


FONCTION = """
CREATE FUNCTION refuser_retouche_d_envoi() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% refusé sur % : un envoi de lettres ne se retouche pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_d_envoi() FROM PUBLIC;
"""
DECLENCHEURS = "".join(
    f"""
    CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_envoi();
    CREATE TRIGGER table_immuable BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_envoi();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER ligne_immuable;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER table_immuable;
    """
    for table in ("documents_envoi", "documents_lettredenvoi", "documents_depart")
)
RETOUR = "".join(
    f"DROP TRIGGER ligne_immuable ON {table}; DROP TRIGGER table_immuable ON {table};"
    for table in ("documents_envoi", "documents_lettredenvoi", "documents_depart")
)
DEJA_FAITES = """
INSERT INTO documents_aenvoyer (document_id, departement)
SELECT e.id, d.departement FROM documents_documentemis e
JOIN dossier_lettre l ON l.id = e.lettre_id JOIN dossier_dossier d ON d.id = e.dossier_id
WHERE e.genre = 'lettre' AND NOT EXISTS (
    SELECT FROM dossier_fait f WHERE f.dossier_id = e.dossier_id AND f.type = 'lettre'
    AND f.contenu ->> 'reference' = l.reference AND f.contenu ->> 'fait' IS NOT DISTINCT FROM l.fait)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0011_ouverture'),
        ('dossier', '0032_actes_des_lettres'),
    ]

    operations = [
        migrations.CreateModel(
            name='AEnvoyer',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='a_envoyer', serialize=False, to='documents.documentemis')),
                ('departement', models.CharField(max_length=3, null=True, verbose_name='département')),
            ],
            options={
                'verbose_name': 'lettre à envoyer',
                'verbose_name_plural': 'lettres à envoyer',
                'indexes': [models.Index(fields=['departement', 'document'], name='a_envoyer_du_departement')],
            },
        ),
        migrations.CreateModel(
            name='Envoi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('departement', models.CharField(max_length=3, verbose_name='département')),
                ('agent', models.BigIntegerField(verbose_name='agent n°')),
                ('prepared_at', models.DateTimeField(auto_now_add=True, verbose_name='préparé le')),
            ],
            options={
                'verbose_name': 'envoi de lettres',
                'verbose_name_plural': 'envois de lettres',
                'indexes': [models.Index(fields=['departement', '-prepared_at'], name='envoi_du_departement')],
            },
        ),
        migrations.CreateModel(
            name='Depart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('jour', models.DateField(verbose_name='parti le')),
                ('agent', models.BigIntegerField(verbose_name='agent n°')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='enregistré le')),
                ('envoi', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='depart', to='documents.envoi')),
            ],
            options={
                'verbose_name': "départ d'un envoi",
                'verbose_name_plural': 'départs des envois',
            },
        ),
        migrations.CreateModel(
            name='LettreDEnvoi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='envoi', to='documents.documentemis')),
                ('envoi', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='documents.envoi')),
            ],
            options={
                'verbose_name': "lettre d'un envoi",
                'verbose_name_plural': 'lettres des envois',
            },
        ),
        migrations.RunSQL(FONCTION, "DROP FUNCTION refuser_retouche_d_envoi();"),
        migrations.RunSQL(DECLENCHEURS, RETOUR),
        migrations.RunSQL(DEJA_FAITES, migrations.RunSQL.noop),
    ]
