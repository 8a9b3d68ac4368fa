"""The fold: a driver's facts, replayed in legal order, into movements and a solde on a day.

``rejouer`` lays every day that may matter on an agenda, in the order of the law within one day, and walks it once.
What comes after ``au`` is the prévision: no fact of the future is on the agenda.
"""

from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from dossier.rules.articles import Article
from dossier.rules.faits import (
    Anomalie,
    Delai,
    FinDePermis,
    Licence,
    Parcours,
    Retrait,
    Stage,
    Suspension,
)
from dossier.rules.francais import en_francais
from dossier.rules.invalidation import SOLDE_POSITIF, suite_des_permis, texte_de_la_fin
from dossier.rules.mouvements import (
    NATURE_DE,
    Annulation,
    CapitalInitial,
    Cause,
    DixAns,
    FinDelai,
    Invalidation,
    Majoration,
    Mouvement,
    PointsRetires,
    Reconstitution,
    Replay,
    StageSuivi,
    UnPoint,
)
from dossier.rules.parametres import POINTS_MAX
from dossier.rules.probatoire import (
    capital_initial,
    delai_probatoire,
    formation_retenue,
    gain_a_la_fin_du_delai,
    sans_infraction_depuis_l_obtention,
)
from dossier.rules.reconstitution import (
    est_interrompu,
    impose_trois_ans,
    terme_dix_ans,
    terme_reconstitution_totale,
    terme_un_point,
)
from dossier.rules.retrait import repartir
from dossier.rules.stage import NATURES_QUI_CREDITENT, gain_du_stage, jour_du_credit, refus_du_credit
from dossier.rules.vocabulaire import Etat, Mesure, TypeFait

ANNULATION_INCONNUE = "Cette décision annule une infraction qui ne figure pas au dossier : elle ne change rien."

# The order within one day. Several of one rank: by date définitive, then id; retraits and courses: by id alone.
CAPITAL, PROBATOIRE, UN_POINT, DIX_ANS, RECONSTITUTION, RETRAIT, STAGE, FIN = range(8)


class Enregistre(Protocol):
    """A fact that the national file learnt on a day, or has always known."""

    @property
    def enregistre_le(self) -> date | None: ...


F = TypeVar("F", bound=Enregistre)
Etape = tuple[date, int, date, str, Callable[..., None], tuple[Any, ...]]


def rejouer(parcours: Parcours, au: date, connu_le: date | None = None) -> Replay:
    """Replay a driver's facts as they stand on ``au``, from what was known on ``connu_le`` (by default ``au``)."""
    connus, anomalies = _connus(parcours, au, connu_le or au)
    licences, refus = _licences(connus, au)
    fil = Fil(licences, [s for s in connus.stages if s.date_fin <= au], anomalies + refus)
    fil.avancer(au)
    constates, licence, solde, plafond = len(fil.mouvements), fil.licence, fil.solde, fil.plafond
    a_un_retrait = any(r.points and r.date_definitive <= au for r in licence.retraits) if licence else False
    delai = licence.delai if licence else None
    fil.avancer(date.max)
    return Replay(
        au=au,
        points=None if solde is None else max(0, solde),
        solde=solde,
        plafond=plafond,
        etat=_etat(licences, licence, solde, connus, au),
        fin_delai_probatoire=delai.fin if delai and au < delai.fin else None,
        mouvements=tuple(fil.mouvements[:constates]),
        prevision=tuple(fil.mouvements[constates:]),
        anomalies=tuple(fil.anomalies),
        dernier_stage=fil.dernier_stage,
        a_un_retrait=a_un_retrait,
        licences=tuple(licences),
        en_attente=tuple(
            i for i in connus.infractions if i.points and (i.date_definitive is None or i.date_definitive > au)
        ),
    )


def _connus(parcours: Parcours, au: date, connu_le: date) -> tuple[Parcours, list[Anomalie]]:
    """The facts recorded by ``connu_le``, without the infractions annulled by then: as if they had never been."""
    infractions, annulees = _enregistres(parcours.infractions, connu_le), _enregistres(parcours.annulees, connu_le)
    anomalies: list[Anomalie] = []
    if annulees:
        decisions = [a for a in annulees if a.date_decision <= au]
        cibles = {a.infraction for a in decisions}
        connues = {i.id for i in infractions}
        infractions = tuple([i for i in infractions if i.id not in cibles])
        anomalies = [Anomalie(a.id, ANNULATION_INCONNUE) for a in decisions if a.infraction not in connues]
    connus = Parcours(
        _enregistres(parcours.permis, connu_le),
        _enregistres(parcours.formations, connu_le),
        infractions,
        annulees,
        _enregistres(parcours.stages, connu_le),
        _enregistres(parcours.suspensions, connu_le),
        _enregistres(parcours.fins, connu_le),
    )
    return connus, anomalies


def _enregistres(faits: tuple[F, ...], connu_le: date) -> tuple[F, ...]:
    return tuple([f for f in faits if f.enregistre_le is None or f.enregistre_le <= connu_le]) if faits else ()


def _licences(connus: Parcours, au: date) -> tuple[list[Licence], list[Anomalie]]:
    """The licences up to ``au``, each with what was withdrawn from it and its délai probatoire."""
    licences, anomalies = suite_des_permis(
        [p for p in connus.permis if p.date_obtention <= au], [f for f in connus.fins if f.jour <= au]
    )
    etablies = [i for i in connus.infractions if i.points and i.date_definitive is not None and i.date_definitive <= au]
    if etablies:
        etablies.sort(key=lambda i: (i.date_definitive, i.id))
        par_licence, refus = repartir(etablies, licences)
        anomalies += refus
        licences = [Licence(li.permis, li.rang, li.fin, tuple(par_licence[li.rang])) for li in licences]
    formation: str | None = None
    if connus.formations:
        suivies = [f for f in connus.formations if f.date_fin <= au]
        suspensions = [s for s in connus.suspensions if s.date_debut <= au]
        formation, refus = formation_retenue(suivies, licences, suspensions)
        anomalies += refus
    for rang, (permis, _, fin, retraits, _) in enumerate(licences):
        delai = delai_probatoire(permis, premier=not rang, formation=None if rang else formation)
        if delai is not None:
            licences[rang] = Licence(permis, rang, fin, retraits, delai)
    return licences, anomalies


def suspensions_en_cours(suspensions: Sequence[Suspension], au: date) -> list[Suspension]:
    """The suspensions that run on ``au``; a restriction to vehicles with an EAD is none."""
    return [s for s in suspensions if s.nature != Mesure.RESTRICTION and _court(s, au)]


def restrictions_en_cours(suspensions: Sequence[Suspension], au: date) -> list[Suspension]:
    """The restrictions to vehicles with an EAD that run on ``au``."""
    return [s for s in suspensions if s.nature == Mesure.RESTRICTION and _court(s, au)]


def _court(mesure: Suspension, au: date) -> bool:
    """First day ≤ day ≤ last day, or open."""
    return mesure.date_debut <= au and (mesure.date_fin is None or au <= mesure.date_fin)


def _etat(licences: Sequence[Licence], licence: Licence | None, solde: int | None, connus: Parcours, au: date) -> Etat:
    """The right to drive on ``au``, apart from the points: a suspension changes none of them (L224-1 and following)."""
    if not licences:
        return Etat.SANS_PERMIS
    if licence is None:
        fin = licences[-1].fin
        return Etat.INVALIDE if fin and fin.nature == TypeFait.INVALIDATION else Etat.ANNULE
    if solde is not None and solde <= 0:
        return Etat.SOLDE_NUL
    return Etat.SUSPENDU if suspensions_en_cours(connus.suspensions, au) else Etat.VALIDE


class Fil:
    """The walk: what is held on a day, and the movements so far."""

    def __init__(self, licences: Sequence[Licence], stages: Sequence[Stage], anomalies: list[Anomalie]) -> None:
        self.mouvements: list[Mouvement] = []
        self.anomalies = anomalies
        self.licence: Licence | None = None
        self.solde: int | None = None
        self.plafond: int | None = None
        self.commissions: list[date] = []  # of the offences that withdrew points from this licence, in order
        self.fenetre: list[Retrait] = []  # withdrawn since the licence or the last reconstitution totale
        self.grave = False  # one of them imposes three years
        self.terme: date | None = None  # of the next reconstitution totale
        self.ans, self.alinea = 0, terme_reconstitution_totale.article  # its delay, and the text that gives it
        self.retires_a: dict[str, int] = {}  # offence: rank of its retrait among the movements; gone once restored
        self.dernier_nul = -1  # rank of the last movement that left nothing
        self.dernier_credit: date | None = None
        self.dernier_stage: date | None = None
        self.agenda: list[Etape] = []  # of plain functions: bound to this walk, they would keep it alive in a circle
        for licence in licences:
            self._inscrire(licence)
        for stage in stages:
            if stage.nature in NATURES_QUI_CREDITENT:
                jour = jour_du_credit(stage)
                self.agenda.append((jour, STAGE, jour, stage.id, Fil._stage, (jour, stage)))
        self.agenda.sort(key=itemgetter(0, 1, 2, 3))
        self.rang = 0

    def _inscrire(self, licence: Licence) -> None:
        """Lay the days of one licence on the agenda."""
        agenda, permis, delai, fin = self.agenda, licence.permis, licence.delai, licence.fin
        obtention = permis.date_obtention
        agenda.append((obtention, CAPITAL, obtention, permis.id, Fil._capital, (licence,)))
        if delai is not None:
            for jour in delai.anniversaires:
                agenda.append((jour, PROBATOIRE, jour, permis.id, Fil._majoration, (licence, delai, jour)))
            agenda.append((delai.fin, PROBATOIRE, delai.fin, permis.id, Fil._fin_delai, (licence, delai)))
        for retrait in licence.retraits:
            identifiant, definitive = retrait.infraction.id, retrait.date_definitive
            agenda.append((definitive, RETRAIT, definitive, identifiant, Fil._retrait, (retrait,)))
            terme = terme_un_point(retrait)
            if terme is not None:
                agenda.append((terme, UN_POINT, definitive, identifiant, Fil._un_point, (licence, retrait, terme)))
            terme = terme_dix_ans(retrait)
            if terme is not None:
                agenda.append((terme, DIX_ANS, definitive, identifiant, Fil._dix_ans, (licence, retrait, terme)))
        if fin is not None:
            agenda.append((fin.jour, FIN, fin.jour, fin.id, Fil._fin, (fin,)))

    def avancer(self, au: date) -> None:
        """Walk the agenda up to ``au`` included, and the reconstitution totale whenever its day comes first."""
        agenda, rang, combien = self.agenda, self.rang, len(self.agenda)
        while True:
            terme = self.terme
            if rang < combien:
                etape = agenda[rang]
                jour = etape[0]
                if terme is None or jour < terme or (jour == terme and etape[1] < RECONSTITUTION):
                    if jour > au:
                        break
                    rang += 1
                    etape[4](self, *etape[5])
                    continue
            if terme is None or terme > au:
                break
            self._reconstitution(terme)
        self.rang = rang

    def _poser(self, jour: date, points: int, fait: str | None, article: Article, cause: Cause) -> None:
        """Add one movement."""
        assert self.solde is not None and self.plafond is not None
        self.solde += points
        if self.solde <= 0:
            self.dernier_nul = len(self.mouvements)
        nature = NATURE_DE[type(cause)]
        self.mouvements.append(Mouvement(jour, nature, points, self.solde, self.plafond, fait, article, cause))

    def _gain(self, points: int) -> int:
        """``points`` within the plafond; a gain never lowers a solde."""
        assert self.solde is not None and self.plafond is not None
        return max(0, min(points, self.plafond - self.solde))

    def _complement(self, jour: date) -> int:
        """What brings the solde to 12, from below zero too."""
        assert self.solde is not None
        return max(0, POINTS_MAX.au(jour) - self.solde)

    def _capital(self, licence: Licence) -> None:
        self.licence = licence
        self.commissions = sorted([r.infraction.date_commission for r in licence.retraits if r.points])
        self.fenetre, self.grave, self.terme, self.retires_a, self.dernier_nul = [], False, None, {}, -1
        capital, article = capital_initial(licence.permis)
        self.solde, self.plafond = 0, capital
        jour, fait = licence.permis.date_obtention, licence.permis.id
        self._poser(jour, capital, fait, article, CapitalInitial(licence))

    def _premiere_commission(self) -> date | None:
        return self.commissions[0] if self.commissions else None

    def _majoration(self, licence: Licence, delai: Delai, jour: date) -> None:
        if self.licence is not licence or not sans_infraction_depuis_l_obtention(self._premiere_commission(), jour):
            return
        assert self.plafond is not None
        self.plafond += delai.majoration
        gain, article = self._gain(delai.majoration), sans_infraction_depuis_l_obtention.article
        self._poser(jour, gain, licence.permis.id, article, Majoration(delai))

    def _fin_delai(self, licence: Licence, delai: Delai) -> None:
        if self.licence is not licence:
            return
        self.plafond = POINTS_MAX.au(delai.fin)
        premiere = self._premiere_commission()
        gain, article = gain_a_la_fin_du_delai(premiere, delai.fin, self._complement(delai.fin))
        cause = FinDelai(delai, premiere)
        self._poser(delai.fin, gain, licence.permis.id, article, cause)

    def _retrait(self, retrait: Retrait) -> None:
        infraction, points = retrait.infraction, retrait.points
        if points:
            self.retires_a[infraction.id] = len(self.mouvements)
        jour, cause = retrait.date_definitive, PointsRetires(retrait)
        self._poser(jour, -points, infraction.id, retrait.article, cause)
        if points:
            assert self.licence is not None
            self.fenetre.append(retrait)
            self.grave = self.grave or impose_trois_ans(retrait)
            fin_delai = self.licence.delai.fin if self.licence.delai else None
            self.terme, self.ans, self.alinea = terme_reconstitution_totale(jour, self.grave, fin_delai)

    def _un_point(self, licence: Licence, retrait: Retrait, jour: date) -> None:
        infraction = retrait.infraction
        if self.licence is not licence or infraction.id not in self.retires_a:
            return
        if est_interrompu(retrait.date_definitive, jour, self.commissions):
            return
        del self.retires_a[infraction.id]
        gain, article = self._gain(1), terme_un_point.article
        self._poser(jour, gain, infraction.id, article, UnPoint(retrait))

    def _dix_ans(self, licence: Licence, retrait: Retrait, jour: date) -> None:
        identifiant = retrait.infraction.id
        if self.licence is not licence or self.retires_a.get(identifiant, -1) <= self.dernier_nul:
            return
        gain, article = self._gain(retrait.points), terme_dix_ans.article
        self._poser(jour, gain, identifiant, article, DixAns(retrait))

    def _reconstitution(self, jour: date) -> None:
        self.terme = None
        if est_interrompu(self.fenetre[-1].date_definitive, jour, self.commissions):
            return  # the offence that interrupts opens a delay of its own on its date définitive
        assert self.licence is not None
        delai = self.licence.delai
        cause = Reconstitution(self.fenetre, self.ans, delai.fin if delai else None)
        self.fenetre, self.grave, self.retires_a = [], False, {}
        self._poser(jour, self._complement(jour), None, self.alinea, cause)

    def _stage(self, jour: date, stage: Stage) -> None:
        obtention = self.licence.permis.date_obtention if self.licence else None
        raison = refus_du_credit(stage, obtention, self.dernier_credit)
        if raison is not None:
            self.anomalies.append(Anomalie(stage.id, raison))
            return
        assert self.solde is not None and self.plafond is not None
        self.dernier_credit, self.dernier_stage = jour, stage.date_fin
        gain = gain_du_stage(self.solde, self.plafond, jour)
        self._poser(jour, gain, stage.id, refus_du_credit.article, StageSuivi(stage))

    def _fin(self, fin: FinDePermis) -> None:
        assert self.solde is not None
        solde, self.plafond, self.terme, self.licence = self.solde, 0, None, None
        cause: Cause = Annulation(fin)
        if fin.nature == TypeFait.INVALIDATION:
            cause = Invalidation(fin, solde > 0)
            if solde > 0:
                raison = SOLDE_POSITIF.format(jour=en_francais(fin.jour), solde=solde)
                self.anomalies.append(Anomalie(fin.id, raison))
        self._poser(fin.jour, -solde, fin.id, texte_de_la_fin(fin), cause)
