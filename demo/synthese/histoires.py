"""What happens to synthetic drivers, from the licence to the day: the facts of one dossier.

``vie_ordinaire`` keeps a lower bound of the balance (never above what the law gives) and drops the infraction that
would exhaust it: a balance is exhausted only in ``solde_epuise``, whose arithmetic is exact. A dossier thus never ends
by accident, and a 48SI never meets a positive balance.
"""

from collections.abc import Iterator
from math import log

from demo.synthese.tirage import Json, Tirage

AN = 365.25
_TROIS_ANS = 1_097  # longer than any three years
_UN_AN_DE_STAGE = 368
_PART_EVITEE = 0.57  # fewer points are lost these last four years than ten years ago
_MESURES = {  # share of the drivers whose licence is suspended at once, and for how many days
    "exces_50": (0.6, 90), "exces_grave": (0.9, 120), "alcool": (0.5, 90), "alcool_delit": (0.9, 180),
    "stupefiants": (0.9, 180), "stupefiants_alcool": (0.95, 180), "refus_obtemperer": (0.7, 180), "fuite": (0.6, 120),
}  # fmt: skip
_CLES = {
    6: ("alcool", "alcool_delit", "stupefiants", "exces_grave"),
    4: ("feu_rouge", "stop", "sens_interdit", "exces_50"),
    3: ("telephone", "ceinture", "ligne_continue", "exces_40"),
    2: ("exces_30",),
    1: ("exces_20_ville", "exces_20_route", "chevauchement"),
}
_SUITES_FATALES = ((6, 6), (6, 4, 3), (4, 4, 4), (6, 3, 3), (4, 3, 3, 3), (6, 4, 1, 3))
_SUITES_FATALES_PROBATOIRES = ((6,), (3, 3), (3, 4), (4, 2))


class Histoire:
    """The facts of one driver being written, with what must be known to write the next one."""

    def __init__(self, tirage: Tirage) -> None:
        self.t = tirage
        self.faits: list[Json] = []
        self.rangs: dict[str, int] = {}

    def id(self, lettre: str) -> str:
        """The next id of that kind: i1, i2…"""
        rang = self.rangs[lettre] = self.rangs.get(lettre, 0) + 1
        return f"{lettre}{rang}"

    def permis(self, jour: int, filiere: str) -> None:
        """A licence obtained."""
        self.faits.append(
            {"id": self.id("p"), "type": "permis_obtenu", "date_obtention": self.t.iso(jour), "filiere": filiere}
        )

    def suspension(self, debut: int, fin: int | None, nature: str, infraction: int | None) -> None:
        """A suspension or a restriction."""
        t = self.t
        fait: Json = {
            "id": self.id("s"), "type": "suspension", "date_debut": t.iso(debut),
            "date_fin": t.iso(fin) if fin else None, "nature": nature,
        }  # fmt: skip
        if infraction:
            fait["date_infraction"] = t.iso(infraction)
        self.faits.append(fait)

    def stage(self, fin: int, nature: str) -> None:
        """A course of two days."""
        t, departement = self.t, self.t.un(self.t.communes).departement
        self.faits.append(
            {
                "id": self.id("st"), "type": "stage", "date_debut": t.iso(fin - 1), "date_fin": t.iso(fin),
                "nature": nature, "agrement": f"R {13 + fin % 12} {departement:0>3} {fin % 89 + 1:04d} 0",
                "departement": departement,
            }
        )  # fmt: skip

    def lettre(self, reference: str, definitive: int, fait: str, notification: int | None = None) -> None:
        """A letter about that fact; registered ones (all but 46, 47, 48) are notified."""
        t, au = self.t, self.t.au
        envoi = notification - 4 if notification else definitive + 6
        if envoi > au:
            return
        presentation = notification or envoi + 4
        recommandee = reference not in ("46", "47", "48") and presentation <= au
        remise = t.iso(presentation) if recommandee else None
        self.faits.append(
            {
                "id": self.id("l"), "type": "lettre", "reference": reference, "date_envoi": t.iso(envoi),
                "date_presentation": remise, "date_notification": remise, "fait": fait,
            }
        )  # fmt: skip

    def mesures(self, cle: str, commission: int) -> None:
        """The prefect's suspension, then sometimes an alcohol interlock, that follow grave infractions."""
        mesure = _MESURES.get(cle)
        if mesure is None or commission + 2 > self.t.au or self.t.hasard() >= mesure[0]:
            return
        fin = commission + 2 + mesure[1]
        self.suspension(commission + 2, fin, "administrative", commission)
        if cle == "alcool_delit" and fin < self.t.au and self.t.hasard() < 0.3:
            self.suspension(fin + 1, fin + 366, "restriction", commission)


def vie_ordinaire(histoire: Histoire, debut: int, fin_probatoire: int, rythme: float, depuis: int) -> None:
    """Infractions, courses and letters from ``depuis`` to the day, at ``rythme`` infractions a day.

    ``debut`` is the day the licence was obtained; ``fin_probatoire`` is 0 for a licence of before 2004.
    """
    plafond = 6 if debut < fin_probatoire else 12
    solde, derniere, dernier_stage, vierge = plafond, 0, 0, True
    for commission in _commissions(histoire.t, max(debut, depuis), rythme):
        if commission <= dernier_stage:
            continue  # nothing between an infraction and the course it led to
        if commission > fin_probatoire:
            plafond = 12
            if vierge or commission > derniere + _TROIS_ANS:
                solde = 12
        retires, finale = _commettre(histoire, commission, solde, probatoire=commission < fin_probatoire)
        if not finale:
            continue
        solde, derniere, vierge = solde - retires, max(derniere, finale), False
        obligatoire = commission < fin_probatoire and retires >= 3
        stage = _stage(histoire, solde, max(derniere, dernier_stage + _UN_AN_DE_STAGE), obligatoire=obligatoire)
        if stage:
            solde, dernier_stage = min(plafond, solde + 4), stage


def _commissions(t: Tirage, premier: int, rythme: float) -> Iterator[int]:
    """Days of infraction after ``premier``; fewer these last years, as in the country."""
    recent = t.au - 1_460
    jour = premier
    while True:
        jour += 1 + int(-log(1.0 - t.hasard()) / rythme)
        if jour > t.au:
            return
        if jour <= recent or t.hasard() >= _PART_EVITEE:
            yield jour


def _stage(histoire: Histoire, solde: int, apres: int, *, obligatoire: bool) -> int | None:
    """A course some weeks after ``apres``, for some of those who are short of points; the day it ends."""
    t = histoire.t
    if solde > 8 or t.hasard() >= (0.4 if solde <= 5 else 0.12):
        return None
    fin = apres + t.entre(25, 200)
    if fin >= t.au:
        return None
    histoire.stage(fin, "obligatoire" if obligatoire else "volontaire")
    if t.hasard() < 0.03 and fin + 300 < t.au:
        histoire.stage(fin + t.entre(90, 300), t.un(("volontaire", "judiciaire")))  # gives nothing
    return fin


def _commettre(histoire: Histoire, commission: int, solde: int, *, probatoire: bool) -> tuple[int, int | None]:
    """One infraction, or two at once. Points withdrawn and day they are, ``(0, None)`` where nothing is."""
    t = histoire.t
    entree = t.entree(commission)
    double = t.entree(commission) if t.hasard() < 0.02 else None
    retires = entree.points + (double.points if double else 0)
    if solde <= retires:
        return 0, None
    id = histoire.id("i")
    groupe = f"g{id}" if double else None
    fait, finale = t.infraction(id, entree, commission, groupe=groupe)
    histoire.faits.append(fait)
    histoire.mesures(entree.cle, commission)
    if double:
        autre, finale_autre = t.infraction(histoire.id("i"), double, commission, groupe=groupe)
        histoire.faits.append(autre)
        finale = max(finale or 0, finale_autre or 0) or None
    if not finale or not retires:
        return 0, None
    if finale > t.au - 1_100 and t.hasard() < 0.9:
        quarts = retires >= 3
        histoire.lettre("48N" if probatoire and quarts else "48M" if solde - retires <= 6 else "48", finale, id)
    return retires, finale


def vie_en_chaine(histoire: Histoire, depuis: int) -> None:
    """Always another infraction of class 1 to 4 before the three years are over: ten years without a clean one."""
    t = histoire.t
    commission, solde, dernier_stage = depuis, 12, 0
    while commission <= t.au:
        points = 1 if solde <= 4 or t.hasard() < 0.6 else t.un((2, 3))
        id = histoire.id("i")
        entree = t.entree_de(_CLES[points], commission)
        fait, finale = t.infraction(id, entree, commission, definitive=commission + t.entre(14, 70))
        histoire.faits.append(fait)
        if not finale:
            return
        solde -= points
        stage = finale + t.entre(20, 120)
        if solde <= 4 and dernier_stage + _UN_AN_DE_STAGE < stage < t.au:
            histoire.stage(stage, "volontaire")
            solde, dernier_stage = solde + 4, stage
        commission = finale + t.entre(370 if solde <= 4 else 190, 900)


def solde_epuise(histoire: Histoire, fin: int, *, probatoire: bool) -> str:
    """Infractions whose points sum up to the whole capital, the last one final on ``fin``; its id."""
    t = histoire.t
    suite = t.un(_SUITES_FATALES_PROBATOIRES if probatoire else _SUITES_FATALES)
    ecart = (180 if probatoire else 700) // len(suite)
    id = ""
    for rang, points in enumerate(suite):
        definitive = fin - (len(suite) - 1 - rang) * ecart
        commission = definitive - t.entre(20, 70)
        entree = t.entree_de(_CLES[points], commission)
        id = histoire.id("i")
        histoire.faits.append(t.infraction(id, entree, commission, definitive=definitive)[0])
        histoire.mesures(entree.cle, commission)
        if rang < len(suite) - 1:
            histoire.lettre("48N" if probatoire and points >= 3 else "48", definitive, id)
    return id


def invalidation(histoire: Histoire, notification: int, derniere_infraction: str) -> None:
    """The 48SI, what it ends, and the licence handed in."""
    t = histoire.t
    histoire.lettre("48SI", 0, derniere_infraction, notification)
    jour = t.iso(notification)
    histoire.faits.append({"id": histoire.id("inv"), "type": "invalidation", "date_notification": jour})
    _remise(histoire, notification)
    if t.hasard() < 0.08 and notification + 120 < t.au:  # driving all the same: it withdraws nothing
        commission = notification + t.entre(15, 110)
        histoire.faits.append(t.infraction(histoire.id("i"), t.entree(commission), commission)[0])


def annulation(histoire: Histoire, effet: int) -> None:
    """A délit, and the judge who annuls the licence for it on ``effet``."""
    t = histoire.t
    commission = effet - t.entre(90, 300)
    entree = t.entree_de(("alcool_delit", "stupefiants"), commission)
    histoire.faits.append(t.infraction(histoire.id("i"), entree, commission, definitive=effet)[0])
    histoire.mesures(entree.cle, commission)
    histoire.faits.append(
        {
            "id": histoire.id("an"), "type": "annulation", "date_effet": t.iso(effet),
            "interdiction_mois": t.un((0, 6, 6, 12, 12, 24, 36)),
        }
    )  # fmt: skip
    _remise(histoire, effet)


def _remise(histoire: Histoire, fin: int) -> None:
    remise = fin + histoire.t.entre(2, 14)
    if remise <= histoire.t.au:
        jour = histoire.t.iso(remise)
        histoire.faits.append({"id": histoire.id("rt"), "type": "restitution_titre", "date_restitution": jour})


def examens(histoire: Histoire) -> None:
    """A candidate's results."""
    t = histoire.t
    jour = t.au - t.entre(40, 500)
    epreuve = "theorique"
    while jour <= t.au:
        u = t.hasard()
        seuil, total = (35, 40) if epreuve == "theorique" else (20, 31)
        favorable = u < 0.6 and epreuve == "theorique"
        resultat = "favorable" if favorable else "absent" if u > 0.97 else "insuffisant"
        score = None if resultat == "absent" else t.entre(seuil, total) if favorable else t.entre(seuil // 2, seuil - 1)
        histoire.faits.append(
            {
                "id": histoire.id("r"), "type": "resultat_examen", "date_examen": t.iso(jour), "categorie": "B",
                "epreuve": epreuve, "resultat": resultat, "score": score,
            }
        )  # fmt: skip
        epreuve = "pratique" if favorable or epreuve == "pratique" else "theorique"
        jour += t.entre(20, 120)
