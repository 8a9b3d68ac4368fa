from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0041_compteur_at"), ("dossier", "0040_deux_agents")]
    operations = [
        migrations.RemoveConstraint("propositionlien", "proposition_deux_agents"),
        migrations.RemoveConstraint("propositionlien", "proposition_tranchee_par_quelqu_un"),
        migrations.RemoveConstraint("propositionlien", "proposition_refusee_dit_pourquoi"),
    ]
