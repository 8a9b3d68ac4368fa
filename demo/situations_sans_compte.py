"""Drivers without an account, one for each way of writing the file number: what `/compte/creer/` is tried with.

Each has lost one point lately, so that the first page seen after the account is made shows something.
"""

from datetime import date

from demo.faits import Json, carte, categorie, il_y_a, infraction, permis, trois_volets
from demo.situations import Situation


def _situation(au: date, titre: Json, date_obtention: date, lieu: str) -> Situation:
    commise, definitive = il_y_a(au, jours=100), il_y_a(au, jours=60)
    un_point = infraction("i1", "exces_20_route", commise, definitive, lieu)
    return Situation([titre], [categorie("B", date_obtention)], [permis(date_obtention), un_point])


def lucie(au: date) -> Situation:
    """A card whose second line has no space."""
    return _situation(au, carte("18CK40217", date(2018, 9, 28), "75"), date(2018, 9, 20), "Boulevard Exelmans, Paris")


def yann(au: date) -> Situation:
    """A card whose second line has a space: the number of an older licence."""
    return _situation(au, carte("16AV20938", date(2016, 4, 5), "35"), date(1971, 6, 15), "Route de Lorient, Rennes")


def marcel(au: date) -> Situation:
    """A three-part licence, the number on two lines."""
    titre = trois_volets("BRN7426913", date(1969, 11, 20), "13")
    return _situation(au, titre, date(1969, 11, 12), "Corniche Kennedy, Marseille")


def monique(au: date) -> Situation:
    """A three-part licence of after 1975, twelve digits on one line."""
    titre = trois_volets("780913100027", date(1978, 9, 25), "13")
    return _situation(au, titre, date(1978, 9, 18), "Avenue de la Viste, Marseille")


def ange(au: date) -> Situation:
    """A three-part licence of before 1975: number, year, department; a birth date without day nor month."""
    titre = trois_volets("418.LMP.207", date(1968, 5, 7), "20")
    return _situation(au, titre, date(1968, 4, 30), "Route des Sanguinaires, Ajaccio")
