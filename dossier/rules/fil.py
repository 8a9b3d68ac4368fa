"""The walk over the days that may matter, in the order of the law within one day: movements, one after the other."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from dossier.rules.articles import Article
from dossier.rules.capital import capital_etranger, texte_de_la_fin
from dossier.rules.faits import Anomalie, Delai, FinDePermis, Licence, PermisObtenu, Retrait, Stage
from dossier.rules.francais import en_francais
from dossier.rules.interpretations import report_apres_probatoire
from dossier.rules.mouvements import (
    FINS_DE_CAPITAL,
    NATURE_DE,
    CapitalEtranger,
    CapitalInitial,
    Cause,
    DixAns,
    EchangeEntrant,
    FinDelai,
    Invalidation,
    Majoration,
    Mouvement,
    PointsRetires,
    Reconstitution,
    StageSuivi,
    UnPoint,
)
from dossier.rules.parametres import POINTS_MAX
from dossier.rules.probatoire import (
    capital_initial,
    gain_a_la_fin_du_delai,
    plafond_apres_echange,
    sans_infraction_depuis_l_obtention,
)
from dossier.rules.reconstitution import (
    est_interrompu,
    impose_trois_ans,
    terme_dix_ans,
    terme_reconstitution_totale,
    terme_un_point,
)
from dossier.rules.stage import NATURES_QUI_CREDITENT, gain_du_stage, jour_du_credit, refus_du_credit
from dossier.rules.vocabulaire import Regime, TypeFait

SOLDE_POSITIF = (
    "La lettre 48SI a été notifiée le {jour} alors que le solde était de {solde} : elle a perdu son fondement. Le "
    "permis reste invalidé tant qu'elle n'est pas retirée ou annulée."
)

# The order within one day. Several of one rank: by date définitive, then id; retraits and courses: by id alone.
CAPITAL, PROBATOIRE, UN_POINT, DIX_ANS, RECONSTITUTION, RETRAIT, STAGE, FIN, OUVERTURE = range(9)
Etape = tuple[date, int, date, str, Callable[..., None], tuple[Any, ...]]


class Fil:
    """The walk: what is held on a day, and the movements so far."""

    def __init__(self, licences: Sequence[Licence], stages: Sequence[Stage], anomalies: list[Anomalie]) -> None:
        self.mouvements: list[Mouvement] = []
        self.anomalies = anomalies
        self.licence: Licence | None = None
        self.perdu: FinDePermis | None = None  # what ended the last capital
        self.solde: int | None = None
        self.plafond: int | None = None
        self.licences = licences
        self.commissions: list[date] = []  # of the offences that withdrew points from this capital, in order
        self.premiere: date | None = None  # of them, the first since the délai probatoire counts
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
        """Lay the days of one capital on the agenda."""
        agenda, fin = self.agenda, licence.fin
        self._inscrire_l_ouverture(licence)
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

    def _inscrire_l_ouverture(self, licence: Licence) -> None:
        """The day on which it opens, that on which a French licence takes it over, and its délai probatoire."""
        agenda, permis, delai, debut = self.agenda, licence.permis, licence.delai, licence.debut
        if licence.etranger is not None:
            agenda.append((debut, OUVERTURE, debut, licence.etranger.id, Fil._capital_etranger, (licence,)))
            if permis is not None:
                jour = permis.date_obtention
                agenda.append((jour, CAPITAL, jour, permis.id, Fil._echange_entrant, (licence, permis)))
        elif permis is not None:
            agenda.append((debut, CAPITAL, debut, permis.id, Fil._capital, (licence,)))
        if delai is not None and permis is not None:
            for jour in delai.anniversaires:
                if jour > delai.debut:
                    agenda.append((jour, PROBATOIRE, jour, permis.id, Fil._majoration, (licence, delai, jour)))
            agenda.append((delai.fin, PROBATOIRE, delai.fin, permis.id, Fil._fin_delai, (licence, delai)))

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

    def _ouvrir(self, licence: Licence, capital: int) -> None:
        """A capital opens: nothing of the one before counts any more, but the day of the last course."""
        self.licence = licence
        self.commissions = sorted([r.infraction.date_commission for r in licence.retraits if r.points])
        self.premiere = self.commissions[0] if self.commissions else None
        self.fenetre, self.grave, self.terme, self.retires_a, self.dernier_nul = [], False, None, {}, -1
        self.solde, self.plafond = 0, capital

    def _capital(self, licence: Licence) -> None:
        assert licence.permis is not None
        capital, article = capital_initial(licence.permis)
        self._ouvrir(licence, capital)
        self._poser(licence.debut, capital, licence.permis.id, article, CapitalInitial(licence))

    def _capital_etranger(self, licence: Licence) -> None:
        etranger, capital = licence.etranger, capital_etranger(licence.debut)
        assert etranger is not None
        self._ouvrir(licence, capital)
        reprise = any(li.etranger == etranger for li in self.licences[: licence.rang])
        self._poser(licence.debut, capital, etranger.id, capital_etranger.article, CapitalEtranger(etranger, reprise))

    def _echange_entrant(self, licence: Licence, permis: PermisObtenu) -> None:
        """A French licence takes the foreign capital over: its plafond is the new one's, and delays go on."""
        assert self.solde is not None
        jour, delai = permis.date_obtention, licence.delai
        if delai is not None:
            depuis = delai.origine or delai.debut
            toutes = [r.date_commission for li in self.licences for r in li.retraits if r.points]
            self.premiere = min((c for c in toutes if c >= depuis), default=None)
            if self.terme is not None and self.terme >= jour:
                self.terme = report_apres_probatoire(self.terme, delai.fin)
        self.plafond = plafond_apres_echange(delai, self.premiere, jour)
        perdus = min(self.solde, self.plafond) - self.solde
        self._poser(jour, perdus, permis.id, plafond_apres_echange.article, EchangeEntrant(licence))

    def _majoration(self, licence: Licence, delai: Delai, jour: date) -> None:
        if self.licence is not licence or not sans_infraction_depuis_l_obtention(self.premiere, jour):
            return
        assert self.plafond is not None
        self.plafond += delai.majoration
        gain, article = self._gain(delai.majoration), sans_infraction_depuis_l_obtention.article
        self._poser(jour, gain, licence.titre, article, Majoration(delai))

    def _fin_delai(self, licence: Licence, delai: Delai) -> None:
        if self.licence is not licence:
            return
        self.plafond = POINTS_MAX.au(delai.fin)
        premiere = self.premiere
        gain, article = gain_a_la_fin_du_delai(premiere, delai.fin, self._complement(delai.fin))
        cause = FinDelai(delai, premiere)
        self._poser(delai.fin, gain, licence.titre, article, cause)

    def _retrait(self, retrait: Retrait) -> None:
        infraction, points = retrait.infraction, retrait.points
        if points:
            self.retires_a[infraction.id] = len(self.mouvements)
        jour = retrait.date_definitive
        cause = PointsRetires(retrait, self._regime(jour))
        self._poser(jour, -points, infraction.id, retrait.article, cause)
        if points:
            self.fenetre.append(retrait)
            self.grave = self.grave or impose_trois_ans(retrait)
            self.terme, self.ans, self.alinea = terme_reconstitution_totale(jour, self.grave, self._fin_du_delai(jour))

    def _regime(self, jour: date) -> Regime:
        """Whose licence carries the points: a foreign one does until the French one that takes it over."""
        permis = self.licence.permis if self.licence else None
        return Regime.FRANCAIS if permis is not None and permis.date_obtention <= jour else Regime.ETRANGER

    def _fin_du_delai(self, jour: date) -> date | None:
        """The end of the délai probatoire of the licence held; none before a foreign capital is taken over."""
        delai = self.licence.delai if self.licence else None
        return delai.fin if delai is not None and delai.debut <= jour else None

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
        cause = Reconstitution(self.fenetre, self.ans, self._fin_du_delai(jour))
        self.fenetre, self.grave, self.retires_a = [], False, {}
        self._poser(jour, self._complement(jour), None, self.alinea, cause)

    def _stage(self, jour: date, stage: Stage) -> None:
        obtention = self.licence.debut if self.licence else None
        raison = refus_du_credit(stage, obtention, self.dernier_credit, self.perdu)
        if raison is not None:
            self.anomalies.append(Anomalie(stage.id, raison))
            return
        assert self.solde is not None and self.plafond is not None
        self.dernier_credit, self.dernier_stage = jour, stage.date_fin
        gain = gain_du_stage(self.solde, self.plafond, jour)
        self._poser(jour, gain, stage.id, refus_du_credit.article, StageSuivi(stage))

    def _fin(self, fin: FinDePermis) -> None:
        assert self.solde is not None
        solde, self.plafond, self.terme, self.licence, self.perdu = self.solde, 0, None, None, fin
        cause: Cause = Invalidation(fin, solde > 0)
        if fin.nature != TypeFait.INVALIDATION:
            cause = FINS_DE_CAPITAL[fin.nature](fin)
        elif solde > 0:
            raison = SOLDE_POSITIF.format(jour=en_francais(fin.jour), solde=solde)
            self.anomalies.append(Anomalie(fin.id, raison))
        self._poser(fin.jour, -solde, fin.id, texte_de_la_fin(fin), cause)
