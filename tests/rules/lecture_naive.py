"""Second, independent reading of ``regles-points.md``: the oracle of the tests.

Nothing here comes from ``dossier/``. The only aim is to be obviously right against the text: the
days are walked one by one, and each day each rule is asked whether something falls on it, in the
order of "Order within one day". Everything is derived again, every time, from the list of the facts
and the list of the movements so far. The quotations in the docstrings are from ``regles-points.md``.

Where the page is silent or leaves two readings, the one chosen is in the comment « Lectures » below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.rules.lecture_naive_anomalies import anomalies
from tests.rules.lecture_naive_dossier import Dossier, ouvrir
from tests.rules.lecture_naive_etats import (
    delai_probatoire,
    etat,
    provisoire,
    regime,
    stage_possible,
    suspension_du_jour,
)
from tests.rules.lecture_naive_faits import UN_JOUR, Mouvement, plus_ans, plus_mois
from tests.rules.lecture_naive_regles import ORDRE_DU_JOUR, solde_et_plafond

# ---------------------------------------------------------------------------------------- lectures
#
# Where the page is silent, or leaves two readings, what is read here.
#
# Articles
#  1. `capital_etranger` and `fin_permis_etranger`: L223-10 I; `interdiction`: L223-10 II;
#     `echange_entrant`: L223-11; `echange`: R225-1 3°. A délai probatoire that B by AAC, or a takeover,
#     gave ends by R223-1 II or IV as any other.
#
# What is undone
#  2. A levée (or a rétablissement) whose target is known but not yet there is no anomaly, as for an
#     `infraction_annulee`; a provisional one already makes `provisoire` true.
#  3. A target that is undone has no anomaly, even one that would have changed nothing; several levées
#     of one target have none either, nor those of a measure that `permis_conserve` leaves standing.
#  4. A rétablissement of a levée that does nothing (its portée is not provisional, its target does
#     not allow it, or it is unknown) is an anomaly.
#  5. `provisoire` is false for a measure that stands by `permis_conserve`, or stays with a fallen licence.
#  6. `permis_conserve` is looked at in the levées in force only: in one that names no licence which
#     would fall (a suspension's or a death's too), it is an anomaly of that levée.
#  7. « Another permis_obtenu », « that later licence »: one that would be a licence, no further category,
#     did the measure stand (alone of those undone), which itself would have ended one. « Another
#     licence is held »: obtained before it by day, then id. A licence that several undone measures make
#     fall keeps what came until the latest of the ends of their intervals. A measure that makes it fall
#     never stays with it.
#  8. Measures with a `permis_conserve` are asked the earliest first, all the later ones being undone.
#  9. « Anomaly on each »: also an offence of 0 points and a `judiciaire` course; the fallen licence too.
# 10. A fallen licence is no « first licence », and no B by AAC.
#
# Death
# 11. Facts that the rules read by a day of their own count for nothing (anomaly), whatever they claim;
#     letters, titles handed in and examinations are not of those. Of two deaths on one day the second
#     (by id) is an anomaly. A levée of a death that it undoes is never too late.
# 12. A course that ended on the day of the death gives nothing: an anomaly. No course is then possible.
#     `provisoire` is said as ever.
#
# Capitals
# 13. `annulation` and `echange`, as `invalidation`, never end a foreign capital (anomaly); an
#     interdiction of a French licence or of nothing is one too; an interdiction on a positive solde ends
#     the capital, with no anomaly.
# 14. « First licence »: no French licence before, whatever ended it (an `echange` as well); a foreign
#     capital that has ended does not count, one that was taken over does.
# 15. On notified + 1 year the old foreign licence opens again before another that opens that day.
# 16. An interdiction runs for its year even if a French licence was obtained and lost in it: no foreign
#     capital opens then.
# 17. `echange_de` counts when it is given, whatever it names; `date_permis_etranger` without it does not.
# 18. A takeover's plafond follows §4 alone: its anniversaries give +2 before 2007-12-31 as well; only the
#     1st and the 2nd do. Points offences committed in [origin, …) are all those of the dossier.
# 19. The offences of one group and day share the cap even where one day holds the end of a capital and
#     the opening of the next.
# 20. A course whose last day is that of the 48SI credits the foreign capital that opens on that day.
# 21. B by AAC counts strictly between the day obtained and the end that the délai would have without it
#     (the formation's, if any), while that licence is held; it does not shorten a takeover's délai.
#
# Suspensions
# 22. `suspension` is said whatever is held (nothing, a foreign capital, a licence that has ended).
#
# Anomalies
# 23. Only facts that exist are looked at, for groups of several days (an offence is late against the
#     earliest day of any that exists) and for the same offence twice. « The same » is told and equal:
#     `natinf` where both have one, else `libelle`; and `lieu`.
# 24. A course whose `date_debut` is not told may have lasted two days. One of another length is an
#     anomaly even if `judiciaire`.
# 25. Ages: by `categorie` (B when absent); another category than AM, A1 and B: 14. An unknown month or
#     day of birth is the earliest. The licence counts all the same.
# 26. « An end before its beginning »: a suspension's; what its record says, before any mainlevée.
# 27. Letters are those known, whatever their days. Among several of one `fait`, and « before it »: by
#     `date_envoi` (else `date_presentation`, `date_avis`, `date_notification`), on the day itself too. The
#     dossier's address is the line's; an address not told, on either side, or a letter never presented,
#     is no doubt.

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
    dates 1, 6, 12, 18, 24, 36 and 120 months after it (there is no other delay in the rules)."""
    candidats: set[date] = set()
    for jour in jours_des_faits(dossier):
        candidats.update(plus_mois(jour, n) for n in (0, 1, 6, 12, 18, 24, 36, 120))
        candidats.add(jour + UN_JOUR)
    return sorted(candidats)


def tous_les_mouvements(dossier: Dossier, tous_les_jours: bool) -> list[Mouvement]:
    """After a death, no movement after that day, no prévision."""
    mouvements: list[Mouvement] = []
    for jour in chaque_jour(dossier) if tous_les_jours else jours_candidats(dossier):
        if dossier.mort is not None and jour > dossier.mort["date_deces"]:
            break
        for regle in ORDRE_DU_JOUR:
            regle(dossier, jour, mouvements)
    return mouvements


# -------------------------------------------------------------------------------------- the answer


def en_texte(mouvement: Mouvement) -> Mouvement:
    return {**mouvement, "date": mouvement["date"].isoformat()}


def lire(
    ligne: dict[str, Any],
    au: date,
    connu_le: date | None = None,
    *,
    tous_les_jours: bool = True,
) -> dict[str, Any]:
    """The replay of one feed line, without `explication`; `anomalies` is the sorted
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
        "regime": regime(dossier, au, passes),
        "provisoire": provisoire(dossier),
        "suspension": suspension_du_jour(dossier, au),
        "delai_probatoire": delai_probatoire(dossier, au, passes),
        "mouvements": [en_texte(m) for m in passes],
        "prevision": [en_texte(m) for m in suivants],
        "stage": stage_possible(dossier, au, passes, mouvements),
        "anomalies": anomalies(dossier, mouvements),
    }
