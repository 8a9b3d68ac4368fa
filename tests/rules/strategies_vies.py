"""More scenes: a second licence, a foreign one, a suspension kept up, so that the rare cases meet."""

from __future__ import annotations

from datetime import date, timedelta

from tests.rules.strategies_briques import PREMIER, borner, plus_mois
from tests.rules.strategies_mesures import Mesures, jour_de


class Vies(Mesures):
    """A history, and the scenes made of measures."""

    def choses_autour(self, *jours: date) -> None:
        """An offence, a course, an end or a suspension on or beside one of these days."""
        for _ in range(self.entier(0, 3)):
            jour = self.autour(self.choix(*jours))
            genre = self.choix("infraction", "infraction", "infraction", "stage", "fin", "suspension", "permis")
            if genre == "infraction":
                definitive = borner(jour + timedelta(self.choix(0, 1, 20, 60, 200)))
                self.une_infraction(jour, definitive, self.choix(3, 1, 2, 6), self.choix(4, 3, 0, 2))
            elif genre == "stage":
                self.stage_finissant(jour, self.choix(0, 1))
            elif genre == "fin":
                self.fin_de_permis(jour)
            elif genre == "suspension":
                self.suspension_dite(jour)
            else:
                self.permis_francais(jour)

    def deux_permis(self) -> None:
        """A licence ends, another is obtained, and the end is undone; things happen in between."""
        tenus = [f for f in self.faits if f["type"] == "permis_obtenu"]
        if not tenus:
            return self.permis()
        depuis = jour_de(self.choix(*tenus))
        assert depuis is not None
        mesure = self.fin_de_permis(borner(depuis + timedelta(self.choix(1, 100, 400, 2000))))
        debut = jour_de(mesure)
        assert debut is not None
        obtenu = borner(debut + timedelta(self.choix(1, 30, 200)))
        second = self.permis_francais(obtenu)
        effet = borner(obtenu + timedelta(self.choix(1, 60, 300, 0, -1)))
        levee = self.levee(mesure, effet)
        if self.une_fois_sur(4):
            levee["permis_conserve"] = second["id"]
        self.choses_autour(obtenu, effet, borner(obtenu + timedelta(20)))
        suite = self.entier(0, 4)
        if suite == 4:
            self.levee(mesure, borner(effet + timedelta(self.choix(30, -10, 0))))
        elif suite == 3:
            self.retablissement()
        elif suite == 2:  # another end of the first licence, or of the second, undone in its turn
            autre = self.fin_de_permis(borner(debut + timedelta(self.choix(0, 1, 10, 60))))
            self.levee(autre, borner(effet + timedelta(self.choix(-20, 0, 40))))
        elif suite == 1:  # the second ends, a third is obtained
            fin = borner(obtenu + timedelta(self.choix(1, 15, 40)))
            self.fin_de_permis(fin, permis=self.choix(second["id"], self.id_de("permis_obtenu")))
            self.permis_francais(borner(fin + timedelta(self.choix(1, 10, 100))))

    def solde_nul_etranger(self, depuis: date) -> date:
        jour = borner(depuis + timedelta(self.choix(0, 1, 100, 600)))
        for points in (9, self.choix(6, 3, 1)):
            jour = borner(jour + timedelta(self.choix(1, 20)))
            self.une_infraction(jour, borner(jour + timedelta(self.choix(0, 30))), points, self.choix(0, 4))
        return borner(jour + timedelta(self.choix(0, 31, 90)))

    def etranger_interdit(self) -> None:
        """A foreign capital, its interdiction, and what happens a year after."""
        etranger = self.permis_etranger()
        debut = jour_de(etranger)
        assert debut is not None
        notifiee = self.solde_nul_etranger(debut) if self.entier(0, 2) else self.jour_apres(debut)
        interdiction = self.interdiction(notifiee)
        un_an = borner(plus_mois(notifiee, 12))
        suite = self.entier(0, 5)
        if suite == 1:
            etranger["date_fin"] = self.choix(self.autour(un_an), notifiee, self.autour(notifiee)).isoformat()
        elif suite == 2:
            self.permis_etranger(self.choix(self.autour(un_an), notifiee, self.jour_apres(notifiee)))
        elif suite == 3:
            obtenu = self.choix(self.autour(un_an), notifiee, self.jour_apres(notifiee, proche=300))
            self.permis_echange(obtenu)
            if self.une_fois_sur(3):
                self.fin_de_permis(borner(obtenu + timedelta(self.choix(1, 60, 400))))
        elif suite == 4:
            self.levee(interdiction)
            if self.une_fois_sur(3):
                self.retablissement()
        self.choses_autour(un_an, notifiee, debut)

    def reprise(self) -> None:
        """A foreign capital that a French licence takes over, with offences around what decides."""
        dernier = self.parmi("permis_etranger") if self.une_fois_sur(3) else None
        etranger = dernier or self.permis_etranger()
        debut = jour_de(etranger)
        assert debut is not None
        obtenu = borner(debut + timedelta(self.choix(0, 1, 200, 500, 900, 1500)))
        if etranger["date_fin"] and self.une_fois_sur(2):
            obtenu = self.autour(date.fromisoformat(etranger["date_fin"]))
        francais = self.permis_echange(obtenu)
        origine = date.fromisoformat(francais.get("date_permis_etranger") or francais["date_obtention"])
        self.choses_autour(debut, obtenu, *(borner(plus_mois(origine, n)) for n in (0, 12, 24, 36)))
        if self.une_fois_sur(3):
            # Due around the takeover: two or three years before it.
            jour = self.autour(borner(plus_mois(obtenu, -self.choix(24, 36))))
            self.une_infraction(jour, jour, self.choix(2, 3), self.choix(3, 4))

    def etranger_entre_deux(self) -> None:
        """A foreign capital on or around the day a French licence ends; another licence after it."""
        fin = self.fin_de_permis()
        jour = jour_de(fin)
        assert jour is not None
        etranger = self.permis_etranger(self.choix(jour, self.autour(jour), self.jour_apres(jour)))
        debut = jour_de(etranger)
        assert debut is not None
        self.choses_autour(jour, debut)
        if self.entier(0, 1):
            self.permis_echange(self.jour_apres(debut, proche=800))
        if self.une_fois_sur(3):
            self.levee(fin)

    def suspension_maintenue(self) -> None:
        """A suspension whose last day has passed, and the medical decisions."""
        debut = self.jour()
        if self.entier(0, 2):
            debut = borner(date(2026, 1, 1) + timedelta(self.choix(60, 400, 0, -31, -90, 200)))
        suspension = self.suspension_dite(debut)
        fin = date.fromisoformat(suspension["date_fin"] or suspension["date_debut"])
        for _ in range(self.entier(0, 3)):
            self.visite(self.autour(self.choix(fin, debut, borner(fin + timedelta(self.choix(10, 30, 60))))))
        if self.une_fois_sur(3):
            self.levee(suspension, self.choix(self.autour(debut), self.autour(fin), self.jour_apres(fin)))

    def b_accompagne(self) -> None:
        """B by AAC around what decides: the first licence's day, its month 24 and its month 36."""
        premier = next((f for f in self.faits if f["type"] == "permis_obtenu"), None)
        if premier is None:
            return self.permis()
        premier["filiere"] = self.choix("classique", "classique", "supervisee", "aac")
        debut = date.fromisoformat(premier["date_obtention"])
        jour = self.autour(plus_mois(debut, self.choix(24, 36, 0, 12, 30)))
        fait = self.permis_francais(jour, categorie=self.choix("B", "B", "B", None, "A2"))
        fait["filiere"] = self.choix("aac", "aac", "aac", "classique")
        self.choses_autour(jour, borner(plus_mois(debut, 24)))

    def groupe_de_plusieurs_jours(self) -> None:
        jour = self.jour()
        for _ in range(self.entier(2, 4)):
            commise = borner(jour + timedelta(self.choix(0, 0, 1, 400)))
            definitive = borner(commise + timedelta(self.choix(10, 10, 40)))
            self.une_infraction(commise, definitive, self.choix(6, 3, 4, 9, 1), self.choix(4, 3, 0), "g8")

    def meme_infraction(self) -> None:
        """The same offence, told twice, or nearly."""
        dites = [f for f in self.faits if f["type"] == "infraction"]
        if not dites:
            return self.infraction()
        une = self.choix(*dites)
        une |= {"natinf": self.choix("25387", None), "libelle": "Excès de vitesse", "lieu": self.choix("Évry", None)}
        definitive = date.fromisoformat(une["date_definitive"]) if une["date_definitive"] else None
        commise = date.fromisoformat(une["date_commission"])
        autre = self.une_infraction(commise, definitive, une["points"], une["classe"] or 0, une["groupe"])
        autre |= {cle: self.choix(une[cle], une[cle], une[cle], None) for cle in ("natinf", "libelle", "lieu")}
        if self.une_fois_sur(4):
            autre["groupe"] = "g9"

    def lettre_et_48si(self) -> None:
        """The 48SI and its letters, perhaps sent to a wrong address, around a course."""
        jour = self.jour()
        self.une_fin("invalidation", jour)
        for _ in range(self.entier(1, 2)):
            self.lettre_48si(self.autour(jour))
        if self.une_fois_sur(3):
            self.stage_finissant(jour, self.choix(0, 1, -1))

    def deces_et_suites(self) -> None:
        self.deces()
        jour = max(PREMIER, self.jours[-1])
        self.choses_autour(jour, borner(jour + timedelta(1)))
        if self.une_fois_sur(4):
            self.deces()
