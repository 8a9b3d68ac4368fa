"""One person is one agent, on both sides of a decision; what was decided is kept (``sql/deux_agents.sql``)."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0002_sql'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='journal',
            name='journal_vise_un_dossier',
        ),
        migrations.AddField(
            model_name='decision',
            name='auteur_personne',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='auteur, comme conducteur'),
        ),
        migrations.AddField(
            model_name='decision',
            name='second_personne',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='second agent, comme conducteur'),
        ),
        migrations.AlterField(
            model_name='journal',
            name='acte',
            field=models.CharField(choices=[('recherche', 'Recherche'), ('consultation', 'Consultation du dossier'), ('vue', 'Pages du conducteur'), ('refus', 'Consultation refusée'), ('blocage', 'Trop de recherches'), ('enregistrement', 'Fait enregistré'), ('proposition', 'Fait soumis à validation'), ('validation', 'Fait validé'), ('rejet', 'Fait écarté'), ('signalement', 'Signalement examiné'), ('traitement', 'Signalement traité'), ('lien_propose', 'Lien soumis à validation'), ('lien_valide', 'Lien validé'), ('lien_rejete', 'Lien écarté'), ('rii', 'RII délivré'), ('lettre', "Lettre préparée pour l'envoi"), ('envoi', 'Lettre envoyée'), ('agent', "Compte d'agent changé")], max_length=16, verbose_name='acte'),
        ),
        migrations.AlterField(
            model_name='journal',
            name='motif',
            field=models.CharField(blank=True, choices=[('guichet', 'Le conducteur est au guichet ou au téléphone'), ('courrier', 'Courrier ou message du conducteur'), ('enregistrement', 'Pièce à enregistrer'), ('justice', "Demande d'une autorité judiciaire ou administrative"), ('controle', "Contrôle d'un enregistrement"), ('decision', "Validation de ce qu'un autre agent a enregistré"), ('signalement', 'Signalement'), ('envoi', 'Envoi des lettres'), ('site', 'Administration du site')], max_length=16, verbose_name='motif'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('second_personne', None), ('auteur_personne', None), models.Q(('second_personne', models.F('auteur_personne')), _negated=True), _connector='OR'), name='decision_deux_personnes'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(('dossier__isnull', False), ('acte__in', ['recherche', 'blocage', 'agent']), ('acte__in', ['signalement', 'traitement', 'lien_propose', 'lien_valide', 'lien_rejete']), _connector='OR'), name='journal_vise_un_dossier'),
        ),
        migrations.RunSQL((SQL / "garder_decision.sql").read_text("utf-8"), "DROP FUNCTION garder_decision() CASCADE"),
        migrations.RunSQL((SQL / "deux_agents.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
