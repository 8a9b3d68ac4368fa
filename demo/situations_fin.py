"""What happened to the personas whose licence ended: solde nul and 48SI, judge, and the licence obtained since."""

from datetime import date

from demo.faits import (
    annulation,
    carte,
    categorie,
    dans,
    il_y_a,
    infraction,
    invalidation,
    jour_de_distribution,
    lettre_recommandee,
    lettre_simple,
    permis,
    plus_mois,
    restitution_titre,
    resultat_examen,
    stage,
    suspension,
    visite_medicale,
)
from demo.situations import Situation


def sebastien(au: date) -> Situation:
    """13 points lost, 48SI received three weeks ago, licence handed in; the course followed since gives nothing."""
    alcool, telephone, feu = il_y_a(au, mois=17), il_y_a(au, mois=9), il_y_a(au, jours=88)
    notification = jour_de_distribution(il_y_a(au, jours=20))
    obtention = date(1997, 11, 4)
    faits = [
        permis(obtention),
        infraction("i1", "alcool_delit", alcool, dans(alcool, mois=3), "Cours de la Marne, Bordeaux",
                   etablie_par="condamnation", heure="01:30"),
        suspension("s1", dans(alcool, jours=2), dans(alcool, mois=5), "judiciaire", alcool),
        visite_medicale("v1", dans(alcool, mois=4), "apte"),  # else the suspension would be kept up
        lettre_recommandee("l1", "48M", dans(alcool, mois=3, jours=8), "i1",
                           jour_de_distribution(dans(alcool, mois=3, jours=13))),
        infraction("i2", "telephone", telephone, dans(telephone, jours=34), "Rocade ouest, Mérignac"),
        lettre_recommandee("l2", "48M", dans(telephone, jours=42), "i2",
                           jour_de_distribution(dans(telephone, jours=47))),
        infraction("i3", "feu_rouge", feu, il_y_a(au, jours=50), "Place de la Victoire, Bordeaux"),
        lettre_recommandee("l3", "48SI", il_y_a(notification, jours=5), "i3", notification),
        invalidation("inv1", notification),
        restitution_titre("rt1", dans(notification, jours=8)),
        stage("st1", dans(notification, jours=12), "33"),
    ]  # fmt: skip
    return Situation(
        [carte("14GJ12683", date(2014, 4, 9), "33", "restitue")],
        [categorie("B", obtention, notification)],
        faits,
    )


def nathalie(au: date) -> Situation:
    """Invalidated two and a half years ago, licence passed again: 8/8, a probation like a new driver's."""
    notification = jour_de_distribution(il_y_a(au, mois=31))
    ancien, nouveau = date(1996, 7, 2), il_y_a(au, mois=20)
    alcool, feu, vitesse = il_y_a(au, mois=45), il_y_a(au, mois=40), il_y_a(au, mois=35, jours=10)
    faits = [
        permis(ancien),
        infraction("i1", "alcool", alcool, dans(alcool, mois=1, jours=12), "Boulevard Vauban, Lille"),
        infraction("i2", "feu_rouge", feu, dans(feu, jours=38), "Rue Nationale, Lille"),
        infraction("i3", "ligne_continue", vitesse, dans(vitesse, jours=44), "RN 41, Englos"),
        lettre_recommandee("l1", "48SI", il_y_a(notification, jours=6), "i3", notification),
        invalidation("inv1", notification),
        restitution_titre("rt1", dans(notification, jours=9)),
        visite_medicale("v1", il_y_a(au, mois=26), "apte"),
        resultat_examen("r1", il_y_a(au, mois=24), "theorique", "favorable", 36),
        resultat_examen("r2", nouveau, "pratique", "favorable", 27),
        permis(nouveau, id="p2"),
    ]
    titres = [
        carte("14HK83351", date(2014, 1, 22), "59", "restitue"),
        carte("25IL04477", dans(nouveau, jours=12), "59"),
    ]
    return Situation(titres, [categorie("B", nouveau)], faits)


def franck(au: date) -> Situation:
    """Licence annulled by the court two months ago, no new one before ten more."""
    obtention, commise, effet = date(1994, 3, 15), il_y_a(au, mois=8), il_y_a(au, mois=2)
    ancienne = il_y_a(au, mois=30)
    faits = [
        permis(obtention),
        infraction("i1", "telephone", il_y_a(ancienne, jours=33), ancienne, "Rue Serpenoise, Metz"),
        lettre_simple("l1", "48", dans(ancienne, jours=9), "i1"),
        infraction("i2", "alcool_delit", commise, effet, "Autoroute A31, Augny", etablie_par="condamnation",
                   heure="04:50"),
        suspension("s1", dans(commise, jours=3), plus_mois(commise, 6), "administrative", commise),
        annulation("an1", effet, 12),
        restitution_titre("rt1", dans(effet, jours=6)),
    ]  # fmt: skip
    return Situation(
        [carte("15JM39904", date(2015, 10, 30), "57", "annule")],
        [categorie("B", obtention, effet)],
        faits,
    )
