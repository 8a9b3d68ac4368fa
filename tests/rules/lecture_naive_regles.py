"""The naive reading, fifth part: the movements, and the rules that write them, one by one.

Nothing here comes from ``dossier/``: see ``lecture_naive.py``. The quotations in the docstrings are from
``regles-points.md``.
"""

from __future__ import annotations

from datetime import date

from tests.rules.lecture_naive_capitaux import Capital, capital_du_jour
from tests.rules.lecture_naive_dossier import (
    Dossier,
    commise_depuis,
    commise_entre,
    est_aac,
    infractions_a_points,
    plafond_de_reprise,
)
from tests.rules.lecture_naive_faits import (
    DEBUT_DES_MAJORATIONS,
    DEBUT_DU_DELAI_PROBATOIRE,
    LOI_2007,
    LOI_2011,
    UN_JOUR,
    Fait,
    Mouvement,
    plus_ans,
    plus_mois,
)

FINS = {
    "invalidation": "R223-3 III",
    "annulation": "131-10 code pénal",
    "echange": "R225-1 3°",
    "interdiction": "L223-10 II",
    "fin_permis_etranger": "L223-10 I",
}
"""The natures of what ends a capital, and their articles."""

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
    article: str,
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
            "article": article,
        }
    )


def gain_plafonne(mouvements: list[Mouvement], gain: int) -> int:
    """A capped gain never lowers a solde. An automatic gain or a course is a movement even when it
    gives 0."""
    solde, plafond = solde_et_plafond(mouvements)
    return max(0, min(gain, plafond - solde))


def depuis_le_capital(mouvements: list[Mouvement]) -> list[Mouvement]:
    """The movements of the present capital, its opening first (a takeover opens nothing)."""
    debut = max(n for n, m in enumerate(mouvements) if m["nature"] in ("capital_initial", "capital_etranger"))
    return mouvements[debut:]


def depuis_le_retrait(mouvements: list[Mouvement], infraction: Fait) -> list[Mouvement]:
    """What was written since (and with) the retrait of that infraction; [] if it has none yet."""
    for n, m in enumerate(mouvements):
        if m["nature"] == "retrait" and m["fait"] == infraction["id"]:
            return mouvements[n:]
    return []


def present(dossier: Dossier, jour: date) -> Capital | None:
    return capital_du_jour(dossier.capitaux, jour)


def du_capital_present(dossier: Dossier, infraction: Fait, jour: date) -> bool:
    """One capital is open, and it is the one from which that infraction withdrew."""
    capital = present(dossier, jour)
    return capital is not None and present(dossier, infraction["date_definitive"]) is capital


# --------------------------------------------------------------------- the rules, one by one


def regle_capital_initial(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`capital_initial`: the day the licence is obtained; 12 before 2004-03-01, else 6.
    12: R223-1 I; 6: L223-1 al. 2."""
    for capital in dossier.capitaux:
        if capital.debut == jour and capital.etranger is None and capital.permis is not None:
            points, article = (12, "R223-1 I") if jour < DEBUT_DU_DELAI_PROBATOIRE else (6, "L223-1 al. 2")
            inscrire(mouvements, jour, "capital_initial", points, capital.permis["id"], article, points)


def regle_echange_entrant(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """A French licence obtained while the capital is open (L223-11) takes it over. Movement
    `echange_entrant` on that day, rank 0, `fait` the `permis_obtenu`, `points` = min(solde, plafond)
    − solde."""
    for capital in dossier.capitaux:
        if capital.reprise == jour and capital.permis is not None:
            solde, _ = solde_et_plafond(mouvements)
            plafond = plafond_de_reprise(dossier, capital)
            points = min(solde, plafond) - solde
            inscrire(mouvements, jour, "echange_entrant", points, capital.permis["id"], "L223-11", plafond)


def regle_majoration(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`majoration_probatoire`: 1st and 2nd anniversary strictly before the end of the délai
    probatoire, if no points infraction was committed in [obtained, anniversary); licences obtained
    from 2007-12-31 only. +2, AAC +3 (the plafond rises too).

    After a takeover: the later anniversaries strictly inside [the délai] give +2 in the same
    condition, capped at the new plafond."""
    capital = present(dossier, jour)
    if capital is None or capital.permis is None or capital.delai is None:
        return
    if capital.reprise is None and capital.debut < DEBUT_DES_MAJORATIONS:
        return
    delai = capital.delai
    if jour not in (plus_ans(delai.origine, 1), plus_ans(delai.origine, 2)):
        return
    if not delai.debut < jour < delai.fin or commise_depuis(dossier, delai.origine, jour):
        return
    hausse = 3 if est_aac(capital) else 2
    solde, plafond = solde_et_plafond(mouvements)
    points = max(0, min(hausse, plafond + hausse - solde))
    inscrire(mouvements, jour, "majoration_probatoire", points, capital.permis["id"], "R223-1 II", plafond + hausse)


def regle_fin_du_delai(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`fin_delai_probatoire`: end of the délai (plafond becomes 12; always a movement) brings the
    solde to 12 (12 − solde) if no points infraction was committed in [obtained, end), else 0.
    R223-1 II; R223-1 IV if such an infraction was committed. After a takeover: in [origin, end)."""
    capital = present(dossier, jour)
    if capital is None or capital.permis is None or capital.delai is None or jour != capital.delai.fin:
        return
    solde, _ = solde_et_plafond(mouvements)
    points, article = 12 - solde, "R223-1 II"
    if commise_depuis(dossier, capital.delai.origine, jour):
        points, article = 0, "R223-1 IV"
    inscrire(mouvements, jour, "fin_delai_probatoire", points, capital.permis["id"], article, 12)


def echeance_un_point(infraction: Fait) -> date | None:
    """`date_definitive` + 6 months, for an infraction of exactly 1 nominal point.
    `date_definitive` before 2011-01-01: 12 months; before 2007-01-01: no such rule."""
    depart = infraction["date_definitive"]
    if infraction["points"] != 1 or depart < LOI_2007:
        return None
    return plus_mois(depart, 12 if depart < LOI_2011 else 6)


def regle_un_point(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """One point, 6 months (L223-6 al. 3): blocked if *another* points infraction is committed strictly between
    `date_definitive` and the due day. Not due if a reconstitution totale came since."""
    for infraction in infractions_a_points(dossier):
        if echeance_un_point(infraction) != jour:
            continue
        if not du_capital_present(dossier, infraction, jour):
            continue
        if commise_entre(dossier, infraction["date_definitive"], jour, sauf=infraction):
            continue
        depuis = depuis_le_retrait(mouvements, infraction)
        if any(m["nature"] == "reconstitution_totale" for m in depuis):
            continue
        points = gain_plafonne(mouvements, 1)
        inscrire(mouvements, jour, "reattribution_un_point", points, infraction["id"], "L223-6 al. 3")


def regle_dix_ans(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`reattribution_dix_ans`: `date_definitive` + 10 years, contraventions of classes 1 to 4
    only; what that infraction withdrew, capped. L223-6 al. 5.

    Whatever happened since, except: points already given back one by one (even where the plafond
    made it 0); a reconstitution totale since; a signed solde that was ≤ 0 after any movement from
    `date_definitive` on, even if a course lifted it the same day."""
    for infraction in infractions_a_points(dossier):
        if infraction["nature"] != "contravention" or infraction["classe"] not in (1, 2, 3, 4):
            continue
        if plus_ans(infraction["date_definitive"], 10) != jour:
            continue
        if not du_capital_present(dossier, infraction, jour):
            continue
        depuis = depuis_le_retrait(mouvements, infraction)
        if any(m["nature"] == "reattribution_un_point" and m["fait"] == infraction["id"] for m in depuis):
            continue
        if any(m["nature"] == "reconstitution_totale" for m in depuis):
            continue
        if any(m["date"] >= infraction["date_definitive"] and m["solde"] <= 0 for m in depuis_le_capital(mouvements)):
            continue
        points = gain_plafonne(mouvements, dossier.retraits[infraction["id"]] or 0)
        inscrire(mouvements, jour, "reattribution_dix_ans", points, infraction["id"], "L223-6 al. 5")


def retraits_de_la_fenetre(dossier: Dossier, mouvements: list[Mouvement]) -> list[Fait]:
    """The infractions withdrawn since the licence (or the foreign capital) or since the last reconstitution totale."""
    fenetre: list[Mouvement] = []
    for mouvement in depuis_le_capital(mouvements):
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
    due where the window holds no retrait. 2 years: L223-6 al. 1; 3 years: L223-6 al. 2.

    After a takeover: one that would be due in [that day, end) is due on the end; one due earlier is
    untouched."""
    capital = present(dossier, jour)
    if capital is None:
        return
    fenetre = retraits_de_la_fenetre(dossier, mouvements)
    if not fenetre:
        return
    dernier = max(i["date_definitive"] for i in fenetre)
    grave = any(i["nature"] == "delit" or i["classe"] in (4, 5) for i in fenetre)
    ans, article = (3, "L223-6 al. 2") if grave or dernier < LOI_2011 else (2, "L223-6 al. 1")
    echeance = plus_ans(dernier, ans)
    if capital.delai is not None and capital.delai.debut <= echeance < capital.delai.fin:
        echeance = capital.delai.fin
    if jour != echeance or commise_entre(dossier, dernier, echeance):
        return
    solde, _ = solde_et_plafond(mouvements)
    inscrire(mouvements, jour, "reconstitution_totale", 12 - solde, None, article)


def regle_retraits(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`retrait`: `date_definitive`; minus the points really withdrawn. 2. retraits (by id).
    L223-1 al. 4; L223-2 III where its group's cap leaves less than its nominal points."""
    for infraction in dossier.infractions:  # on one day: in the order of the ids
        if infraction["date_definitive"] == jour:
            retires = dossier.retraits[infraction["id"]]
            if retires is not None:
                article = "L223-1 al. 4" if retires == infraction["points"] else "L223-2 III"
                inscrire(mouvements, jour, "retrait", -retires, infraction["id"], article)


def dure_deux_jours(stage: Fait) -> bool:
    """Two consecutive days; one whose first day is not told may have lasted two."""
    return stage.get("date_debut") is None or stage["date_debut"] + UN_JOUR == stage["date_fin"]


def regle_stages(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """`recuperation_stage`: the day after the course's last day; +4, capped at the *current*
    plafond; L223-6 al. 4. `volontaire` and `obligatoire` credit; `judiciaire` never does and does not count.

    A credit that would fall less than one year after the previous credit's day (whatever the
    licence, and even if that one gave 0) gives no movement; so does a course whose last day is
    before the licence was obtained, or with no licence. A course that lasts otherwise [than two
    consecutive days] gives nothing."""
    for stage in sorted(dossier.du_type("stage"), key=lambda s: str(s["id"])):
        if stage["nature"] == "judiciaire" or stage["date_fin"] + UN_JOUR != jour:
            continue
        capital = present(dossier, jour)
        if capital is None or stage["date_fin"] < capital.debut or not dure_deux_jours(stage):
            continue
        credits = [m["date"] for m in mouvements if m["nature"] == "recuperation_stage"]
        if credits and jour < plus_ans(max(credits), 1):
            continue
        points = gain_plafonne(mouvements, 4)
        inscrire(mouvements, jour, "recuperation_stage", points, stage["id"], "L223-6 al. 4")


def regle_fin_du_capital(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """4. end of the licence: `invalidation`, `annulation`, `echange`; of a foreign capital:
    `interdiction`, `fin_permis_etranger`: minus the solde; plafond 0."""
    for capital in dossier.capitaux:
        if capital.fin == jour and capital.nature_de_fin is not None and capital.fait_de_fin is not None:
            solde, _ = solde_et_plafond(mouvements)
            nature = capital.nature_de_fin
            inscrire(mouvements, jour, nature, -solde, capital.fait_de_fin["id"], FINS[nature], 0)


def regle_capital_etranger(dossier: Dossier, jour: date, mouvements: list[Mouvement]) -> None:
    """Last of all, the opening of a foreign capital: movement `capital_etranger`, +12, plafond 12,
    `fait` the `permis_etranger`."""
    for capital in dossier.capitaux:
        if capital.etranger is not None and capital.debut == jour:
            inscrire(mouvements, jour, "capital_etranger", 12, capital.etranger["id"], "L223-10 I", 12)


ORDRE_DU_JOUR = (
    regle_capital_initial,  # 0
    regle_echange_entrant,
    regle_majoration,  # 1. automatic gains: délai probatoire, one point, ten years, total
    regle_fin_du_delai,
    regle_un_point,
    regle_dix_ans,
    regle_reconstitution,
    regle_retraits,  # 2
    regle_stages,  # 3
    regle_fin_du_capital,  # 4
    regle_capital_etranger,  # last of all
)
