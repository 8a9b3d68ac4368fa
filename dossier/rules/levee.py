"""What was decided is undone: a 48SI withdrawn or annulled, a suspension lifted, a death told by mistake.

A measure is never edited: another fact undoes it (``levee``), and a third may put it back (``retablissement``).
``defaire`` gives the facts as they stand once all this is applied: the engine reads nothing else.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from dossier.rules.articles import L224_9, L225_2_III, R223_3_III, regle
from dossier.rules.calendrier import UN_JOUR
from dossier.rules.capital import ETRANGERES, ORDRE_DES_FINS, suite_des_capitaux
from dossier.rules.faits import (
    JOUR_PROPRE,
    Anomalie,
    FinDePermis,
    FinLevee,
    Levee,
    Licence,
    Parcours,
    PermisObtenu,
    Suspension,
)
from dossier.rules.francais import en_francais
from dossier.rules.interpretations import est_mesure_administrative
from dossier.rules.stage import NATURES_QUI_CREDITENT
from dossier.rules.vocabulaire import Portee, TypeFait

ANNULATION_INCONNUE = "Cette décision annule une infraction qui ne figure pas au dossier : elle ne change rien."
LEVEE_SANS_OBJET = "Sans effet : cette décision lève une mesure qui ne figure pas au dossier."
PORTEE_IMPOSSIBLE = "Sans effet : une telle mesure ne se lève pas de cette façon ({portee})."
RETABLISSEMENT_SANS_OBJET = "Sans effet : aucune décision provisoire n'est à reprendre."
PERMIS_CONSERVE_INCONNU = (
    "Le permis que cette décision dit conservé n'a pas été obtenu entre la mesure et sa levée : il n'en est pas tenu "
    "compte."
)
#: Told in documents too, that say nothing of a measure that was erased.
PERMIS_TOMBE = (
    "Ce permis, obtenu le {jour}, ne compte pas : le précédent n'a jamais cessé d'être valable, et nul ne tient deux "
    "permis."
)
RESTE_AU_PERMIS_TOMBE = (
    "Sans effet sur vos points : ce fait se rattache au permis obtenu le {jour}, qui ne compte pas, puisque le "
    "précédent n'a jamais cessé d'être valable."
)
DEUX_DECES = "Sans effet : le décès est déjà dit ce jour-là par un autre fait."
APRES_LE_DECES = "Sans effet : le titulaire du permis est décédé le {jour}."

#: What each measure may be undone by.
PORTEES: Mapping[str, frozenset[str]] = {
    TypeFait.SUSPENSION: frozenset({Portee.RETROACTIVE, Portee.A_COMPTER}),
    TypeFait.INVALIDATION: frozenset({Portee.RETROACTIVE, Portee.PROVISOIRE}),
    TypeFait.ANNULATION: frozenset({Portee.RETROACTIVE, Portee.PROVISOIRE}),
    TypeFait.INTERDICTION_CIRCULER: frozenset({Portee.RETROACTIVE, Portee.PROVISOIRE}),
    TypeFait.ECHANGE: frozenset({Portee.RETROACTIVE}),
    TypeFait.DECES: frozenset({Portee.RETROACTIVE}),
}


class Defait(NamedTuple):
    """The facts once undone, the day of the death that stops everything, and what undoes nothing."""

    parcours: Parcours
    anomalies: list[Anomalie]
    provisoire: bool = False
    deces: date | None = None
    levees: tuple[FinLevee, ...] = ()
    tombes: tuple[PermisObtenu, ...] = ()  # later licences that are none: nobody holds two


def est_possible(levee: Levee, types: Mapping[str, str]) -> bool:
    """Is the measure known, and may it be undone that way? ``types``: of the facts, by id."""
    return levee.portee in PORTEES.get(types.get(levee.fait, ""), ())


def portee_impossible(levee: Levee, types: Mapping[str, str]) -> bool:
    """Is the measure known, and does it refuse to be undone that way?"""
    return levee.fait in types and not est_possible(levee, types)


def types_des_mesures(parcours: Parcours) -> dict[str, str]:
    """The type of each measure that may be undone, by id."""
    types: dict[str, str] = {fin.id: fin.nature for fin in parcours.fins}
    types |= {s.id: TypeFait.SUSPENSION for s in parcours.suspensions}
    return types | {d.id: TypeFait.DECES for d in parcours.deces}


@regle(L225_2_III)
def mesures_effacees(tenus: Parcours, au: date) -> frozenset[str]:
    """The administrative measures that are erased on ``au``, by id: undone for good by a decision known and in force.

    > Au cas où une mesure administrative est annulée, l'effacement des informations relatives à cette mesure est
    > effectué au jour de la décision judiciaire ou administrative prononçant cette annulation.

    A provisional levée annuls nothing.
    """
    annulees = {
        levee.fait
        for levee in tenus.levees
        if levee.portee == Portee.RETROACTIVE and levee.date_effet <= au and (levee.enregistre_le or au) <= au
    }
    if not annulees:
        return frozenset()
    mesures = {f.id for f in tenus.fins if est_mesure_administrative(f.nature)}
    mesures |= {s.id for s in tenus.suspensions if est_mesure_administrative(TypeFait.SUSPENSION, s.nature)}
    return frozenset(mesures & annulees)


@regle(R223_3_III, L224_9)
def defaire(connus: Parcours, au: date) -> Defait:
    """The facts that stand on ``au``, what was undone by then being as if it had never been.

    > Les mesures administratives prévues aux articles L. 224-1 à L. 224-3 et L. 224-7 sont considérées comme non
    > avenues en cas d'ordonnance de non-lieu ou de jugement de relaxe […].

    A 48SI, an annulment, an exchange and an interdiction that a judge annuls or a minister withdraws have never been
    either, with all that follows.
    """
    if not (connus.levees or connus.retablissements or connus.annulees or connus.deces):
        return Defait(connus, [])
    types, connues = types_des_mesures(connus), {i.id for i in connus.infractions}
    connus, anomalies = _sans_les_deces_defaits(connus, au)
    mort = min((d.jour for d in connus.deces if d.jour <= au), default=None)
    if mort is not None:
        connus, apres = _jusqu_au_deces(connus, mort, au)
        anomalies += apres
        au = mort
    connus, inconnues = _sans_les_annulees(connus, connues, au)
    vigueur = Vigueur(connus, au, types)
    anomalies += inconnues + vigueur.anomalies
    suspensions = tuple([s for lue in connus.suspensions if (s := vigueur.suspension(lue)) is not None])
    connus = connus._replace(suspensions=suspensions)
    defait = _fins_defaites(connus, vigueur, au) if vigueur.en_vigueur else Defait(connus, [])
    return defait._replace(anomalies=anomalies + defait.anomalies, deces=mort)


class Vigueur:
    """Which levées undo something on a day: the retroactive ones, and the provisional ones not taken back."""

    def __init__(self, connus: Parcours, au: date, types: Mapping[str, str]) -> None:
        self.anomalies: list[Anomalie] = []
        self.en_vigueur: dict[str, list[Levee]] = {}  # by the id of the measure
        self.a_compter: dict[str, date] = {}  # suspension: first day on which it no longer holds
        repris = {r.levee for r in connus.retablissements if r.date_effet <= au}
        for levee in [levee for levee in connus.levees if levee.date_effet <= au]:
            if levee.fait not in types:
                self.anomalies.append(Anomalie(levee.id, LEVEE_SANS_OBJET))
            elif portee_impossible(levee, types):
                self.anomalies.append(Anomalie(levee.id, PORTEE_IMPOSSIBLE.format(portee=levee.portee)))
            elif levee.portee == Portee.A_COMPTER:
                deja = self.a_compter.get(levee.fait, date.max)
                self.a_compter[levee.fait] = min(deja, levee.date_effet)
            elif levee.portee == Portee.RETROACTIVE or levee.id not in repris:
                self.en_vigueur.setdefault(levee.fait, []).append(levee)
        provisoires = {v.id for v in connus.levees if v.portee == Portee.PROVISOIRE and est_possible(v, types)}
        vains = [r for r in connus.retablissements if r.date_effet <= au and r.levee not in provisoires]
        self.anomalies += [Anomalie(r.id, RETABLISSEMENT_SANS_OBJET) for r in vains]

    def effet(self, mesure: str) -> date:
        """The earliest day of the levées in force on a measure."""
        return min(levee.date_effet for levee in self.en_vigueur[mesure])

    def est_provisoire(self, mesure: str) -> bool:
        """Undone for a time only."""
        return all(levee.portee == Portee.PROVISOIRE for levee in self.en_vigueur[mesure])

    def fin_levee(self, fin: FinDePermis) -> FinLevee:
        """An end, and what undid it."""
        decision = self.decision(fin.id)
        return FinLevee(fin, decision.date_effet, decision.motif, self.est_provisoire(fin.id))

    def decision(self, mesure: str) -> Levee:
        """The levée in force that says what became of a measure: the first that is final, else the first."""
        provisoire = self.est_provisoire(mesure)
        decisions = [v for v in self.en_vigueur[mesure] if provisoire or v.portee == Portee.RETROACTIVE]
        return min(decisions, key=lambda levee: (levee.date_effet, levee.id))

    def suspension(self, lue: Suspension) -> Suspension | None:
        """The suspension as it stands; None when it is as if it had never been."""
        if lue.id in self.en_vigueur:
            return None
        effet = self.a_compter.get(lue.id)
        if effet is None:
            return lue
        veille = effet - UN_JOUR
        return lue._replace(date_fin=veille if lue.date_fin is None else min(lue.date_fin, veille), levee=True)


def _sans_les_deces_defaits(connus: Parcours, au: date) -> tuple[Parcours, list[Anomalie]]:
    """Without the deaths told by mistake, nor what says so."""
    vigueur = Vigueur(connus, au, types_des_mesures(connus)).en_vigueur
    defaits = {d.id for d in connus.deces if d.id in vigueur and d.jour <= au}
    qui = [levee for cle in sorted(defaits) for levee in vigueur[cle]]
    anomalies = [Anomalie(v.id, PERMIS_CONSERVE_INCONNU) for v in qui if v.permis_conserve is not None]
    deces = tuple([d for d in connus.deces if d.id not in defaits])
    return connus._replace(deces=deces, levees=tuple([v for v in connus.levees if v not in qui])), anomalies


def _jusqu_au_deces(connus: Parcours, mort: date, au: date) -> tuple[Parcours, list[Anomalie]]:
    """The facts whose own day is not later than the death; the others count for nothing."""
    garde: dict[str, Any] = {}
    anomalies = [Anomalie(cle, DEUX_DECES) for cle in sorted(d.id for d in connus.deces if d.jour == mort)[1:]]
    raison = APRES_LE_DECES.format(jour=en_francais(mort))
    for champ, jour_propre in JOUR_PROPRE.items():
        faits = [(jour_propre(fait) or date.min, fait) for fait in getattr(connus, champ)]
        garde[champ] = tuple([fait for jour, fait in faits if jour <= mort])
        anomalies += [Anomalie(fait.id, raison) for jour, fait in faits if mort < jour <= au]
    credits_ = [s for s in garde["stages"] if s.nature in NATURES_QUI_CREDITENT and s.date_fin == mort]
    anomalies += [Anomalie(stage.id, raison) for stage in credits_]  # it would give points on the morrow
    return connus._replace(**garde), anomalies


def _sans_les_annulees(connus: Parcours, connues: set[str], au: date) -> tuple[Parcours, list[Anomalie]]:
    """Without the offences annulled by then; ``connues``: the ids of all that the file has ever told."""
    decisions = [a for a in connus.annulees if a.date_decision <= au]
    if not decisions:
        return connus, []
    cibles = {a.infraction for a in decisions}
    restantes = tuple([i for i in connus.infractions if i.id not in cibles])
    inconnues = [Anomalie(a.id, ANNULATION_INCONNUE) for a in decisions if a.infraction not in connues]
    return connus._replace(infractions=restantes), inconnues


class Tombe(NamedTuple):
    """A later licence that falls; what came by it before ``effet`` stays with it, and ``fins`` among it."""

    permis: PermisObtenu
    effet: date
    fins: tuple[FinDePermis, ...]


def _fins_defaites(connus: Parcours, vigueur: Vigueur, au: date) -> Defait:
    """The ends undone one by one, in the order of their days, unless the driver chose the licence that came later."""
    tri = Tri(connus, vigueur, au)
    conservees: dict[str, set[str]] = {}  # by end that stands for it, the later licences of which one was chosen
    for mesure in sorted(tri.defaites, key=lambda f: (f.jour, ORDRE_DES_FINS[f.nature], f.id)):
        tombes = tri.tomber(set(conservees))
        if any(mesure in tombe.fins for tombe in tombes):
            continue
        effet = vigueur.effet(mesure.id)
        possibles = {t.permis.id for t in tombes if mesure.jour <= t.permis.date_obtention < effet}
        if any(levee.permis_conserve in possibles for levee in vigueur.en_vigueur[mesure.id]):
            conservees[mesure.id] = possibles
    return tri.rendre(conservees)


class Tri:
    """What stands and what falls, once measures are undone."""

    def __init__(self, connus: Parcours, vigueur: Vigueur, au: date) -> None:
        self.connus, self.vigueur, self.au = connus, vigueur, au
        fins = [f for f in connus.fins if f.jour <= au]
        self.defaites = [f for f in fins if f.id in vigueur.en_vigueur]
        self.debout = [f for f in fins if f.id not in vigueur.en_vigueur]
        self.permis = [p for p in connus.permis if p.date_obtention <= au]
        self.permis.sort(key=lambda p: (p.date_obtention, p.id))
        self.etrangers = [e for e in connus.etrangers if e.date_debut <= au]

    def tomber(self, conservees: Container[str]) -> list[Tombe]:
        """The later licences that fall, the earliest first, each with the ends that stay with it.

        Obtained since a measure that had ended another one, which is held that day once the measure is undone: nobody
        holds two. ``conservees``: the measures that stand all the same.
        """
        debout = self.debout + [m for m in self.defaites if m.id in conservees]
        actives = [m for m in self.defaites if m.id not in conservees and m.nature not in ETRANGERES]
        tombes: list[Tombe] = []
        while tombe := self._suivante(debout, actives, tombes):
            tombes.append(tombe)
        return tombes

    def _suivante(
        self, debout: Sequence[FinDePermis], actives: Sequence[FinDePermis], tombes: Sequence[Tombe]
    ) -> Tombe | None:
        """The next that falls, after these."""
        restes = {fin.id for tombe in tombes for fin in tombe.fins}
        partis = {tombe.permis.id for tombe in tombes}
        permis = [p for p in self.permis if p.id not in partis]
        fins = [f for f in debout if f.id not in restes]
        licences: list[Licence] | None = None
        for candidat in permis:
            jour = candidat.date_obtention
            dans = [m for m in actives if m.id not in restes and m.jour <= jour < self.vigueur.effet(m.id)]
            causes = [m for m in dans if self._en_ouvre_un_autre(candidat, m, debout)]
            if not causes:
                continue
            licences = licences or suite_des_capitaux(permis, fins, self.etrangers)[0]
            if _en_tient_un_autre(licences, candidat):
                effet = max(self.vigueur.effet(m.id) for m in causes)
                return Tombe(candidat, effet, self._fins_de(candidat, effet, causes))
        return None

    def _en_ouvre_un_autre(self, permis: PermisObtenu, mesure: FinDePermis, debout: Sequence[FinDePermis]) -> bool:
        """Did this measure alone stand, would it end a French licence, and would this one be another?"""
        licences, _ = suite_des_capitaux(self.permis, [*debout, mesure], self.etrangers)
        finie = next((li for li in licences if li.fin == mesure and li.permis), None)
        return finie is not None and any(li.permis == permis and li is not finie for li in licences)

    def _fins_de(self, permis: PermisObtenu, effet: date, causes: Sequence[FinDePermis]) -> tuple[FinDePermis, ...]:
        """The ends decided in [obtained, ``effet``) that name this licence, or none."""
        fins = [f for f in [*self.debout, *self.defaites] if f.nature not in ETRANGERES and f not in causes]
        return tuple([f for f in fins if permis.date_obtention <= f.jour < effet and f.permis in (None, permis.id)])

    def rendre(self, conservees: Mapping[str, set[str]]) -> Defait:
        """The facts that stand, and what those that do not are told."""
        connus, vigueur = self.connus, self.vigueur
        tombes = self.tomber(conservees)
        restes = {fin.id for tombe in tombes for fin in tombe.fins}
        anomalies: list[Anomalie] = []
        for tombe in tombes:
            anomalies += self._anomalies(tombe)
        anomalies += [
            Anomalie(levee.id, PERMIS_CONSERVE_INCONNU)
            for mesure, levees in vigueur.en_vigueur.items()
            for levee in levees
            if levee.permis_conserve not in {None} | conservees.get(mesure, set())
        ]
        fins = self.debout + [m for m in self.defaites if m.id in conservees]
        partis = {tombe.permis.id for tombe in tombes}
        parcours = connus._replace(
            permis=tuple([p for p in self.permis if p.id not in partis]),
            fins=tuple([f for f in fins if f.id not in restes]),
            infractions=tuple([i for i in connus.infractions if not _reste(i.date_commission, tombes)]),
            stages=tuple([s for s in connus.stages if not _reste(s.date_fin, tombes)]),
        )
        defaites = [mesure for mesure in vigueur.en_vigueur if mesure not in {*conservees, *restes}]
        return Defait(
            parcours,
            anomalies,
            any(vigueur.est_provisoire(mesure) for mesure in defaites),
            levees=tuple([vigueur.fin_levee(fin) for fin in self.defaites if fin.id in defaites]),
            tombes=tuple([tombe.permis for tombe in tombes]),
        )

    def _anomalies(self, tombe: Tombe) -> list[Anomalie]:
        """The licence, and each of the facts that stay with it."""
        connus, au, jour = self.connus, self.au, en_francais(tombe.permis.date_obtention)
        siennes = {fin.id for fin in tombe.fins}
        commises = [i for i in connus.infractions if _reste(i.date_commission, [tombe])]
        restes = [i.id for i in commises if i.date_definitive is not None and i.date_definitive <= au]
        restes += [s.id for s in connus.stages if _reste(s.date_fin, [tombe]) and s.date_fin <= au]
        restes += [*siennes, *[v.id for v in connus.levees if v.date_effet <= au and v.fait in siennes]]
        raison = RESTE_AU_PERMIS_TOMBE.format(jour=jour)
        return [Anomalie(tombe.permis.id, PERMIS_TOMBE.format(jour=jour)), *[Anomalie(cle, raison) for cle in restes]]


def _reste(jour: date, tombes: Sequence[Tombe]) -> bool:
    """Does what came that day stay with a licence that fell?"""
    return any(tombe.permis.date_obtention <= jour < tombe.effet for tombe in tombes)


def _en_tient_un_autre(licences: Sequence[Licence], permis: PermisObtenu) -> bool:
    """Is another French licence held on the day this one was obtained?"""
    jour = permis.date_obtention
    return any(
        li.permis is not None and li.permis.id != permis.id and li.permis.date_obtention <= jour and li.est_tenue(jour)
        for li in licences
    )
