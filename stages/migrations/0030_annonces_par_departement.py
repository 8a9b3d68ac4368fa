"""Announced courses without attestation, found by the département of their centre: the desk asks every morning."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0032_actes_des_lettres'),
        ('stages', '0002_effacement_des_stages'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='annoncestage',
            name='annonce_date_fin',
        ),
        migrations.AddIndex(
            model_name='annoncestage',
            index=models.Index(fields=['departement', 'date_fin'], name='annonce_departement'),
        ),
    ]
