"""What a loading of the national file gave, in numbers: the desk's first page says it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0030_actes_des_signalements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Importation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='commencé le')),
                ('finished_at', models.DateTimeField(auto_now_add=True, verbose_name='terminé le')),
                ('acceptes', models.PositiveIntegerField(verbose_name='lignes acceptées')),
                ('inchanges', models.PositiveIntegerField(verbose_name='lignes inchangées')),
                ('refuses', models.PositiveIntegerField(verbose_name='lignes refusées')),
            ],
            options={
                'verbose_name': 'chargement',
                'verbose_name_plural': 'chargements',
                'ordering': ('-pk',),
            },
        ),
    ]
