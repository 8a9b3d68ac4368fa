"""The words of the documents: each code with its meaning, for who keeps them or is shown them."""

from dossier.rules.articles import L224_9, article_lisible
from dossier.rules.francais import en_toutes_lettres, mois_en_lettres
from dossier.rules.mots import complet
from dossier.rules.parametres import SEUIL_48M, STAGE_OBLIGATOIRE_MOIS, STAGE_OBLIGATOIRE_POINTS
from dossier.rules.vocabulaire import (
    FINS,
    Avis,
    ControleMedical,
    Epreuve,
    EtatTitre,
    Filiere,
    FormatTitre,
    Gravite,
    IssueLettre,
    Mesure,
    MotifLevee,
    MotifSuspension,
    Nature,
    NatureStage,
    Portee,
    Preuve,
    Reference,
)

GRAVITES = complet(Gravite, {Gravite.CONTRAVENTION: "Contravention", Gravite.DELIT: "Délit"})
#: With the national file's code where it has one.
PREUVES = complet(
    Preuve,
    {
        Preuve.PAIEMENT: "AF, amende forfaitaire\u00a0: elle a été payée, ce qui établit l'infraction",
        Preuve.AMENDE_MAJOREE: (
            "AM, amende forfaitaire majorée\u00a0: ni payée ni contestée à temps, elle établit l'infraction"
        ),
        Preuve.COMPOSITION_PENALE: "composition pénale\u00a0: la peine proposée par le procureur a été exécutée",
        Preuve.CONDAMNATION: "jugement\u00a0: la condamnation est devenue définitive",
    },
)
LETTRES = complet(
    Reference,
    {
        Reference.L46: "des points vous sont rendus sans démarche",
        Reference.L47: "un stage vous a rendu des points",
        Reference.L48: "des points vous sont retirés",
        Reference.L48M: (
            f"des points vous sont retirés et il vous en reste {en_toutes_lettres(SEUIL_48M.derniere)} au plus\u00a0: "
            "un stage est conseillé"
        ),
        Reference.L48N: (
            f"{en_toutes_lettres(STAGE_OBLIGATOIRE_POINTS.derniere)} points au moins retirés en délai "
            f"probatoire\u00a0: un stage est obligatoire dans les {mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.derniere)}"
        ),
        Reference.L48SI: "il ne vous reste aucun point\u00a0: le permis est invalidé et doit être rendu",
    },
)
#: What a letter is about, as its first line says it.
OBJETS = complet(
    Reference,
    {
        Reference.L46: "Des points vous sont rendus",
        Reference.L47: "Votre stage vous rend des points",
        Reference.L48: "Retrait de points",
        Reference.L48M: "Retrait de points, et stage conseillé",
        Reference.L48N: "Retrait de points, et stage obligatoire",
        Reference.L48SI: "Votre permis de conduire est invalidé",
    },
)
STAGES = complet(
    NatureStage,
    {
        NatureStage.VOLONTAIRE: "volontaire",
        NatureStage.OBLIGATOIRE: "obligatoire",
        NatureStage.JUDICIAIRE: "décidé par un juge",
    },
)
MESURES = complet(
    Mesure,
    {
        Mesure.ADMINISTRATIVE: "Suspension administrative",
        Mesure.JUDICIAIRE: "Suspension judiciaire",
        Mesure.RESTRICTION: "Conduite limitée aux véhicules équipés d'un éthylotest antidémarrage",
    },
)
MOTIFS_DE_SUSPENSION = complet(
    MotifSuspension,
    {
        MotifSuspension.INFRACTION: "À la suite d'une infraction",
        MotifSuspension.MEDICALE: "Pour raison médicale",
    },
)
CONTROLES = complet(
    ControleMedical,
    {
        ControleMedical.REQUIS: "Un contrôle médical est exigé avant de conduire de nouveau",
        ControleMedical.NON_REQUIS: "Aucun contrôle médical n'est exigé",
    },
)
ISSUES = complet(
    IssueLettre,
    {
        IssueLettre.REMISE: "Remise",
        IssueLettre.AVISEE_NON_RECLAMEE: "Non retirée à La Poste",
        IssueLettre.REFUSEE: "Refusée",
        IssueLettre.NPAI: "Revenue\u00a0: la poste ne vous a pas trouvé à cette adresse",
        IssueLettre.PERDUE: "Perdue par la poste",
    },
)
AVIS = complet(
    Avis,
    {Avis.APTE: "apte", Avis.APTE_AVEC_RESTRICTIONS: "apte avec restrictions", Avis.INAPTE: "inapte"},
)
LEVEES = complet(
    Portee,
    {
        Portee.RETROACTIVE: "Mesure levée\u00a0: elle est réputée n'avoir jamais existé",
        Portee.PROVISOIRE: "Mesure suspendue par un juge, jusqu'au jugement",
        Portee.A_COMPTER: "Mesure levée à compter de ce jour",
    },
)
#: What became of a measure, beside it; ``{}``: since when.
DEFAITS = complet(
    Portee,
    {
        Portee.RETROACTIVE: ("Ne compte pas, comme si cela n'avait jamais eu lieu\u00a0: décision à effet du ", ""),
        Portee.PROVISOIRE: (
            "Sans effet pour l'instant\u00a0: un juge l'a suspendue à compter du ",
            ", jusqu'au jugement",
        ),
        Portee.A_COMPTER: ("Levée\u00a0: elle ne court plus à compter du ", ""),
    },
)


MOTIFS_DE_LEVEE = complet(
    MotifLevee,
    {
        MotifLevee.RETRAIT: "Retirée par l'administration",
        MotifLevee.ANNULATION_JUGE: "Annulée par un juge",
        MotifLevee.INFIRMATION: "Jugement infirmé en appel",
        MotifLevee.REFERE: "Décision d'un juge des référés",
        MotifLevee.RELAXE: f"Relaxe, ou absence de mesure prononcée par le juge ({article_lisible(L224_9)})",
        MotifLevee.MAINLEVEE: "Mainlevée",
        MotifLevee.ERREUR: "Erreur corrigée",
    },
)
#: The end of a licence, or of the points that a foreign one has, where a movement says its points.
FINS_DITES = complet(
    FINS,
    {
        Nature.INVALIDATION: "fin du permis",
        Nature.ANNULATION: "fin du permis",
        Nature.ECHANGE: "fin du permis",
        Nature.INTERDICTION: "fin des points",
        Nature.FIN_PERMIS_ETRANGER: "fin des points",
    },
)
FILIERES = complet(
    Filiere,
    {
        Filiere.CLASSIQUE: "filière classique",
        Filiere.AAC: "apprentissage anticipé de la conduite, ou conduite accompagnée (AAC)",
        Filiere.SUPERVISEE: "conduite supervisée",
    },
)
EPREUVES = complet(Epreuve, {Epreuve.THEORIQUE: "Épreuve théorique", Epreuve.PRATIQUE: "Épreuve pratique"})
FORMATS = complet(
    FormatTitre,
    {FormatTitre.CARTE: "carte", FormatTitre.TROIS_VOLETS: "trois volets", FormatTitre.ETRANGER: "permis étranger"},
)
ETATS_DU_TITRE = complet(
    EtatTitre,
    {
        EtatTitre.ACTIF: "actif",
        EtatTitre.PERDU: "perdu",
        EtatTitre.VOLE: "volé",
        EtatTitre.RESTITUE: "restitué",
        EtatTitre.ANNULE: "annulé",
    },
)


def defait(portee: Portee, jour: str) -> str:
    """How far a measure is undone, since a day in words."""
    avant, apres = DEFAITS[portee]
    return f"{avant}{jour}{apres}"
