"""The desk's side of the signalements: who looks after one, the exchange, and what two agents decide of an account.

``reponse`` goes: nothing ever wrote it, and an answer is a message. The messages are only added: the ledger's function
refuses the rest (dossier 0004).
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_roles_des_agents'),
        ('dossier', '0030_actes_des_signalements'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageSignalement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='clé')),
                ('texte', models.TextField(max_length=4000, verbose_name='texte')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrit le')),
            ],
            options={
                'verbose_name': "message d'un signalement",
                'verbose_name_plural': 'messages des signalements',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PropositionLien',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('rattacher', 'Rattacher le compte au dossier'), ('retirer', 'Retirer le dossier au compte'), ('bloquer', 'Bloquer le compte et lui retirer le dossier'), ('debloquer', "Laisser le compte, ou l'identité FranceConnect, revenir")], max_length=10, verbose_name='nature')),
                ('raisons', models.TextField(max_length=1000, verbose_name='raisons')),
                ('statut', models.CharField(choices=[('attente', 'En attente'), ('approuvee', 'Approuvée'), ('refusee', 'Refusée')], default='attente', max_length=9, verbose_name='statut')),
                ('proposee_at', models.DateTimeField(auto_now_add=True, verbose_name='proposée le')),
                ('tranchee_at', models.DateTimeField(null=True, verbose_name='tranchée le')),
                ('refus', models.CharField(blank=True, max_length=300, verbose_name='raison du refus')),
            ],
            options={
                'verbose_name': 'proposition de lien',
                'verbose_name_plural': 'propositions de lien',
            },
        ),
        migrations.RemoveConstraint(
            model_name='signalement',
            name='signalement_clos_avec_reponse',
        ),
        migrations.RemoveConstraint(
            model_name='signalement',
            name='signalement_un_ouvert_par_motif',
        ),
        migrations.RemoveField(
            model_name='signalement',
            name='reponse',
        ),
        migrations.AddField(
            model_name='signalement',
            name='agent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signalements', to='accounts.agent', verbose_name='suivi par'),
        ),
        migrations.AddField(
            model_name='signalement',
            name='dossier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signalements', to='dossier.dossier'),
        ),
        migrations.AddField(
            model_name='signalement',
            name='repondu_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='dernière réponse le'),
        ),
        migrations.AddField(
            model_name='user',
            name='bloque_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='bloqué le'),
        ),
        migrations.AlterField(
            model_name='signalement',
            name='motif',
            field=models.CharField(choices=[('inconnu', 'Mon numéro de dossier est introuvable'), ('discordant', 'Mon état civil ne correspond pas au dossier'), ('pas_moi', "Le dossier proposé n'est pas le mien"), ('introuve', "Mon dossier n'a pas pu être retrouvé avec FranceConnect"), ('donnees', 'Des informations de mon dossier sont inexactes'), ('autre_personne', "Mon dossier contient des informations d'une autre personne"), ('stage', "Mon stage n'est pas compté"), ('suspect', 'Un compte que je ne connais pas ouvre mon dossier')], max_length=16, verbose_name='motif'),
        ),
        migrations.AlterField(
            model_name='signalement',
            name='statut',
            field=models.CharField(choices=[('recu', 'Reçu'), ('en_cours', "En cours d'examen"), ('repondu', 'Réponse donnée'), ('clos', 'Clos')], default='recu', max_length=8, verbose_name='statut'),
        ),
        migrations.AddConstraint(
            model_name='signalement',
            constraint=models.UniqueConstraint(condition=models.Q(('statut', 'clos'), _negated=True), fields=('user', 'motif'), name='signalement_un_ouvert_par_motif'),
        ),
        migrations.AddConstraint(
            model_name='signalement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agent', None), ('statut', 'recu')), models.Q(('statut__in', ['en_cours', 'repondu', 'clos']), ('agent__isnull', False)), _connector='OR'), name='signalement_suivi_par_quelqu_un'),
        ),
        migrations.AddConstraint(
            model_name='signalement',
            constraint=models.CheckConstraint(condition=models.Q(('statut__in', ['recu', 'en_cours']), ('repondu_at__isnull', False), _connector='OR'), name='signalement_clos_avec_reponse'),
        ),
        migrations.AddField(
            model_name='messagesignalement',
            name='agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agent', verbose_name='agent'),
        ),
        migrations.AddField(
            model_name='messagesignalement',
            name='signalement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='accounts.signalement'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='auteur',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agent'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='compte',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='dossier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossier.dossier'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='rattachement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.rattachement'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='second',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agent'),
        ),
        migrations.AddField(
            model_name='propositionlien',
            name='signalement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='propositions', to='accounts.signalement'),
        ),
        migrations.AddConstraint(
            model_name='messagesignalement',
            constraint=models.CheckConstraint(condition=models.Q(('texte', ''), _negated=True), name='message_non_vide'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.UniqueConstraint(condition=models.Q(('statut', 'attente')), fields=('signalement',), name='proposition_une_en_attente'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.CheckConstraint(condition=models.Q(('second', models.F('auteur')), _negated=True), name='proposition_deux_agents'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('second', None), ('statut', 'attente'), ('tranchee_at', None)), models.Q(('statut__in', ['approuvee', 'refusee']), ('second__isnull', False), ('tranchee_at__isnull', False)), _connector='OR'), name='proposition_tranchee_par_quelqu_un'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('statut', 'refusee'), _negated=True), models.Q(('refus', ''), _negated=True), _connector='OR'), name='proposition_refusee_dit_pourquoi'),
        ),
        migrations.AddConstraint(
            model_name='propositionlien',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dossier__isnull', False), ('nature', 'rattacher'), ('rattachement', None)), models.Q(('nature__in', ['retirer', 'bloquer']), ('compte__isnull', False), ('dossier__isnull', False), ('rattachement__isnull', False)), models.Q(('compte__isnull', False), ('dossier', None), ('nature', 'debloquer'), ('rattachement', None)), _connector='OR'), name='proposition_vise_quelque_chose'),
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON accounts_messagesignalement
                FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
            CREATE TRIGGER table_immuable BEFORE TRUNCATE ON accounts_messagesignalement
                FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
            ALTER TABLE accounts_messagesignalement ENABLE ALWAYS TRIGGER ligne_immuable;
            ALTER TABLE accounts_messagesignalement ENABLE ALWAYS TRIGGER table_immuable;
            """,
            """
            DROP TRIGGER ligne_immuable ON accounts_messagesignalement;
            DROP TRIGGER table_immuable ON accounts_messagesignalement;
            """,
        ),
    ]
