"""Categories and restriction codes of a licence, in words.

Codes 01 to 99 are those of the Union (directive 2006/126/CE, annex I), written on French licences by the arrêté of
20 April 2012. The arrêté of 14 December 2016 renewed them on 1 January 2017, and the former ones stay good on licences
that bear them: a newer table wins, an older one fills in. National codes (100 and above) are printed as they are.
"""

import re
from datetime import date

#: Article R221-4: what each category lets one drive, shortened.
CATEGORIES = {
    "AM": "cyclomoteurs et quadricycles légers",
    "A1": "motos légères (125\u00a0cm³, 11\u00a0kW au plus)",
    "A2": "motos de 35\u00a0kW au plus",
    "A": "motos",
    "B1": "quadricycles lourds à moteur",
    "B": "voitures et camionnettes (3,5\u00a0t, 9 places au plus)",
    "BE": "catégorie B avec remorque de plus de 750\u00a0kg (3,5\u00a0t au plus)",
    "C1": "camions de 3,5\u00a0t à 7,5\u00a0t",
    "C1E": "catégorie C1 avec remorque de plus de 750\u00a0kg",
    "C": "camions de plus de 3,5\u00a0t",
    "CE": "catégorie C avec remorque de plus de 750\u00a0kg",
    "D1": "autocars et autobus de 16 passagers au plus",
    "D1E": "catégorie D1 avec remorque de plus de 750\u00a0kg",
    "D": "autocars et autobus",
    "DE": "catégorie D avec remorque de plus de 750\u00a0kg",
}

EAD = "véhicules équipés d'un éthylotest antidémarrage (EAD)"

_CODES_2017 = {
    "01": "correction ou protection de la vue",
    "01.01": "port de lunettes",
    "01.02": "port de lentilles de contact",
    "01.05": "couvre-œil",
    "01.06": "port de lunettes ou de lentilles de contact",
    "01.07": "aide optique spécifique",
    "02": "prothèse auditive ou aide à la communication",
    "03": "prothèse ou orthèse d'un membre",
    "03.01": "prothèse ou orthèse d'un bras",
    "03.02": "prothèse ou orthèse d'une jambe",
    "10": "boîte de vitesses adaptée",
    "10.02": "choix automatique du rapport de vitesse",
    "10.04": "commande de boîte de vitesses adaptée",
    "15": "embrayage adapté",
    "15.01": "pédale d'embrayage adaptée",
    "15.02": "embrayage à la main",
    "15.03": "embrayage automatique",
    "20": "freinage adapté",
    "20.01": "pédale de frein adaptée",
    "20.06": "frein à la main",
    "25": "accélérateur adapté",
    "25.01": "pédale d'accélérateur adaptée",
    "25.04": "accélérateur à la main",
    "25.08": "pédale d'accélérateur à gauche",
    "31": "pédales adaptées ou protégées",
    "32": "frein de service et accélérateur combinés",
    "33": "frein, accélérateur et direction combinés",
    "35": "commandes adaptées (feux, essuie-glace, avertisseur, clignotants)",
    "40": "direction adaptée",
    "42": "rétroviseurs ou vision latérale adaptés",
    "43": "siège du conducteur adapté",
    "44": "moto adaptée",
    "45": "moto avec side-car seulement",
    "46": "tricycles seulement",
    "50": "véhicule désigné par son numéro de série seulement",
    "61": "conduite de jour seulement",
    "62": "conduite dans un rayon limité autour du domicile, ou dans une zone",
    "63": "conduite sans passager",
    "64": "vitesse limitée",
    "65": "conduite accompagnée d'un titulaire du permis seulement",
    "66": "sans remorque",
    "67": "pas de conduite sur autoroute",
    "68": "pas d'alcool",
    "69": EAD + " seulement",
    "70": "permis obtenu par échange",
    "71": "duplicata",
    "73": "quadricycles à moteur (B1) seulement",
    "78": "boîte de vitesses automatique seulement",
    "79": "véhicules répondant aux caractéristiques indiquées seulement",
    "79.01": "deux-roues seulement, avec ou sans side-car",
    "79.02": "cyclomoteurs à trois roues et quadricycles légers seulement",
    "79.03": "tricycles seulement",
    "79.04": "tricycles avec remorque de 750 kg au plus seulement",
    "79.05": "motos A1 de plus de 0,1 kW/kg",
    "79.06": "ensemble BE dont la remorque dépasse 3,5 t",
    "80": "tricycles à moteur de la catégorie A, titulaire de moins de 24 ans",
    "81": "motos de la catégorie A, titulaire de moins de 21 ans",
    "95": "qualification professionnelle de conducteur",
    "96": "remorque de plus de 750 kg, ensemble de 3,5 t à 4,25 t",
    "97": "catégorie C1 sans les véhicules à chronotachygraphe",
}
_CODES_2013 = {
    "01.03": "verres protecteurs",
    "01.04": "verre opaque",
    "02.01": "prothèse auditive pour une oreille",
    "02.02": "prothèse auditive pour les deux oreilles",
    "05": "limites pour raison médicale",
    "05.01": "conduite de jour seulement",
    "05.02": "conduite dans un rayon limité autour du domicile, ou dans une zone",
    "05.03": "conduite sans passager",
    "05.04": "vitesse limitée",
    "05.05": "conduite accompagnée d'un titulaire du permis seulement",
    "05.06": "sans remorque",
    "05.07": "pas de conduite sur autoroute",
    "05.08": "pas d'alcool",
    "10.01": "boîte de vitesses manuelle",
    "10.02": "boîte de vitesses automatique",
}
#: (first day, codes), newest first.
CODES: tuple[tuple[date, dict[str, str]], ...] = (
    (date(2017, 1, 1), _CODES_2017),
    (date(2013, 1, 19), _CODES_2013),
)

_AVEC_VALEUR = re.compile(r"(\d\d(?:\.\d\d)?)(?: ?\(.+\))?").fullmatch


def restriction_en_mots(code: str, au: date) -> str:
    """``01.06`` as « port de lunettes… »; what is in brackets (« 64 (90 km/h) ») stays with the code. "" if unknown."""
    forme = _AVEC_VALEUR(code.strip())
    if forme:
        for depuis, codes in CODES:
            if depuis <= au and forme[1] in codes:
                return codes[forme[1]]
    return ""
