"""More bricks: the facts that undo, end or open, and the fields that say how they are read."""

from __future__ import annotations

from datetime import date, timedelta

from tests.rules.strategies_briques import BORNES, DELAIS, Fait, borner, plus_mois
from tests.rules.strategies_scenes import Histoire

LEVABLES = {
    "invalidation": ("retroactive", "retroactive", "provisoire"),
    "annulation": ("retroactive", "retroactive", "provisoire"),
    "interdiction_circuler": ("retroactive", "provisoire"),
    "echange": ("retroactive",),
    "deces": ("retroactive",),
    "suspension": ("a_compter", "a_compter", "retroactive"),
}
MOTIFS = {
    "retroactive": ("retrait", "annulation_juge", "infirmation", "relaxe", "erreur"),
    "provisoire": ("refere",),
    "a_compter": ("mainlevee",),
}
ADRESSES = (
    {"lignes": ["2 avenue des Érables"], "code_postal": "75012", "commune": "Paris"},
    {"lignes": ["3 rue Neuve"], "code_postal": "69001", "commune": "Lyon"},
)
JOURS = (
    "date_obtention",
    "date_notification",
    "date_echange",
    "date_deces",
    "date_effet",
    "date_definitive",
    "date_debut",
    "date_fin",
)


def jour_de(fait: Fait) -> date | None:
    return next((date.fromisoformat(fait[cle]) for cle in JOURS if fait.get(cle)), None)


class Mesures(Histoire):
    """A history where measures are undone, capitals are foreign, and suspensions are kept up."""

    bornes = (
        *BORNES,
        date(2018, 12, 31),
        date(2019, 1, 1),
        date(2023, 12, 31),
        date(2024, 1, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
    )
    delais = (*DELAIS, 1)

    def autour(self, jour: date) -> date:
        return borner(jour + timedelta(self.choix(0, -1, 1)))

    def parmi(self, *types: str) -> Fait | None:
        """One of the last facts of these types."""
        faits = [f for f in self.faits if f["type"] in types][-4:]
        return self.choix(*faits) if faits else None

    def id_de(self, *types: str) -> str:
        """The id of one of these facts most often; else of another, or of none."""
        fait = self.parmi(*types)
        if fait is not None and not self.une_fois_sur(6):
            return str(fait["id"])
        return str(self.choix("inconnu", *[f["id"] for f in self.faits[-6:]]))

    # ------------------------------------------------------------------------------ what undoes

    def levee(self, cible: Fait | None = None, jour: date | None = None, portee: str | None = None) -> Fait:
        cible = cible or self.parmi(*LEVABLES)
        if cible is None or self.une_fois_sur(12):  # of nothing, of another fact, of itself, of a levée
            return self.levee_vaine()
        portees = LEVABLES[cible["type"]]
        if self.une_fois_sur(12):
            portees = ("retroactive", "provisoire", "a_compter")
        portee = portee or self.choix(*portees)
        depart = jour_de(cible)
        if jour is None:
            jour = self.jour_apres(depart or self.jour(), proche=self.choix(0, 500))
            if self.une_fois_sur(8) and depart:
                jour = self.autour(depart)
        champs: Fait = {}
        if self.une_fois_sur(4):
            champs["permis_conserve"] = self.id_de("permis_obtenu")
        motif = self.choix(*MOTIFS[portee])
        return self.garder("levee", jour, fait=cible["id"], date_effet=jour, portee=portee, motif=motif, **champs)

    def levee_vaine(self) -> Fait:
        jour = self.jour()
        portee = self.choix(*MOTIFS)
        fait = self.garder("levee", jour, fait="inconnu", date_effet=jour, portee=portee, motif="erreur")
        fait["fait"] = self.choix("inconnu", fait["id"], *[f["id"] for f in self.faits[-6:]])
        return fait

    def retablissement(self) -> None:
        levees = [f for f in self.faits if f["type"] == "levee"]
        provisoires = [f for f in levees if f["portee"] == "provisoire"] or levees
        if not provisoires or self.une_fois_sur(8):
            jour, fait = self.jour(), self.id_de("levee", "invalidation")
        else:
            cible = self.choix(*provisoires)
            depart = date.fromisoformat(cible["date_effet"])
            jour, fait = self.jour_apres(depart, proche=self.choix(0, 400)), cible["id"]
            if self.une_fois_sur(6):
                jour = self.autour(depart)
        self.garder("retablissement", jour, fait=fait, date_effet=jour)

    # ------------------------------------------------------------------------------ what ends

    def permis_nomme(self) -> Fait:
        """`permis`, absent most often."""
        return {"permis": self.id_de("permis_obtenu")} if self.une_fois_sur(3) else {}

    def une_fin(self, type_: str, jour: date, **champs: str) -> Fait:
        cle = {"invalidation": "date_notification", "echange": "date_echange"}.get(type_, "date_effet")
        return self.garder(type_, jour, **{cle: jour}, **champs)

    def fin_de_permis(self, jour: date | None = None, **champs: str) -> Fait:
        type_ = self.choix("invalidation", "invalidation", "annulation", "echange")
        return self.une_fin(type_, jour or self.jour(), **(champs or self.permis_nomme()))

    def fin_nommee(self) -> None:
        self.fin_de_permis(permis=self.id_de("permis_obtenu"))

    def echange(self) -> None:
        self.une_fin("echange", self.jour(), **self.permis_nomme())

    def deces(self) -> None:
        jour = self.jour()
        if self.une_fois_sur(2):
            jour = max([jour, *self.jours[-3:]])  # late: something happened before it
        fait = self.garder("deces", jour, date_deces=jour)
        if self.une_fois_sur(2):
            self.levee(fait, self.jour_apres(jour, proche=300), "retroactive")

    # ------------------------------------------------------------------------------ what opens

    def permis_etranger(self, debut: date | None = None) -> Fait:
        debut = debut or self.jour()
        fin = self.jour_apres(debut, proche=self.choix(0, 900)) if self.une_fois_sur(3) else None
        return self.garder("permis_etranger", debut, date_debut=debut, date_fin=fin, pays="99109")

    def interdiction(self, jour: date | None = None) -> Fait:
        jour = jour or self.jour()
        return self.garder("interdiction_circuler", jour, date_notification=jour)

    def permis_francais(self, jour: date, **champs: str | date | None) -> Fait:
        filiere = self.choix("classique", "classique", "aac", "supervisee")
        if self.une_fois_sur(2) and "categorie" not in champs:
            champs["categorie"] = self.choix("B", "A1", "A2", "AM", "C")
        return self.garder("permis_obtenu", jour, date_obtention=jour, filiere=filiere, **champs)

    def permis_echange(self, jour: date | None = None) -> Fait:
        """A French licence with `echange_de`, and the foreign one's day around a deciding one."""
        jour = jour or self.jour()
        champs: dict[str, str | date | None] = {}
        if not self.une_fois_sur(3):
            champs["echange_de"] = self.id_de("permis_etranger")
        if not self.une_fois_sur(3):
            origine = self.autour(plus_mois(jour, -self.choix(24, 36, 12, 6, 30, 18, 24, 12, 60)))
            champs["date_permis_etranger"] = borner(min(jour, self.choix(origine, origine, date(2004, 3, 1))))
        return self.permis_francais(jour, **champs)

    # ------------------------------------------------------------------- fields of known facts

    def suspension_dite(self, debut: date | None = None) -> Fait:
        debut = debut or self.jour()
        genre = self.entier(0, 4)
        fin: date | None = self.jour_apres(debut)
        if genre == 0:
            fin = None
        elif genre <= 2:  # around one month
            fin = self.autour(plus_mois(debut, self.choix(1, 1, 2, 6)))
        if fin is not None and not self.une_fois_sur(20):  # an end before its beginning, hardly ever
            fin = max(fin, debut)
        champs: Fait = {"date_debut": debut, "date_fin": fin}
        champs["nature"] = self.choix("administrative", "judiciaire", "administrative", "restriction")
        for cle, valeurs in (("motif", ("infraction", "medicale")), ("controle_medical", ("requis", "non_requis"))):
            if self.une_fois_sur(2):
                champs[cle] = self.choix(*valeurs, None)
        return self.garder("suspension", debut, **champs)

    def visite(self, jour: date | None = None) -> None:
        jour = jour or self.jour()
        avis = self.choix("apte", "apte_avec_restrictions", "inapte")
        champs: Fait = {"date_visite": jour, "avis": avis}
        if self.une_fois_sur(2):
            champs["date_decision"] = self.jour_apres(jour, proche=30)
        self.garder("visite_medicale", jour, **champs)

    def lettre_48si(self, jour: date | None = None, **champs: str | None) -> None:
        jour = jour or self.jour()
        envoi = borner(jour - timedelta(self.choix(0, 5, 20)))
        self.garder(
            "lettre",
            envoi,
            reference=self.choix("48SI", "48SI", "48SI", "48N"),
            date_envoi=envoi,
            date_avis=self.choix(None, jour),
            date_presentation=self.choix(None, jour),
            issue=self.choix("remise", "avisee_non_reclamee", "refusee", "npai", "perdue", None),
            adresse=self.choix(None, *ADRESSES),
            fait=self.choix(None, self.id_de("invalidation")),
            **champs,
        )
