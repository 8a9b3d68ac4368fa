"""The bricks of the strategies: the days and the identifiers of a history, and its facts one by one.

The days are biased: most of them are drawn around a day already in the history, or around one of
the due days that follow from it (+1 day, +6 months, +1, 2, 3, 10 years …), so that delays interact.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Fait = dict[str, Any]
Draw = Callable[..., Any]

PREMIER = date(1995, 1, 1)
DERNIER = date(2030, 12, 31)

# Months after which something may fall due (0: the day itself).
DELAIS = (0, 6, 12, 18, 24, 36, 120)
BORNES = (
    date(2004, 2, 29),
    date(2004, 3, 1),
    date(2007, 12, 30),
    date(2007, 12, 31),
    date(2006, 12, 31),
    date(2007, 1, 1),
    date(2010, 12, 31),
    date(2011, 1, 1),
)

# More than enough ids for a history, in a few orders, compared as strings: "f10" < "f2".
ORDRES_DES_IDS = (
    [f"f{n}" for n in range(1, 97)],
    [f"f{n}" for n in range(96, 0, -1)],
    [f"{'pis'[n % 3]}{n * 7 % 97}" for n in range(1, 97)],
)


def plus_mois(jour: date, mois: int) -> date:
    annee, rang = divmod(jour.year * 12 + (jour.month - 1) + mois, 12)
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))


def borner(jour: date) -> date:
    return max(PREMIER, min(DERNIER, jour))


class Briques:
    """The days and the identifiers drawn so far."""

    bornes: tuple[date, ...] = BORNES
    delais: tuple[int, ...] = DELAIS

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.jours: list[date] = []
        self.faits: list[Fait] = []
        # "2" > "10" as strings, so the order of the ids is not that of creation.
        self.ids = iter(draw(st.sampled_from(ORDRES_DES_IDS)))

    def entier(self, mini: int, maxi: int) -> int:
        return int(self.draw(st.integers(mini, maxi)))

    def choix(self, *valeurs: Any) -> Any:
        return self.draw(st.sampled_from(valeurs))

    def une_fois_sur(self, n: int) -> bool:
        # The simplest draw (0) says no.
        return self.entier(0, n - 1) == n - 1

    def jour(self, *, autour: date | None = None) -> date:
        """A day around one of the history (or around `autour`) or around a day due from it."""
        origine = autour or self.choix(*(self.jours[-6:] or [date(2015, 8, 31)]))
        genre = self.entier(0, 9)
        if genre <= 4:
            delai = self.choix(*self.delais)
            resultat = plus_mois(origine, delai) + timedelta(self.choix(0, 1, -1))
        elif genre <= 7:
            resultat = origine + timedelta(self.entier(0, 500))
        elif genre == 8:
            annee = origine.year + self.entier(0, 3)
            mois = self.choix(2, 8, 1, 10, 12)
            resultat = date(annee, mois, calendar.monthrange(annee, mois)[1])
        else:
            resultat = self.choix(*self.bornes)
        return borner(resultat)

    def jour_apres(self, debut: date, *, proche: int = 0) -> date:
        """A day ≥ `debut`, biased like the others."""
        debut = borner(debut)
        genre = self.entier(0, 5)
        if genre == 0:
            return debut
        if genre <= 2 or proche:
            return borner(debut + timedelta(self.entier(1, proche or 60)))
        return max(debut, self.jour(autour=debut) if genre == 3 else self.jour())

    def garder(self, type_: str, jour: date | None, **champs: Any) -> Fait:
        fait: Fait = {"id": next(self.ids), "type": type_}
        for cle, valeur in champs.items():
            fait[cle] = valeur.isoformat() if isinstance(valeur, date) else valeur
        if self.une_fois_sur(6):  # a late fact, or one recorded before its own day
            ecart = self.choix(1, 30, 200, 400, 800, 0, -30)
            fait["enregistre_le"] = borner((jour or self.jour()) + timedelta(ecart)).isoformat()
        self.faits.append(fait)
        self.jours.extend(v for v in champs.values() if isinstance(v, date))
        return fait

    # ------------------------------------------------------------------------------ the facts

    def permis(self) -> None:
        # A further category, or a new licence: around an end, most often.
        fins = [
            date.fromisoformat(f.get("date_notification") or f["date_effet"])
            for f in self.faits
            if f["type"] in ("invalidation", "annulation")
        ]
        autour = self.choix(*fins) if fins and not self.une_fois_sur(4) else None
        jour = self.jour_apres(autour + timedelta(1)) if autour else self.jour()
        filiere = self.choix("classique", "aac", "supervisee")
        self.garder("permis_obtenu", jour, date_obtention=jour, filiere=filiere)

    def infraction(self) -> None:
        commission = self.jour()
        definitive: date | None
        if self.une_fois_sur(12):
            definitive = None
        elif self.une_fois_sur(8):  # late: final long after it was committed
            definitive = max(commission, self.jour_apres(commission))
        else:
            definitive = self.jour_apres(commission, proche=60)
        gravite = self.choix((3, 2), (1, 3), (1, 4), (4, 4), (6, 0), (3, 4), (6, 4), (1, 2), None)
        points, classe = gravite or (self.choix(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), self.entier(0, 5))
        groupe = self.choix("g1", "g1", "g2") if self.une_fois_sur(5) else None
        if self.une_fois_sur(10):  # around the days when the law changed
            definitive = self.choix(date(2011, 1, 1), date(2010, 12, 31), *BORNES)
            commission = definitive - timedelta(self.entier(0, 60))
            points = self.choix(points, 1)
        freres = [f for f in self.faits if groupe and f.get("groupe") == groupe]
        if freres and not self.une_fois_sur(4):  # simultaneous: the same day, most often
            commission = date.fromisoformat(freres[0]["date_commission"])
            meme_fin = freres[0]["date_definitive"]
            if meme_fin and not self.une_fois_sur(2):
                definitive = date.fromisoformat(meme_fin)
            elif definitive is not None:
                definitive = max(definitive, commission)
        self.une_infraction(commission, definitive, points, classe, groupe)

    def une_infraction(
        self,
        commission: date,
        definitive: date | None,
        points: int,
        classe: int,
        groupe: str | None = None,
    ) -> Fait:
        return self.garder(
            "infraction",
            definitive,
            date_commission=commission,
            date_definitive=definitive,
            points=points,
            nature="contravention" if classe else "delit",
            classe=classe or None,
            groupe=groupe,
            etablie_par="paiement" if classe else "condamnation",
        )

    def infraction_annulee(self) -> None:
        cibles = [f for f in self.faits if f["type"] == "infraction"]
        autres = [f for f in self.faits if f["type"] != "infraction"]
        if cibles and not self.une_fois_sur(6):
            cible = self.choix(*cibles)
            depart = cible["date_definitive"] or cible["date_commission"]
            jour = self.jour_apres(date.fromisoformat(depart))
            ident = cible["id"]
        else:
            jour = self.jour()
            ident = self.choix(*[f["id"] for f in autres], "inconnue")
        self.garder("infraction_annulee", jour, infraction=ident, date_decision=jour, motif="jugement")

    def formation(self) -> None:
        obtenus = [date.fromisoformat(f["date_obtention"]) for f in self.faits if f["type"] == "permis_obtenu"]
        if obtenus and not self.une_fois_sur(8):
            debut = self.choix(*obtenus)
            genre = self.entier(0, 3)
            if genre <= 1:  # in the window
                jour = plus_mois(debut, 6) + timedelta(self.entier(0, 180))
            else:  # around its two ends
                jour = plus_mois(debut, self.choix(6, 12)) + timedelta(self.choix(0, -1, 1))
        else:
            jour = self.jour()
        jour = borner(jour)
        self.garder("formation_complementaire", jour, date_fin=jour)

    def stage(self) -> None:
        fins = [date.fromisoformat(f["date_fin"]) for f in self.faits if f["type"] == "stage"]
        if fins and self.une_fois_sur(2):  # around one year after another
            fin = plus_mois(self.choix(*fins), 12) + timedelta(self.choix(0, -1, 1, -2))
        else:
            fin = self.jour() - timedelta(self.choix(0, 1))
            if self.une_fois_sur(8):  # the credit on 1 March or 29 February
                fin = date(fin.year, 2, self.choix(28, 27))
        fin = borner(fin)
        debut = max(PREMIER, fin - timedelta(self.choix(1, 1, 1, 0)))
        nature = self.choix("volontaire", "volontaire", "obligatoire", "judiciaire")
        self.garder("stage", fin, date_debut=debut, date_fin=fin, nature=nature)

    def suspension(self) -> None:
        debut = self.jour()
        fin = None if self.une_fois_sur(3) else self.jour_apres(debut)
        champs: Fait = {
            "date_debut": debut,
            "date_fin": fin,
            "nature": self.choix("administrative", "judiciaire", "restriction"),
        }
        if self.une_fois_sur(2):
            champs["date_infraction"] = (
                self.jour() if self.une_fois_sur(3) else borner(debut - timedelta(self.entier(0, 90)))
            )
        self.garder("suspension", debut, **champs)

    def lettre(self) -> None:
        jour = self.jour()
        sujets = [f["id"] for f in self.faits]
        self.garder(
            "lettre",
            jour,
            reference=self.choix("48SI", "48", "48M", "48N", "46", "47"),
            date_envoi=jour,
            date_presentation=jour,
            date_notification=None if self.une_fois_sur(3) else jour,
            fait=self.choix(*sujets) if sujets else None,
        )

    def invalidation(self) -> None:
        jour = self.jour()
        self.garder("invalidation", jour, date_notification=jour)

    def annulation(self) -> None:
        jour = self.jour()
        self.garder("annulation", jour, date_effet=jour, interdiction_mois=self.choix(6, None))

    def neutre(self) -> None:
        jour = self.jour()
        genre = self.entier(0, 2)
        if genre == 0:
            self.garder("restitution_titre", jour, date_restitution=jour)
        elif genre == 1:
            fin = borner(plus_mois(jour, 60))
            self.garder("visite_medicale", jour, date_visite=jour, avis="apte", date_fin_validite=fin)
        else:
            self.garder(
                "resultat_examen",
                jour,
                date_examen=jour,
                categorie="B",
                epreuve="pratique",
                resultat=self.choix("favorable", "insuffisant", "absent"),
                score=None,
            )
