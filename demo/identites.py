"""Who the personas are: état civil, address and NEPH. Nothing here depends on the day."""

import unicodedata
from typing import Any, NamedTuple

FRANCE = "99100"


class Identite(NamedTuple):
    """One persona's état civil. ``lieu_naissance`` is an INSEE code, empty for a birth abroad."""

    neph: str
    prenoms: tuple[str, ...]
    nom: str
    sexe: str
    date_naissance: str
    lieu_naissance: str
    adresse: tuple[str, str, str]
    pays_naissance: str = FRANCE
    nom_usage: str | None = None

    @property
    def prenom_nom(self) -> str:
        """First and last name as people write them."""
        return f"{self.prenoms[0]} {self.nom}"

    @property
    def email(self) -> str:
        """``prenom.nom@exemple.fr``, without accents or apostrophes."""
        return f"{_sans_accent(self.prenoms[0])}.{_sans_accent(self.nom)}@exemple.fr"

    def etat_civil(self) -> dict[str, Any]:
        """The ``etat_civil`` object of the feed."""
        ligne, code_postal, commune = self.adresse
        return {
            "nom_naissance": self.nom.upper(),
            "nom_usage": self.nom_usage.upper() if self.nom_usage else None,
            "prenoms": list(self.prenoms),
            "sexe": self.sexe,
            "date_naissance": self.date_naissance,
            "lieu_naissance": self.lieu_naissance,
            "pays_naissance": self.pays_naissance,
            "adresse": {"lignes": [ligne], "code_postal": code_postal, "commune": commune},
        }


def _sans_accent(texte: str) -> str:
    decompose = unicodedata.normalize("NFD", texte.lower())
    return "".join(lettre for lettre in decompose if lettre.isascii() and (lettre.isalnum() or lettre == "-"))


IDENTITES: dict[str, Identite] = {
    "camille": Identite(
        "990175100001", ("Camille",), "Martin", "F", "1979-12-31", "75056",
        ("2 avenue des Érables", "75012", "Paris"),
    ),
    "julien": Identite(
        "080469100002", ("Julien", "Marc"), "Lefèvre", "M", "1989-03-17", "69123",
        ("14 rue de la Charité", "69002", "Lyon"),
    ),
    "ines": Identite(
        "240913100003", ("Inès", "Sarah"), "Benali", "F", "2004-06-08", "13055",
        ("31 boulevard Longchamp", "13001", "Marseille"),
    ),
    "hugo": Identite(
        "230244100004", ("Hugo", "Louis"), "Perrin", "M", "2006-05-21", "44109",
        ("7 rue du Calvaire", "44000", "Nantes"),
    ),
    "chloe": Identite(
        "240531100005", ("Chloé", "Marie"), "Garnier", "F", "2005-01-14", "31555",
        ("22 allée Jean-Jaurès", "31000", "Toulouse"),
    ),
    "manon": Identite(
        "230135100006", ("Manon",), "Roche", "F", "2003-11-02", "35238",
        ("5 place Sainte-Anne", "35000", "Rennes"),
    ),
    "thomas": Identite(
        "951067100007", ("Thomas", "Pierre"), "Moreau", "M", "1976-08-25", "67482",
        ("18 quai des Chartrons", "33000", "Bordeaux"),
    ),
    "karim": Identite(
        "010593100008", ("Karim",), "Haddad", "M", "1982-09-30", "93066",
        ("9 rue Gabriel-Péri", "93200", "Saint-Denis"),
    ),
    "sebastien": Identite(
        "970633100009", ("Sébastien", "Alain"), "Girard", "M", "1978-02-11", "33063",
        ("46 cours Gambetta", "69007", "Lyon"),
    ),
    "nathalie": Identite(
        "960259100010", ("Nathalie", "Claire"), "Rousseau", "F", "1977-04-19", "59350",
        ("63 rue de Gand", "59000", "Lille"), nom_usage="Petit",
    ),
    "gerard": Identite(
        "780338100011", ("Gérard", "Henri"), "Lemoine", "M", "1959-07-06", "38185",
        ("3 chemin de la Bastille", "38000", "Grenoble"),
    ),
    "elodie": Identite(
        "030321100012", ("Élodie",), "Marchand", "F", "1984-12-05", "21231",
        ("11 rue Berbisey", "21000", "Dijon"),
    ),
    "patrick": Identite(
        "890849100013", ("Patrick", "Jean"), "Dubois", "M", "1970-10-28", "49007",
        ("27 boulevard du Roi-René", "49100", "Angers"),
    ),
    "lea": Identite(
        "260134100014", ("Léa", "Jeanne"), "Fontaine", "F", "2006-09-14", "34172",
        ("8 rue de l'Aiguillerie", "34000", "Montpellier"),
    ),
    "antoine": Identite(
        "020576100015", ("Antoine",), "Mercier", "M", "1984-01-23", "76540",
        ("15 rue Eau-de-Robec", "76000", "Rouen"),
    ),
    "mohamed": Identite(
        "990792100016", ("Mohamed", "Lamine"), "Cissé", "M", "1980-03-12", "",
        ("4 allée des Parfumeurs", "92000", "Nanterre"), pays_naissance="99341",
    ),
    "isabelle": Identite(
        "850963100017", ("Isabelle", "Anne", "Marie"), "Faure", "F", "1967-05-29", "63113",
        ("19 rue du Port", "63000", "Clermont-Ferrand"),
    ),
    "jean-pierre": Identite(
        "740406100018", ("Jean-Pierre",), "D'Angelo", "M", "1956-02-03", "06088",
        ("52 rue Bonaparte", "06300", "Nice"),
    ),
    "franck": Identite(
        "931057100019", ("Franck", "Joseph"), "Muller", "M", "1975-11-16", "57463",
        ("10 rue des Jardins", "57000", "Metz"),
    ),
    "olivier": Identite(
        "000429100020", ("Olivier",), "Le Goff", "M", "1981-06-27", "29232",
        ("33 rue Kéréon", "29000", "Quimper"),
    ),
    "sophie": Identite(
        "920245100021", ("Sophie", "Hélène"), "Carpentier", "F", "1973-09-09", "45234",
        ("6 rue de Bourgogne", "45000", "Orléans"),
    ),
    "lucie": Identite(
        "180975100023", ("Lucie", "Aurore"), "Delorme", "F", "2000-02-29", "75116",
        ("40 rue Chardon-Lagache", "75016", "Paris"),
    ),
    "yann": Identite(
        "DK48217135", ("Yann", "Pierre"), "Kermarrec", "M", "1952-04-11", "35238",
        ("17 rue de Saint-Malo", "35000", "Rennes"),
    ),
    "marcel": Identite(
        "BRN7426913", ("Marcel",), "Rossi", "M", "1949-10-02", "13055",
        ("5 rue Paradis", "13001", "Marseille"),
    ),
    "monique": Identite(
        "780913100027", ("Marie-Monique", "Jeanne"), "Œuvrard", "F", "1959-08-15", "13001",
        ("12 cours Mirabeau", "13100", "Aix-en-Provence"), nom_usage="Blanc",
    ),
    "ange": Identite(
        "418LMP2076820", ("Ange",), "Santoni", "M", "1946-00-00", "2A004",
        ("8 cours Napoléon", "20000", "Ajaccio"),
    ),
    "nicolas": Identite(
        "080675100028", ("Nicolas",), "Bernard", "M", "1990-05-12", "69123",
        ("3 rue Garibaldi", "69003", "Lyon"),
    ),
    "nicolas-bis": Identite(
        "100238100029", ("Nicolas", "Paul"), "Bernard", "M", "1990-05-12", "69387",
        ("88 cours Berriat", "38000", "Grenoble"),
    ),
    "fatima": Identite(
        "850592100030", ("Fatima",), "Benchekroun", "F", "1962-00-00", "",
        ("14 rue Maurice-Thorez", "92000", "Nanterre"), pays_naissance="99350",
    ),
    "claire": Identite(
        "920444100031", ("Claire", "Denise"), "Guérin", "F", "1972-03-30", "44109",
        ("25 rue de Strasbourg", "44000", "Nantes"), nom_usage="Guérin",
    ),
    "david": Identite(
        "030777100022", ("David",), "Nguyễn", "M", "1985-01-27", "",
        ("21 rue du Miroir", "77000", "Melun"), pays_naissance="99243",
    ),
    "fabien": Identite(
        "050669100041", ("Fabien", "Luc"), "Berger", "M", "1986-04-03", "69123",
        ("12 rue Paul-Bert", "69003", "Lyon"),
    ),
    "helene": Identite(
        "940769100042", ("Hélène",), "Vidal", "F", "1975-12-20", "42218",
        ("5 montée de la Grande-Côte", "69001", "Lyon"),
    ),
    "marc": Identite(
        "980131100043", ("Marc", "Antoine"), "Delmas", "M", "1979-05-15", "31555",
        ("41 rue des Filatiers", "31000", "Toulouse"),
    ),
    "ingrid": Identite(
        "070267100044", ("Ingrid",), "Schmitt", "F", "1988-10-09", "67482",
        ("2 Bahnhofstrasse", "4001", "Bâle"),
    ),
    "pedro": Identite(
        "230969100045", ("Pedro",), "Almeida", "M", "1983-03-27", "",
        ("30 avenue Jean-Jaurès", "69007", "Lyon"), pays_naissance="99139",
    ),
    "andrei": Identite(
        "220175100046", ("Andrei",), "Popescu", "M", "1990-07-18", "",
        ("9 rue des Poissonniers", "75018", "Paris"), pays_naissance="99114",
    ),
    "nadia": Identite(
        "120593100047", ("Nadia", "Samira"), "Belkacem", "F", "1993-01-30", "93066",
        ("16 rue Carnot", "93200", "Saint-Denis"),
    ),
    "laurent": Identite(
        "010969100048", ("Laurent",), "Chevalier", "M", "1982-06-11", "01053",
        ("77 cours Lafayette", "69003", "Lyon"),
    ),
    "robert": Identite(
        "700238100049", ("Robert", "Émile"), "Giraud", "M", "1951-09-02", "38185",
        ("1 place Notre-Dame", "38000", "Grenoble"),
    ),
    "sandrine": Identite(
        "990444100050", ("Sandrine",), "Morvan", "F", "1980-11-25", "44109",
        ("18 quai de la Fosse", "44000", "Nantes"),
    ),
}  # fmt: skip
