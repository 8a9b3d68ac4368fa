"""An annulled measure is erased (L. 225-2 III): who may change a line, and the door (``sql/effacement.sql``)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / "sql"
FONCTIONS = ("refuser_alteration", "garder_decision", "effacement")


class Migration(migrations.Migration):
    dependencies = [("dossier", "0006_etats_et_lettres_sans_objet")]

    operations = [
        migrations.RunSQL(
            "".join((SQL / f"{fonction}.sql").read_text("utf-8") for fonction in FONCTIONS), migrations.RunSQL.noop
        )
    ]
