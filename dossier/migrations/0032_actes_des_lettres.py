"""What the journal says of the letters that an agent sends."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossier', '0031_chargements'),
    ]

    operations = [
        migrations.AlterField(
            model_name='journal',
            name='acte',
            field=models.CharField(choices=[('recherche', 'Recherche'), ('consultation', 'Consultation du dossier'), ('vue', 'Pages du conducteur'), ('refus', 'Consultation refusée'), ('blocage', 'Trop de recherches'), ('enregistrement', 'Fait enregistré'), ('proposition', 'Fait soumis à validation'), ('validation', 'Fait validé'), ('rejet', 'Fait écarté'), ('signalement', 'Signalement examiné'), ('traitement', 'Signalement traité'), ('lien_propose', 'Lien soumis à validation'), ('lien_valide', 'Lien validé'), ('lien_rejete', 'Lien écarté'), ('rii', 'RII délivré'), ('lettre', "Lettre préparée pour l'envoi"), ('envoi', 'Lettre envoyée')], max_length=16, verbose_name='acte'),
        ),
        migrations.AlterField(
            model_name='journal',
            name='motif',
            field=models.CharField(blank=True, choices=[('guichet', 'Le conducteur est au guichet ou au téléphone'), ('courrier', 'Courrier ou message du conducteur'), ('enregistrement', 'Pièce à enregistrer'), ('justice', "Demande d'une autorité judiciaire ou administrative"), ('controle', "Contrôle d'un enregistrement"), ('decision', "Validation de ce qu'un autre agent a enregistré"), ('signalement', 'Signalement'), ('envoi', 'Envoi des lettres')], max_length=16, verbose_name='motif'),
        ),
    ]
