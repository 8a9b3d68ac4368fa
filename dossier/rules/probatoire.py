"""The délai probatoire: initial points, yearly increase, end, formation complémentaire (L223-1, R223-1, R223-4-1)."""

from collections.abc import Sequence
from datetime import date

from dossier.rules.articles import (
    L223_1_AL2,
    L223_11,
    R223_1_I,
    R223_1_II,
    R223_1_III,
    R223_1_IV,
    R223_1_V,
    R223_4_1,
    Article,
    regle,
)
from dossier.rules.calendrier import plus_mois
from dossier.rules.faits import Anomalie, Delai, FormationComplementaire, Licence, PermisObtenu, Suspension
from dossier.rules.francais import en_francais
from dossier.rules.parametres import (
    CAPITAL_INITIAL,
    DELAI_AAC_ENSUITE_MOIS,
    DELAI_FORMATION_AAC_MOIS,
    DELAI_FORMATION_MOIS,
    DELAI_PROBATOIRE_AAC_MOIS,
    DELAI_PROBATOIRE_EXISTE,
    DELAI_PROBATOIRE_MOIS,
    FORMATION_COMPLEMENTAIRE_EXISTE,
    FORMATION_MOIS,
    MAJORATION_AAC_POINTS,
    MAJORATION_ANNUELLE_EXISTE,
    MAJORATION_POINTS,
    POINTS_MAX,
)
from dossier.rules.vocabulaire import Filiere, MotifSuspension

AAC = Filiere.AAC  # read once: an enumeration is slow to look into
FORMATION_SANS_EFFET = "Formation complémentaire sans effet : {raison}."


@regle(R223_1_I, L223_1_AL2)
def capital_initial(permis: PermisObtenu) -> tuple[int, Article]:
    """12 points before 1 March 2004, else 6; and by which text.

    > À la date d'obtention du permis de conduire, celui-ci est affecté de la moitié du nombre maximal de points.
    """
    capital = CAPITAL_INITIAL.au(permis.date_obtention)
    return capital, R223_1_I if capital == POINTS_MAX.au(permis.date_obtention) else L223_1_AL2


@regle(L223_1_AL2, R223_1_II, R223_1_III)
def delai_probatoire(permis: PermisObtenu, *, premier: bool, formation: str | None = None) -> Delai | None:
    """The délai of a licence: 36 months, 24 after an apprentissage anticipé (AAC); None before 1 March 2004.

    > Le délai probatoire est de trois ans […]. Ce délai est réduit à deux ans lorsque le titulaire du permis de
    > conduire a suivi un apprentissage anticipé de la conduite. Au terme de chaque année du délai probatoire, le permis
    > de conduire est majoré d'un sixième du nombre maximal de points […].

    ``formation``: the id of the course that shortens it (24 and 18 months). The AAC counts for the first licence only
    (R211-5 I). The increase falls on the first two anniversaries strictly before the end.
    """
    obtention = permis.date_obtention
    if not DELAI_PROBATOIRE_EXISTE.au(obtention):
        return None
    aac = premier and permis.filiere == AAC
    if formation is None:
        mois = (DELAI_PROBATOIRE_AAC_MOIS if aac else DELAI_PROBATOIRE_MOIS).au(obtention)
    else:
        mois = (DELAI_FORMATION_AAC_MOIS if aac else DELAI_FORMATION_MOIS).au(obtention)
    majoration = (MAJORATION_AAC_POINTS if aac else MAJORATION_POINTS).au(obtention)
    anniversaires: tuple[date, ...] = ()
    if MAJORATION_ANNUELLE_EXISTE.au(obtention):
        anniversaires = tuple(plus_mois(obtention, m) for m in range(12, mois, 12))
    return Delai(obtention, plus_mois(obtention, mois), majoration, anniversaires, aac, formation)


@regle(R223_1_V)
def suivi_de_b_par_aac(delai: Delai, ensuite: Sequence[PermisObtenu]) -> Delai:
    """The délai of a first licence obtained otherwise, which B by AAC, obtained inside it, brings to an end.

    > Ce délai est réduit à deux ans ou, s'il n'est pas achevé alors que la durée de deux ans est dépassée, prend fin
    > lors de l'obtention de la catégorie B du permis de conduire dans le cadre de l'apprentissage anticipé.

    ``ensuite``: the further categories of that licence. Where a formation complémentaire ends it earlier, that holds.
    """
    if delai.aac:
        return delai
    obtenus = [p for p in ensuite if p.filiere == AAC and p.categorie == "B"]
    obtenus = [p for p in obtenus if delai.debut < p.date_obtention < delai.fin]
    if not obtenus:
        return delai
    premier = min(p.date_obtention for p in obtenus)
    fin = min(delai.fin, max(plus_mois(delai.debut, DELAI_AAC_ENSUITE_MOIS.au(premier)), premier))
    restants = tuple(a for a in delai.anniversaires if a < fin)
    return delai._replace(fin=fin, anniversaires=restants, ensuite=tuple(obtenus))


@regle(L223_11, L223_1_AL2)
def delai_apres_echange(permis: PermisObtenu) -> Delai | None:
    """The délai of a French licence that takes over a foreign capital; None where the driver is no beginner.

    > Sans préjudice du deuxième alinéa de l'article L. 223-1, le permis de conduire national délivré […] à un
    > conducteur mentionné au I de l'article L. 223-10 […] est affecté d'un nombre de points équivalent à celui dont
    > dispose ce conducteur à la date d'obtention du permis de conduire.

    It runs since the foreign licence was first obtained, when it was exchanged; else since this one.
    """
    jour, etranger = permis.date_obtention, permis.date_permis_etranger
    if not DELAI_PROBATOIRE_EXISTE.au(jour):
        return None
    mois = DELAI_PROBATOIRE_MOIS.au(jour)
    origine = jour
    if permis.echange_de is not None:
        if etranger is None or not DELAI_PROBATOIRE_EXISTE.au(etranger) or plus_mois(etranger, mois) <= jour:
            return None
        origine = etranger
    fin = plus_mois(origine, mois)
    anniversaires = tuple(plus_mois(origine, m) for m in range(12, mois, 12))
    return Delai(jour, fin, MAJORATION_POINTS.au(jour), anniversaires, origine=origine)


@regle(L223_11, R223_1_III)
def plafond_apres_echange(delai: Delai | None, premiere_commission: date | None, jour: date) -> int:
    """The plafond of a licence that takes over a foreign capital, on the day it does.

    12 without a délai; else 6, and 2 more for each year since ``delai.origine`` already gone without an offence.
    """
    if delai is None:
        return POINTS_MAX.au(jour)
    passes = [a for a in delai.anniversaires if a <= jour]
    gagnes = sum(sans_infraction_depuis_l_obtention(premiere_commission, a) for a in passes)
    return CAPITAL_INITIAL.au(jour) + gagnes * delai.majoration


@regle(R223_4_1, L223_1_AL2)
def formation_retenue(
    formations: Sequence[FormationComplementaire], licences: Sequence[Licence], suspensions: Sequence[Suspension]
) -> tuple[str | None, list[Anomalie]]:
    """The course that shortens the first délai, if any, and why the others change nothing.

    > […] s'il ne commet durant ce délai aucune infraction ayant donné lieu à retrait de points ou ayant entraîné une
    > mesure de restriction ou de suspension du permis.

    Followed between the 6th and the 12th month, inclusive; lost, as if never followed, by an offence committed or a
    measure falling in [obtained, shortened end).
    """
    retenue: str | None = None
    anomalies: list[Anomalie] = []
    for formation in sorted(formations, key=lambda f: (f.date_fin, f.id)):
        raison = _refus(formation, licences, suspensions)
        if raison is None and retenue is not None:
            raison = "une autre formation a déjà réduit le délai probatoire"
        if raison is None:
            retenue = formation.id
        else:
            anomalies.append(Anomalie(formation.id, FORMATION_SANS_EFFET.format(raison=raison)))
    return retenue, anomalies


def _refus(
    formation: FormationComplementaire, licences: Sequence[Licence], suspensions: Sequence[Suspension]
) -> str | None:
    """Why this course does not shorten the délai, as the end of a French sentence; None when it does."""
    jour = formation.date_fin
    tenue = next((li for li in licences if li.est_tenue(jour)), None)
    if tenue is None:
        return f"aucun permis n'était détenu le {en_francais(jour)}"
    permis = tenue.permis
    if not tenue.premier or permis is None:
        return "elle est réservée au premier permis"
    if not FORMATION_COMPLEMENTAIRE_EXISTE.au(jour):
        return f"elle n'existe que depuis le {en_francais(FORMATION_COMPLEMENTAIRE_EXISTE.depuis)}"
    debut, fin = (plus_mois(permis.date_obtention, mois) for mois in FORMATION_MOIS.au(permis.date_obtention))
    if not debut <= jour <= fin:
        return f"elle devait être suivie entre le {en_francais(debut)} et le {en_francais(fin)}"
    return _perte(permis, formation, licences, suspensions)


def _perte(
    permis: PermisObtenu,
    formation: FormationComplementaire,
    licences: Sequence[Licence],
    suspensions: Sequence[Suspension],
) -> str | None:
    """What, inside the shortened délai, loses it."""
    court = delai_probatoire(permis, premier=True, formation=formation.id)
    if court is None:
        return "le permis n'est pas probatoire"
    for licence in licences:
        for retrait in licence.retraits:
            if retrait.points and court.debut <= retrait.date_commission < court.fin:
                return f"une infraction à points a été commise le {en_francais(retrait.date_commission)}"
    for suspension in suspensions:
        if suspension.motif != MotifSuspension.INFRACTION:
            continue
        jour = suspension.date_infraction or suspension.date_debut
        if court.debut <= jour < court.fin:
            return f"le permis a été suspendu ou restreint (mesure du {en_francais(jour)})"
    return None


@regle(R223_1_II)
def sans_infraction_depuis_l_obtention(premiere_commission: date | None, terme: date) -> bool:
    """Does the licence gain its points at ``terme`` (an anniversary, or the end of the délai)?

    > […] si aucune infraction ayant donné lieu à retrait de points n'a été commise depuis le début de la période
    > probatoire, ce permis est majoré de deux points.

    It is the day of commission that counts, in [obtained, terme).
    """
    return premiere_commission is None or premiere_commission >= terme


@regle(R223_1_II, R223_1_IV)
def gain_a_la_fin_du_delai(premiere_commission: date | None, fin: date, manque: int) -> tuple[int, Article]:
    """What the end of the délai gives, and by which text: what is missing from 12, or only the plafond of 12."""
    if sans_infraction_depuis_l_obtention(premiere_commission, fin):
        return manque, R223_1_II
    return 0, R223_1_IV
