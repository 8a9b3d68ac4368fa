"""A driver's facts, replayed in legal order, into movements and a solde on a day.

What was undone goes first (``levee``), then the capitals are laid one after the other (``capital``), with what each
offence withdraws from them, and the days that may matter are walked once (``fil``). What comes after ``au`` is the
prévision: no fact of the future is on the agenda.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from dossier.rules.capital import AUTRE_CATEGORIE, fin_de_l_interdiction, suite_des_capitaux
from dossier.rules.doutes import doutes
from dossier.rules.faits import Anomalie, FinDePermis, Infraction, Licence, Parcours
from dossier.rules.fil import Fil
from dossier.rules.francais import en_francais
from dossier.rules.levee import Defait, defaire
from dossier.rules.presentee import lettre_presentee
from dossier.rules.probatoire import delai_apres_echange, delai_probatoire, formation_retenue, suivi_de_b_par_aac
from dossier.rules.rejeu import Replay
from dossier.rules.retrait import repartir
from dossier.rules.suspension import restrictions_en_cours, suspensions_en_cours
from dossier.rules.vocabulaire import Etat, Regime, TypeFait

#: What became of the right to drive, by what ended the last capital.
ETATS_FINAUX = {
    TypeFait.INVALIDATION: Etat.INVALIDE,
    TypeFait.ANNULATION: Etat.ANNULE,
    TypeFait.ECHANGE: Etat.ECHANGE,
    TypeFait.INTERDICTION_CIRCULER: Etat.INTERDIT,
    TypeFait.PERMIS_ETRANGER: Etat.SANS_PERMIS,
}


class Enregistre(Protocol):
    """A fact that the national file learnt on a day, or has always known."""

    @property
    def enregistre_le(self) -> date | None: ...


F = TypeVar("F", bound=Enregistre)


def rejouer(parcours: Parcours, au: date, connu_le: date | None = None) -> Replay:
    """Replay a driver's facts as they stand on ``au``, from what was known on ``connu_le`` (by default ``au``)."""
    dits = _connus(parcours, connu_le or au)
    defait = defaire(dits, au)
    jour = defait.deces or au  # a death stops everything
    connus = defait.parcours
    licences, refus = _licences(connus, jour)
    anomalies = [*defait.anomalies, *refus, *doutes(connus, jour)]
    fil = Fil(licences, [s for s in connus.stages if s.date_fin <= jour], anomalies)
    fil.avancer(jour)
    constates, licence, solde, plafond = len(fil.mouvements), fil.licence, fil.solde, fil.plafond
    if defait.deces is None:
        fil.avancer(date.max)
    ouverts = [li for li in licences if li.debut <= jour]
    suspensions = suspensions_en_cours(connus.suspensions, connus.visites, jour)
    delai = licence.delai if licence and defait.deces is None else None
    etat = Etat.DECEDE if defait.deces else _etat(ouverts, licence, solde, bool(suspensions), jour)
    return Replay(
        au=au,
        points=None if solde is None else max(0, solde),
        solde=solde,
        plafond=plafond,
        etat=etat,
        fin_delai_probatoire=delai.fin if delai and au < delai.fin else None,
        mouvements=tuple(fil.mouvements[:constates]),
        prevision=tuple(fil.mouvements[constates:]),
        anomalies=tuple(fil.anomalies),
        dernier_stage=fil.dernier_stage,
        a_un_retrait=any(r.points and r.date_definitive <= jour for r in licence.retraits) if licence else False,
        licences=tuple(ouverts),
        en_attente=tuple(
            i for i in connus.infractions if i.points and (i.date_definitive is None or i.date_definitive > jour)
        ),
        regime=_regime(licence, defait),
        provisoire=defait.provisoire,
        suspensions=suspensions,
        restrictions=restrictions_en_cours(connus.suspensions, jour),
        deces=defait.deces,
        levees=defait.levees,
        tombes=defait.tombes,
        incomplet=etat == Etat.SANS_PERMIS and _est_incomplet(ouverts, connus.infractions),
        lettre_48si=lettre_presentee(dits.lettres, dits.fins, licence if defait.deces is None else None, jour),
    )


def _connus(parcours: Parcours, connu_le: date) -> Parcours:
    """The facts recorded by ``connu_le``."""
    dits: Any = parcours[:-1]
    connus: list[Any] = [_enregistres(faits, connu_le) for faits in dits]
    return Parcours(*connus)._replace(naissance=parcours.naissance)


def _enregistres(faits: tuple[F, ...], connu_le: date) -> tuple[F, ...]:
    return tuple([f for f in faits if f.enregistre_le is None or f.enregistre_le <= connu_le]) if faits else ()


def _licences(connus: Parcours, au: date) -> tuple[list[Licence], list[Anomalie]]:
    """The capitals up to ``au``, each with what was withdrawn from it and its délai probatoire."""
    etrangers = [e for e in connus.etrangers if e.date_debut <= au]
    fins = [f for f in connus.fins if f.jour <= au]
    fins += [
        FinDePermis(e.id, e.date_fin, TypeFait.PERMIS_ETRANGER) for e in etrangers if e.date_fin and e.date_fin <= au
    ]
    etrangers = [e if e.date_fin is None or e.date_fin <= au else e._replace(date_fin=None) for e in etrangers]
    licences, anomalies = suite_des_capitaux([p for p in connus.permis if p.date_obtention <= au], fins, etrangers)
    etablies = [i for i in connus.infractions if i.points and i.date_definitive is not None and i.date_definitive <= au]
    if etablies:
        etablies.sort(key=lambda i: (i.date_definitive, i.id))
        par_licence, refus = repartir(etablies, licences)
        anomalies += refus
        licences = [
            li._replace(retraits=tuple(par_licence[li.rang])) if par_licence[li.rang] else li for li in licences
        ]
    formation: str | None = None
    if connus.formations:
        suivies = [f for f in connus.formations if f.date_fin <= au]
        suspensions = [s for s in connus.suspensions if s.date_debut <= au]
        formation, refus = formation_retenue(suivies, licences, suspensions)
        anomalies += refus
    licences = [_avec_son_delai(li, formation) for li in licences]
    for licence in licences:
        anomalies += [
            Anomalie(permis.id, AUTRE_CATEGORIE.format(jour=en_francais(permis.date_obtention)))
            for permis in licence.ensuite
            if licence.delai is None or permis not in licence.delai.ensuite
        ]
    return licences, anomalies


def _avec_son_delai(licence: Licence, formation: str | None) -> Licence:
    """The capital with its délai probatoire, if it has one; ``formation``: what shortens that of the first licence."""
    permis, delai = licence.permis, None
    if permis is None:
        return licence
    if licence.etranger is not None:
        delai = delai_apres_echange(permis)
    else:
        premier = licence.premier
        delai = delai_probatoire(permis, premier=premier, formation=formation if premier else None)
        if delai is not None and premier and licence.ensuite:
            delai = suivi_de_b_par_aac(delai, licence.ensuite)
    return licence if delai is None else licence._replace(delai=delai)


def _etat(licences: Sequence[Licence], licence: Licence | None, solde: int | None, suspendu: bool, au: date) -> Etat:
    """The right to drive on ``au``, apart from the points: a suspension changes none of them (L224-1 and following)."""
    if not licences:
        return Etat.SANS_PERMIS
    if licence is None:
        fin = licences[-1].fin
        assert fin is not None
        if fin.nature == TypeFait.INTERDICTION_CIRCULER and au >= fin_de_l_interdiction(fin.jour):
            return Etat.SANS_PERMIS
        return ETATS_FINAUX[fin.nature]
    if solde is not None and solde <= 0:
        return Etat.SOLDE_NUL
    return Etat.SUSPENDU if suspendu else Etat.VALIDE


def _est_incomplet(licences: Sequence[Licence], infractions: Sequence[Infraction]) -> bool:
    """Does the file tell an offence with points, since the last licence that it tells?"""
    fin = licences[-1].fin if licences else None
    return any(i.points and (fin is None or i.date_commission >= fin.jour) for i in infractions)


def _regime(licence: Licence | None, defait: Defait) -> Regime | None:
    """Whose licence carries the points, while one does and its holder lives."""
    if licence is None or defait.deces is not None:
        return None
    return Regime.ETRANGER if licence.permis is None else Regime.FRANCAIS
