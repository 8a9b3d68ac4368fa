"""Hypothesis strategies: feed lines (valid per ``feed.md``), and the days to read them on.

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
NEPH = "150833200011"
ETAT_CIVIL = {
    "nom_naissance": "MARTIN",
    "prenoms": ["Camille"],
    "sexe": "F",
    "date_naissance": "1975-01-31",
}

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
# One list an era of licence: ends of months and 29 February first among the days.
DEBUTS = (
    (
        date(2012, 2, 29),
        date(2015, 8, 31),
        date(2007, 12, 31),
        date(2016, 3, 15),
        date(2018, 5, 31),
        date(2008, 2, 29),
        date(2009, 12, 31),
        date(2014, 8, 30),
    ),
    (
        date(1999, 1, 15),
        date(2004, 2, 29),
        date(2000, 2, 29),
        date(2002, 8, 31),
        date(1995, 1, 1),
    ),
    (date(2004, 3, 1), date(2007, 12, 30), date(2006, 8, 31), date(2005, 6, 15)),
)


def plus_mois(jour: date, mois: int) -> date:
    annee, rang = divmod(jour.year * 12 + (jour.month - 1) + mois, 12)
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))


def borner(jour: date) -> date:
    return max(PREMIER, min(DERNIER, jour))


class _Histoire:
    """The days and the identifiers drawn so far."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.jours: list[date] = []
        self.faits: list[Fait] = []
        # "2" > "10" as strings, so the order of the ids is not that of creation.
        self.ids = iter(draw(st.sampled_from(_ORDRES_DES_IDS)))

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
            delai = self.choix(*DELAIS)
            resultat = plus_mois(origine, delai) + timedelta(self.choix(0, 1, -1))
        elif genre <= 7:
            resultat = origine + timedelta(self.entier(0, 500))
        elif genre == 8:
            annee = origine.year + self.entier(0, 3)
            mois = self.choix(2, 8, 1, 10, 12)
            resultat = date(annee, mois, calendar.monthrange(annee, mois)[1])
        else:
            resultat = self.choix(*BORNES)
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

    def infraction_simultanee(self) -> None:
        """A whole group at once."""
        commission = self.jour()
        definitive = self.jour_apres(commission, proche=60)
        groupe = self.choix("g3", "g4")
        for _ in range(self.entier(2, 3)):
            memes = definitive if self.entier(0, 2) else self.jour_apres(commission, proche=90)
            points = self.choix(3, 4, 6, 1, 2, 8, 9, 0)
            self.une_infraction(commission, memes, points, self.choix(4, 3, 2, 0), groupe)

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

    def formation_et_suspension(self) -> None:
        """A formation complémentaire, and a suspension around the day that decides whether it is
        lost."""
        obtenus = [f for f in self.faits if f["type"] == "permis_obtenu"]
        if not obtenus:
            return self.formation()
        debut = date.fromisoformat(obtenus[0]["date_obtention"])
        self.formation()
        bord = plus_mois(debut, self.choix(24, 18, 0, 12, 36)) + timedelta(self.choix(0, -1, 1))
        bord = borner(bord)
        if self.une_fois_sur(2):
            jour = borner(bord + timedelta(self.entier(0, 400)))
            infraction = {"date_infraction": bord}
        else:
            jour, infraction = bord, {}
        fin = None if self.une_fois_sur(3) else borner(jour + timedelta(self.entier(0, 200)))
        nature = self.choix("administrative", "judiciaire", "restriction")
        self.garder("suspension", jour, date_debut=jour, date_fin=fin, nature=nature, **infraction)

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

    def solde_nul(self) -> None:
        """A run of grave infractions, and perhaps the 48SI (or a course) soon after."""
        commission = self.jour()
        for _ in range(self.entier(1, 3)):
            definitive = self.jour_apres(commission, proche=40)
            classe = self.choix(4, 0, 3, 2, 5)
            self.une_infraction(commission, definitive, self.choix(6, 4, 3, 9), classe)
            commission = self.jour_apres(commission, proche=40)
        suite = self.entier(0, 3)
        if suite == 1:
            jour = self.jour_apres(definitive, proche=90)
            self.garder("invalidation", jour, date_notification=jour)
        elif suite == 2:
            self.stage_finissant(definitive, self.choix(1, 0, -30))

    def bloquante(self) -> None:
        """An infraction committed around the due day of another, and final around it too."""
        autres = [f for f in self.faits if f["type"] == "infraction" and f["date_definitive"]]
        if not autres:
            return self.infraction()
        depart = date.fromisoformat(self.choix(*autres)["date_definitive"])
        echeance = borner(plus_mois(depart, self.choix(6, 24, 36, 6, 12, 120)))
        commission = self.choix(echeance - timedelta(1), echeance, depart, depart + timedelta(1))
        commission = borner(commission)
        definitive = max(commission, echeance + timedelta(self.choix(0, -1, 1, 60, 365)))
        self.une_infraction(commission, borner(definitive), self.choix(1, 2, 3, 0), self.entier(1, 4))

    def chaine(self) -> None:
        """Ten years with no reconstitution totale: each infraction starts the delay again, so that
        the first one may come back after ten years (or not: solde nul, one point given back)."""
        depart = self.jour()
        if depart > date(2019, 6, 30):
            depart = plus_mois(depart, -120)
        definitive = borner(depart + timedelta(self.entier(0, 40)))
        self.tete_de_chaine(depart, definitive)
        echeance = plus_mois(definitive, 120)
        genre = self.choix(None, "stage", "un_point", "totale", "retrait", "releve")
        if genre == "totale":  # the whole comes back on the very day of the ten years
            dernier = plus_mois(echeance, -36)
            self.relances(definitive, dernier, marge=34)
            self.une_infraction(dernier, dernier, self.choix(1, 2), 4)
            return
        relance = self.relances(definitive, echeance, marge=24)
        if genre == "un_point":  # one point comes back on the very day of the ten years
            jour = plus_mois(echeance, -6)
            self.une_infraction(jour, jour, 1, self.choix(4, 3))
        elif genre == "retrait":  # around the due day
            jour = borner(echeance + timedelta(self.choix(0, -1, 1)))
            self.une_infraction(jour, jour, self.choix(6, 1, 4), 4)
        elif genre == "stage":  # the plafond is near, or a solde nul is lifted
            self.stage_finissant(self.choix(definitive, definitive, relance, echeance), self.choix(-100, 1, 0))
        elif genre == "releve":
            self.solde_nul_releve(definitive + timedelta(self.choix(0, 100, 400)))

    def tete_de_chaine(self, commission: date, definitive: date) -> None:
        if self.une_fois_sur(6):  # a solde nul before it all, which counts for nothing after
            avant = borner(commission - timedelta(self.choix(1120, 1200)))
            for _ in range(2):
                self.une_infraction(avant, avant, 6, self.choix(4, 3, 0))
        classe = self.choix(4, 3, 2, 1, 4, 5, 0)
        if self.une_fois_sur(4):  # the cap of a group leaves less than the nominal points
            groupe = self.choix("g5", "g6")
            self.une_infraction(commission, definitive, self.choix(6, 7, 4), 4, groupe)
            self.une_infraction(commission, definitive, self.choix(4, 3, 6, 2), classe, groupe)
        else:
            self.une_infraction(commission, definitive, self.choix(2, 1, 3, 6), classe)

    def solde_nul_releve(self, jour: date) -> None:
        """A solde nul, perhaps, that a course lifts the same day."""
        for points in (6, self.choix(3, 1, 4, 6)):
            self.une_infraction(jour, jour, points, 4)
        self.stage_finissant(jour, 1)

    def relances(self, depuis: date, jusque: date, *, marge: int) -> date:
        """Infractions that each start the delay again; the day the last of them is final."""
        while plus_mois(depuis, marge) < jusque:
            commission = plus_mois(depuis, self.choix(33, 23, 35)) - timedelta(self.entier(0, 20))
            depuis = borner(commission + timedelta(self.entier(0, 40)))
            points, classe = self.choix(1, 1, 2, 3), self.choix(4, 4, 4, 3)
            self.une_infraction(borner(commission), depuis, points, classe)
        return depuis

    def stage_finissant(self, jour: date, avance: int) -> None:
        fin = borner(jour - timedelta(avance))
        debut = max(PREMIER, fin - timedelta(1))
        self.garder("stage", fin, date_debut=debut, date_fin=fin, nature="volontaire")

    def fin_puis_permis(self) -> None:
        """A licence ends, and another is obtained soon after; something else happens around."""
        fin = self.jour()
        if self.une_fois_sur(3):
            self.garder("annulation", fin, date_effet=fin, interdiction_mois=None)
        else:
            self.garder("invalidation", fin, date_notification=fin)
        obtenu = self.jour_apres(borner(fin + timedelta(1)), proche=400)
        filiere = self.choix("classique", "aac")
        self.garder("permis_obtenu", obtenu, date_obtention=obtenu, filiere=filiere)
        autour = self.choix(fin, obtenu) + timedelta(self.choix(0, -1, 1))
        suite = self.entier(0, 5)
        if suite == 5:  # simultaneous, but the last one is final too late
            commission = borner(fin - timedelta(60))
            for points, delai in ((5, 20), (4, 30), (9, self.choix(60, 61, 90, 59))):
                definitive = borner(commission + timedelta(delai))
                self.une_infraction(commission, definitive, points, self.choix(0, 4), "g7")
        elif suite == 4:  # two ends on one day, or one in the gap
            jour = self.choix(fin, borner(autour))
            self.garder("annulation", jour, date_effet=jour, interdiction_mois=6)
            self.garder("invalidation", jour, date_notification=jour)
        elif suite == 1:
            self.stage_finissant(autour, 0)
        elif suite >= 2:
            commission = borner(autour)
            self.une_infraction(commission, self.jour_apres(commission), self.choix(3, 1, 6), 4)

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


# More than enough ids for a history, in a few orders, compared as strings: "f10" < "f2".
_ORDRES_DES_IDS = (
    [f"f{n}" for n in range(1, 97)],
    [f"f{n}" for n in range(96, 0, -1)],
    [f"{'pis'[n % 3]}{n * 7 % 97}" for n in range(1, 97)],
)

_POIDS: tuple[tuple[str, int], ...] = (
    ("infraction", 10),
    ("stage", 5),
    ("bloquante", 4),
    ("chaine", 3),
    ("fin_puis_permis", 2),
    ("solde_nul", 3),
    ("infraction_simultanee", 2),
    ("formation", 2),
    ("formation_et_suspension", 2),
    ("permis", 3),
    ("invalidation", 2),
    ("suspension", 2),
    ("infraction_annulee", 2),
    ("annulation", 1),
    ("lettre", 1),
    ("neutre", 1),
)
_GENRES = tuple(genre for genre, poids in _POIDS for _ in range(poids))


def _refuse_par_le_flux(faits: list[Fait]) -> None:
    """Move a licence that the feed would refuse: obtained on the day another one ends. (The very
    first licence may end on its own first day: no other one ends that day.)"""
    fins = {
        date.fromisoformat(f.get("date_notification") or f["date_effet"])
        for f in faits
        if f["type"] in ("invalidation", "annulation")
    }
    permis = [f for f in faits if f["type"] == "permis_obtenu"]
    permis.sort(key=lambda f: (f["date_obtention"], f["id"]))
    for n, fait in enumerate(permis):
        seul = n == 0 and all(f["date_obtention"] > fait["date_obtention"] for f in permis[1:])
        jour = date.fromisoformat(fait["date_obtention"])
        sens = timedelta(1 if jour < DERNIER - timedelta(60) else -1)
        while jour in fins and not seul:
            jour += sens
        fait["date_obtention"] = jour.isoformat()


@st.composite
def lignes(draw: Draw, max_faits: int = 8) -> dict[str, Any]:
    """A feed line: a first licence (nine times in ten), and 0 to `max_faits` steps after it (a step
    may give a whole group of infractions); the facts come in any order."""
    histoire = _Histoire(draw)
    debut = histoire.choix(*histoire.choix(DEBUTS[0], DEBUTS[0], DEBUTS[1], DEBUTS[2]))
    debut = borner(debut + timedelta(draw(st.sampled_from((0, 0, 0, 1, -1, 45)))))
    if histoire.une_fois_sur(10):
        histoire.jours.append(debut)
    else:
        filiere = histoire.choix("classique", "classique", "aac", "supervisee")
        fait = histoire.garder("permis_obtenu", debut, date_obtention=debut, filiere=filiere)
        if "enregistre_le" in fait and not histoire.une_fois_sur(4):
            del fait["enregistre_le"]  # an unknown licence hides all the rest
        scene = histoire.entier(0, 9)
        if scene == 9:
            histoire.formation_et_suspension()
        elif scene == 8:
            histoire.chaine()
        elif scene == 7:
            histoire.formation()
    for genre in draw(st.lists(st.sampled_from(_GENRES), min_size=1, max_size=max_faits)):
        getattr(histoire, genre)()
    _refuse_par_le_flux(histoire.faits)
    faits = histoire.faits
    if draw(st.integers(0, 4)) == 4:
        faits = draw(st.permutations(faits))
    return {
        "format": "mespoints-dossier/1",
        "neph": NEPH,
        "etat_civil": ETAT_CIVIL,
        "faits": faits,
    }


def jours_de(ligne: dict[str, Any]) -> list[date]:
    """All the days of a line, of its facts only."""
    return sorted(
        {
            date.fromisoformat(valeur)
            for fait in ligne["faits"]
            for cle, valeur in fait.items()
            if isinstance(valeur, str) and (cle.startswith("date_") or cle == "enregistre_le")
        }
    )


@st.composite
def dates_de_lecture(draw: Draw, ligne: dict[str, Any]) -> tuple[date, date]:
    """(`au`, `connu_le`): late enough to see all the facts, or on and around their days and the
    days due from them; `connu_le` is `au` most often."""
    jours = jours_de(ligne) or [date(2015, 8, 31)]
    au = _jour_de_lecture(draw, jours)
    genre = draw(st.integers(0, 5))
    if genre <= 3:
        return au, au
    if genre == 4:
        return au, _jour_de_lecture(draw, jours)
    return au, au + timedelta(draw(st.sampled_from((1, -1, 30, -30, 400, -400))))


def _jour_de_lecture(draw: Draw, jours: list[date]) -> date:
    genre = draw(st.integers(0, 5))
    if genre == 0:
        return jours[-1]
    if genre == 1:
        return plus_mois(jours[-1], draw(st.sampled_from((1, 6, 12, 24, 36, 132))))
    choisis = jours[-8:] if genre <= 3 else jours
    origine = draw(st.sampled_from(choisis))
    if genre == 2:
        return origine + timedelta(draw(st.integers(0, 500)))
    return plus_mois(origine, draw(st.sampled_from(DELAIS))) + timedelta(draw(st.sampled_from((0, 1, -1))))
