"""Where a centre is: a département from what a visitor types, and the written form of an agrément's number."""

import re
import unicodedata

_TABLE = """
01 Ain|02 Aisne|03 Allier|04 Alpes-de-Haute-Provence|05 Hautes-Alpes|06 Alpes-Maritimes|07 Ardèche|08 Ardennes
09 Ariège|10 Aube|11 Aude|12 Aveyron|13 Bouches-du-Rhône|14 Calvados|15 Cantal|16 Charente|17 Charente-Maritime
18 Cher|19 Corrèze|2A Corse-du-Sud|2B Haute-Corse|21 Côte-d'Or|22 Côtes-d'Armor|23 Creuse|24 Dordogne
25 Doubs|26 Drôme|27 Eure|28 Eure-et-Loir|29 Finistère|30 Gard|31 Haute-Garonne|32 Gers|33 Gironde|34 Hérault
35 Ille-et-Vilaine|36 Indre|37 Indre-et-Loire|38 Isère|39 Jura|40 Landes|41 Loir-et-Cher|42 Loire|43 Haute-Loire
44 Loire-Atlantique|45 Loiret|46 Lot|47 Lot-et-Garonne|48 Lozère|49 Maine-et-Loire|50 Manche|51 Marne|52 Haute-Marne
53 Mayenne|54 Meurthe-et-Moselle|55 Meuse|56 Morbihan|57 Moselle|58 Nièvre|59 Nord|60 Oise|61 Orne|62 Pas-de-Calais
63 Puy-de-Dôme|64 Pyrénées-Atlantiques|65 Hautes-Pyrénées|66 Pyrénées-Orientales|67 Bas-Rhin|68 Haut-Rhin|69 Rhône
70 Haute-Saône|71 Saône-et-Loire|72 Sarthe|73 Savoie|74 Haute-Savoie|75 Paris|76 Seine-Maritime|77 Seine-et-Marne
78 Yvelines|79 Deux-Sèvres|80 Somme|81 Tarn|82 Tarn-et-Garonne|83 Var|84 Vaucluse|85 Vendée|86 Vienne|87 Haute-Vienne
88 Vosges|89 Yonne|90 Territoire de Belfort|91 Essonne|92 Hauts-de-Seine|93 Seine-Saint-Denis|94 Val-de-Marne
95 Val-d'Oise|971 Guadeloupe|972 Martinique|973 Guyane|974 La Réunion|975 Saint-Pierre-et-Miquelon|976 Mayotte
977 Saint-Barthélemy|978 Saint-Martin|986 Wallis-et-Futuna|987 Polynésie française|988 Nouvelle-Calédonie
"""
DEPARTEMENTS = {code: nom for code, _, nom in (e.partition(" ") for e in _TABLE.replace("\n", "|").split("|") if e)}
_AGREMENT = re.compile(r"[A-Z0-9]{5,20}").fullmatch
_USUEL = re.compile(r"R(\d{2})(\d[0-9AB]\d|\d\d[0-9AB])(\d{4})(\d)").fullmatch
_SEPARATEURS = re.compile(r"[\s.\-/°]+")


def compact(texte: str) -> str:
    """The letters and digits alone, without marks or case: « Côte d'Or » and « cote-d'or » are one."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(c for c in decompose if c.isalnum())


_PAR_NOM = {compact(nom): code for code, nom in DEPARTEMENTS.items()}


def departement_du_code_postal(code_postal: str) -> str | None:
    """The département of a postcode of five digits; Corsica's two share the 20."""
    code = code_postal[:3] if code_postal[:2] in {"97", "98"} else code_postal[:2]
    if code == "20":
        code = "2A" if code_postal[:3] in {"200", "201"} else "2B"
    return code if code in DEPARTEMENTS else None


def lire_departement(texte: str) -> str | None:
    """The code of what is written: « 69 », « 2a », « 1 », « Rhône »."""
    brut = compact(texte).upper()
    code = brut.zfill(2) if brut.isascii() else brut
    return code if code in DEPARTEMENTS else _PAR_NOM.get(brut.casefold())


def lire_agrement(texte: str) -> str:
    """The key of an agrément: capitals and digits, nothing between. Raises ``ValueError``, its message in French."""
    cle = _SEPARATEURS.sub("", texte).upper()
    if not _AGREMENT(cle) or not any(c.isdigit() for c in cle):
        raise ValueError("doit compter de 5 à 20 lettres et chiffres, par exemple R 19 069 0012 0")
    return cle


def ecrire_agrement(cle: str) -> str:
    """« R1906900120 » as its attestation prints it: « R 19 069 0012 0 », which no line cuts."""
    usuel = _USUEL(cle)
    return "\u00a0".join(["R", *usuel.groups()]) if usuel else cle
