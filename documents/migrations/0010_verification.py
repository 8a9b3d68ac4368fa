"""Each check of a document, and the index of the few documents that the status list names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_document_immuable'),
    ]

    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('faite_at', models.DateTimeField(verbose_name='faite à')),
                ('voie', models.CharField(choices=[('qr', 'code QR'), ('code', 'code à seize caractères')], max_length=4, verbose_name='voie')),
                ('conclusion', models.CharField(max_length=32, verbose_name='conclusion')),
            ],
            options={
                'verbose_name': 'vérification',
                'verbose_name_plural': 'vérifications',
            },
        ),
        migrations.AddIndex(
            model_name='documentemis',
            index=models.Index(condition=models.Q(('statut', 0), _negated=True), fields=['index_statut'], name='document_statut_change'),
        ),
        migrations.AddField(
            model_name='verification',
            name='document',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='documents.documentemis'),
        ),
        migrations.AddIndex(
            model_name='verification',
            index=models.Index(fields=['document', '-faite_at'], name='verification_du_document'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('voie__in', ['qr', 'code'])), name='verification_voie'),
        ),
    ]
