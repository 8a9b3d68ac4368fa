"""The words of the national file and of the law, once: what a program compares. What a reader is shown is in ``mots``.

Values are those of the feed, of the ledger and of the replay: they never change.
"""

from enum import StrEnum


class TypeFait(StrEnum):
    """What the national file tells, in the order of its documentation."""

    PERMIS_OBTENU = "permis_obtenu"
    FORMATION_COMPLEMENTAIRE = "formation_complementaire"
    INFRACTION = "infraction"
    INFRACTION_ANNULEE = "infraction_annulee"
    STAGE = "stage"
    SUSPENSION = "suspension"
    LETTRE = "lettre"
    INVALIDATION = "invalidation"
    ANNULATION = "annulation"
    RESTITUTION_TITRE = "restitution_titre"
    VISITE_MEDICALE = "visite_medicale"
    RESULTAT_EXAMEN = "resultat_examen"
    LEVEE = "levee"
    RETABLISSEMENT = "retablissement"
    ECHANGE = "echange"
    DECES = "deces"
    PERMIS_ETRANGER = "permis_etranger"
    INTERDICTION_CIRCULER = "interdiction_circuler"


#: Those that move no point by themselves.
HORS_CALCUL = frozenset(
    {TypeFait.LETTRE, TypeFait.RESTITUTION_TITRE, TypeFait.VISITE_MEDICALE, TypeFait.RESULTAT_EXAMEN}
)


class Nature(StrEnum):
    """Of a movement."""

    CAPITAL_INITIAL = "capital_initial"
    MAJORATION_PROBATOIRE = "majoration_probatoire"
    FIN_DELAI_PROBATOIRE = "fin_delai_probatoire"
    RETRAIT = "retrait"
    UN_POINT = "reattribution_un_point"
    DIX_ANS = "reattribution_dix_ans"
    RECONSTITUTION = "reconstitution_totale"
    STAGE = "recuperation_stage"
    INVALIDATION = "invalidation"
    ANNULATION = "annulation"
    ECHANGE = "echange"
    CAPITAL_ETRANGER = "capital_etranger"
    ECHANGE_ENTRANT = "echange_entrant"
    INTERDICTION = "interdiction"
    FIN_PERMIS_ETRANGER = "fin_permis_etranger"


#: The end of a licence, or of a foreign capital: points, solde and plafond go to nothing.
FINS = frozenset(
    {Nature.INVALIDATION, Nature.ANNULATION, Nature.ECHANGE, Nature.INTERDICTION, Nature.FIN_PERMIS_ETRANGER}
)


class Etat(StrEnum):
    """Of the right to drive, apart from the points. Invalidation, annulation and suspension are three measures."""

    SANS_PERMIS = "sans_permis"
    VALIDE = "valide"
    SOLDE_NUL = "solde_nul"
    SUSPENDU = "suspendu"
    INVALIDE = "invalide"
    ANNULE = "annule"
    ECHANGE = "echange"
    INTERDIT = "interdit"
    DECEDE = "decede"


class Regime(StrEnum):
    """Whose licence carries the points."""

    FRANCAIS = "francais"
    ETRANGER = "etranger"


class Portee(StrEnum):
    """How far a ``levee`` undoes a measure."""

    RETROACTIVE = "retroactive"
    PROVISOIRE = "provisoire"
    A_COMPTER = "a_compter"


class MotifLevee(StrEnum):
    """Who undid a measure, and why."""

    RETRAIT = "retrait"
    ANNULATION_JUGE = "annulation_juge"
    INFIRMATION = "infirmation"
    REFERE = "refere"
    RELAXE = "relaxe"
    MAINLEVEE = "mainlevee"
    ERREUR = "erreur"


class MotifSuspension(StrEnum):
    """What a suspension or a restriction answers."""

    INFRACTION = "infraction"
    MEDICALE = "medicale"


class ControleMedical(StrEnum):
    """Whether a suspension ends only once a doctor was seen (R221-13, R221-14)."""

    REQUIS = "requis"
    NON_REQUIS = "non_requis"


class IssueLettre(StrEnum):
    """What the post did of a registered letter."""

    REMISE = "remise"
    AVISEE_NON_RECLAMEE = "avisee_non_reclamee"
    REFUSEE = "refusee"
    NPAI = "npai"
    PERDUE = "perdue"


class Gravite(StrEnum):
    """Of an offence: its ``nature``."""

    CONTRAVENTION = "contravention"
    DELIT = "delit"


class Preuve(StrEnum):
    """What establishes an offence (L223-1 al. 4): its ``etablie_par``."""

    PAIEMENT = "paiement"
    AMENDE_MAJOREE = "amende_majoree"
    COMPOSITION_PENALE = "composition_penale"
    CONDAMNATION = "condamnation"


class NatureStage(StrEnum):
    """Why a course is followed."""

    VOLONTAIRE = "volontaire"
    OBLIGATOIRE = "obligatoire"
    JUDICIAIRE = "judiciaire"


class Mesure(StrEnum):
    """The ``nature`` of a suspension; a restriction lets one drive with an EAD."""

    ADMINISTRATIVE = "administrative"
    JUDICIAIRE = "judiciaire"
    RESTRICTION = "restriction"


class Filiere(StrEnum):
    """How a licence was prepared."""

    CLASSIQUE = "classique"
    AAC = "aac"
    SUPERVISEE = "supervisee"


class Reference(StrEnum):
    """Of a letter of the national file."""

    L46 = "46"
    L47 = "47"
    L48 = "48"
    L48M = "48M"
    L48N = "48N"
    L48SI = "48SI"


class Avis(StrEnum):
    """Of a medical visit."""

    APTE = "apte"
    APTE_AVEC_RESTRICTIONS = "apte_avec_restrictions"
    INAPTE = "inapte"


class Epreuve(StrEnum):
    """Of the examination."""

    THEORIQUE = "theorique"
    PRATIQUE = "pratique"


class Resultat(StrEnum):
    """Of an examination."""

    FAVORABLE = "favorable"
    INSUFFISANT = "insuffisant"
    ABSENT = "absent"


class FormatTitre(StrEnum):
    """What a licence looks like."""

    CARTE = "carte"
    TROIS_VOLETS = "trois_volets"
    ETRANGER = "etranger"


class EtatTitre(StrEnum):
    """Of a licence as an object."""

    ACTIF = "actif"
    PERDU = "perdu"
    VOLE = "vole"
    RESTITUE = "restitue"
    ANNULE = "annule"
