"""One person is one agent, on both sides of a decision; what was decided is kept (``sql/propositions.sql``)."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sql'),
        ('dossier', '0003_agents_et_personnes'),
    ]

    operations = [
        migrations.AddField(
            model_name='agent',
            name='fini_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='terminé le'),
        ),
        migrations.AddField(
            model_name='agent',
            name='suspendu_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='suspendu le'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='auteur_personne',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='auteur, comme conducteur'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='second_personne',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='second agent, comme conducteur'),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.UniqueConstraint(condition=models.Q(('fini_at', None)), fields=('dossier',), name='agent_un_seul_actif_par_personne'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.CheckConstraint(condition=models.Q(('second_personne', None), ('auteur_personne', None), models.Q(('second_personne', models.F('auteur_personne')), _negated=True), _connector='OR'), name='propositionlien_deux_personnes'),
        ),
        migrations.RunSQL((SQL / "propositions.sql").read_text("utf-8"), "DROP TRIGGER decision_gardee ON accounts_propositionlien"),
    ]
