"""What real life brings: decisions undone, a suspension kept up, foreign licences, letters not collected.

One persona a state that « Mes points » knows, with every day relative to ``au``. Fabien and Laurent, in the Rhône, wait
for the desk: a medical decision to record, a 48SI presented about which nothing is decided.
"""

from datetime import date

from demo.faits import (
    Json,
    annulation,
    carte,
    categorie,
    dans,
    echange,
    il_y_a,
    infraction,
    infraction_annulee,
    interdiction_circuler,
    invalidation,
    jour_de_distribution,
    lettre_recommandee,
    lettre_simple,
    levee,
    permis,
    permis_etranger,
    restitution_titre,
    resultat_examen,
    suspension,
    trois_volets,
    visite_medicale,
)
from demo.situations import Situation


def _perdre(lieu: str, *jours: date) -> list[Json]:
    """Twelve points and one more lost on three days, by what costs six, three and four."""
    alcool, telephone, feu = jours
    return [
        infraction("i1", "alcool", alcool, dans(alcool, mois=1, jours=9), f"Boulevard de Strasbourg, {lieu}"),
        infraction("i2", "telephone", telephone, dans(telephone, jours=36), f"Rocade, {lieu}"),
        infraction("i3", "feu_rouge", feu, dans(feu, jours=41), f"Place du Marché, {lieu}"),
    ]


def fabien(au: date) -> Situation:
    """A suspension of two months whose last day has passed, without the medical control: it goes on."""
    obtention, commise = date(2005, 10, 4), il_y_a(au, mois=3)
    debut, definitive = dans(commise, jours=3), dans(commise, mois=1, jours=12)
    faits = [
        permis(obtention),
        infraction("i1", "alcool", commise, definitive, "Quai Perrache, Lyon", heure="23:50"),
        suspension("s1", debut, dans(debut, mois=2), "administrative", commise),
        lettre_recommandee("l1", "48M", dans(definitive, jours=8), "i1",
                           jour_de_distribution(dans(definitive, jours=13))),
    ]  # fmt: skip
    return Situation([carte("15FB20418", date(2015, 10, 13), "69")], [categorie("B", obtention)], faits)


def helene(au: date) -> Situation:
    """A 48SI annulled by a judge three weeks ago, with one of its offences: 3/12, and the licence to ask back."""
    obtention, jugement = date(1994, 9, 6), il_y_a(au, jours=21)
    notification = jour_de_distribution(il_y_a(au, mois=11))
    pertes = _perdre("Lyon", il_y_a(au, mois=20), il_y_a(au, mois=17), il_y_a(au, mois=13))
    faits = [
        permis(obtention),
        *pertes,
        lettre_recommandee("l1", "48SI", il_y_a(notification, jours=5), "i3", notification),
        invalidation("inv1", notification),
        restitution_titre("rt1", dans(notification, jours=7)),
        infraction_annulee("an1", "i3", jugement, "jugement"),
        levee("lv1", "inv1", jugement, "retroactive", "annulation_juge"),
    ]
    return Situation([carte("14HV30511", date(2014, 6, 2), "69", "restitue")], [categorie("B", obtention)], faits)


def marc(au: date) -> Situation:
    """A 48SI suspended by the interim judge: valid for now, until the judgment on the merits."""
    obtention = date(1998, 3, 17)
    notification = jour_de_distribution(il_y_a(au, mois=3))
    pertes = _perdre("Toulouse", il_y_a(au, mois=14), il_y_a(au, mois=10), il_y_a(au, mois=6))
    ordonnance = il_y_a(au, jours=25)
    faits = [
        permis(obtention),
        *pertes,
        lettre_recommandee("l1", "48SI", il_y_a(notification, jours=6), "i3", notification),
        invalidation("inv1", notification),
        infraction_annulee("an1", "i2", ordonnance, "requête à l'officier du ministère public"),
        levee("lv1", "inv1", ordonnance, "provisoire", "refere"),
    ]
    return Situation([carte("14MD70226", date(2014, 2, 20), "31")], [categorie("B", obtention)], faits)


def ingrid(au: date) -> Situation:
    """Gone to live in Switzerland, where the French licence was exchanged."""
    obtention, parti = date(2007, 5, 22), il_y_a(au, mois=9)
    faits = [permis(obtention), echange("ex1", parti, "99140")]
    return Situation([carte("14IS11873", date(2014, 5, 30), "67", "restitue")], [], faits)


def pedro(au: date) -> Situation:
    """A Portuguese licence: eight points left of the twelve that it has in France."""
    ouverture, commise = il_y_a(au, ans=3), il_y_a(au, mois=7)
    definitive = dans(commise, jours=38)
    faits = [
        permis_etranger("e1", ouverture, "99139"),
        infraction("i1", "feu_rouge", commise, definitive, "Place Bellecour, Lyon"),
        lettre_simple("l1", "48", dans(definitive, jours=9), "i1"),
    ]
    return Situation([], [], faits)


def andrei(au: date) -> Situation:
    """A Romanian licence whose points are gone: no driving in France for a year, four months of which have passed."""
    notification = jour_de_distribution(il_y_a(au, mois=4))
    pertes = _perdre("Paris", il_y_a(au, mois=16), il_y_a(au, mois=12), il_y_a(au, mois=8))
    faits = [permis_etranger("e1", il_y_a(au, ans=4), "99114"), *pertes, interdiction_circuler("ic1", notification)]
    return Situation([], [], faits)


def nadia(au: date) -> Situation:
    """An offence, and no licence that the file knows: it is incomplete."""
    commise, definitive = il_y_a(au, mois=5), il_y_a(au, mois=4)
    return Situation([], [], [infraction("i1", "telephone", commise, definitive, "Avenue Wilson, Saint-Denis")])


def laurent(au: date) -> Situation:
    """A 48SI presented and not collected ten days ago, about which nothing is decided."""
    obtention, presentee = date(2001, 6, 19), jour_de_distribution(il_y_a(au, jours=10))
    pertes = _perdre("Lyon", il_y_a(au, mois=12), il_y_a(au, mois=8), il_y_a(au, mois=3))
    lettre = lettre_recommandee("l1", "48SI", il_y_a(presentee, jours=4), "i3", presentee)
    faits = [permis(obtention), *pertes, lettre | {"date_notification": None, "date_avis": presentee.isoformat()}]
    return Situation([carte("14LC55108", date(2014, 11, 3), "69")], [categorie("B", obtention)], faits)


def robert(au: date) -> Situation:
    """Twelve points, and the one category ended six weeks ago: nothing to drive with."""
    obtention, visite = date(1970, 4, 14), il_y_a(au, ans=5, jours=60)
    faits = [permis(obtention), visite_medicale("v1", visite, "apte", il_y_a(au, jours=42))]
    titre = trois_volets("700238100049", date(1976, 4, 14), "38")
    return Situation([titre], [categorie("B", obtention, il_y_a(au, jours=42))], faits)


def sandrine(au: date) -> Situation:
    """An annulment quashed on appeal after a new licence was obtained: the first is held, the second falls."""
    obtention, effet = date(1999, 2, 11), il_y_a(au, mois=26)
    repasse, arret = il_y_a(au, mois=10), il_y_a(au, jours=40)
    commise = il_y_a(au, mois=28)
    faits = [
        permis(obtention),
        infraction("i1", "alcool", commise, dans(commise, mois=1, jours=20), "Pont Anne-de-Bretagne, Nantes"),
        annulation("an1", effet, 6),
        restitution_titre("rt1", dans(effet, jours=9)),
        resultat_examen("r1", il_y_a(au, mois=12), "theorique", "favorable", 37),
        resultat_examen("r2", repasse, "pratique", "favorable", 28),
        permis(repasse, id="p2"),
        levee("lv1", "an1", arret, "retroactive", "infirmation"),
    ]
    return Situation(
        [carte("14SM60335", date(2014, 8, 26), "44", "restitue"), carte("26SM10077", dans(repasse, jours=15), "44")],
        [categorie("B", obtention)],
        faits,
    )
