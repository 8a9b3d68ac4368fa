"""The lines of a driver's history, and why each of them is there.

A cause holds what the engine knew when it made the movement, and says it in French when it is read: the rule, the day
that started the delay, what restarted it, and the arithmetic, for somebody who knows no law.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dossier.rules.articles import Article
from dossier.rules.calendrier import UN_JOUR, mois_entre, plus_ans
from dossier.rules.capital import fin_de_l_interdiction
from dossier.rules.faits import (
    Delai,
    FinDePermis,
    Infraction,
    Licence,
    PermisEtranger,
    Retrait,
    Stage,
)
from dossier.rules.francais import ans_en_lettres, duree, majuscule, ordinal, points
from dossier.rules.francais import en_francais as fr
from dossier.rules.mots.conducteur import NATURES, PREUVES, SOLDES_NULS
from dossier.rules.parametres import DIX_ANS, POINTS_MAX, RECONSTITUTION_ANS, STAGE_POINTS
from dossier.rules.reconstitution import ans_de_l_alinea, impose_trois_ans
from dossier.rules.vocabulaire import Nature, Regime, TypeFait


class Mouvement(NamedTuple):
    """A line of the history. ``solde`` and ``plafond`` are those after it; ``solde`` is signed.

    ``article`` is that of the rule which made it; ``cause`` says why it is there.
    """

    date: date
    nature: Nature
    points: int
    solde: int
    plafond: int
    fait: str | None
    article: Article
    cause: "Cause"

    @property
    def explication(self) -> str:
        """The French sentences shown to the driver: the rule, the days, the arithmetic."""
        return self.cause.phrase(self)

    @property
    def titre(self) -> str:
        """What the line is called."""
        match self.cause:
            case UnPoint(retrait):
                mois = mois_entre(retrait.date_definitive, self.date)
                return f"{NATURES[self.nature]} à {mois} mois"
            case Reconstitution(ans=ans):
                return f"{NATURES[self.nature]} à {ans} ans"
            case _:
                return NATURES[self.nature]


class CapitalInitial(NamedTuple):
    """A licence is obtained."""

    licence: Licence

    def phrase(self, m: Mouvement) -> str:
        rang, delai = self.licence.rang, self.licence.delai
        jour = fr(m.date)
        nouveau = " L'historique de points de l'ancien permis ne compte plus." if rang else ""
        objet = "Nouveau permis" if rang else "Permis"
        if delai is None:
            return (
                f"{objet} obtenu le {jour}, avant la création du permis probatoire\u00a0: "
                f"il porte {points(m.points)} dès le premier jour.{nouveau}"
            )
        raison = " (conduite accompagnée)" if delai.aac else ""
        if delai.ensuite and delai.formation is None:
            raison = " (réduit par le permis B obtenu en conduite accompagnée)"
        if delai.formation is not None:
            raison = " (réduit par la formation complémentaire)"
        return (
            f"{objet} obtenu le {jour}\u00a0: il porte d'abord {points(m.points)}. Le délai probatoire de "
            f"{duree(delai.debut, delai.fin)}{raison} court jusqu'au {fr(delai.fin)}.{nouveau}"
        )


class Majoration(NamedTuple):
    """A year of the délai probatoire has gone without an offence."""

    delai: Delai

    def phrase(self, m: Mouvement) -> str:
        ans = majuscule(ans_en_lettres(mois_entre(self.delai.debut, m.date) // 12))
        return (
            f"{ans} après l'obtention du permis le {fr(self.delai.debut)}, sans infraction à points commise d'ici "
            f"là\u00a0: {points(m.points)} de plus. Votre plafond passe à {m.plafond}."
        )


class FinDelai(NamedTuple):
    """The délai probatoire ends; an offence committed inside it keeps its points from coming."""

    delai: Delai
    premiere_commission: date | None

    def phrase(self, m: Mouvement) -> str:
        debut, fin, premiere = fr(self.delai.debut), fr(self.delai.fin), self.premiere_commission
        if premiere is None or premiere >= self.delai.fin:
            return (
                f"Le délai probatoire commencé le {debut} prend fin le {fin}, sans infraction à points\u00a0: "
                f"votre solde passe de {m.solde - m.points} à {m.solde}."
            )
        return (
            f"Le délai probatoire commencé le {debut} prend fin le {fin}. Une infraction à points y a été commise le "
            f"{fr(premiere)}\u00a0: votre plafond passe à {m.plafond}, votre solde reste à {max(0, m.solde)}."
        )


class PointsRetires(NamedTuple):
    """An offence is established; ``regime``: whose licence loses its points."""

    retrait: Retrait
    regime: Regime

    def phrase(self, m: Mouvement) -> str:
        retrait, infraction = self.retrait, self.retrait.infraction
        origine = PREUVES.get(infraction.etablie_par or "")
        debut = definitive(infraction) + (f" ({origine})" if origine else "")
        if retrait.points < infraction.points:
            reste = f"elle en retire {retrait.points}" if retrait.points else "elle n'en retire aucun"
            suite = (
                f"Elle valait {points(infraction.points)}, mais vos infractions simultanées ne peuvent en retirer plus "
                f"de {retrait.plafond} en tout\u00a0: {reste}."
            )
        else:
            suite = f"Ce jour-là, elle retire {points(retrait.points)}."
        fin = f" {SOLDES_NULS[self.regime]}" if m.solde <= 0 else ""
        return f"{debut}. {suite}{fin}"


class UnPoint(NamedTuple):
    """The only point of an offence comes back."""

    retrait: Retrait

    def phrase(self, m: Mouvement) -> str:
        delai = duree(self.retrait.date_definitive, m.date)
        return (
            f"{definitive(self.retrait.infraction)}. Sans nouvelle infraction pendant {delai}, le point revient le "
            f"{fr(m.date)}.{_bilan(m, 1) if m.points != 1 else ''}"
        )


class DixAns(NamedTuple):
    """The points of a contravention come back, whatever happened since."""

    retrait: Retrait

    def phrase(self, m: Mouvement) -> str:
        retires = self.retrait.points
        ans = majuscule(ans_en_lettres(DIX_ANS.au(self.retrait.date_definitive)[0]))
        if retires > 1:
            reviennent = f"les {points(retires)} qu'elle avait retirés reviennent"
        else:
            reviennent = "le point qu'elle avait retiré revient"
        return (
            f"{definitive(self.retrait.infraction)}. {ans} après, le {fr(m.date)}, {reviennent}, "
            f"quoi qu'il se soit passé depuis.{_bilan(m, retires)}"
        )


class Reconstitution(NamedTuple):
    """All the points come back, ``ans`` years after the last of ``retraits``; ``fin_delai``: never before that day."""

    retraits: Sequence[Retrait]
    ans: int
    fin_delai: date | None

    def phrase(self, m: Mouvement) -> str:
        premier, dernier = self.retraits[0], self.retraits[-1]
        depart = f"{definitive(dernier.infraction)}, dernier jour où des points vous ont été retirés"
        if premier.date_definitive < dernier.date_definitive:
            depart += f"\u00a0: elle a relancé le délai ouvert le {fr(premier.date_definitive)}"
        if m.points:
            bilan = f"votre solde passe de {max(0, m.solde - m.points)} à {POINTS_MAX.au(m.date)} le {fr(m.date)}"
        else:
            bilan = f"votre solde est reconstitué le {fr(m.date)}\u00a0; il était déjà de {POINTS_MAX.au(m.date)}"
        return f"{depart}. {self._pourquoi()}{self._report(m)} Sans nouvelle infraction d'ici là, {bilan}."

    def _pourquoi(self) -> str:
        """Why two years, or three."""
        sans, avec = RECONSTITUTION_ANS.au(self.retraits[-1].date_definitive)
        delai = f"Le délai est de {ans_en_lettres(self.ans)}"
        if sans == avec:
            return f"{delai}\u00a0: c'était la règle avant {RECONSTITUTION_ANS.depuis.year}."
        grave = next((r.infraction for r in self.retraits if impose_trois_ans(r)), None)
        if grave is None:
            return f"{delai}\u00a0: ni délit, ni contravention de 4e ou de 5e classe."
        quoi = "un délit" if grave.classe is None else f"une contravention de {ordinal(grave.classe)} classe"
        return f"{delai}, car l'infraction du {fr(grave.date_commission)} est {quoi}."

    def _report(self, m: Mouvement) -> str:
        """Why it waits, when its delay ended inside the délai probatoire."""
        terme = plus_ans(self.retraits[-1].date_definitive, self.ans)
        if self.fin_delai is None or m.date != self.fin_delai or terme >= self.fin_delai:
            return ""
        return (
            f" Ce délai s'achève le {fr(terme)}, mais le retour à {POINTS_MAX.au(m.date)} n'a jamais lieu pendant le "
            f"délai probatoire\u00a0: il attend sa fin, le {fr(self.fin_delai)}."
        )


class StageSuivi(NamedTuple):
    """A course gives points."""

    stage: Stage

    def phrase(self, m: Mouvement) -> str:
        au_plus = STAGE_POINTS.au(m.date)
        return (
            f"Votre stage de sensibilisation s'est achevé le {fr(self.stage.date_fin)}\u00a0: il rend "
            f"{points(au_plus)} au plus, dès le lendemain.{_bilan(m, au_plus)}"
        )


class Invalidation(NamedTuple):
    """A 48SI is notified; ``positif``: though points were left."""

    fin: FinDePermis
    positif: bool

    def phrase(self, m: Mouvement) -> str:
        cause = "" if self.positif else " Votre solde était nul."
        return (
            f"La lettre 48SI vous a été notifiée le {fr(self.fin.jour)}.{cause} Le permis perd sa validité ce "
            "jour-là\u00a0: il ne porte plus de points."
        )


class Annulation(NamedTuple):
    """A judge annuls the licence."""

    fin: FinDePermis

    def phrase(self, m: Mouvement) -> str:
        return (
            f"Un juge a annulé votre permis, avec effet le {fr(self.fin.jour)}\u00a0: il ne porte plus de points. Un "
            "nouveau permis aura ses propres points et son propre délai probatoire."
        )


class Echange(NamedTuple):
    """A French licence is exchanged abroad."""

    fin: FinDePermis

    def phrase(self, m: Mouvement) -> str:
        return f"Votre permis français a été échangé à l'étranger le {fr(m.date)}\u00a0: il ne porte plus de points."


class CapitalEtranger(NamedTuple):
    """A foreign licence is given points in France; ``reprise``: again, after an interdiction."""

    etranger: PermisEtranger
    reprise: bool

    def phrase(self, m: Mouvement) -> str:
        if self.reprise:
            return f"L'interdiction de circuler a pris fin\u00a0: depuis le {fr(m.date)}, vous avez {points(m.points)}."
        return (
            f"Votre permis étranger est suivi en France depuis le {fr(m.date)}\u00a0: {points(m.points)} vous sont "
            "affectés, que des infractions commises en France peuvent réduire."
        )


class EchangeEntrant(NamedTuple):
    """A French licence takes over the points of a foreign one."""

    licence: Licence

    def phrase(self, m: Mouvement) -> str:
        debut = f"Permis français obtenu le {fr(m.date)}\u00a0: il garde vos points de permis étranger et leurs délais."
        delai, avant = self.licence.delai, m.solde - m.points
        if delai is None:
            return f"{debut} Votre solde est de {max(0, m.solde)} sur {m.plafond}."
        limite = f" Un délai probatoire court jusqu'au {fr(delai.fin)}\u00a0: le plafond est de {m.plafond}"
        if m.points:
            return f"{debut}{limite}, et votre solde passe de {avant} à {m.solde}."
        return f"{debut}{limite}, et votre solde reste de {max(0, m.solde)}."


class Interdiction(NamedTuple):
    """A foreign licence has lost its points: its holder may not drive in France for a year."""

    fin: FinDePermis

    def phrase(self, m: Mouvement) -> str:
        return (
            f"Une interdiction de circuler en France vous a été notifiée le {fr(self.fin.jour)}. Elle dure jusqu'au "
            f"{fr(fin_de_l_interdiction(self.fin.jour) - UN_JOUR)} inclus. Ensuite, si votre permis étranger compte "
            "encore en France, des points lui sont affectés de nouveau."
        )


class FinEtranger(NamedTuple):
    """A foreign licence counts no more in France."""

    fin: FinDePermis

    def phrase(self, m: Mouvement) -> str:
        return f"Depuis le {fr(self.fin.jour)}, votre permis étranger n'est plus suivi en France."


Cause = (
    CapitalInitial
    | Majoration
    | FinDelai
    | PointsRetires
    | UnPoint
    | DixAns
    | Reconstitution
    | StageSuivi
    | Invalidation
    | Annulation
    | Echange
    | CapitalEtranger
    | EchangeEntrant
    | Interdiction
    | FinEtranger
)
#: How the end of a capital is told; a 48SI says more.
FINS_DE_CAPITAL: Mapping[str, Callable[[FinDePermis], Cause]] = {
    TypeFait.ANNULATION: Annulation,
    TypeFait.ECHANGE: Echange,
    TypeFait.INTERDICTION_CIRCULER: Interdiction,
    TypeFait.PERMIS_ETRANGER: FinEtranger,
}


#: The nature of a movement follows from its cause.
NATURE_DE: Mapping[type[Cause], Nature] = {
    CapitalInitial: Nature.CAPITAL_INITIAL,
    Majoration: Nature.MAJORATION_PROBATOIRE,
    FinDelai: Nature.FIN_DELAI_PROBATOIRE,
    PointsRetires: Nature.RETRAIT,
    UnPoint: Nature.UN_POINT,
    DixAns: Nature.DIX_ANS,
    Reconstitution: Nature.RECONSTITUTION,
    StageSuivi: Nature.STAGE,
    Invalidation: Nature.INVALIDATION,
    Annulation: Nature.ANNULATION,
    Echange: Nature.ECHANGE,
    CapitalEtranger: Nature.CAPITAL_ETRANGER,
    EchangeEntrant: Nature.ECHANGE_ENTRANT,
    Interdiction: Nature.INTERDICTION,
    FinEtranger: Nature.FIN_PERMIS_ETRANGER,
}


def titre_de_ligne(nature: str, article: str) -> str:
    """What a posted line is called: of its cause the ledger keeps the nature and the article only."""
    if nature == Nature.RECONSTITUTION:
        return f"{NATURES[nature]} à {ans_de_l_alinea(article)} ans"
    return NATURES[nature]


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
