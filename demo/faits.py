"""Builders of feed facts for the personas: plain dictionaries in the format ``mespoints-dossier/1``.

Every function takes real days, never offsets; ``il_y_a`` and ``dans`` turn offsets into days.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from demo.synthese.catalogue import entree

Json = dict[str, Any]


def plus_mois(jour: date, mois: int) -> date:
    """Same day of the month ``mois`` later (or earlier), the month's last day where it lacks one."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, mois_zero = divmod(rang, 12)
    return date(annee, mois_zero + 1, min(jour.day, monthrange(annee, mois_zero + 1)[1]))


def il_y_a(au: date, ans: int = 0, mois: int = 0, jours: int = 0) -> date:
    """The day that many years, months and days before ``au``."""
    return plus_mois(au, -12 * ans - mois) - timedelta(days=jours)


def dans(au: date, ans: int = 0, mois: int = 0, jours: int = 0) -> date:
    """The day that many years, months and days after ``au``."""
    return plus_mois(au, 12 * ans + mois) + timedelta(days=jours)


def jour_de_distribution(jour: date) -> date:
    """``jour``, or the Saturday before when it is a Sunday: registered mail is not delivered that day."""
    return jour - timedelta(days=1) if jour.isoweekday() == 7 else jour


def permis(date_obtention: date, filiere: str = "classique", id: str = "p1") -> Json:
    """A licence obtained."""
    return {"id": id, "type": "permis_obtenu", "date_obtention": date_obtention.isoformat(), "filiere": filiere}


def infraction(
    id: str,
    cle: str,
    commise: date,
    definitive: date | None,
    lieu: str,
    *,
    etablie_par: str | None = "paiement",
    groupe: str | None = None,
    heure: str | None = None,
) -> Json:
    """An infraction of the scale in force on the day it was committed."""
    bareme = entree(cle, commise)
    fait: Json = {
        "id": id,
        "type": "infraction",
        "date_commission": commise.isoformat(),
        "date_definitive": definitive.isoformat() if definitive else None,
        "points": bareme.points,
        "nature": bareme.nature,
        "classe": bareme.classe,
        "groupe": groupe,
        "lieu": lieu,
        "libelle": bareme.libelle,
        "natinf": bareme.natinf,
        "etablie_par": etablie_par if definitive else None,
    }
    if heure is not None:
        fait["heure_commission"] = heure
    return fait


def infraction_annulee(id: str, infraction: str, date_decision: date, motif: str) -> Json:
    """An infraction annulled by a judgment or an accepted claim."""
    return {
        "id": id,
        "type": "infraction_annulee",
        "infraction": infraction,
        "date_decision": date_decision.isoformat(),
        "motif": motif,
    }


def stage(id: str, date_fin: date, departement: str, nature: str = "volontaire") -> Json:
    """A two-day course ending on ``date_fin``."""
    return {
        "id": id,
        "type": "stage",
        "date_debut": (date_fin - timedelta(days=1)).isoformat(),
        "date_fin": date_fin.isoformat(),
        "nature": nature,
        "agrement": f"R 19 0{departement} 0012 0",
        "departement": departement,
    }


def suspension(
    id: str, date_debut: date, date_fin: date | None, nature: str, date_infraction: date | None = None
) -> Json:
    """A suspension, or a restriction to vehicles with an EAD."""
    fait: Json = {
        "id": id,
        "type": "suspension",
        "date_debut": date_debut.isoformat(),
        "date_fin": date_fin.isoformat() if date_fin else None,
        "nature": nature,
    }
    if date_infraction is not None:
        fait["date_infraction"] = date_infraction.isoformat()
    return fait


def lettre_simple(id: str, reference: str, date_envoi: date, fait: str) -> Json:
    """An ordinary letter (46, 47, 48): sent, neither presented nor notified on a known day."""
    return {
        "id": id,
        "type": "lettre",
        "reference": reference,
        "date_envoi": date_envoi.isoformat(),
        "date_presentation": None,
        "date_notification": None,
        "fait": fait,
    }


def lettre_recommandee(id: str, reference: str, date_envoi: date, fait: str, date_notification: date) -> Json:
    """A registered letter (48M, 48N, 48SI), handed over the day it was presented."""
    remise = date_notification.isoformat()
    return lettre_simple(id, reference, date_envoi, fait) | {
        "date_presentation": remise,
        "date_notification": remise,
    }


def invalidation(id: str, date_notification: date) -> Json:
    """The notified 48SI, which ends the licence."""
    return {"id": id, "type": "invalidation", "date_notification": date_notification.isoformat()}


def levee(id: str, fait: str, date_effet: date, portee: str, motif: str) -> Json:
    """What undoes a measure."""
    return {
        "id": id,
        "type": "levee",
        "fait": fait,
        "date_effet": date_effet.isoformat(),
        "portee": portee,
        "motif": motif,
    }


def echange(id: str, date_echange: date, pays: str) -> Json:
    """The French licence, exchanged abroad; ``pays``: INSEE code."""
    return {"id": id, "type": "echange", "date_echange": date_echange.isoformat(), "pays": pays}


def permis_etranger(id: str, date_debut: date, pays: str) -> Json:
    """A foreign licence, from the day on which it has points in France."""
    return {"id": id, "type": "permis_etranger", "date_debut": date_debut.isoformat(), "pays": pays, "date_fin": None}


def interdiction_circuler(id: str, date_notification: date) -> Json:
    """No driving in France for a year, with a foreign licence that has no points left."""
    return {"id": id, "type": "interdiction_circuler", "date_notification": date_notification.isoformat()}


def annulation(id: str, date_effet: date, interdiction_mois: int) -> Json:
    """A judicial annulment, with the months during which no new licence may be sought."""
    return {
        "id": id,
        "type": "annulation",
        "date_effet": date_effet.isoformat(),
        "interdiction_mois": interdiction_mois,
    }


def restitution_titre(id: str, date_restitution: date) -> Json:
    """The card handed in."""
    return {"id": id, "type": "restitution_titre", "date_restitution": date_restitution.isoformat()}


def formation_complementaire(id: str, date_fin: date) -> Json:
    """The one-day complementary training of new drivers."""
    return {"id": id, "type": "formation_complementaire", "date_fin": date_fin.isoformat()}


def visite_medicale(id: str, date_visite: date, avis: str, date_fin_validite: date | None = None) -> Json:
    """A medical examination of fitness to drive."""
    return {
        "id": id,
        "type": "visite_medicale",
        "date_visite": date_visite.isoformat(),
        "avis": avis,
        "date_fin_validite": date_fin_validite.isoformat() if date_fin_validite else None,
    }


def resultat_examen(
    id: str, date_examen: date, epreuve: str, resultat: str, score: int | None, categorie: str = "B"
) -> Json:
    """A result at the theory (out of 40) or driving test (out of 31)."""
    return {
        "id": id,
        "type": "resultat_examen",
        "date_examen": date_examen.isoformat(),
        "categorie": categorie,
        "epreuve": epreuve,
        "resultat": resultat,
        "score": score,
    }


def carte(numero: str, date_delivrance: date, departement: str, etat: str = "actif") -> Json:
    """A card licence, valid fifteen years."""
    return {
        "format": "carte",
        "numero": numero,
        "date_delivrance": date_delivrance.isoformat(),
        "date_expiration": plus_mois(date_delivrance, 15 * 12).isoformat(),
        "departement": departement,
        "etat": etat,
    }


def trois_volets(numero: str, date_delivrance: date, departement: str, etat: str = "actif") -> Json:
    """A pink paper licence, valid until the end of the paper licences."""
    return {
        "format": "trois_volets",
        "numero": numero,
        "date_delivrance": date_delivrance.isoformat(),
        "date_expiration": "2033-01-19",
        "departement": departement,
        "etat": etat,
    }


def categorie(
    code: str, date_obtention: date, date_fin: date | None = None, restrictions: tuple[str, ...] = ()
) -> Json:
    """A category held."""
    return {
        "code": code,
        "date_obtention": date_obtention.isoformat(),
        "date_fin": date_fin.isoformat() if date_fin else None,
        "restrictions": list(restrictions),
    }
