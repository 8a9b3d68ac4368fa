
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_compte_ferme'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='agent', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('departement', models.CharField(max_length=3, verbose_name='département')),
            ],
            options={
                'verbose_name': 'agent',
                'verbose_name_plural': 'agents',
                'constraints': [models.CheckConstraint(condition=models.Q(('departement__regex', '^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])$')), name='agent_departement_connu')],
            },
        ),
    ]
