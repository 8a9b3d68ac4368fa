
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_compteur_envoi'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='ferme_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='fermé le'),
        ),
    ]
