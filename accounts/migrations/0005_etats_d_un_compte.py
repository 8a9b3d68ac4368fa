"""Who closed an account is kept, and whether it is open follows from it: nobody writes it any more."""

from django.db import migrations, models

#: Closed, and neither by its owner nor by two agents: with the work of an agent, else by an operator.
REPRENDRE = """
UPDATE accounts_user u SET desactive_at = coalesce(
    (SELECT coalesce(a.suspendu_at, a.fini_at) FROM accounts_agent a WHERE a.user_id = u.id), now()
) WHERE NOT u.is_active AND u.ferme_at IS NULL AND u.bloque_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_demandes_retenues")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="desactive_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="désactivé le"),
        ),
        migrations.RunSQL(REPRENDRE, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="user", name="is_active"),
        migrations.AddField(
            model_name="user",
            name="is_active",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(("bloque_at", None), ("desactive_at", None), ("ferme_at", None)),
                output_field=models.BooleanField(),
                verbose_name="actif",
            ),
        ),
    ]
