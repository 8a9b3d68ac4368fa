"""The scenes of the strategies: several facts at once, placed so that the rules meet."""

from __future__ import annotations

from datetime import date, timedelta

from tests.rules.strategies_briques import PREMIER, Briques, borner, plus_mois


class Histoire(Briques):
    """A history: its bricks, and the scenes made of them."""

    def infraction_simultanee(self) -> None:
        """A whole group at once."""
        commission = self.jour()
        definitive = self.jour_apres(commission, proche=60)
        groupe = self.choix("g3", "g4")
        for _ in range(self.entier(2, 3)):
            memes = definitive if self.entier(0, 2) else self.jour_apres(commission, proche=90)
            points = self.choix(3, 4, 6, 1, 2, 8, 9, 0)
            self.une_infraction(commission, memes, points, self.choix(4, 3, 2, 0), groupe)

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
