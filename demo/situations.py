"""What happened to the personas who hold their licence: one function a persona, every day relative to ``au``.

Each function states, in days, months and years before or after the day looked at, the facts that put the dossier in
the state its persona shows. Those whose licence ended are in ``situations_fin``.
"""

from datetime import date, timedelta
from typing import NamedTuple

from demo.faits import (
    Json,
    carte,
    categorie,
    dans,
    formation_complementaire,
    il_y_a,
    infraction,
    infraction_annulee,
    jour_de_distribution,
    lettre_recommandee,
    lettre_simple,
    permis,
    plus_mois,
    resultat_examen,
    stage,
    suspension,
    trois_volets,
    visite_medicale,
)


class Situation(NamedTuple):
    """A persona's file: what is known from the beginning, and what the increment brings."""

    titres: list[Json]
    categories: list[Json]
    faits: list[Json]
    tardifs: tuple[Json, ...] = ()


def _titulaire(numero: str, date_obtention: date, departement: str, *faits: Json, tardifs: tuple[Json, ...] = (),
               filiere: str = "classique") -> Situation:  # fmt: skip
    """The common case: category B, one card renewed within the last fifteen years."""
    delivrance = date_obtention + timedelta(days=9)
    while delivrance < date(2013, 9, 16):
        delivrance = plus_mois(delivrance, 12)
    return Situation(
        [carte(numero, delivrance, departement)],
        [categorie("B", date_obtention)],
        [permis(date_obtention, filiere), *faits],
        tardifs,
    )


def camille(au: date) -> Situation:
    """Fixed days: one point lost in 2021, given back, then the balance rebuilt."""
    titre = carte("13AA00001", date(2015, 8, 20), "75")
    faits = [
        permis(date(1999, 1, 15)),
        infraction("i1", "exces_20_route", date(2021, 6, 30), date(2021, 7, 21), "Autoroute A6, Évry"),
    ]
    return Situation([titre], [categorie("B", date(1999, 1, 15))], faits)


def julien(au: date) -> Situation:
    """9/12 after a telephone in hand: a course may be followed from tomorrow."""
    commise, definitive = il_y_a(au, jours=75), il_y_a(au, jours=40)
    return _titulaire(
        "14BC27419", date(2008, 6, 18), "69",
        infraction("i1", "telephone", commise, definitive, "Quai Perrache, Lyon", heure="08:12"),
        lettre_simple("l1", "48", il_y_a(au, jours=31), "i1"),
    )  # fmt: skip


def ines(au: date) -> Situation:
    """Probation: 8/8 after a clean first year, then 3 points and the 48N that makes the course compulsory."""
    notification = jour_de_distribution(il_y_a(au, mois=1))
    commise, definitive = il_y_a(au, jours=70), il_y_a(au, jours=45)
    return _titulaire(
        "25DK30871", il_y_a(au, mois=16, jours=3), "13",
        infraction("i1", "ligne_continue", commise, definitive, "RD 559, Cassis", heure="17:45"),
        lettre_recommandee("l1", "48N", notification - timedelta(days=5), "i1", notification),
    )  # fmt: skip


def hugo(au: date) -> Situation:
    """Accompanied driving, no infraction: 9/9 since the first anniversary."""
    return _titulaire("25EF11302", il_y_a(au, mois=15, jours=8), "44", filiere="aac")


def chloe(au: date) -> Situation:
    """Complementary training in the ninth month: two years of probation instead of three."""
    obtention = il_y_a(au, mois=20)
    formation = dans(obtention, mois=8, jours=12)
    return _titulaire("25GH58240", obtention, "31", formation_complementaire("f1", formation))


def manon(au: date) -> Situation:
    """Supervised driving, no infraction: three years of probation end in six days."""
    return _titulaire("23JK90417", plus_mois(dans(au, jours=6), -36), "35", filiere="supervisee")


def thomas(au: date) -> Situation:
    """12/12, and yet the right to drive is suspended for a medical matter, which costs no point."""
    debut = il_y_a(au, jours=50)
    return _titulaire(
        "15LM64023", date(1996, 3, 28), "67",
        visite_medicale("v1", il_y_a(au, jours=62), "inapte"),
        suspension("s1", debut, plus_mois(debut, 6), "administrative"),
    )  # fmt: skip


def karim(au: date) -> Situation:
    """13 points lost out of 12, no 48SI yet: a course still saves the licence."""
    alcool, feu, vitesse = il_y_a(au, mois=22), il_y_a(au, mois=10), il_y_a(au, jours=66)
    return _titulaire(
        "16NP38155", date(2001, 9, 5), "93",
        infraction("i1", "alcool", alcool, dans(alcool, mois=2), "Avenue du Président-Wilson, Saint-Denis",
                   heure="23:40"),
        suspension("s1", dans(alcool, jours=2), dans(alcool, mois=3), "administrative", alcool),
        lettre_recommandee("l1", "48M", dans(alcool, mois=2, jours=6), "i1",
                           jour_de_distribution(dans(alcool, mois=2, jours=11))),
        infraction("i2", "feu_rouge", feu, dans(feu, jours=35), "Boulevard Ornano, Saint-Denis"),
        lettre_recommandee("l2", "48M", dans(feu, jours=43), "i2", jour_de_distribution(dans(feu, jours=48))),
        infraction("i3", "exces_40", vitesse, il_y_a(au, jours=25), "Autoroute A1, Le Bourget",
                   etablie_par="amende_majoree"),
    )  # fmt: skip


def gerard(au: date) -> Situation:
    """Always another infraction before the three years are over: only the ten-year rule gives points back."""
    jalons = (
        ("i1", "exces_30", il_y_a(au, ans=12), 40, "RN 85, Vizille"),
        ("i2", "exces_40", il_y_a(au, ans=10, mois=2), 45, "RD 1075, Vif"),
        ("i3", "exces_30", il_y_a(au, ans=7, mois=8), 38, "Autoroute A48, Voreppe"),
        ("i4", "exces_30", il_y_a(au, ans=5, mois=3), 52, "RD 1532, Sassenage"),
        ("i5", "exces_30", il_y_a(au, ans=2, mois=10), 41, "Autoroute A41, Crolles"),
        ("i6", "exces_20_route", il_y_a(au, mois=4), 60, "RN 87, Échirolles"),
    )
    faits = [
        infraction(id, cle, definitive - timedelta(days=delai), definitive, lieu)
        for id, cle, definitive, delai, lieu in jalons
    ]
    return Situation(
        [trois_volets("780338100011", date(1978, 6, 2), "38")],
        [categorie("B", date(1978, 5, 22)), categorie("A1", date(1978, 5, 22))],
        [permis(date(1978, 5, 22)), *faits],
    )


def elodie(au: date) -> Situation:
    """The balance was rebuilt two months ago; an infraction learnt today was committed inside the delay."""
    ancienne, tardive = il_y_a(au, mois=38), il_y_a(au, mois=3)
    connue_aujourdhui = infraction("i2", "exces_20_route", tardive, il_y_a(au, jours=25), "Rocade, Dijon")
    return _titulaire(
        "13QR70264", date(2003, 5, 14), "21",
        infraction("i1", "exces_40", il_y_a(ancienne, jours=47), ancienne, "RD 974, Gevrey-Chambertin"),
        lettre_simple("l1", "48", dans(ancienne, jours=9), "i1"),
        lettre_simple("l2", "46", il_y_a(au, mois=2, jours=-5), "i1"),
        tardifs=(connue_aujourdhui | {"enregistre_le": au.isoformat()},),
    )  # fmt: skip


def patrick(au: date) -> Situation:
    """A claim learnt today annuls four points, and so brings back the point they had blocked."""
    petite = il_y_a(au, mois=9)
    stop = il_y_a(au, mois=8, jours=10)
    annulee = infraction_annulee(
        "a1", "i2", il_y_a(au, jours=12), "Réclamation acceptée : le véhicule avait été cédé avant l'infraction"
    )
    return _titulaire(
        "14ST05518", date(1989, 10, 10), "49",
        infraction("i1", "exces_20_route", il_y_a(petite, jours=33), petite, "RD 323, Angers"),
        infraction("i2", "stop", stop, il_y_a(au, mois=7), "Rue Saint-Aubin, Angers", etablie_par="amende_majoree"),
        lettre_simple("l1", "48", il_y_a(au, mois=7, jours=-8), "i2"),
        tardifs=(annulee | {"enregistre_le": au.isoformat()},),
    )  # fmt: skip


def lea(au: date) -> Situation:
    """A candidate: theory test passed at the second go, driving test failed, another one next month."""
    faits = [
        resultat_examen("r1", il_y_a(au, mois=6), "theorique", "insuffisant", 33),
        resultat_examen("r2", il_y_a(au, mois=5), "theorique", "favorable", 37),
        resultat_examen("r3", il_y_a(au, jours=24), "pratique", "insuffisant", 18),
    ]
    return Situation([], [], faits)


def antoine(au: date) -> Situation:
    """12/12, and a red light three weeks ago that is not final."""
    return _titulaire(
        "14UV93307", date(2002, 11, 27), "76",
        infraction("i1", "feu_rouge", il_y_a(au, jours=21), None, "Boulevard de l'Yser, Rouen", heure="18:05"),
    )  # fmt: skip


def mohamed(au: date) -> Situation:
    """Three infractions at one stop: 4 + 3 + 3 points, 8 withdrawn."""
    commise, definitive = il_y_a(au, mois=5), il_y_a(au, mois=4)
    lieu = "Avenue Pablo-Picasso, Nanterre"
    return _titulaire(
        "15WX41126", date(1999, 12, 8), "92",
        infraction("i1", "feu_rouge", commise, definitive, lieu, groupe="g1", heure="14:20"),
        infraction("i2", "ceinture", commise, definitive, lieu, groupe="g1", heure="14:20"),
        infraction("i3", "telephone", commise, definitive, lieu, groupe="g1", heure="14:20"),
        lettre_recommandee("l1", "48M", dans(definitive, jours=7), "i3",
                           jour_de_distribution(dans(definitive, jours=12))),
    )  # fmt: skip


def isabelle(au: date) -> Situation:
    """Two courses eight months apart: the second gives nothing."""
    premiere, seconde = il_y_a(au, mois=14), il_y_a(au, mois=4)
    return _titulaire(
        "14YZ68802", date(1986, 2, 20), "63",
        infraction("i1", "sens_interdit", il_y_a(premiere, jours=30), premiere, "Rue Blatin, Clermont-Ferrand"),
        stage("st1", il_y_a(au, mois=10), "63"),
        lettre_simple("l1", "47", il_y_a(au, mois=9, jours=5), "st1"),
        infraction("i2", "cedez_le_passage", il_y_a(seconde, jours=41), seconde, "RD 2009, Riom"),
        lettre_simple("l2", "48", dans(seconde, jours=10), "i2"),
        stage("st2", il_y_a(au, mois=2), "63"),
    )  # fmt: skip


def jean_pierre(au: date) -> Situation:
    """Never an infraction; a lost pink licence, heavy vehicles, and the medical examination they ask for."""
    visite = il_y_a(au, mois=7)
    validite = plus_mois(visite, 12)
    titres = [
        trois_volets("740406100018", date(1974, 6, 4), "06", "perdu"),
        carte("19AB55071", date(2019, 3, 12), "06"),
    ]
    categories = [
        categorie("A", date(1974, 5, 21)),
        categorie("B", date(1974, 5, 21), restrictions=("01.06",)),
        categorie("BE", date(1981, 9, 17), validite),
        categorie("C", date(1981, 9, 17), validite, ("01.06",)),
    ]
    faits = [
        permis(date(1974, 5, 21)),
        visite_medicale("v1", visite, "apte_avec_restrictions", validite),
    ]
    return Situation(titres, categories, faits)


def olivier(au: date) -> Situation:
    """6/12 after a délit, driving allowed with an alcohol interlock only: restricted is not suspended."""
    commise, definitive = il_y_a(au, mois=9), il_y_a(au, mois=5)
    situation = _titulaire(
        "16CD20936", date(2000, 7, 3), "29",
        infraction("i1", "alcool_delit", commise, definitive, "Rue de Douarnenez, Quimper",
                   etablie_par="composition_penale", heure="02:15"),
        suspension("s1", dans(commise, jours=3), dans(commise, mois=4), "administrative", commise),
        visite_medicale("v1", dans(commise, mois=3), "apte_avec_restrictions"),  # else the suspension would be kept up
        suspension("s2", definitive, plus_mois(definitive, 12), "restriction", commise),
        lettre_recommandee("l1", "48M", dans(definitive, jours=9), "i1",
                           jour_de_distribution(dans(definitive, jours=14))),
    )  # fmt: skip
    return situation._replace(categories=[categorie("B", date(2000, 7, 3), restrictions=("69",))])


def sophie(au: date) -> Situation:
    """5/12, and a course that ended today: four points come tomorrow."""
    premiere, seconde = il_y_a(au, mois=19), il_y_a(au, mois=3)
    return _titulaire(
        "15EG77340", date(1992, 6, 11), "45",
        infraction("i1", "feu_rouge", il_y_a(premiere, jours=36), premiere, "Rue Royale, Orléans"),
        lettre_simple("l1", "48", dans(premiere, jours=8), "i1"),
        infraction("i2", "telephone", il_y_a(seconde, jours=40), seconde, "RD 2020, Saran"),
        lettre_recommandee("l2", "48M", dans(seconde, jours=7), "i2", jour_de_distribution(dans(seconde, jours=13))),
        stage("st1", au, "45"),
    )  # fmt: skip


def david(au: date) -> Situation:
    """11/12: the point lost nearly six months ago comes back in ten days."""
    definitive = plus_mois(dans(au, jours=10), -6)
    return _titulaire(
        "13FH64190", date(2003, 12, 17), "77",
        infraction("i1", "exces_20_ville", il_y_a(definitive, jours=29), definitive, "Avenue Thiers, Melun"),
        lettre_simple("l1", "48", dans(definitive, jours=8), "i1"),
    )  # fmt: skip
