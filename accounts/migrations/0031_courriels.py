"""A mail that is to leave is a « courriel »; « envoi » is left to the batches of letters on paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0030_signalements_au_bureau"),
    ]

    operations = [
        migrations.RenameModel(old_name="Envoi", new_name="Courriel"),
        migrations.RenameField(model_name="demandecompte", old_name="envois", new_name="courriels"),
        migrations.AlterModelOptions(
            name="courriel", options={"verbose_name": "courriel", "verbose_name_plural": "courriels"}
        ),
        migrations.AlterField(
            model_name="courriel",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="courriels",
                to=settings.AUTH_USER_MODEL,
                verbose_name="compte",
            ),
        ),
        migrations.RenameIndex(model_name="courriel", old_name="envoi_a_partir", new_name="courriel_a_partir"),
        migrations.RemoveConstraint(model_name="courriel", name="envoi_ne_part_qu_une_fois"),
        migrations.AddConstraint(
            model_name="courriel",
            constraint=models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(prochain_essai_at=None),
                name="courriel_ne_part_qu_une_fois",
            ),
        ),
    ]
