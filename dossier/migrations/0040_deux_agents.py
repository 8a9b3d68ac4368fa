from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossier", "0033_verification_du_livre")]
    operations = [
        migrations.RemoveConstraint("decision", "decision_ecartee_avec_raison"),
        migrations.RenameField(model_name="decision", old_name="raison", new_name="refus"),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=~models.Q(statut="ecartee") | ~models.Q(refus=""), name="decision_ecartee_dit_pourquoi"
            ),
        ),
    ]
