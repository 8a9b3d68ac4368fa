from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stages", "0030_annonces_par_departement")]
    operations = [migrations.RenameField(model_name="attestation", old_name="recorded_on", new_name="decidee_le")]
