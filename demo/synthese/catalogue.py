"""The infractions that demonstration and synthetic dossiers draw from.

Every line is a line of ``dossier/rules/bareme.csv`` (same NATINF, class, points and dates of validity), with its
label written in full French and a frequency. A test holds the two together.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

TOUJOURS = date.min
SANS_FIN = date.max


class Entree(NamedTuple):
    """One line of the scale. ``poids`` is a relative frequency, ``classe`` is None for a délit."""

    cle: str
    natinf: str | None
    libelle: str
    nature: str
    classe: int | None
    points: int
    debut: date
    fin: date
    poids: int


def _contravention(
    cle: str,
    natinf: str | None,
    libelle: str,
    classe: int,
    points: int,
    poids: int,
    debut: date = TOUJOURS,
    fin: date = SANS_FIN,
) -> Entree:
    return Entree(cle, natinf, libelle, "contravention", classe, points, debut, fin, poids)


def _delit(
    cle: str,
    natinf: str | None,
    libelle: str,
    poids: int,
    debut: date = TOUJOURS,
    fin: date = SANS_FIN,
    points: int = 6,
) -> Entree:
    return Entree(cle, natinf, libelle, "delit", None, points, debut, fin, poids)


_EN_VILLE = "(limitation inférieure ou égale à 50 km/h)"
_HORS_VILLE = "(limitation supérieure à 50 km/h)"
_FIN_2023 = date(2023, 12, 31)
_DEBUT_2024 = date(2024, 1, 1)
_AVANT_PIETONS, _PIETONS = date(2018, 9, 18), date(2018, 9, 19)
_DECRET_2012 = date(2012, 1, 5)
_AVANT_LOI_2025, _LOI_2025 = date(2025, 7, 10), date(2025, 7, 11)
_AVANT_DELIT_50, _DELIT_50 = date(2025, 12, 28), date(2025, 12, 29)

# Weights are calibrated so that a third of the points withdrawn come from one-point infractions and a tenth
# from six-point ones.
CATALOGUE: tuple[Entree, ...] = (
    # Speed
    _contravention("exces_5_ville", None, f"Excès de vitesse de moins de 5 km/h {_EN_VILLE}", 4, 0, 60, _DEBUT_2024),
    _contravention("exces_5_route", None, f"Excès de vitesse de moins de 5 km/h {_HORS_VILLE}", 3, 0, 60, _DEBUT_2024),
    _contravention(
        "exces_20_ville", "25386", f"Excès de vitesse inférieur à 20 km/h {_EN_VILLE}", 4, 1, 2150, fin=_FIN_2023
    ),
    _contravention(
        "exces_20_route", "25387", f"Excès de vitesse inférieur à 20 km/h {_HORS_VILLE}", 3, 1, 3300, fin=_FIN_2023
    ),
    _contravention(
        "exces_20_ville", None, f"Excès de vitesse de 5 à moins de 20 km/h {_EN_VILLE}", 4, 1, 2150, _DEBUT_2024
    ),
    _contravention(
        "exces_20_route", None, f"Excès de vitesse de 5 à moins de 20 km/h {_HORS_VILLE}", 3, 1, 3300, _DEBUT_2024
    ),
    _contravention("exces_30", "11302", "Excès de vitesse d'au moins 20 et inférieur à 30 km/h", 4, 2, 950),
    _contravention("exces_40", "11301", "Excès de vitesse d'au moins 30 et inférieur à 40 km/h", 4, 3, 260),
    _contravention("exces_50", "21527", "Excès de vitesse d'au moins 40 et inférieur à 50 km/h", 4, 4, 90),
    _contravention("exces_grave", None, "Excès de vitesse de 50 km/h ou plus", 5, 6, 35, fin=_AVANT_DELIT_50),
    _delit("exces_grave", None, "Excès de vitesse de 50 km/h ou plus", 35, _DELIT_50),
    # Behaviour at the wheel
    _contravention("telephone", "23800", "Usage d'un téléphone tenu en main", 4, 2, 620, fin=date(2012, 1, 4)),
    _contravention("telephone", "23800", "Usage d'un téléphone tenu en main", 4, 3, 620, _DECRET_2012),
    _contravention(
        "oreillette",
        "31063",
        "Port à l'oreille d'un dispositif susceptible d'émettre du son",
        4,
        3,
        20,
        date(2015, 7, 1),
    ),
    _contravention(
        "ecran", "26963", "Appareil à écran en fonctionnement dans le champ de vision", 5, 3, 12, _DECRET_2012
    ),
    _contravention(
        "ceinture",
        "12929",
        "Conduite, sans port de la ceinture de sécurité, d'un véhicule à moteur réceptionné avec cet équipement",
        4,
        3,
        200,
    ),
    _contravention(
        "casque", "12931", "Conduite d'une motocyclette sans port d'un casque homologué et attaché", 4, 3, 15
    ),
    _contravention(
        "gants",
        None,
        "Défaut de gants (motocyclette, tricycle, quadricycle, cyclomoteur)",
        3,
        1,
        40,
        date(2016, 11, 20),
    ),
    # Lane and distance
    _contravention(
        "chevauchement", "11326", "Chevauchement d'une ligne continue par le conducteur d'un véhicule", 4, 1, 190
    ),
    _contravention(
        "arret_urgence",
        "28649",
        "Franchissement ou chevauchement sans nécessité absolue d'une ligne longitudinale délimitant une bande "
        "d'arrêt d'urgence",
        4,
        1,
        50,
    ),
    _contravention(
        "ligne_continue", "11325", "Franchissement d'une ligne continue par le conducteur d'un véhicule", 4, 3, 160
    ),
    _contravention(
        "clignotant",
        "217",
        "Changement de direction d'un véhicule effectué sans avertissement préalable",
        2,
        3,
        90,
    ),
    _contravention(
        "distance",
        "6096",
        "Conduite d'un véhicule sans laisser une distance de sécurité avec le véhicule qui précède",
        4,
        3,
        120,
    ),
    _contravention("depassement_droite", "6102", "Dépassement de véhicule par la droite", 4, 3, 45),
    _contravention(
        "acceleration", "6109", "Accélération par conducteur d'un véhicule sur le point d'être dépassé", 4, 2, 15
    ),
    _contravention("stationnement", "201", "Arrêt ou stationnement dangereux de véhicule", 4, 3, 60),
    # Priorities and signals
    _contravention(
        "feu_rouge", "210", "Inobservation, par conducteur de véhicule, de l'arrêt imposé par un feu rouge", 4, 4, 460
    ),
    _contravention(
        "stop",
        "203",
        "Inobservation, par conducteur, de l'arrêt absolu imposé par le panneau « stop » à une intersection de routes",
        4,
        4,
        130,
    ),
    _contravention("sens_interdit", "256", "Circulation de véhicule en sens interdit", 4, 4, 90),
    _contravention(
        "cedez_le_passage",
        "6111",
        "Refus de priorité à une intersection de routes où l'obligation de céder le passage est signalée",
        4,
        4,
        45,
    ),
    _contravention("priorite_droite", "207", "Refus de priorité à droite à une intersection de routes", 4, 4, 35),
    _contravention(
        "pieton",
        "202",
        "Refus de priorité par conducteur de véhicule à un piéton régulièrement engagé dans la traversée d'une "
        "chaussée",
        4,
        4,
        30,
        fin=_AVANT_PIETONS,
    ),
    _contravention(
        "pieton",
        "202",
        "Refus de priorité par conducteur de véhicule à un piéton régulièrement engagé dans la traversée d'une "
        "chaussée",
        4,
        6,
        20,
        _PIETONS,
    ),
    # Alcohol, drugs and other délits
    _contravention("alcool", "13322", "Alcool 0,50 à 0,80 g/l de sang (0,25 à 0,40 mg/l d'air)", 4, 6, 85),
    _contravention(
        "alcool_probatoire",
        None,
        "Alcool 0,20 à 0,80 g/l - permis probatoire ou apprentissage",
        4,
        6,
        0,
        date(2015, 7, 1),
    ),
    _delit("alcool_delit", None, "Conduite sous l'empire d'un état alcoolique ≥ 0,80 g/l (0,40 mg/l d'air)", 66),
    _delit("stupefiants", "23761", "Conduite après usage de stupéfiants", 36),
    _delit(
        "stupefiants_alcool",
        None,
        "Conduite après usage de stupéfiants ET sous état alcoolique",
        3,
        fin=_AVANT_LOI_2025,
    ),
    _delit(
        "stupefiants_alcool",
        None,
        "Conduite après usage de stupéfiants ET sous état alcoolique",
        3,
        _LOI_2025,
        points=9,
    ),
    _delit("refus_obtemperer", None, "Refus d'obtempérer à une sommation de s'arrêter", 8),
    _delit("fuite", None, "Délit de fuite", 7),
)


def en_vigueur(jour: date) -> Iterator[Entree]:
    """Entries of the scale in force for an infraction committed on ``jour``."""
    return (entree for entree in CATALOGUE if entree.debut <= jour <= entree.fin)


def entree(cle: str, jour: date) -> Entree:
    """The one entry of that key in force on ``jour``; KeyError where there is none."""
    for candidate in en_vigueur(jour):
        if candidate.cle == cle:
            return candidate
    raise KeyError(f"{cle} is not in the scale on {jour.isoformat()}")
