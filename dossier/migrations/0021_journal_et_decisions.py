"""The journal, to which one only adds, and the decisions that wait for a second agent.

The journal's triggers are those of the ledger (0004): the same function refuses, whoever asks.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0020_departement'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='clé')),
                ('departement', models.CharField(max_length=3, verbose_name='département')),
                ('acte', models.CharField(max_length=24, verbose_name='acte')),
                ('faits', models.JSONField(verbose_name='faits')),
                ('effet', models.JSONField(verbose_name="effet vu par l'auteur")),
                ('piece', models.CharField(max_length=200, verbose_name='pièce')),
                ('statut', models.CharField(choices=[('attente', 'En attente'), ('validee', 'Validée'), ('ecartee', 'Écartée')], default='attente', max_length=8, verbose_name='statut')),
                ('auteur', models.BigIntegerField(verbose_name='agent n°')),
                ('proposee_at', models.DateTimeField(auto_now_add=True, verbose_name='soumise le')),
                ('second', models.BigIntegerField(null=True, verbose_name='second agent n°')),
                ('tranchee_at', models.DateTimeField(null=True, verbose_name='tranchée le')),
                ('effet_tranche', models.JSONField(null=True, verbose_name='effet vu par le second agent')),
                ('raison', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='dossier.dossier')),
            ],
            options={
                'verbose_name': 'décision',
                'verbose_name_plural': 'décisions à valider',
                'indexes': [models.Index(condition=models.Q(('statut', 'attente')), fields=['departement', 'proposee_at'], name='decision_en_attente'), models.Index(fields=['auteur', '-proposee_at'], name='decision_par_auteur')],
                'constraints': [models.CheckConstraint(condition=models.Q(('second', None), models.Q(('second', models.F('auteur')), _negated=True), _connector='OR'), name='decision_deux_agents'), models.CheckConstraint(condition=models.Q(models.Q(('second', None), ('statut', 'attente'), ('tranchee_at', None)), models.Q(('statut__in', ['validee', 'ecartee']), ('second__isnull', False), ('tranchee_at__isnull', False)), _connector='OR'), name='decision_tranchee_par_quelqu_un'), models.CheckConstraint(condition=models.Q(models.Q(('statut', 'ecartee'), _negated=True), models.Q(('raison', ''), _negated=True), _connector='OR'), name='decision_ecartee_avec_raison')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('agent', models.BigIntegerField(verbose_name='agent n°')),
                ('role', models.CharField(max_length=14, verbose_name='rôle')),
                ('departement', models.CharField(max_length=3, null=True, verbose_name='département')),
                ('acte', models.CharField(choices=[('recherche', 'Recherche'), ('consultation', 'Consultation du dossier'), ('vue', 'Pages du conducteur'), ('refus', 'Consultation refusée'), ('blocage', 'Trop de recherches'), ('enregistrement', 'Fait enregistré'), ('proposition', 'Fait soumis à validation'), ('validation', 'Fait validé'), ('rejet', 'Fait écarté')], max_length=16, verbose_name='acte')),
                ('motif', models.CharField(blank=True, choices=[('guichet', 'Le conducteur est au guichet ou au téléphone'), ('courrier', 'Courrier ou message du conducteur'), ('enregistrement', 'Pièce à enregistrer'), ('justice', "Demande d'une autorité judiciaire ou administrative"), ('controle', "Contrôle d'un enregistrement"), ('decision', "Validation de ce qu'un autre agent a enregistré"), ('signalement', 'Signalement')], max_length=16, verbose_name='motif')),
                ('precision', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('reseau', models.CharField(max_length=49, verbose_name='réseau')),
                ('dossier', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='dossier.dossier')),
            ],
            options={
                'verbose_name': 'ligne du journal',
                'verbose_name_plural': 'lignes du journal',
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['dossier', '-at'], name='journal_dossier'), models.Index(fields=['agent', '-at'], name='journal_agent'), models.Index(fields=['-at'], name='journal_date')],
                'constraints': [models.CheckConstraint(condition=models.Q(('dossier__isnull', False), ('acte__in', ['recherche', 'blocage']), _connector='OR'), name='journal_vise_un_dossier'), models.CheckConstraint(condition=models.Q(('acte', 'blocage'), models.Q(('motif', ''), _negated=True), _connector='OR'), name='journal_a_un_motif')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON dossier_journal
                FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
            CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_journal
                FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
            ALTER TABLE dossier_journal ENABLE ALWAYS TRIGGER ligne_immuable;
            ALTER TABLE dossier_journal ENABLE ALWAYS TRIGGER table_immuable;
            """,
            """
            DROP TRIGGER ligne_immuable ON dossier_journal;
            DROP TRIGGER table_immuable ON dossier_journal;
            """,
        ),
    ]
