"""The words of the driver's pages and letters."""

from datetime import date
from typing import NamedTuple

from dossier.rules.mots import complet
from dossier.rules.parametres import (
    DIX_ANS,
    FORMATION_MOIS,
    POINTS_MAX,
    REMBOURSEMENT_JOURS_OUVRABLES,
    REMBOURSEMENT_PIECES_JOURS_OUVRABLES,
)
from dossier.rules.vocabulaire import (
    FINS,
    HORS_CALCUL,
    Epreuve,
    Etat,
    Nature,
    NatureStage,
    Preuve,
    Regime,
    Resultat,
    TypeFait,
)


def remboursement_de_l_amende(jour: date) -> str:
    """How the course of a 48N gives the fine back (R. 223-8 IV), by last day of the course."""
    delai, pieces = (p.au(jour) for p in (REMBOURSEMENT_JOURS_OUVRABLES, REMBOURSEMENT_PIECES_JOURS_OUVRABLES))
    return (
        f"Ce stage remplace l'amende : demandez son remboursement au comptable public dans les {delai}\u00a0jours "
        f"ouvrables qui suivent la fin du stage, ou l'attestation si elle est délivrée plus tard. S'il demande une "
        f"autre pièce, vous avez {pieces}\u00a0jours ouvrables (article R.\u00a0223-8 du Code de la route)."
    )


class Droit(NamedTuple):
    """The right to drive: a badge, and a sentence."""

    badge: str
    phrase: str


ETATS = complet(
    Etat,
    {
        Etat.SANS_PERMIS: Droit("AUCUN PERMIS", "Aucun permis de conduire n'est enregistré à votre nom."),
        Etat.VALIDE: Droit("PERMIS VALIDE", "Permis de conduire valide."),
        Etat.SOLDE_NUL: Droit(
            "PERMIS VALIDE",
            "Permis de conduire valide tant que la lettre 48SI ne vous a pas été notifiée, malgré un solde nul.",
        ),
        Etat.SUSPENDU: Droit(
            "PERMIS SUSPENDU",
            "Permis de conduire suspendu : vous n'avez pas le droit de conduire. Vos points ne changent pas.",
        ),
        Etat.INVALIDE: Droit(
            "PERMIS INVALIDÉ",
            "Permis de conduire invalidé, faute de points : vous n'avez plus le droit de conduire.",
        ),
        Etat.ANNULE: Droit(
            "PERMIS ANNULÉ", "Permis de conduire annulé par un juge : vous n'avez plus le droit de conduire."
        ),
        Etat.ECHANGE: Droit(
            "PERMIS ÉCHANGÉ",
            "Permis français échangé contre un permis étranger : c'est celui-ci qui vous permet de conduire.",
        ),
        Etat.INTERDIT: Droit(
            "INTERDICTION DE CIRCULER",
            "Vous n'avez plus le droit de conduire en France pendant un an : votre permis étranger n'avait plus de "
            "points.",
        ),
        Etat.DECEDE: Droit("DOSSIER CLOS", "Le titulaire de ce permis est décédé : le dossier ne change plus."),
    },
)
#: A solde nul does not hide a suspension: the driver would take the road without the right.
SUSPENDU_ET_NUL = Droit(
    "PERMIS SUSPENDU",
    "Permis de conduire suspendu : vous n'avez pas le droit de conduire. De plus, votre solde est nul : le permis sera "
    "invalidé quand la lettre 48SI vous sera notifiée.",
)


#: A foreign licence: the 48SI does not concern it, and its own validity is not of this file.
ETRANGERS = {
    **ETATS,
    Etat.VALIDE: Droit(
        "PERMIS ÉTRANGER",
        "Vous conduisez en France avec un permis étranger : ce dossier compte ses points en France.",
    ),
    Etat.SOLDE_NUL: Droit(
        "PLUS DE POINTS",
        "Vous n'avez plus de points en France : une interdiction de circuler d'un an peut vous être notifiée. Tant "
        "qu'elle ne l'est pas, vous pouvez conduire avec votre permis étranger.",
    ),
}
ETRANGER_SUSPENDU_ET_NUL = Droit(
    "PERMIS SUSPENDU",
    "Permis de conduire suspendu : vous n'avez pas le droit de conduire. De plus, vous n'avez plus de points en "
    "France : une interdiction de circuler peut vous être notifiée.",
)
INCOMPLET = Droit(
    "DOSSIER INCOMPLET",
    "Des infractions à points figurent dans votre dossier, mais pas de permis de conduire : il y manque quelque chose.",
)
SANS_CATEGORIE = Droit(
    "AUCUNE CATÉGORIE EN COURS",
    "Permis de conduire valide, mais aucune de ses catégories n'est en cours : vous ne pouvez rien conduire.",
)
PROVISOIRE = Droit(
    "VALIDE À TITRE PROVISOIRE", "Permis de conduire valable pour l'instant, par décision provisoire d'un juge."
)
#: A 48SI was presented or came back, and nothing was decided: the state of the file is not the last word.
A_VERIFIER = Droit(
    "PERMIS À VÉRIFIER",
    "Permis de conduire encore valable au fichier national, mais une lettre 48SI a été présentée ou renvoyée : il a "
    "peut-être perdu sa validité.",
)
SUSPENDU_A_VERIFIER = Droit(
    "PERMIS SUSPENDU",
    "Permis de conduire suspendu : vous n'avez pas le droit de conduire. De plus, une lettre 48SI a été présentée ou "
    "renvoyée : il a peut-être perdu sa validité.",
)


def droit_dit(
    etat: str,
    suspendu: bool,
    *,
    etranger: bool = False,
    incomplet: bool = False,
    provisoire: bool = False,
    lettre_48si: bool = False,
    sans_categorie: bool = False,
) -> Droit:
    """The right to drive, in words. ``suspendu``: a suspension holds; ``etranger``: a foreign licence has the points;
    ``incomplet``: there are offences and no licence; ``provisoire``: until the judgment on the merits;
    ``lettre_48si``: of one that came, nothing was decided; ``sans_categorie``: no vehicle may be driven with it."""
    if incomplet:
        return INCOMPLET
    if lettre_48si:
        return SUSPENDU_A_VERIFIER if suspendu else A_VERIFIER
    if etat == Etat.SOLDE_NUL and suspendu:
        return ETRANGER_SUSPENDU_ET_NUL if etranger else SUSPENDU_ET_NUL
    if sans_categorie and not suspendu:
        return SANS_CATEGORIE
    if provisoire and etat in (Etat.VALIDE, Etat.SOLDE_NUL) and not etranger:
        return PROVISOIRE
    return (ETRANGERS if etranger else ETATS)[Etat(etat)]


#: What a solde nul means, by whose licence carries the points.
SOLDES_NULS = complet(
    Regime,
    {
        Regime.FRANCAIS: (
            "Votre solde est nul\u00a0: le permis reste valable tant que la lettre 48SI ne vous a pas été notifiée, et "
            "un stage compte encore."
        ),
        Regime.ETRANGER: (
            "Vous n'avez plus de points en France\u00a0: tant qu'une interdiction de circuler en France ne vous a pas "
            "été notifiée, vous pouvez conduire, et un stage compte encore."
        ),
    },
)
#: The title of a movement, in the words of the real service where it has one.
NATURES = complet(
    Nature,
    {
        Nature.CAPITAL_INITIAL: "Obtention du permis de conduire",
        Nature.MAJORATION_PROBATOIRE: "Majoration du permis probatoire",
        Nature.FIN_DELAI_PROBATOIRE: "Fin du délai probatoire",
        Nature.RETRAIT: "Infraction entraînant un retrait de points",
        Nature.UN_POINT: "Restitution automatique d'un point",
        Nature.DIX_ANS: f"Restitution automatique de points à {DIX_ANS.derniere[0]} ans",
        Nature.RECONSTITUTION: "Reconstitution totale du solde",
        Nature.STAGE: "Stage de sensibilisation à la sécurité routière",
        Nature.INVALIDATION: "Invalidation du permis pour solde de points nul",
        Nature.ANNULATION: "Annulation judiciaire du permis",
        Nature.ECHANGE: "Échange du permis français à l'étranger",
        Nature.CAPITAL_ETRANGER: "Points affectés à un permis étranger",
        Nature.ECHANGE_ENTRANT: "Permis français obtenu après un permis étranger",
        Nature.INTERDICTION: "Interdiction de circuler en France",
        Nature.FIN_PERMIS_ETRANGER: "Fin du suivi du permis étranger",
    },
)
_DEBUT, _FIN = FORMATION_MOIS.derniere
#: What would move a day to come, by nature: nothing else is foreseen.
DEPLACE = complet(
    set(Nature) - {Nature.CAPITAL_INITIAL, Nature.ECHANGE_ENTRANT, Nature.RETRAIT, *FINS},
    {
        Nature.UN_POINT: (
            "Une autre infraction à points commise avant cette date : le point ne revient plus ce jour-là, il attend "
            f"le retour à {POINTS_MAX.derniere} points."
        ),
        Nature.RECONSTITUTION: (
            "Une autre infraction à points, commise avant cette date ou devenue définitive entre-temps : le délai "
            "repart du jour où la dernière devient définitive. Un stage ajoute des points plus tôt, sans changer cette "
            "date."
        ),
        Nature.DIX_ANS: (
            f"Rien, sauf un solde nul ou un retour à {POINTS_MAX.derniere} points avant cette date. Une nouvelle "
            "infraction ne la change pas."
        ),
        Nature.MAJORATION_PROBATOIRE: ("Une infraction à points commise avant cette date : la majoration est perdue."),
        Nature.STAGE: "Rien : le stage est suivi.",
        Nature.CAPITAL_ETRANGER: "L'obtention d'un permis français avant cette date.",
        Nature.FIN_DELAI_PROBATOIRE: (
            "Une formation complémentaire suivie entre le {}e et le {}e mois peut l'avancer.".format(
                *FORMATION_MOIS.derniere
            )
        ),
    },
)
#: What a fact learnt late is called in the story of a correction, and its field of the day.
FAITS = complet(
    set(TypeFait) - HORS_CALCUL,
    {
        TypeFait.PERMIS_OBTENU: ("un permis obtenu le", "date_obtention"),
        TypeFait.FORMATION_COMPLEMENTAIRE: ("une formation complémentaire suivie le", "date_fin"),
        TypeFait.INFRACTION: ("une infraction commise le", "date_commission"),
        TypeFait.INFRACTION_ANNULEE: ("l'annulation d'une infraction, décidée le", "date_decision"),
        TypeFait.STAGE: ("un stage terminé le", "date_fin"),
        TypeFait.SUSPENSION: ("une suspension ou une restriction à partir du", "date_debut"),
        TypeFait.INVALIDATION: ("une invalidation notifiée le", "date_notification"),
        TypeFait.ANNULATION: ("une annulation du permis, à effet du", "date_effet"),
        TypeFait.LEVEE: ("la levée d'une mesure, à effet du", "date_effet"),
        TypeFait.RETABLISSEMENT: ("le rétablissement d'une mesure, à effet du", "date_effet"),
        TypeFait.ECHANGE: ("un échange du permis à l'étranger le", "date_echange"),
        TypeFait.DECES: ("un décès le", "date_deces"),
        TypeFait.PERMIS_ETRANGER: ("un permis étranger suivi en France depuis le", "date_debut"),
        TypeFait.INTERDICTION_CIRCULER: ("une interdiction de circuler notifiée le", "date_notification"),
    },
)
PREUVES = complet(
    Preuve,
    {
        Preuve.PAIEMENT: "paiement de l'amende",
        Preuve.AMENDE_MAJOREE: "amende majorée",
        Preuve.COMPOSITION_PENALE: "composition pénale",
        Preuve.CONDAMNATION: "condamnation",
    },
)
#: The same as a letter says it.
PREUVES_DITES = complet(
    Preuve,
    {
        Preuve.PAIEMENT: "l'amende a été payée",
        Preuve.AMENDE_MAJOREE: "l'amende majorée n'a pas été contestée à temps",
        Preuve.COMPOSITION_PENALE: "la composition pénale a été exécutée",
        Preuve.CONDAMNATION: "la condamnation ne peut plus être contestée",
    },
)
STAGES = complet(
    NatureStage,
    {
        NatureStage.VOLONTAIRE: "Stage volontaire",
        NatureStage.OBLIGATOIRE: "Stage obligatoire",
        NatureStage.JUDICIAIRE: "Stage judiciaire",
    },
)
EPREUVES = complet(
    Epreuve,
    {Epreuve.THEORIQUE: "Épreuve théorique (code)", Epreuve.PRATIQUE: "Épreuve pratique (conduite)"},
)
RESULTATS = complet(
    Resultat,
    {Resultat.FAVORABLE: "favorable", Resultat.INSUFFISANT: "insuffisant", Resultat.ABSENT: "absence"},
)
