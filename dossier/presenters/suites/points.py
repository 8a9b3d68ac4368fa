"""Points to get back: what comes by itself, what a course gives, and when it must be followed."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from dossier.presenters.panneau import prochain_gain
from dossier.presenters.suites.categories import etapes_des_titres
from dossier.presenters.suites.formes import GRAVE, PRUDENCE, Alerte, Etape
from dossier.presenters.suites.suspendu import etape_suspension
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.francais import ans_en_lettres, en_lettres, mois_en_lettres
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.mots.conducteur import remboursement_de_l_amende
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import POINTS_MAX, STAGE_OBLIGATOIRE_MOIS, STAGE_POINTS
from dossier.rules.prevision import est_conditionnel, retour_a_douze
from dossier.rules.stage import gain_du_stage, limite_stage_obligatoire, sanction_du_defaut
from dossier.rules.vocabulaire import Etat, Nature
from dossier.selectors import Situation


def solde_nul(situation: Situation) -> Iterator[Alerte]:
    replay, stage = situation.replay, situation.stage
    if replay.etat != Etat.SOLDE_NUL or replay.solde is None or replay.plafond is None:
        return
    if replay.etranger or replay.provisoire:  # no 48SI can come, or it came and a judge suspended it: said above
        return
    phrases = [
        "Il cessera de l'être le jour où la lettre 48SI vous sera notifiée, en recommandé avec avis de réception. "
        "Aller la chercher ou non n'y change rien : présentée et non retirée, elle compte aussi.",
    ]
    apres = replay.solde + gain_du_stage(replay.solde, replay.plafond, stage.premier_jour or replay.au)
    if stage.premier_jour and apres > 0:
        phrases.append(
            f"Un stage de deux jours, terminé avant cette lettre, peut sauver votre permis : votre solde serait de "
            f"{nombre_de_points(apres)} dès le lendemain. {_depart(stage.premier_jour, replay.au)}"
        )
    elif stage.premier_jour:
        phrases.append(
            f"Vos retraits dépassent votre solde de {nombre_de_points(-replay.solde)} : un stage, qui rend "
            f"{STAGE_POINTS.au(stage.premier_jour)} points au plus, ne suffirait pas à le rendre positif."
        )
    titre = "Vous n'avez plus de points, mais votre permis est encore valable"
    if replay.suspensions:
        titre = "Vous n'avez plus de points, mais votre permis n'est pas invalidé"
    yield Alerte(titre, phrases, GRAVE)


def _depart(premier: date, au: date) -> str:
    if premier == au + UN_JOUR:
        return "Il peut commencer dès demain."
    return f"Il doit commencer à partir du {en_lettres(premier)} : un seul stage compte par an."


def stage_obligatoire(situation: Situation) -> Iterator[Alerte]:
    au = situation.replay.au
    notification = situation.stage_ordonne_le
    if notification is None:
        return
    limite = limite_stage_obligatoire(notification)
    recue = f"La lettre 48N vous a été notifiée le {en_lettres(notification)}"
    amende, ans = sanction_du_defaut(limite)
    sanction = (
        f"Ne pas suivre ce stage expose à une amende de {amende} € et à une suspension du permis, "
        f"{ans_en_lettres(ans)} au plus (article R.\u00a0223-4 du Code de la route)."
    )
    if au <= limite:
        reste = (limite - au).days
        delai = f"il vous reste {reste}\u00a0jours" if reste > 1 else "il ne vous reste presque plus de temps"
        yield Alerte(
            f"Vous devez suivre un stage au plus tard le {en_lettres(limite)}",
            [
                f"{recue} : vous avez {mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.au(notification))}, {delai}.",
                "Ce stage rend aussi des points.",
                remboursement_de_l_amende(au),
                sanction,
            ],
            PRUDENCE,
        )
    else:
        yield Alerte(
            f"Le délai de votre stage obligatoire a pris fin le {en_lettres(limite)}",
            [
                f"{recue}, et aucun stage obligatoire terminé depuis n'est enregistré.",
                "Si vous l'avez suivi, gardez votre attestation et écrivez à votre préfecture. Sinon, suivez-le sans "
                "attendre.",
                sanction,
            ],
            GRAVE,
        )


def avec_permis(situation: Situation) -> list[Etape]:
    replay = situation.replay
    gain, retour = prochain_gain(replay), retour_a_douze(replay)
    suite = [*etape_suspension(situation), *etapes_des_titres(situation)]
    if gain:
        suite.append(_etape_gain(gain))
    if retour and retour is not gain:
        suite.append(_etape_gain(retour))
    elif not gain and replay.prevision and replay.plafond != POINTS_MAX.au(replay.au):
        suite.append(_etape_gain(replay.prevision[0]))
    en_jeu = sum(i.points for i in replay.en_attente)
    if en_jeu:
        une, combien = "Une infraction n'est pas encore définitive", len(replay.en_attente)
        sujet = une if combien == 1 else f"{combien} infractions en attente"
        suite.append(Etape("À prévoir", f"{sujet} : {nombre_de_points(en_jeu)} en jeu.", True))
    stage = _etape_stage(situation)
    presse = replay.etat == Etat.SOLDE_NUL or situation.stage_ordonne_le is not None
    suite = [*stage, *suite] if presse else [*suite, *stage]
    plein = Etape("Rien à faire", f"Votre solde est au maximum : {nombre_de_points(replay.points or 0)}.", True)
    return suite or [plein]


def _etape_gain(m: Mouvement) -> Etape:
    condition = ", si vous ne commettez aucune infraction d'ici là" if est_conditionnel(m) else ""
    if m.points <= 0:
        texte = f"Votre permis n'est plus probatoire : son plafond passe à {m.plafond} points"
    elif m.nature == Nature.FIN_DELAI_PROBATOIRE:
        texte = f"Votre permis n'est plus probatoire, et votre solde passe à {m.solde} points"
    elif m.solde >= POINTS_MAX.au(m.date):
        texte = f"Vous retrouvez vos {m.solde} points, sans démarche"
    else:
        verbe = "reviennent" if m.points > 1 else "revient"
        if m.nature in (Nature.MAJORATION_PROBATOIRE, Nature.STAGE):
            verbe = "s'ajoutent" if m.points > 1 else "s'ajoute"
        texte = f"{nombre_de_points(m.points)} {verbe}, sans démarche : votre solde sera de {m.solde} sur {m.plafond}"
    return Etape(f"Le {en_lettres(m.date)}", f"{texte}{condition}.", True, prevue=True)


def _etape_stage(situation: Situation) -> list[Etape]:
    replay, stage = situation.replay, situation.stage
    notification = situation.stage_ordonne_le
    lien = ("Voir les stages", reverse("stages:stages"))
    if notification is not None:
        limite = limite_stage_obligatoire(notification)
        quand = f"Au plus tard le {en_lettres(limite)}" if replay.au <= limite else "Sans attendre"
        return [Etape(quand, "Suivez le stage obligatoire que la lettre 48N demande.", False, lien)]
    if not situation.stage_conseille or stage.premier_jour is None or replay.solde is None or replay.plafond is None:
        return []
    gain = gain_du_stage(replay.solde, replay.plafond, stage.premier_jour or replay.au)
    proche = stage.premier_jour == replay.au + UN_JOUR
    quand = "Sans attendre" if proche else f"À partir du {en_lettres(stage.premier_jour)}"
    au_plus = STAGE_POINTS.au(stage.premier_jour)
    limites = f" : {au_plus} au plus, sans dépasser {replay.plafond}" if gain < au_plus else ""
    rappel = "" if proche else " Votre dernier stage a moins d'un an : un seul compte par an."
    return [
        Etape(
            quand,
            f"Un stage de deux jours vous rend {nombre_de_points(gain)} dès le lendemain{limites}.{rappel}",
            False,
            lien,
        )
    ]
