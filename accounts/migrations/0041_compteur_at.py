from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0040_expire_at")]
    operations = [
        migrations.RemoveConstraint("compteur", "compteur_oublie_apres_libre"),
        migrations.RenameField(model_name="compteur", old_name="libre_a", new_name="libre_at"),
        migrations.RenameField(model_name="compteur", old_name="oublie_a", new_name="oublie_at"),
        migrations.AddConstraint(
            "compteur",
            models.CheckConstraint(
                condition=models.Q(oublie_at__gte=models.F("libre_at")), name="compteur_oublie_apres_libre"
            ),
        ),
    ]
