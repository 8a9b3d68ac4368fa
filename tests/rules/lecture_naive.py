"""Second, independent reading of ``points-rules.md``: the oracle of the tests.

Nothing here comes from ``dossier/``. The only aim is to be obviously right against the text: the
days are walked one by one, and each day each rule is asked whether something falls on it, in the
order of "Order within one day". Everything is derived again, every time, from the list of the facts
and the list of the movements so far. The quotations in the docstrings are from ``points-rules.md``.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

Fait = dict[str, Any]
Mouvement = dict[str, Any]

UN_JOUR = timedelta(days=1)
DEBUT_DU_DELAI_PROBATOIRE = date(2004, 3, 1)
DEBUT_DES_MAJORATIONS = date(2007, 12, 31)
LOI_2007 = date(2007, 1, 1)
LOI_2011 = date(2011, 1, 1)

JOUR_PROPRE = {
    "permis_obtenu": "date_obtention",
    "formation_complementaire": "date_fin",
    "infraction": "date_definitive",
    "infraction_annulee": "date_decision",
    "stage": "date_fin",
    "suspension": "date_debut",
    "invalidation": "date_notification",
    "annulation": "date_effet",
}


# ---------------------------------------------------------------------------------------- dates


@cache
def plus_mois(jour: date, mois: int) -> date:
    """`d` + n months or years keeps the day of the month, or takes the month's last day where it
    lacks one; always added once from the origin, never step by step."""
    annee, rang = divmod(jour.year * 12 + (jour.month - 1) + mois, 12)
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))


def plus_ans(jour: date, ans: int) -> date:
    return plus_mois(jour, 12 * ans)


# ---------------------------------------------------------------------------------------- facts


@dataclass(frozen=True)
class Permis:
    """One licence: held from `debut`; `fin` is the day it ends (still held that day until step 4
    of the day), or None."""

    fait: Fait
    debut: date
    fin: date | None
    premier: bool


@dataclass
class Dossier:
    """The facts that exist for (au, connu_le), by type, and what follows from them alone."""

    faits: list[Fait]
    infractions_connues: set[str]
    infractions: list[Fait]
    permis: list[Permis]
    retraits: dict[str, int | None]
    """Points really withdrawn, by infraction id; None: no movement at all."""

    def du_type(self, type_: str) -> list[Fait]:
        return [f for f in self.faits if f["type"] == type_]


def avec_dates(fait: Fait) -> Fait:
    return {
        cle: date.fromisoformat(valeur)
        if isinstance(valeur, str) and (cle.startswith("date_") or cle == "enregistre_le")
        else valeur
        for cle, valeur in fait.items()
    }


def est_connu(fait: Fait, connu_le: date) -> bool:
    """... and its `enregistre_le`, if any, is ≤ `connu_le`."""
    return fait.get("enregistre_le") is None or fait["enregistre_le"] <= connu_le


def existe(fait: Fait, au: date, connu_le: date) -> bool:
    """A fact exists when its own day is ≤ `au` (...) and its `enregistre_le`, if any, is ≤
    `connu_le`; movements and prévision see no other fact."""
    if fait["type"] not in JOUR_PROPRE:
        return False
    jour = fait[JOUR_PROPRE[fait["type"]]]
    return jour is not None and jour <= au and est_connu(fait, connu_le)


def ouvrir(ligne: dict[str, Any], au: date, connu_le: date) -> Dossier:
    tous = [avec_dates(f) for f in ligne["faits"]]
    faits = [f for f in tous if existe(f, au, connu_le)]
    connues = {f["id"] for f in tous if f["type"] == "infraction" and est_connu(f, connu_le)}
    # "Annulled infraction: replay as if it had never been, from the day the annulment is known."
    annulees = {f["infraction"] for f in faits if f["type"] == "infraction_annulee"}
    faits = [f for f in faits if not (f["type"] == "infraction" and f["id"] in annulees)]
    infractions = [f for f in faits if f["type"] == "infraction"]
    infractions.sort(key=lambda i: (i["date_definitive"], i["id"]))
    dossier = Dossier(faits, connues, infractions, les_permis(faits), {})
    dossier.retraits = {i["id"]: points_retires(dossier, i) for i in infractions}
    return dossier


def les_permis(faits: list[Fait]) -> list[Permis]:
    """`permis_obtenu` while a licence is held is a further category. Only the fact `invalidation`
    ends a licence (or an `annulation`): the end comes last in its day, "48SI before annulation; the
    first ends it, the second changes nothing"."""
    rang = {"permis_obtenu": 0, "invalidation": 1, "annulation": 2}
    evenements = sorted((f[JOUR_PROPRE[f["type"]]], rang[f["type"]], f["id"], f) for f in faits if f["type"] in rang)
    resultat: list[Permis] = []
    tenu: Fait | None = None
    for jour, _, _, fait in evenements:
        if fait["type"] == "permis_obtenu" and tenu is None:
            tenu = fait
            resultat.append(Permis(fait, jour, None, premier=not resultat))
        elif fait["type"] != "permis_obtenu" and tenu is not None:
            tenu = None
            dernier = resultat.pop()
            resultat.append(Permis(dernier.fait, dernier.debut, jour, dernier.premier))
    return resultat


def permis_du_jour(dossier: Dossier, jour: date) -> Permis | None:
    """The licence held on that day, before the step 4 of the day (and after its step 0)."""
    for permis in dossier.permis:
        if permis.debut <= jour and (permis.fin is None or jour <= permis.fin):
            return permis
    return None


# ---------------------------------------------------------------- what an infraction withdraws


def compte_pour_le_permis(dossier: Dossier, infraction: Fait) -> bool:
    """An infraction committed while there is no licence, or before the present one was obtained,
    or final when there is none, withdraws nothing (anomaly, no movement)."""
    permis = permis_du_jour(dossier, infraction["date_definitive"])
    return permis is not None and infraction["date_commission"] >= permis.debut


def points_retires(dossier: Dossier, infraction: Fait) -> int | None:
    """Simultaneous infractions (`groupe`): together at most max(8, the dearest of them), in order
    of `date_definitive`, then id; the dearest among all that are known of the group."""
    if infraction["points"] == 0 or not compte_pour_le_permis(dossier, infraction):
        return None
    if not infraction.get("groupe"):
        return int(infraction["points"])
    groupe = [
        i
        for i in dossier.infractions  # sorted by date_definitive, then id
        if i.get("groupe") == infraction["groupe"] and i["points"] > 0 and compte_pour_le_permis(dossier, i)
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


def est_aac(permis: Permis) -> bool:
    """A new licence after invalidation or annulation (...) never AAC."""
    return permis.premier and permis.fait["filiere"] == "aac"


def fin_raccourcie(permis: Permis) -> date:
    """*Formation complémentaire*: 24 months, AAC 18."""
    return plus_mois(permis.debut, 18 if est_aac(permis) else 24)


def formation_qui_compte(dossier: Dossier, permis: Permis) -> Fait | None:
    """*Formation complémentaire* (first licence only, obtained from 2007-12-31; followed between
    month 6 and month 12 inclusive); lost, as if never followed, if a points infraction is
    committed, or a suspension or restriction falls, in [obtained, shortened end) (its
    `date_infraction` where given, else its first day)."""
    if not permis.premier or permis.debut < DEBUT_DES_MAJORATIONS:
        return None
    suivies = [
        f
        for f in dossier.du_type("formation_complementaire")
        if plus_mois(permis.debut, 6) <= f["date_fin"] <= plus_mois(permis.debut, 12)
        and permis_du_jour(dossier, f["date_fin"]) == permis
    ]
    if not suivies or commise_depuis(dossier, permis.debut, fin_raccourcie(permis)):
        return None
    for suspension in dossier.du_type("suspension"):
        jour = suspension.get("date_infraction") or suspension["date_debut"]
        if permis.debut <= jour < fin_raccourcie(permis):
            return None
    return min(suivies, key=lambda f: (f["date_fin"], f["id"]))


def fin_du_delai(dossier: Dossier, permis: Permis) -> date | None:
    """36 months; AAC 24 (supervised or "encadrée" driving: 36). Before 2004-03-01: none."""
    if permis.debut < DEBUT_DU_DELAI_PROBATOIRE:
        return None
    if formation_qui_compte(dossier, permis) is not None:
        return fin_raccourcie(permis)
    return plus_mois(permis.debut, 24 if est_aac(permis) else 36)


# ------------------------------------------------------------------------------------- movements


def solde_et_plafond(mouvements: list[Mouvement]) -> tuple[int, int]:
    if not mouvements:
        return 0, 0
    return mouvements[-1]["solde"], mouvements[-1]["plafond"]


def inscrire(
    mouvements: list[Mouvement],
    jour: date,
    nature: str,
    points: int,
    fait: str | None,
    plafond: int | None = None,
) -> None:
    solde, plafond_courant = solde_et_plafond(mouvements)
    mouvements.append(
        {
            "date": jour,
            "nature": nature,
            "points": points,
            "solde": solde + points,
            "plafond": plafond_courant if plafond is None else plafond,
            "fait": fait,
        }
    )


def gain_plafonne(mouvements: list[Mouvement], gain: int) -> int:
    """A capped gain never lowers a solde. An automatic gain or a course is a movement even when it
    gives 0."""
    solde, plafond = solde_et_plafond(mouvements)
    return max(0, min(gain, plafond - solde))


def depuis_le_permis(mouvements: list[Mouvement]) -> list[Mouvement]:
    """The movements of the present licence, its capital first."""
    debut = max(n for n, m in enumerate(mouvements) if m["nature"] == "capital_initial")
    return mouvements[debut:]


def depuis_le_retrait(mouvements: list[Mouvement], infraction: Fait) -> list[Mouvement]:
    """What was written since (and with) the retrait of that infraction; [] if it has none yet."""
    for n, m in enumerate(mouvements):
        if m["nature"] == "retrait" and m["fait"] == infraction["id"]:
            return mouvements[n:]
    return []


def du_permis_present(dossier: Dossier, infraction: Fait, permis: Permis) -> bool:
    return permis_du_jour(dossier, infraction["date_definitive"]) == permis


# --------------------------------------------------------------------- the rules, one by one


def regle_capital_initial(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`capital_initial`: the day the licence is obtained; 12 before 2004-03-01, else 6."""
    for permis in dossier.permis:
        if permis.debut == jour:
            points = 12 if jour < DEBUT_DU_DELAI_PROBATOIRE else 6
            inscrire(mouvements, jour, "capital_initial", points, permis.fait["id"], points)


def regle_majoration(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`majoration_probatoire`: 1st and 2nd anniversary strictly before the end of the délai
    probatoire, if no points infraction was committed in [obtained, anniversary); licences obtained
    from 2007-12-31 only. +2, AAC +3 (the plafond rises too)."""
    permis = permis_du_jour(dossier, jour)
    if permis is None or permis.debut < DEBUT_DES_MAJORATIONS:
        return
    if jour not in (plus_ans(permis.debut, 1), plus_ans(permis.debut, 2)):
        return
    fin = fin_du_delai(dossier, permis)
    if fin is None or not jour < fin or commise_depuis(dossier, permis.debut, jour):
        return
    points = 3 if est_aac(permis) else 2
    _, plafond = solde_et_plafond(mouvements)
    inscrire(mouvements, jour, "majoration_probatoire", points, permis.fait["id"], plafond + points)


def regle_fin_du_delai(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`fin_delai_probatoire`: end of the délai (plafond becomes 12; always a movement) brings the
    solde to 12 (12 − solde) if no points infraction was committed in [obtained, end), else 0."""
    permis = permis_du_jour(dossier, jour)
    if permis is None or jour < plus_mois(permis.debut, 18) or jour > plus_mois(permis.debut, 36):
        return  # no délai ends outside of months 18 to 36: only saves time
    if jour != fin_du_delai(dossier, permis):
        return
    solde, _ = solde_et_plafond(mouvements)
    points = 0 if commise_depuis(dossier, permis.debut, jour) else 12 - solde
    inscrire(mouvements, jour, "fin_delai_probatoire", points, permis.fait["id"], 12)


def echeance_un_point(infraction: Fait) -> date | None:
    """`date_definitive` + 6 months, for an infraction of exactly 1 nominal point.
    `date_definitive` before 2011-01-01: 12 months; before 2007-01-01: no such rule."""
    depart = infraction["date_definitive"]
    if infraction["points"] != 1 or depart < LOI_2007:
        return None
    return plus_mois(depart, 12 if depart < LOI_2011 else 6)


def regle_un_point(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """One point, 6 months: blocked if *another* points infraction is committed strictly between
    `date_definitive` and the due day. Not due if a reconstitution totale came since."""
    for infraction in infractions_a_points(dossier):
        if echeance_un_point(infraction) != jour:
            continue
        permis = permis_du_jour(dossier, jour)
        if permis is None or not du_permis_present(dossier, infraction, permis):
            continue
        if commise_entre(dossier, infraction["date_definitive"], jour, sauf=infraction):
            continue
        depuis = depuis_le_retrait(mouvements, infraction)
        if any(m["nature"] == "reconstitution_totale" for m in depuis):
            continue
        points = gain_plafonne(mouvements, 1)
        inscrire(mouvements, jour, "reattribution_un_point", points, infraction["id"])


def regle_dix_ans(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`reattribution_dix_ans`: `date_definitive` + 10 years, contraventions of classes 1 to 4
    only; what that infraction withdrew, capped.

    Whatever happened since, except: points already given back one by one (even where the plafond
    made it 0); a reconstitution totale since; a signed solde that was ≤ 0 after any movement from
    `date_definitive` on, even if a course lifted it the same day."""
    for infraction in infractions_a_points(dossier):
        if infraction["nature"] != "contravention" or infraction["classe"] not in (1, 2, 3, 4):
            continue
        if plus_ans(infraction["date_definitive"], 10) != jour:
            continue
        permis = permis_du_jour(dossier, jour)
        if permis is None or not du_permis_present(dossier, infraction, permis):
            continue
        depuis = depuis_le_retrait(mouvements, infraction)
        if any(m["nature"] == "reattribution_un_point" and m["fait"] == infraction["id"] for m in depuis):
            continue
        if any(m["nature"] == "reconstitution_totale" for m in depuis):
            continue
        if any(m["date"] >= infraction["date_definitive"] and m["solde"] <= 0 for m in depuis_le_permis(mouvements)):
            continue
        points = gain_plafonne(mouvements, dossier.retraits[infraction["id"]] or 0)
        inscrire(mouvements, jour, "reattribution_dix_ans", points, infraction["id"])


def retraits_de_la_fenetre(dossier: Dossier, mouvements: list[Mouvement]) -> list[Fait]:
    """The infractions withdrawn since the licence or since the last reconstitution totale."""
    fenetre: list[Mouvement] = []
    for mouvement in depuis_le_permis(mouvements):
        if mouvement["nature"] == "reconstitution_totale":
            fenetre = []
        elif mouvement["nature"] == "retrait":
            fenetre.append(mouvement)
    ids = {m["fait"] for m in fenetre}
    return [i for i in infractions_a_points(dossier) if i["id"] in ids]


def regle_reconstitution(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """L = latest `date_definitive` since the licence or since the last reconstitution totale. 3
    years if *any* infraction withdrawn in that window is a délit or of class 4 or 5 (or if L is
    before 2011-01-01), else 2. Due on max(L + N years, end of the délai probatoire): never during
    it. Blocked if a points infraction is committed strictly between L and the due day. Nothing is
    due where the window holds no retrait."""
    permis = permis_du_jour(dossier, jour)
    if permis is None:
        return
    fenetre = retraits_de_la_fenetre(dossier, mouvements)
    if not fenetre:
        return
    dernier = max(i["date_definitive"] for i in fenetre)
    grave = any(i["nature"] == "delit" or i["classe"] in (4, 5) for i in fenetre)
    echeance = plus_ans(dernier, 3 if grave or dernier < LOI_2011 else 2)
    fin = fin_du_delai(dossier, permis)
    if fin is not None:
        echeance = max(echeance, fin)
    if jour != echeance or commise_entre(dossier, dernier, echeance):
        return
    solde, _ = solde_et_plafond(mouvements)
    inscrire(mouvements, jour, "reconstitution_totale", 12 - solde, None)


def regle_retraits(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`retrait`: `date_definitive`; minus the points really withdrawn. 2. retraits (by id)."""
    for infraction in dossier.infractions:  # on one day: in the order of the ids
        if infraction["date_definitive"] == jour:
            retires = dossier.retraits[infraction["id"]]
            if retires is not None:
                inscrire(mouvements, jour, "retrait", -retires, infraction["id"])


def regle_stages(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`recuperation_stage`: the day after the course's last day; +4, capped at the *current*
    plafond. `volontaire` and `obligatoire` credit; `judiciaire` never does and does not count.

    A credit that would fall less than one year after the previous credit's day (whatever the
    licence, and even if that one gave 0) gives no movement; so does a course whose last day is
    before the licence was obtained, or with no licence."""
    for stage in sorted(dossier.du_type("stage"), key=lambda s: str(s["id"])):
        if stage["nature"] == "judiciaire" or stage["date_fin"] + UN_JOUR != jour:
            continue
        permis = permis_du_jour(dossier, jour)
        if permis is None or stage["date_fin"] < permis.debut:
            continue
        credits = [m["date"] for m in mouvements if m["nature"] == "recuperation_stage"]
        if credits and jour < plus_ans(max(credits), 1):
            continue
        points = gain_plafonne(mouvements, 4)
        inscrire(mouvements, jour, "recuperation_stage", points, stage["id"])


def regle_fin_du_permis(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """4. end of the licence (48SI before annulation; the first ends it, the second changes
    nothing). `invalidation` | `annulation`: minus the solde; plafond 0."""
    for nature in ("invalidation", "annulation"):
        for fait in sorted(dossier.du_type(nature), key=lambda f: str(f["id"])):
            if fait[JOUR_PROPRE[nature]] != jour:
                continue
            permis = permis_du_jour(dossier, jour)
            if permis is None or mouvements[-1]["nature"] in ("invalidation", "annulation"):
                continue
            solde, _ = solde_et_plafond(mouvements)
            inscrire(mouvements, jour, nature, -solde, fait["id"], 0)


ORDRE_DU_JOUR = (
    regle_capital_initial,  # 0
    regle_majoration,  # 1. automatic gains: délai probatoire, one point, ten years, total
    regle_fin_du_delai,
    regle_un_point,
    regle_dix_ans,
    regle_reconstitution,
    regle_retraits,  # 2
    regle_stages,  # 3
    regle_fin_du_permis,  # 4
)


# --------------------------------------------------------------------------------------- walking


def jours_des_faits(dossier: Dossier) -> list[date]:
    return [v for f in dossier.faits for v in f.values() if isinstance(v, date)]


def chaque_jour(dossier: Dossier) -> Iterator[date]:
    """Every day from the first date of any fact to ten years and more after the last one."""
    dates = jours_des_faits(dossier)
    if not dates:
        return
    jour, dernier = min(dates), plus_ans(max(dates), 11)
    while jour <= dernier:
        yield jour
        jour += UN_JOUR


def jours_candidats(dossier: Dossier) -> list[date]:
    """A superset of the days on which a rule can fall: any date of any fact, its morrow, and the
    dates 6, 12, 18, 24, 36 and 120 months after it (there is no other delay in the rules)."""
    candidats: set[date] = set()
    for jour in jours_des_faits(dossier):
        candidats.update(plus_mois(jour, n) for n in (0, 6, 12, 18, 24, 36, 120))
        candidats.add(jour + UN_JOUR)
    return sorted(candidats)


def tous_les_mouvements(dossier: Dossier, tous_les_jours: bool) -> list[Mouvement]:
    mouvements: list[Mouvement] = []
    for jour in chaque_jour(dossier) if tous_les_jours else jours_candidats(dossier):
        for regle in ORDRE_DU_JOUR:
            regle(dossier, jour, mouvements)
    return mouvements


# -------------------------------------------------------------------------------------- the answer


def change_quelque_chose(dossier: Dossier, fait: Fait, mouvements: list[Mouvement]) -> bool:
    """Whether the fact does what it claims to; a type that claims nothing about points does."""
    les_siens = [m for m in mouvements if m["fait"] == fait["id"]]
    if fait["type"] == "infraction":  # a movement of 0 where the cap of its group absorbs it
        return fait["points"] == 0 or bool(les_siens)
    if fait["type"] == "stage":
        return fait["nature"] == "judiciaire" or bool(les_siens)
    if fait["type"] in ("permis_obtenu", "invalidation", "annulation"):
        return bool(les_siens)
    if fait["type"] == "formation_complementaire":
        return any(formation_qui_compte(dossier, p) == fait for p in dossier.permis)
    if fait["type"] == "infraction_annulee":
        return fait["infraction"] in dossier.infractions_connues
    return True


def anomalies(dossier: Dossier, mouvements: list[Mouvement]) -> list[str]:
    """For every fact that the rules above say changes nothing though it claims to.

    A 48SI notified on a positive solde still ends the licence, with an anomaly."""
    sans_effet = {f["id"] for f in dossier.faits if not change_quelque_chose(dossier, f, mouvements)}
    solde_positif = {m["fait"] for m in mouvements if m["nature"] == "invalidation" and m["points"] < 0}
    return sorted(sans_effet | solde_positif)


def etat(dossier: Dossier, au: date, passes: list[Mouvement]) -> str:
    """`sans_permis`, `valide`, `solde_nul` (signed solde ≤ 0, no 48SI notified), `suspendu` (would
    be valide, and a suspension, not a restriction, runs: first day ≤ day ≤ last day, or open,
    whatever the licence), `invalide`, `annule`."""
    if not passes:
        return "sans_permis"
    if passes[-1]["nature"] == "invalidation":
        return "invalide"
    if passes[-1]["nature"] == "annulation":
        return "annule"
    if passes[-1]["solde"] <= 0:
        return "solde_nul"
    for s in dossier.du_type("suspension"):
        if s["nature"] == "restriction":
            continue
        if s["date_debut"] <= au and (s.get("date_fin") is None or au <= s["date_fin"]):
            return "suspendu"
    return "valide"


def permis_tenu(passes: list[Mouvement]) -> bool:
    """Held at the end of the day: some licence began, and the last movement is not its end."""
    return bool(passes) and passes[-1]["nature"] not in ("invalidation", "annulation")


def delai_probatoire(dossier: Dossier, au: date, passes: list[Mouvement]) -> dict[str, str] | None:
    """`delai_probatoire.fin` is the end foreseen that day; null from the end day itself."""
    permis = permis_du_jour(dossier, au)
    if permis is None or not permis_tenu(passes):
        return None
    fin = fin_du_delai(dossier, permis)
    return {"fin": fin.isoformat()} if fin is not None and au < fin else None


def stage_possible(dossier: Dossier, au: date, passes: list[Mouvement], mouvements: list[Mouvement]) -> dict[str, Any]:
    """Eligible: a licence held, no 48SI notified, at least one retrait in effect, solde < plafond.
    `premier_jour`: the later of `au` + 1 day and the last credited course's last day + 1 year + 1
    day; null when not eligible."""
    solde, plafond = solde_et_plafond(passes)
    eligible = (
        permis_tenu(passes)
        and any(m["nature"] == "retrait" and m["points"] for m in depuis_le_permis(passes))
        and solde < plafond
    )
    if not eligible:
        return {"eligible": False, "premier_jour": None}
    premier_jour = au + UN_JOUR
    credites = {m["fait"] for m in mouvements if m["nature"] == "recuperation_stage"}
    for stage in dossier.du_type("stage"):
        if stage["id"] in credites:
            premier_jour = max(premier_jour, plus_ans(stage["date_fin"], 1) + UN_JOUR)
    return {"eligible": True, "premier_jour": premier_jour.isoformat()}


def en_texte(mouvement: Mouvement) -> Mouvement:
    return {**mouvement, "date": mouvement["date"].isoformat()}


def lire(
    ligne: dict[str, Any],
    au: date,
    connu_le: date | None = None,
    *,
    tous_les_jours: bool = True,
) -> dict[str, Any]:
    """The replay of one feed line, without `explication` nor `article`; `anomalies` is the sorted
    list of the fact ids. `tous_les_jours=False` walks the candidate days only (same answer)."""
    dossier = ouvrir(ligne, au, au if connu_le is None else connu_le)
    mouvements = tous_les_mouvements(dossier, tous_les_jours)
    passes = [m for m in mouvements if m["date"] <= au]
    # "The movements that follow the day if nothing else happens, from the facts known that day."
    suivants = [m for m in mouvements if m["date"] > au]
    solde: int | None
    plafond: int | None
    solde, plafond = solde_et_plafond(passes) if passes else (None, None)
    return {
        "neph": ligne["neph"],
        "au": au.isoformat(),
        "points": None if solde is None else max(0, solde),
        "solde": solde,
        "plafond": plafond,
        "etat": etat(dossier, au, passes),
        "delai_probatoire": delai_probatoire(dossier, au, passes),
        "mouvements": [en_texte(m) for m in passes],
        "prevision": [en_texte(m) for m in suivants],
        "stage": stage_possible(dossier, au, passes, mouvements),
        "anomalies": anomalies(dossier, mouvements),
    }
