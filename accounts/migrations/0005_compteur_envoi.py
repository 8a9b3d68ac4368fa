
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_rattachements_par_numero'),
    ]

    operations = [
        migrations.CreateModel(
            name='Compteur',
            fields=[
                ('cle', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='clé')),
                ('essais', models.PositiveIntegerField(verbose_name='essais')),
                ('libre_a', models.DateTimeField(verbose_name='libre à')),
                ('oublie_a', models.DateTimeField(db_index=True, verbose_name='oublié à')),
            ],
            options={
                'verbose_name': 'compteur',
                'verbose_name_plural': 'compteurs',
                'constraints': [models.CheckConstraint(condition=models.Q(('essais__gte', 0)), name='compteur_essais_positif'), models.CheckConstraint(condition=models.Q(('oublie_a__gte', models.F('libre_a'))), name='compteur_oublie_apres_libre')],
            },
        ),
        migrations.CreateModel(
            name='Envoi',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('destinataire', models.EmailField(max_length=254, verbose_name='destinataire')),
                ('modele', models.CharField(max_length=80, verbose_name='modèle')),
                ('cle', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name="clé d'unicité")),
                ('sujet', models.CharField(max_length=200, verbose_name='sujet')),
                ('texte', models.TextField(blank=True, verbose_name='texte')),
                ('html', models.TextField(blank=True, verbose_name='HTML')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrit le')),
                ('essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('prochain_essai_at', models.DateTimeField(blank=True, null=True, verbose_name='prochain essai')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='parti le')),
                ('proteste_at', models.DateTimeField(blank=True, null=True, verbose_name="« ce n'était pas moi » le")),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='envois', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'envoi',
                'verbose_name_plural': 'envois',
                'indexes': [models.Index(condition=models.Q(('prochain_essai_at__isnull', False)), fields=['prochain_essai_at'], name='envoi_a_partir')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('prochain_essai_at', None), _connector='OR'), name='envoi_ne_part_qu_une_fois')],
            },
        ),
    ]
