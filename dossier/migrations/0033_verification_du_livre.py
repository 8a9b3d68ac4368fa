"""The ledger's verification says what it verifies: a « vérification » alone is somebody's check of an ADCS."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dossier", "0032_actes_des_lettres"),
    ]

    operations = [
        migrations.RenameModel(old_name="Verification", new_name="VerificationDuLivre"),
    ]
