"""The words of the desk: short, and those of the pieces that an agent holds."""

from dossier.rules.mots import complet
from dossier.rules.vocabulaire import (
    Avis,
    ControleMedical,
    Etat,
    Filiere,
    Gravite,
    IssueLettre,
    Mesure,
    MotifLevee,
    MotifSuspension,
    NatureStage,
    Portee,
    Preuve,
    TypeFait,
)

#: What a fact is called, and the field of the day by which it is sorted.
FAITS = complet(
    TypeFait,
    {
        TypeFait.PERMIS_OBTENU: ("Permis obtenu", "date_obtention"),
        TypeFait.FORMATION_COMPLEMENTAIRE: ("Formation complémentaire", "date_fin"),
        TypeFait.INFRACTION: ("Infraction", "date_commission"),
        TypeFait.INFRACTION_ANNULEE: ("Infraction annulée", "date_decision"),
        TypeFait.STAGE: ("Stage", "date_fin"),
        TypeFait.SUSPENSION: ("Suspension", "date_debut"),
        TypeFait.LETTRE: ("Lettre", "date_envoi"),
        TypeFait.INVALIDATION: ("Invalidation (48SI notifiée)", "date_notification"),
        TypeFait.ANNULATION: ("Annulation par un juge", "date_effet"),
        TypeFait.RESTITUTION_TITRE: ("Titre remis", "date_restitution"),
        TypeFait.VISITE_MEDICALE: ("Visite médicale", "date_visite"),
        TypeFait.RESULTAT_EXAMEN: ("Résultat d'examen", "date_examen"),
        TypeFait.LEVEE: ("Mesure levée", "date_effet"),
        TypeFait.RETABLISSEMENT: ("Mesure rétablie", "date_effet"),
        TypeFait.ECHANGE: ("Échange à l'étranger", "date_echange"),
        TypeFait.DECES: ("Décès", "date_deces"),
        TypeFait.PERMIS_ETRANGER: ("Permis étranger", "date_debut"),
        TypeFait.INTERDICTION_CIRCULER: ("Interdiction de circuler", "date_notification"),
    },
)
ETATS = complet(
    Etat,
    {
        Etat.SANS_PERMIS: "aucun permis",
        Etat.VALIDE: "valide",
        Etat.SOLDE_NUL: "solde nul",
        Etat.SUSPENDU: "suspendu",
        Etat.INVALIDE: "invalidé",
        Etat.ANNULE: "annulé",
        Etat.ECHANGE: "échangé à l'étranger",
        Etat.INTERDIT: "interdit de circuler",
        Etat.DECEDE: "décédé",
    },
)
GRAVITES = complet(Gravite, {Gravite.CONTRAVENTION: "contravention", Gravite.DELIT: "délit"})
PREUVES = complet(
    Preuve,
    {
        Preuve.PAIEMENT: "paiement de l'amende",
        Preuve.AMENDE_MAJOREE: "amende forfaitaire majorée",
        Preuve.COMPOSITION_PENALE: "composition pénale",
        Preuve.CONDAMNATION: "condamnation définitive",
    },
)
#: The same as a form offers it, in full.
PREUVES_AU_CHOIX = complet(
    Preuve,
    {
        Preuve.PAIEMENT: "Paiement de l'amende forfaitaire",
        Preuve.AMENDE_MAJOREE: "Titre exécutoire de l'amende forfaitaire majorée",
        Preuve.COMPOSITION_PENALE: "Exécution d'une composition pénale",
        Preuve.CONDAMNATION: "Condamnation définitive",
    },
)
STAGES = complet(
    NatureStage,
    {
        NatureStage.VOLONTAIRE: "Volontaire",
        NatureStage.OBLIGATOIRE: "Obligatoire (lettre 48N)",
        NatureStage.JUDICIAIRE: "Judiciaire (peine, composition pénale)",
    },
)
MESURES = complet(
    Mesure,
    {
        Mesure.ADMINISTRATIVE: "Administrative",
        Mesure.JUDICIAIRE: "Judiciaire",
        Mesure.RESTRICTION: "Restriction : véhicules équipés d'un éthylotest",
    },
)
AVIS = complet(
    Avis,
    {Avis.APTE: "apte", Avis.APTE_AVEC_RESTRICTIONS: "apte avec restrictions", Avis.INAPTE: "inapte"},
)
FILIERES = complet(
    Filiere,
    {
        Filiere.CLASSIQUE: "classique",
        Filiere.AAC: "conduite accompagnée",
        Filiere.SUPERVISEE: "conduite supervisée",
    },
)
MOTIFS_SUSPENSION = complet(
    MotifSuspension, {MotifSuspension.INFRACTION: "après une infraction", MotifSuspension.MEDICALE: "médicale"}
)
CONTROLES = complet(
    ControleMedical,
    {
        ControleMedical.REQUIS: "contrôle médical requis avant de reconduire",
        ControleMedical.NON_REQUIS: "aucun contrôle médical requis",
    },
)
#: What the post did of a letter.
ISSUES = complet(
    IssueLettre,
    {
        IssueLettre.REMISE: "remise",
        IssueLettre.AVISEE_NON_RECLAMEE: "avisée et non réclamée",
        IssueLettre.REFUSEE: "refusée",
        IssueLettre.NPAI: "revenue, destinataire inconnu à l'adresse",
        IssueLettre.PERDUE: "perdue",
    },
)
PORTEES = complet(
    Portee,
    {
        Portee.RETROACTIVE: "comme si la mesure n'avait jamais existé",
        Portee.PROVISOIRE: "à titre provisoire, jusqu'au jugement (référé)",
        Portee.A_COMPTER: "à compter de la date d'effet seulement (mainlevée)",
    },
)
MOTIFS_LEVEE = complet(
    MotifLevee,
    {
        MotifLevee.RETRAIT: "retirée par l'administration",
        MotifLevee.ANNULATION_JUGE: "annulée par un juge",
        MotifLevee.INFIRMATION: "infirmée en appel",
        MotifLevee.REFERE: "suspendue en référé",
        MotifLevee.RELAXE: "relaxe ou non-lieu",
        MotifLevee.MAINLEVEE: "mainlevée",
        MotifLevee.ERREUR: "enregistrée par erreur",
    },
)
#: What decides whether a 48SI was notified, by what the post did of it.
CE_QUI_DECIDE = complet(
    IssueLettre,
    {
        IssueLettre.REMISE: "Notifiée le jour de la remise (article R. 223-3, III).",
        IssueLettre.AVISEE_NON_RECLAMEE: (
            "Présentée, avisée et non retirée dans le délai de la Poste : notifiée le jour de sa présentation (Conseil "
            "d'État, 17 avril 2025, n° 492072)."
        ),
        IssueLettre.REFUSEE: (
            "Refusée : notifiée le jour de sa présentation (Conseil d'État, 17 avril 2025, n° 492072)."
        ),
        IssueLettre.NPAI: (
            "Revenue sans avoir été présentée au destinataire : notifiée seulement si l'adresse était la bonne, ou si "
            "l'erreur vient du titulaire (Conseil d'État, avis du 18 septembre 2009, n° 327027)."
        ),
        IssueLettre.PERDUE: "Perdue : elle n'est pas notifiée.",
    },
)
AILLEURS = (
    "Présentée ailleurs qu'à l'adresse du dossier : notifiée seulement si cette adresse était la bonne, ou si l'erreur "
    "vient du titulaire (Conseil d'État, avis du 18 septembre 2009, n° 327027)."
)
