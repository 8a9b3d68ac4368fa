"""The capitals of points of one driver, one after the other: what opens each, what takes it over, what ends it.

A French licence (L223-1), a foreign one (L223-10), a foreign one that a French licence takes over (L223-11).
"""

from collections.abc import Sequence
from datetime import date
from heapq import heapify, heappop, heappush

from dossier.rules.articles import (
    CODE_PENAL_131_10,
    L223_1_AL3,
    L223_10_I,
    L223_10_II,
    L223_11,
    R223_3_III,
    R225_1_3,
    Article,
    regle,
)
from dossier.rules.calendrier import plus_ans
from dossier.rules.faits import Anomalie, FinDePermis, Licence, PermisEtranger, PermisObtenu
from dossier.rules.francais import en_francais
from dossier.rules.parametres import INTERDICTION_ANS, POINTS_MAX
from dossier.rules.vocabulaire import TypeFait

FIN_SANS_PERMIS = "Sans effet : aucun permis n'était détenu le {jour}."
FIN_D_UN_AUTRE = "Sans effet : le permis que ce fait dit finir n'était pas celui qui était détenu le {jour}."
FIN_D_UN_ETRANGER = (
    "Sans effet : le {jour}, les points étaient ceux d'un permis étranger. Une telle décision n'y met pas fin ; seule "
    "une interdiction de circuler le peut."
)
INTERDICTION_SANS_OBJET = "Sans effet : aucun permis étranger ne portait de points le {jour}."
AUTRE_CATEGORIE = "Nouvelle catégorie obtenue le {jour} alors qu'un permis est détenu : les points ne changent pas."
ETRANGER_EN_TROP = "Sans effet : le {jour}, {raison}."
ETRANGER_ECHU = "Sans effet : ce permis étranger finirait le {jour}, avant de commencer à compter."

#: The ends in their order within one day.
_FINS = (
    TypeFait.INVALIDATION,
    TypeFait.ANNULATION,
    TypeFait.ECHANGE,
    TypeFait.INTERDICTION_CIRCULER,
    TypeFait.PERMIS_ETRANGER,
)
#: Every licence obtained comes before them, the opening of a foreign capital last.
ORDRE_DES_FINS = {nature: rang for rang, nature in enumerate(_FINS, start=1)}
REOUVERTURE = len(_FINS) + 1
OUVERTURE = REOUVERTURE + 1
ETRANGERES = frozenset({TypeFait.INTERDICTION_CIRCULER, TypeFait.PERMIS_ETRANGER})

Evenement = tuple[date, int, str, PermisObtenu | FinDePermis | PermisEtranger]


@regle(L223_1_AL3, R223_3_III, CODE_PENAL_131_10, R225_1_3, L223_10_I, L223_10_II, L223_11)
def suite_des_capitaux(
    permis: Sequence[PermisObtenu], fins: Sequence[FinDePermis], etrangers: Sequence[PermisEtranger] = ()
) -> tuple[list[Licence], list[Anomalie]]:
    """The capitals one after the other, and the facts that change none of them.

    > Lorsque le nombre de points est nul, le permis perd sa validité.

    Only a notified 48SI, a judicial annulment or an exchange abroad ends a French licence; only an interdiction, or its
    own end, a foreign one. ``fins`` and ``etrangers``: those that exist, with the ends of foreign licences among
    ``fins``.
    """
    suite = Suite(etrangers)
    agenda: list[Evenement] = [(p.date_obtention, 0, p.id, p) for p in permis]
    agenda += [(f.jour, ORDRE_DES_FINS[f.nature], f.id, f) for f in fins]
    if not etrangers:
        agenda.sort(key=lambda e: e[:3])
        for evenement in agenda:
            suite.recevoir(evenement[0], evenement[1], evenement[3])
        return suite.licences, suite.anomalies
    agenda += [(e.date_debut, OUVERTURE, e.id, e) for e in etrangers]
    heapify(agenda)
    while agenda:
        jour, rang, _, fait = heappop(agenda)
        suite.recevoir(jour, rang, fait)
        if suite.rouvre is not None:
            retour, etranger = suite.rouvre
            heappush(agenda, (retour, REOUVERTURE, etranger.id, etranger))
            suite.rouvre = None
    return suite.licences, suite.anomalies


class Suite:
    """The walk over the days on which a capital may open or end."""

    def __init__(self, etrangers: Sequence[PermisEtranger]) -> None:
        self.licences: list[Licence] = []
        self.anomalies: list[Anomalie] = []
        self.tenue = False
        self.interdit_jusqu_au: date | None = None
        self.rouvre: tuple[date, PermisEtranger] | None = None  # the day on which an interdiction will have run
        self.finis = {e.id: e.date_fin for e in etrangers if e.date_fin is not None}

    def recevoir(self, jour: date, rang: int, fait: PermisObtenu | FinDePermis | PermisEtranger) -> None:
        if isinstance(fait, PermisObtenu):
            self._obtenir(fait)
        elif isinstance(fait, FinDePermis):
            self._finir(fait)
        elif rang == REOUVERTURE:
            self._rouvrir(jour, fait)
        else:
            self._ouvrir(fait)

    def _obtenir(self, permis: PermisObtenu) -> None:
        """A licence opens a capital, takes over a foreign one, or is a further category of the one held."""
        if not self.tenue:
            premier = not any(li.permis for li in self.licences)
            self.licences.append(Licence(permis.date_obtention, permis, len(self.licences), premier=premier))
            self.tenue = True
        elif self.licences[-1].permis is None:
            self.licences[-1] = self.licences[-1]._replace(permis=permis)
        else:
            derniere = self.licences[-1]
            self.licences[-1] = derniere._replace(ensuite=(*derniere.ensuite, permis))

    def _finir(self, fin: FinDePermis) -> None:
        raison = self._refus(fin)
        if raison is not None:
            if fin.nature != TypeFait.PERMIS_ETRANGER:  # its own end is part of the foreign licence, not a fact
                self.anomalies.append(Anomalie(fin.id, raison.format(jour=en_francais(fin.jour))))
            return
        derniere = self.licences[-1]
        self.licences[-1], self.tenue = derniere._replace(fin=fin), False
        if fin.nature == TypeFait.INTERDICTION_CIRCULER:
            self.interdit_jusqu_au = fin_de_l_interdiction(fin.jour)
            assert derniere.etranger is not None
            self.rouvre = self.interdit_jusqu_au, derniere.etranger

    def _refus(self, fin: FinDePermis) -> str | None:
        """Why this fact ends nothing."""
        tenue = self.licences[-1] if self.tenue else None
        if fin.nature in ETRANGERES:
            sien = tenue is not None and tenue.permis is None
            if sien and fin.nature == TypeFait.PERMIS_ETRANGER:
                sien = tenue is not None and tenue.titre == fin.id
            return None if sien else INTERDICTION_SANS_OBJET
        if tenue is None:
            return FIN_SANS_PERMIS
        if tenue.permis is None:
            return FIN_D_UN_ETRANGER
        return FIN_D_UN_AUTRE if fin.permis not in (None, tenue.permis.id) else None

    def _ouvrir(self, etranger: PermisEtranger) -> None:
        jour, raison = etranger.date_debut, None
        if etranger.date_fin is not None and etranger.date_fin <= jour:
            self.anomalies.append(Anomalie(etranger.id, ETRANGER_ECHU.format(jour=en_francais(etranger.date_fin))))
            return
        if self.tenue:
            francais = self.licences[-1].permis is not None
            raison = "un permis français est détenu" if francais else "un autre permis étranger porte déjà des points"
        elif self.interdit_jusqu_au is not None and jour < self.interdit_jusqu_au:
            raison = f"une interdiction de circuler court jusqu'au {en_francais(self.interdit_jusqu_au)}"
        if raison is not None:
            self.anomalies.append(Anomalie(etranger.id, ETRANGER_EN_TROP.format(jour=en_francais(jour), raison=raison)))
            return
        self._capital(jour, etranger)

    def _rouvrir(self, jour: date, etranger: PermisEtranger) -> None:
        """The interdiction has run: a new capital, unless the foreign licence ended or a French one was obtained."""
        fini = self.finis.get(etranger.id)
        francais = self.licences[-1].permis is not None
        if not self.tenue and not francais and (fini is None or fini > jour):
            self._capital(jour, etranger)

    def _capital(self, jour: date, etranger: PermisEtranger) -> None:
        self.licences.append(Licence(jour, None, len(self.licences), etranger=etranger))
        self.tenue = True


@regle(L223_10_II)
def fin_de_l_interdiction(notification: date) -> date:
    """The day on which a driver whose foreign licence lost its points may drive again, with new points.

    > […] l'interdiction de circuler sur le territoire national pendant une durée d'un an. Au terme de cette durée,
    > l'intéressé se voit affecter un nombre de points […].
    """
    return plus_ans(notification, INTERDICTION_ANS.au(notification))


_TEXTES_DE_FIN: dict[str, Article] = {
    TypeFait.INVALIDATION: R223_3_III,
    TypeFait.ANNULATION: CODE_PENAL_131_10,
    TypeFait.ECHANGE: R225_1_3,
    TypeFait.INTERDICTION_CIRCULER: L223_10_II,
    TypeFait.PERMIS_ETRANGER: L223_10_I,
}


@regle(R223_3_III, CODE_PENAL_131_10, R225_1_3, L223_10_II, L223_10_I)
def texte_de_la_fin(fin: FinDePermis) -> Article:
    """By which text a capital ends: the 48SI's, the judge's, the exchange's, the interdiction's."""
    return _TEXTES_DE_FIN[fin.nature]


@regle(L223_10_I)
def capital_etranger(jour: date) -> int:
    """What a foreign licence is given, on the day from which this file counts for its holder.

    > Tout conducteur titulaire d'un permis de conduire délivré par une autorité étrangère circulant sur le territoire
    > national se voit affecter un nombre de points.
    """
    return POINTS_MAX.au(jour)


def fins_en_jour_d_obtention(permis: Sequence[PermisObtenu], fins: Sequence[FinDePermis]) -> list[date]:
    """Days on which a licence is obtained while another one ends: the feed refuses them, the order would be unsaid."""
    francaises = [f for f in fins if f.nature not in ETRANGERES]
    licences, _ = suite_des_capitaux(permis, francaises)
    obtentions = {p.date_obtention for p in permis}
    return [licence.fin.jour for licence in licences if licence.fin and licence.debut < licence.fin.jour in obtentions]
