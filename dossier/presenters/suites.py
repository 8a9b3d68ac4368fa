"""« Et maintenant ? »: what is urgent, what comes by itself, and what the driver may do, état by état."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from dossier.presenters.panneau import prochain_gain
from dossier.rules.calendrier import UN_JOUR, plus_mois
from dossier.rules.faits import Suspension
from dossier.rules.francais import ans_en_lettres, en_lettres, en_prose, en_toutes_lettres, insecables, mois_en_lettres
from dossier.rules.francais import points as nombre_de_points
from dossier.rules.invalidation import dernier_jour_de_remise, premier_jour_nouveau_permis
from dossier.rules.mouvements import Mouvement
from dossier.rules.parametres import (
    CAPITAL_INITIAL,
    DELAI_PROBATOIRE_MOIS,
    JOURS_FRANCS_REMISE,
    MAJORATION_AAC_POINTS,
    MAJORATION_POINTS,
    POINTS_MAX,
    RECOURS_MOIS,
    STAGE_OBLIGATOIRE_MOIS,
    STAGE_POINTS,
)
from dossier.rules.prevision import est_conditionnel, retour_a_douze
from dossier.rules.rejeu import Replay
from dossier.rules.stage import gain_du_stage, limite_stage_obligatoire, sanction_du_defaut
from dossier.rules.vocabulaire import Etat, Mesure, Nature, TypeFait
from dossier.selectors import Situation

GRAVE, PRUDENCE = "fr-alert--error", "fr-alert--warning"


class Alerte(NamedTuple):
    """The first thing on the page: what is so, and what to do, one sentence a paragraph."""

    titre: str
    phrases: list[str]
    classe: str


class Etape(NamedTuple):
    """One step: ``acquise`` comes by itself, another one is the driver's choice. ``lien``: words and address.

    ``prevue``: the forecast says why it comes on that day.
    """

    quand: str
    texte: str
    acquise: bool
    lien: tuple[str, str] | None = None
    prevue: bool = False


def alertes(situation: Situation) -> list[Alerte]:
    """What the driver must know before anything else, gravest first."""
    return [
        alerte._replace(titre=insecables(alerte.titre), phrases=[insecables(p) for p in alerte.phrases])
        for source in (_invalide, _annule, _suspendu, _solde_nul, _stage_obligatoire, _restriction)
        for alerte in source(situation)
    ]


def _invalide(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    if replay.etat != Etat.INVALIDE:
        return
    notification = _fin_de_permis(replay)
    phrases = [f"La lettre 48SI vous a été notifiée le {en_lettres(notification)}, faute de points."]
    remise = _remise(situation, notification)
    limite = dernier_jour_de_remise(notification)
    francs = en_toutes_lettres(JOURS_FRANCS_REMISE.au(notification))
    if remise:
        premier = premier_jour_nouveau_permis(remise, notification, _invalidation_precedente(replay))
        phrases.append(
            f"Vous avez remis votre permis le {en_lettres(remise)}. Un nouveau permis pourra vous être délivré à "
            f"partir du {en_lettres(premier)}, si un examen médical et psychotechnique vous déclare apte."
        )
    elif replay.au <= limite:
        phrases.append(
            f"Remettez votre permis à votre préfecture au plus tard le {en_lettres(limite)} : {francs} jours francs "
            "après la réception de la lettre. Le délai avant un nouveau permis ne court qu'à partir de cette remise."
        )
    else:
        phrases.append(
            f"Le délai pour remettre votre permis à votre préfecture a pris fin le {en_lettres(limite)} : remettez-le "
            "sans attendre. Le délai avant un nouveau permis ne court qu'à partir de cette remise."
        )
    delai = RECOURS_MOIS.au(notification)
    fin = plus_mois(notification, delai)
    if replay.au <= fin:
        phrases.append(
            f"Vous pouvez contester cette décision jusqu'au {en_lettres(fin)}, {mois_en_lettres(delai)} après sa "
            "notification."
        )
    yield Alerte("Votre permis n'est plus valable : vous ne pouvez plus conduire", phrases, GRAVE)


def _annule(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    if replay.etat != Etat.ANNULE:
        return
    effet = _fin_de_permis(replay)
    phrases = [f"Un juge a annulé votre permis, avec effet le {en_lettres(effet)}."]
    mois = next(
        (
            f.get("interdiction_mois")
            for f in situation.faits_de_type(TypeFait.ANNULATION)
            if date.fromisoformat(f["date_effet"]) == effet
        ),
        None,
    )
    if mois:
        jour = en_lettres(plus_mois(effet, mois))
        phrases.append(f"Vous ne pouvez pas demander de nouveau permis avant le {jour}.")
    else:
        phrases.append("La décision du juge dit à partir de quand vous pouvez demander un nouveau permis.")
    if not _remise(situation, effet):
        phrases.append("Remettez votre permis à la préfecture, si ce n'est déjà fait.")
    yield Alerte("Votre permis est annulé : vous ne pouvez plus conduire", phrases, GRAVE)


AUCUN_POINT = "Une suspension ne retire aucun point et n'arrête aucun délai : vos points restent ceux ci-dessous."


def _suspendu(situation: Situation) -> Iterator[Alerte]:
    replay = situation.replay
    for suspension, maintenue in replay.suspensions[:1]:
        if replay.etat not in (Etat.SUSPENDU, Etat.SOLDE_NUL):
            return
        qui = "par décision d'un juge" if suspension.nature == Mesure.JUDICIAIRE else "par décision du préfet"
        if maintenue:
            yield _suspension_maintenue(suspension, qui)
            return
        if suspension.date_fin:
            duree = f"jusqu'au {en_lettres(suspension.date_fin)} inclus"
        else:
            duree = "sans date de fin connue : votre préfecture vous renseigne"
        yield Alerte(
            "Votre permis est suspendu : vous ne pouvez pas conduire",
            [
                f"Il est suspendu depuis le {en_lettres(suspension.date_debut)}, {qui}, {duree}.",
                AUCUN_POINT,
            ],
            GRAVE,
        )


def _solde_nul(situation: Situation) -> Iterator[Alerte]:
    replay, stage = situation.replay, situation.stage
    if replay.etat != Etat.SOLDE_NUL or replay.solde is None or replay.plafond is None:
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
    yield Alerte("Vous n'avez plus de points, mais votre permis est encore valable", phrases, GRAVE)


def _depart(premier: date, au: date) -> str:
    if premier == au + UN_JOUR:
        return "Il peut commencer dès demain."
    return f"Il doit commencer à partir du {en_lettres(premier)} : un seul stage compte par an."


def _stage_obligatoire(situation: Situation) -> Iterator[Alerte]:
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
                "Ce stage rend aussi des points, et il remplace l'amende : vous pouvez en demander le remboursement.",
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


def _suspension_maintenue(suspension: Suspension, qui: str) -> Alerte:
    """Its last day has passed, and the driver believes that he may drive: he may not."""
    assert suspension.date_fin is not None
    return Alerte(
        "Votre permis est toujours suspendu : vous ne pouvez pas conduire",
        [
            f"Il l'a été du {en_lettres(suspension.date_debut)} au {en_lettres(suspension.date_fin)}, {qui}. "
            "Ce jour est passé, mais la suspension est maintenue : elle prend fin quand le préfet vous reconnaît apte, "
            "après un contrôle médical (article R. 221-14-1 du Code de la route).",
            "Prenez rendez-vous avec un médecin agréé, avec votre pièce d'identité et la décision de suspension.",
            "Vous l'avez déjà vu ? Demandez la décision à votre préfecture : elle n'est pas encore enregistrée.",
            AUCUN_POINT,
        ],
        GRAVE,
    )


def _restriction(situation: Situation) -> Iterator[Alerte]:
    for r in situation.replay.restrictions:
        jusque = f"jusqu'au {en_lettres(r.date_fin)} inclus" if r.date_fin else "jusqu'à nouvelle décision"
        yield Alerte(
            "Vous ne pouvez conduire qu'un véhicule équipé d'un éthylotest antidémarrage",
            [f"Cette restriction court depuis le {en_lettres(r.date_debut)}, {jusque}."],
            PRUDENCE,
        )


def etapes(situation: Situation) -> list[Etape]:
    """What comes by itself, soonest first, then what the driver may do. Never empty."""
    ecrire = ETAPES.get(situation.replay.etat, _avec_permis)
    return [etape._replace(texte=en_prose(etape.texte)) for etape in ecrire(situation)]


def _sans_permis(situation: Situation) -> list[Etape]:
    au = situation.replay.au
    return [
        Etape(
            "Le jour de votre permis",
            f"Il portera {CAPITAL_INITIAL.au(au)} points, puis {MAJORATION_POINTS.au(au)} ou "
            f"{MAJORATION_AAC_POINTS.au(au)} de plus chaque année sans infraction, jusqu'à {POINTS_MAX.au(au)}.",
            True,
            ("Comprendre le permis probatoire", reverse("comprendre")),
        )
    ]


def _permis_perdu(situation: Situation) -> list[Etape]:
    au = situation.replay.au
    return [
        Etape(
            "Votre prochain permis",
            f"Il aura ses propres points : {CAPITAL_INITIAL.au(au)} au départ, avec un délai probatoire de "
            f"{ans_en_lettres(DELAI_PROBATOIRE_MOIS.au(au) // 12)}. Les retraits d'avant n'y compteront plus.",
            True,
            ("Comprendre ce qui suit une perte de permis", reverse("comprendre")),
        )
    ]


def _avec_permis(situation: Situation) -> list[Etape]:
    replay = situation.replay
    gain, retour = prochain_gain(replay), retour_a_douze(replay)
    suite = _etape_suspension(situation)
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


def _etape_suspension(situation: Situation) -> list[Etape]:
    """The day on which the right to drive comes back; an open suspension has none."""
    en_cours = situation.replay.suspensions
    fins = [s.date_fin for s, _ in en_cours if s.date_fin is not None]
    if not en_cours:
        return []
    maintenue = any(maintenue for _, maintenue in en_cours)
    if maintenue or len(fins) < len(en_cours):
        levee = "Passez le contrôle médical" if maintenue else "Attendez que la suspension soit levée par écrit"
        return [Etape("Avant de reprendre le volant", f"{levee}.", True)]
    texte = "Votre suspension prend fin. Une visite médicale peut vous être demandée avant : préparez-la."
    return [Etape(f"Le {en_lettres(max(fins) + UN_JOUR)}", texte, True)]


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
    if not stage.eligible or stage.premier_jour is None or replay.solde is None or replay.plafond is None:
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


ETAPES: dict[str, Callable[[Situation], list[Etape]]] = {
    Etat.SANS_PERMIS: _sans_permis,
    **dict.fromkeys([Etat.INVALIDE, Etat.ANNULE], _permis_perdu),
}


def _fin_de_permis(replay: Replay) -> date:
    fin = replay.licences[-1].fin
    assert fin is not None
    return fin.jour


def _invalidation_precedente(replay: Replay) -> date | None:
    jours = [li.fin.jour for li in replay.licences[:-1] if li.fin and li.fin.nature == TypeFait.INVALIDATION]
    return max(jours, default=None)


def _remise(situation: Situation, depuis: date) -> date | None:
    """The day on which the licence was handed in since it ended."""
    jours = [
        date.fromisoformat(f["date_restitution"])
        for f in situation.faits_de_type(TypeFait.RESTITUTION_TITRE)
        if f.get("date_restitution") and date.fromisoformat(f["date_restitution"]) >= depuis
    ]
    return min(jours, default=None)
