"""Approved centres, sessions, announcements and attestations."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('dossier', '0010_recherche_par_nom'),
    ]

    operations = [
        migrations.CreateModel(
            name='Centre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrement', models.CharField(max_length=20, unique=True, verbose_name="numéro d'agrément")),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('adresse', models.CharField(max_length=300, verbose_name='adresse')),
                ('code_postal', models.CharField(max_length=5, verbose_name='code postal')),
                ('commune', models.CharField(max_length=120, verbose_name='commune')),
                ('departement', models.CharField(max_length=3, verbose_name='département')),
                ('agree_du', models.DateField(verbose_name='agréé du')),
                ('agree_au', models.DateField(verbose_name="agréé jusqu'au")),
                ('source', models.CharField(max_length=300, verbose_name='source de la liste')),
                ('liste_du', models.DateField(verbose_name='date de la liste')),
                ('exemple', models.BooleanField(default=False, verbose_name="donnée d'exemple")),
                ('retire_le', models.DateField(null=True, verbose_name='retiré de la liste le')),
            ],
            options={
                'verbose_name': 'centre agréé',
                'verbose_name_plural': 'centres agréés',
                'indexes': [models.Index(fields=['departement', 'commune', 'nom', 'id'], name='centre_departement'), models.Index(fields=['code_postal', 'commune', 'nom', 'id'], name='centre_code_postal')],
                'constraints': [models.CheckConstraint(condition=models.Q(('agree_au__gte', models.F('agree_du'))), name='centre_periode')],
            },
        ),
        migrations.CreateModel(
            name='VersionCentre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contenu', models.JSONField(verbose_name='contenu remplacé')),
                ('replaced_at', models.DateTimeField(auto_now_add=True, verbose_name='remplacé le')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='stages.centre')),
            ],
            options={
                'verbose_name': 'version de centre',
                'verbose_name_plural': 'versions de centre',
            },
        ),
        migrations.CreateModel(
            name='AnnonceStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrement', models.CharField(max_length=20, verbose_name="numéro d'agrément")),
                ('departement', models.CharField(blank=True, max_length=3, verbose_name='département du stage')),
                ('date_fin', models.DateField(verbose_name='second jour')),
                ('nature', models.CharField(choices=[('volontaire', 'Volontaire'), ('obligatoire', 'Obligatoire (lettre 48N)')], max_length=12, verbose_name='nature')),
                ('announced_at', models.DateTimeField(auto_now_add=True, verbose_name='annoncé le')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annonces_stage', to='dossier.dossier')),
            ],
            options={
                'verbose_name': 'stage annoncé',
                'verbose_name_plural': 'stages annoncés',
                'indexes': [models.Index(fields=['date_fin'], name='annonce_date_fin')],
                'constraints': [models.UniqueConstraint(fields=('dossier', 'date_fin'), name='annonce_unique')],
            },
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agrement', models.CharField(max_length=20, verbose_name="numéro d'agrément")),
                ('session', models.CharField(blank=True, max_length=32, verbose_name='numéro du stage')),
                ('date_debut', models.DateField(verbose_name='premier jour')),
                ('date_fin', models.DateField(verbose_name='dernier jour')),
                ('heures', models.PositiveSmallIntegerField(verbose_name='heures suivies')),
                ('cas', models.CharField(choices=[('volontaire', 'Cas 1 : volontaire'), ('obligatoire', 'Cas 2 : obligatoire en délai probatoire (48N)'), ('alternative', 'Cas 3 : alternative aux poursuites ou composition pénale'), ('peine', 'Cas 4 : peine prononcée par un juge')], max_length=12, verbose_name='cas')),
                ('recue_le', models.DateField(verbose_name='reçue le')),
                ('fait', models.CharField(blank=True, max_length=64, verbose_name='fait enregistré')),
                ('refus', models.CharField(blank=True, max_length=400, verbose_name='motif du refus')),
                ('recorded_on', models.DateField(verbose_name='décidée le')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations_stage', to='dossier.dossier')),
            ],
            options={
                'verbose_name': 'attestation de stage',
                'verbose_name_plural': 'attestations de stage',
                'constraints': [models.UniqueConstraint(fields=('dossier', 'date_fin', 'date_debut', 'agrement', 'cas', 'heures'), name='attestation_unique'), models.CheckConstraint(condition=models.Q(models.Q(('fait', ''), models.Q(('refus', ''), _negated=True)), models.Q(models.Q(('fait', ''), _negated=True), ('refus', '')), _connector='OR'), name='attestation_fait_ou_refus')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(max_length=32, verbose_name='numéro du stage')),
                ('date_debut', models.DateField(verbose_name='premier jour')),
                ('date_fin', models.DateField(verbose_name='second jour')),
                ('places', models.PositiveSmallIntegerField(verbose_name='places')),
                ('lieu', models.CharField(blank=True, max_length=300, verbose_name="lieu, s'il n'est pas celui du centre")),
                ('annulee', models.BooleanField(default=False, verbose_name='annulée')),
                ('centre', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='stages.centre')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'indexes': [models.Index(fields=['centre', 'date_debut'], name='session_a_venir')],
                'constraints': [models.UniqueConstraint(fields=('centre', 'numero'), name='session_numero_unique'), models.CheckConstraint(condition=models.Q(('date_fin', django.db.models.expressions.CombinedExpression(models.F('date_debut'), '+', models.Value(datetime.timedelta(days=1))))), name='session_deux_jours'), models.CheckConstraint(condition=models.Q(('places__range', (6, 20))), name='session_places')],
            },
        ),
    ]
