"""The sentences shown to the driver, one function a nature of movement, made only when they are read.

Each says the rule, the day that started the delay, what restarted it, and the arithmetic, for somebody who knows no
law. The first argument is the movement; the others are what the engine knew when it made it.
"""

from collections.abc import Sequence
from datetime import date

from dossier.rules.calendrier import plus_ans
from dossier.rules.faits import Delai, FinDePermis, Infraction, Licence, Mouvement, Retrait, Stage
from dossier.rules.francais import duree, points
from dossier.rules.francais import en_francais as fr
from dossier.rules.parametres import POINTS_MAX, RECONSTITUTION_ANS, STAGE_POINTS
from dossier.rules.reconstitution import impose_trois_ans

ORIGINES = {
    "paiement": "paiement de l'amende",
    "amende_majoree": "amende majorée",
    "composition_penale": "composition pénale",
    "condamnation": "condamnation",
}
CLASSES = {1: "1re", 2: "2e", 3: "3e", 4: "4e", 5: "5e"}


def definitive(infraction: Infraction) -> str:
    """« Votre infraction du … est devenue définitive le … »."""
    assert infraction.date_definitive is not None
    commission, jour = fr(infraction.date_commission), fr(infraction.date_definitive)
    return f"Votre infraction du {commission} est devenue définitive le {jour}"


def _bilan(mouvement: Mouvement, attendu: int) -> str:
    """The arithmetic of a gain, where the plafond took something from it or not."""
    avant = mouvement.solde - mouvement.points
    if avant < 0:
        return (
            f" Les retraits dépassaient votre solde de {points(-avant)}, à combler d'abord\u00a0: "
            f"votre solde est de {max(0, mouvement.solde)} sur {mouvement.plafond}."
        )
    if mouvement.points == attendu:
        return f" Votre solde passe de {avant} à {mouvement.solde} sur {mouvement.plafond}."
    if mouvement.points == 0:
        return f" Votre solde était déjà au plafond de {mouvement.plafond}\u00a0: rien ne s'ajoute."
    return (
        f" Le plafond de {mouvement.plafond} limite ce gain à {points(mouvement.points)}\u00a0: "
        f"votre solde passe de {avant} à {mouvement.solde}."
    )


def capital_initial(mouvement: Mouvement, licence: Licence) -> str:
    jour = fr(mouvement.date)
    nouveau = " L'historique de points de l'ancien permis ne compte plus." if licence.rang else ""
    objet = "Nouveau permis" if licence.rang else "Permis"
    delai = licence.delai
    if delai is None:
        return (
            f"{objet} obtenu le {jour}, avant la création du permis probatoire\u00a0: "
            f"il porte {points(mouvement.points)} dès le premier jour.{nouveau}"
        )
    raison = " (conduite accompagnée)" if delai.aac else ""
    if delai.formation is not None:
        raison = " (réduit par la formation complémentaire)"
    return (
        f"{objet} obtenu le {jour}\u00a0: il porte d'abord {points(mouvement.points)}. Le délai probatoire de "
        f"{duree(delai.debut, delai.fin)}{raison} court jusqu'au {fr(delai.fin)}.{nouveau}"
    )


def majoration_probatoire(mouvement: Mouvement, delai: Delai) -> str:
    annee = "Un an" if mouvement.date == plus_ans(delai.debut, 1) else "Deux ans"
    return (
        f"{annee} après l'obtention du permis le {fr(delai.debut)}, sans infraction à points commise d'ici là\u00a0: "
        f"{points(mouvement.points)} de plus. Votre plafond passe à {mouvement.plafond}."
    )


def fin_delai_probatoire(mouvement: Mouvement, delai: Delai, premiere_commission: date | None) -> str:
    debut, fin = fr(delai.debut), fr(delai.fin)
    if premiere_commission is None or premiere_commission >= delai.fin:
        avant = mouvement.solde - mouvement.points
        return (
            f"Le délai probatoire commencé le {debut} prend fin le {fin}, sans infraction à points\u00a0: "
            f"votre solde passe de {avant} à {mouvement.solde}."
        )
    return (
        f"Le délai probatoire commencé le {debut} prend fin le {fin}. Une infraction à points y a été commise le "
        f"{fr(premiere_commission)}\u00a0: votre plafond passe à {mouvement.plafond}, votre solde reste à "
        f"{max(0, mouvement.solde)}."
    )


def retrait(mouvement: Mouvement, retire: Retrait) -> str:
    infraction = retire.infraction
    origine = ORIGINES.get(infraction.etablie_par or "")
    comment = f" ({origine})" if origine else ""
    debut = definitive(infraction) + comment
    if retire.points < infraction.points:
        reste = f"elle en retire {retire.points}" if retire.points else "elle n'en retire aucun"
        suite = (
            f"Elle valait {points(infraction.points)}, mais vos infractions simultanées ne peuvent en retirer plus de "
            f"{retire.plafond} en tout\u00a0: {reste}."
        )
    else:
        suite = f"Ce jour-là, elle retire {points(retire.points)}."
    fin = ""
    if mouvement.solde <= 0:
        fin = (
            " Votre solde est nul\u00a0: le permis reste valable tant que la lettre 48SI ne vous a pas été notifiée, "
            "et un stage compte encore."
        )
    return f"{debut}. {suite}{fin}"


def reattribution_un_point(mouvement: Mouvement, retire: Retrait) -> str:
    delai = duree(retire.date_definitive, mouvement.date)
    return (
        f"{definitive(retire.infraction)}. Sans nouvelle infraction pendant {delai}, le point revient le "
        f"{fr(mouvement.date)}.{_bilan(mouvement, 1) if mouvement.points != 1 else ''}"
    )


def reattribution_dix_ans(mouvement: Mouvement, retire: Retrait) -> str:
    if retire.points > 1:
        reviennent = f"les {points(retire.points)} qu'elle avait retirés reviennent"
    else:
        reviennent = "le point qu'elle avait retiré revient"
    return (
        f"{definitive(retire.infraction)}. Dix ans après, le {fr(mouvement.date)}, {reviennent}, "
        f"quoi qu'il se soit passé depuis.{_bilan(mouvement, retire.points)}"
    )


def reconstitution_totale(mouvement: Mouvement, fenetre: Sequence[Retrait], ans: int, fin_delai: date | None) -> str:
    dernier = fenetre[-1]
    depart = f"{definitive(dernier.infraction)}, dernier jour où des points vous ont été retirés"
    if fenetre[0].date_definitive < dernier.date_definitive:
        depart += f"\u00a0: elle a relancé le délai ouvert le {fr(fenetre[0].date_definitive)}"
    terme = plus_ans(dernier.date_definitive, ans)
    report = ""
    if fin_delai is not None and mouvement.date == fin_delai and terme < fin_delai:
        report = (
            f" Ce délai s'achève le {fr(terme)}, mais le retour à 12 n'a jamais lieu pendant le délai probatoire\u00a0:"
            f" il attend sa fin, le {fr(fin_delai)}."
        )
    avant = mouvement.solde - mouvement.points
    if mouvement.points:
        bilan = f"votre solde passe de {max(0, avant)} à {POINTS_MAX} le {fr(mouvement.date)}"
    else:
        bilan = f"votre solde est reconstitué le {fr(mouvement.date)}\u00a0; il était déjà de {POINTS_MAX}"
    return f"{depart}. {_pourquoi_ce_delai(fenetre, ans)}{report} Sans nouvelle infraction d'ici là, {bilan}."


def _pourquoi_ce_delai(fenetre: Sequence[Retrait], ans: int) -> str:
    """Why two years, or three."""
    if ans == 2:
        return "Le délai est de deux ans\u00a0: ni délit, ni contravention de 4e ou de 5e classe."
    grave = next((r.infraction for r in fenetre if impose_trois_ans(r)), None)
    if grave is None or RECONSTITUTION_ANS.au(fenetre[-1].date_definitive)[0] == ans:
        return "Le délai est de trois ans\u00a0: c'était la règle avant 2011."
    quoi = "un délit" if grave.nature == "delit" else f"une contravention de {CLASSES[grave.classe or 4]} classe"
    return f"Le délai est de trois ans, car l'infraction du {fr(grave.date_commission)} est {quoi}."


def recuperation_stage(mouvement: Mouvement, stage: Stage) -> str:
    return (
        f"Votre stage de sensibilisation s'est achevé le {fr(stage.date_fin)}\u00a0: il rend {points(STAGE_POINTS)} "
        f"au plus, dès le lendemain.{_bilan(mouvement, STAGE_POINTS)}"
    )


def invalidation(mouvement: Mouvement, fin: FinDePermis, positif: bool) -> str:
    cause = "" if positif else " Votre solde était nul."
    return (
        f"La lettre 48SI vous a été notifiée le {fr(fin.jour)}.{cause} Le permis perd sa validité ce jour-là\u00a0: "
        "il ne porte plus de points."
    )


def annulation(mouvement: Mouvement, fin: FinDePermis) -> str:
    return (
        f"Un juge a annulé votre permis, avec effet le {fr(fin.jour)}\u00a0: il ne porte plus de points. Un nouveau "
        "permis aura ses propres points et son propre délai probatoire."
    )
