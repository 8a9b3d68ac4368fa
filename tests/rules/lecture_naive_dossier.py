"""The naive reading, fourth part: a dossier as it is on (au, connu_le), and what follows from its facts alone.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.rules.lecture_naive_capitaux import Capital, Delai, capital_du_jour, les_capitaux
from tests.rules.lecture_naive_faits import (
    DEBUT_DES_FORMATIONS,
    DEBUT_DU_DELAI_PROBATOIRE,
    FINS_DU_PERMIS,
    Fait,
    avec_dates,
    du_type,
    est_connu,
    existe,
    jour_propre,
    par_jour_et_id,
    plus_ans,
    plus_mois,
    sans,
)
from tests.rules.lecture_naive_levees import (
    DeuxPermis,
    deux_permis,
    en_vigueur,
    suspension_levee,
)


@dataclass
class Dossier:
    """The facts that exist for (au, connu_le) and count, and what follows from them alone."""

    ligne: dict[str, Any]
    au: date
    connus: list[Fait]
    """All the facts known, those of later days too."""
    existants: list[Fait]
    """The facts that exist, before anything is undone (but those that came after a death)."""
    faits: list[Fait] = field(default_factory=list)
    """Those that count: nothing annulled, undone, nor left with a fallen licence."""
    mort: Fait | None = None
    ecartes: set[str] = field(default_factory=set)
    """What counts for nothing, with an anomaly: after a death, or with a fallen licence."""
    vigueur: dict[str, list[Fait]] = field(default_factory=dict)
    deux: DeuxPermis = field(default_factory=DeuxPermis)
    infractions: list[Fait] = field(default_factory=list)
    """By `date_definitive`, then id."""
    capitaux: list[Capital] = field(default_factory=list)
    retraits: dict[str, int | None] = field(default_factory=dict)
    """Points really withdrawn, by infraction id; None: no movement at all."""

    def du_type(self, *types: str) -> list[Fait]:
        return du_type(self.faits, *types)


def ouvrir(ligne: dict[str, Any], au: date, connu_le: date) -> Dossier:
    connus = [f for f in map(avec_dates, ligne["faits"]) if est_connu(f, connu_le)]
    dossier = Dossier(ligne, au, connus, [f for f in connus if existe(f, au)])
    retirer_apres_le_deces(dossier)
    # "Annulled infraction: replay as if it had never been, from the day the annulment is known."
    annulees = {f["infraction"] for f in du_type(dossier.existants, "infraction_annulee")}
    annulees &= {f["id"] for f in du_type(connus, "infraction")}
    dossier.existants = sans(dossier.existants, annulees)
    defaire(dossier)
    dossier.infractions = par_jour_et_id(dossier.du_type("infraction"))
    dossier.capitaux = les_capitaux(dossier.faits, au)
    dossier.retraits = {i["id"]: points_retires(dossier, i) for i in dossier.infractions}
    for capital in dossier.capitaux:
        capital.delai = le_delai(dossier, capital)
    return dossier


def retirer_apres_le_deces(dossier: Dossier) -> None:
    """Facts whose own day is later count for nothing (anomaly), save a `levee` of that death.
    Death told by mistake (`retroactive`): the target is as if it had never been."""
    vigueur = en_vigueur(dossier.existants, dossier.connus)
    deces = par_jour_et_id(du_type(dossier.existants, "deces"))
    defaits = {d["id"] for d in deces if d["id"] in vigueur}
    vivants = [d for d in deces if d["id"] not in defaits]
    if vivants:
        dossier.mort = vivants[0]
        dossier.ecartes |= {d["id"] for d in vivants[1:]}  # dead already
        for fait in dossier.existants:
            jour = jour_propre(fait)
            assert jour is not None
            de_ce_deces = fait["type"] == "levee" and fait["fait"] in defaits | {dossier.mort["id"]}
            if jour > dossier.mort["date_deces"] and fait["id"] not in defaits and not de_ce_deces:
                dossier.ecartes.add(fait["id"])
    dossier.existants = sans(dossier.existants, dossier.ecartes | defaits)


def defaire(dossier: Dossier) -> None:
    """The target is as if it had never been, for points, états and the formation complémentaire
    alike. What was committed (`date_commission`), followed (a course's `date_fin`) or decided in
    [its `date_obtention`, `date_effet`) stays with [the fallen licence] and touches the first
    licence in nothing (anomaly on each). Suspensions and formations in that interval are not
    removed."""
    existants = dossier.existants
    dossier.vigueur = en_vigueur(existants, dossier.connus)
    deux = dossier.deux = deux_permis(existants, dossier.vigueur, dossier.au)
    tombes = set(deux.tombes) | deux.restes
    for debut, fin in deux.tombes.values():
        tombes |= {i["id"] for i in du_type(existants, "infraction") if debut <= i["date_commission"] < fin}
        tombes |= {s["id"] for s in du_type(existants, "stage") if debut <= s["date_fin"] < fin}
    dossier.ecartes |= tombes
    defaits = {
        f["id"]
        for f in existants
        if f["id"] in dossier.vigueur and (f["type"] not in FINS_DU_PERMIS or f["id"] in deux.defaites)
    }
    restants = sans(existants, tombes | defaits)
    dossier.faits = [suspension_levee(f, existants) if f["type"] == "suspension" else f for f in restants]


# ---------------------------------------------------------------- what an infraction withdraws


def compte_pour_le_permis(dossier: Dossier, infraction: Fait) -> bool:
    """An infraction committed while there is no licence, or before the present one was obtained,
    or final when there is none, withdraws nothing (anomaly, no movement)."""
    capital = capital_du_jour(dossier.capitaux, infraction["date_definitive"])
    return capital is not None and infraction["date_commission"] >= capital.debut


def simultanees(infractions: list[Fait], infraction: Fait) -> list[Fait]:
    """Only offences of one `groupe` committed on the same day share the cap; each day is a group of
    its own."""
    return [
        i
        for i in infractions
        if i.get("groupe") == infraction["groupe"] and i["date_commission"] == infraction["date_commission"]
    ]


def points_retires(dossier: Dossier, infraction: Fait) -> int | None:
    """Simultaneous infractions (`groupe`): together at most max(8, the dearest of them), in order
    of `date_definitive`, then id. The dearest of a group is taken among its members that exist on
    `au` and are final under the licence they were committed under, absorbed ones included."""
    if infraction["points"] == 0 or not compte_pour_le_permis(dossier, infraction):
        return None
    if not infraction.get("groupe"):
        return int(infraction["points"])
    groupe = [
        i
        for i in simultanees(dossier.infractions, infraction)  # sorted by date_definitive, then id
        if i["points"] > 0 and compte_pour_le_permis(dossier, i)
    ]
    reste = max(8, max(i["points"] for i in groupe))
    for membre in groupe:
        pris = min(membre["points"], reste)
        reste -= pris
        if membre["id"] == infraction["id"]:
            return int(pris)
    raise AssertionError("an infraction is in its own group")


def infractions_a_points(dossier: Dossier) -> list[Fait]:
    """Only an infraction that really withdrew points exists for the rules."""
    return [i for i in dossier.infractions if dossier.retraits[i["id"]]]


def commise_depuis(dossier: Dossier, debut: date, fin: date) -> bool:
    """A points infraction committed in [debut, fin)."""
    return any(debut <= i["date_commission"] < fin for i in infractions_a_points(dossier))


def commise_entre(dossier: Dossier, debut: date, fin: date, sauf: Fait | None = None) -> bool:
    """A points infraction (another than `sauf`) committed strictly between the two days."""
    return any(
        debut < i["date_commission"] < fin
        for i in infractions_a_points(dossier)
        if sauf is None or i["id"] != sauf["id"]
    )


# ------------------------------------------------------------------------------ délai probatoire


def est_aac(capital: Capital) -> bool:
    """A new licence after invalidation or annulation (...) never AAC; after a takeover neither."""
    return capital.premier and capital.permis is not None and capital.permis["filiere"] == "aac"


def fin_raccourcie(capital: Capital) -> date:
    """*Formation complémentaire*: 24 months, AAC 18."""
    return plus_mois(capital.debut, 18 if est_aac(capital) else 24)


def formation_qui_compte(dossier: Dossier, capital: Capital) -> Fait | None:
    """*Formation complémentaire* (first licence only; followed between month 6 and month 12
    inclusive). It exists since 2019-01-01: one whose `date_fin` is earlier changes nothing. It is
    lost by a points infraction committed, or by a suspension or restriction that an offence brought
    (`suspension.motif`: `infraction`, the default), in [obtained, shortened end) (its
    `date_infraction` where given, else its first day). A medical one does not lose it."""
    if not capital.premier:
        return None
    suivies = [
        f
        for f in dossier.du_type("formation_complementaire")
        if plus_mois(capital.debut, 6) <= f["date_fin"] <= plus_mois(capital.debut, 12)
        and f["date_fin"] >= DEBUT_DES_FORMATIONS
        and capital_du_jour(dossier.capitaux, f["date_fin"]) is capital
    ]
    if not suivies or commise_depuis(dossier, capital.debut, fin_raccourcie(capital)):
        return None
    for suspension in dossier.du_type("suspension"):
        jour = suspension.get("date_infraction") or suspension["date_debut"]
        d_infraction = (suspension.get("motif") or "infraction") == "infraction"
        if d_infraction and capital.debut <= jour < fin_raccourcie(capital):
            return None
    return par_jour_et_id(suivies)[0]


def fin_sans_b_accompagne(dossier: Dossier, capital: Capital) -> date:
    """36 months; AAC 24 (supervised or "encadrée" driving: 36)."""
    if formation_qui_compte(dossier, capital) is not None:
        return fin_raccourcie(capital)
    return plus_mois(capital.debut, 24 if est_aac(capital) else 36)


def b_accompagnes(dossier: Dossier, capital: Capital) -> list[Fait]:
    """While a délai probatoire of three years runs (a first licence obtained otherwise than by
    AAC), a further `permis_obtenu` with `filiere` `aac` and `categorie` `B` (the default) obtained
    strictly inside it."""
    if not capital.premier or est_aac(capital) or capital.debut < DEBUT_DU_DELAI_PROBATOIRE:
        return []
    return [
        p
        for p in dossier.du_type("permis_obtenu")
        if p["filiere"] == "aac"
        and (p.get("categorie") or "B") == "B"
        and capital.debut < p["date_obtention"] < fin_sans_b_accompagne(dossier, capital)
        and capital_du_jour(dossier.capitaux, p["date_obtention"]) is capital
    ]


def le_delai(dossier: Dossier, capital: Capital) -> Delai | None:
    """Before 2004-03-01: none. A foreign capital: no délai probatoire.

    [B by AAC] ends it on max(obtained + 24 months, the day B is obtained). If the formation
    complémentaire gives an earlier end, the earlier wins."""
    if capital.permis is None:
        return None
    if capital.reprise is not None:
        return le_delai_de_reprise(capital.permis, capital.reprise)
    debut = capital.debut
    if debut < DEBUT_DU_DELAI_PROBATOIRE:
        return None
    fins = [fin_sans_b_accompagne(dossier, capital)]
    fins += [max(plus_mois(debut, 24), b["date_obtention"]) for b in b_accompagnes(dossier, capital)]
    return Delai(debut, debut, min(fins))


def le_delai_de_reprise(permis: Fait, jour: date) -> Delai | None:
    """12 and no délai if `echange_de` is given and `date_permis_etranger` is absent, before
    2004-03-01, or three years or more before that day; nor when that day itself is before
    2004-03-01. Otherwise there is a délai probatoire: from that day to (`date_permis_etranger`, or
    the day itself when `echange_de` is absent) + 36 months."""
    if jour < DEBUT_DU_DELAI_PROBATOIRE:
        return None
    origine = jour
    if permis.get("echange_de") is not None:
        etranger = permis.get("date_permis_etranger")
        if etranger is None or etranger < DEBUT_DU_DELAI_PROBATOIRE or plus_ans(etranger, 3) <= jour:
            return None
        origine = etranger
    return Delai(jour, origine, plus_ans(origine, 3))


def plafond_de_reprise(dossier: Dossier, capital: Capital) -> int:
    """Its plafond on that day is 6, plus 2 for each anniversary of that origin already passed (the
    day included) with no points infraction committed in [origin, anniversary)."""
    if capital.delai is None:
        return 12
    origine = capital.delai.origine
    passes = [a for a in (plus_ans(origine, 1), plus_ans(origine, 2)) if a <= capital.delai.debut]
    return 6 + 2 * sum(not commise_depuis(dossier, origine, anniversaire) for anniversaire in passes)
