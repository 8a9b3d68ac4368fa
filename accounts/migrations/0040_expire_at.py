from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0031_courriels")]
    operations = [migrations.RenameField(model_name="demandecompte", old_name="expire_le", new_name="expire_at")]
