"""What the journal says of signalements, of the accounts of a dossier and of the RII sent by post."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0022_recherche_par_identite'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='journal',
            name='journal_vise_un_dossier',
        ),
        migrations.AlterField(
            model_name='journal',
            name='acte',
            field=models.CharField(choices=[('recherche', 'Recherche'), ('consultation', 'Consultation du dossier'), ('vue', 'Pages du conducteur'), ('refus', 'Consultation refusée'), ('blocage', 'Trop de recherches'), ('enregistrement', 'Fait enregistré'), ('proposition', 'Fait soumis à validation'), ('validation', 'Fait validé'), ('rejet', 'Fait écarté'), ('signalement', 'Signalement examiné'), ('traitement', 'Signalement traité'), ('lien_propose', 'Lien soumis à validation'), ('lien_valide', 'Lien validé'), ('lien_rejete', 'Lien écarté'), ('rii', 'RII délivré')], max_length=16, verbose_name='acte'),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.CheckConstraint(condition=models.Q(('dossier__isnull', False), ('acte__in', ['recherche', 'blocage']), ('acte__in', ['signalement', 'traitement', 'lien_propose', 'lien_valide', 'lien_rejete']), _connector='OR'), name='journal_vise_un_dossier'),
        ),
    ]
