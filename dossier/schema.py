"""The fields of the feed, ``mespoints-dossier/1``: what reads each, which are mandatory, which follow another."""

from typing import Any

from dossier import champs as lire
from dossier.rules import vocabulaire as mots
from dossier.rules.vocabulaire import TypeFait

Champs = dict[str, lire.Lecteur]


def adresse(valeur: Any) -> dict[str, Any]:
    """The address of a person, or that of a letter."""
    if not isinstance(valeur, dict):
        raise ValueError("un objet est attendu")
    lue: dict[str, Any] = {}
    for cle, brut in valeur.items():
        if cle not in ADRESSE:
            raise ValueError(f"champ inconnu {lire.extrait(cle)}")
        if brut is not None:
            lue[cle] = ADRESSE[cle](brut)
    return lue


ADRESSE: Champs = {"lignes": lire.liste(lire.texte), "code_postal": lire.texte, "commune": lire.texte}
ETAT_CIVIL: Champs = {
    "nom_naissance": lire.nom,
    "nom_usage": lire.nom,
    "prenoms": lire.liste(lire.nom),
    "sexe": lire.choix("F", "M"),
    "date_naissance": lire.naissance,
    "lieu_naissance": lire.insee,
    "pays_naissance": lire.insee,
    "adresse": adresse,
}
TITRE: Champs = {
    "format": lire.choix(*mots.FormatTitre),
    "numero": lire.texte,
    "date_delivrance": lire.jour,
    "date_expiration": lire.jour,
    "departement": lire.texte,
    "etat": lire.choix(*mots.EtatTitre),
}
CATEGORIE: Champs = {
    "code": lire.identifiant,
    "date_obtention": lire.jour,
    "date_fin": lire.jour,
    "restrictions": lire.liste(lire.texte),
}
COMMUNS: Champs = {"id": lire.identifiant, "type": lire.chaine, "enregistre_le": lire.jour}
FAITS: dict[str, Champs] = {
    TypeFait.PERMIS_OBTENU: {
        "date_obtention": lire.jour,
        "filiere": lire.choix(*mots.Filiere),
        "categorie": lire.identifiant,
        "echange_de": lire.identifiant,
        "date_permis_etranger": lire.jour,
    },
    TypeFait.FORMATION_COMPLEMENTAIRE: {"date_fin": lire.jour},
    TypeFait.INFRACTION: {
        "date_commission": lire.jour,
        "heure_commission": lire.heure,
        "date_definitive": lire.jour,
        "points": lire.entier(0, 9),
        "nature": lire.choix(*mots.Gravite),
        "classe": lire.entier(1, 5),
        "groupe": lire.identifiant,
        "lieu": lire.texte,
        "libelle": lire.texte,
        "natinf": lire.texte,
        "etablie_par": lire.choix(*mots.Preuve),
    },
    TypeFait.INFRACTION_ANNULEE: {"infraction": lire.identifiant, "date_decision": lire.jour, "motif": lire.texte},
    TypeFait.STAGE: {
        "date_debut": lire.jour,
        "date_fin": lire.jour,
        "nature": lire.choix(*mots.NatureStage),
        "agrement": lire.texte,
        "departement": lire.texte,
    },
    TypeFait.SUSPENSION: {
        "date_debut": lire.jour,
        "date_fin": lire.jour,
        "nature": lire.choix(*mots.Mesure),
        "date_infraction": lire.jour,
        "motif": lire.choix(*mots.MotifSuspension),
        "controle_medical": lire.choix(*mots.ControleMedical),
    },
    TypeFait.LETTRE: {
        "reference": lire.choix(*mots.Reference),
        "date_envoi": lire.jour,
        "date_presentation": lire.jour,
        "date_notification": lire.jour,
        "fait": lire.identifiant,
        "issue": lire.choix(*mots.IssueLettre),
        "date_avis": lire.jour,
        "adresse": adresse,
    },
    TypeFait.INVALIDATION: {"date_notification": lire.jour, "permis": lire.identifiant},
    TypeFait.ANNULATION: {
        "date_effet": lire.jour,
        "interdiction_mois": lire.entier(0, 1200),
        "permis": lire.identifiant,
    },
    TypeFait.ECHANGE: {"date_echange": lire.jour, "pays": lire.texte, "permis": lire.identifiant},
    TypeFait.DECES: {"date_deces": lire.jour},
    TypeFait.PERMIS_ETRANGER: {"date_debut": lire.jour, "pays": lire.texte, "date_fin": lire.jour},
    TypeFait.INTERDICTION_CIRCULER: {"date_notification": lire.jour},
    TypeFait.LEVEE: {
        "fait": lire.identifiant,
        "date_effet": lire.jour,
        "portee": lire.choix(*mots.Portee),
        "motif": lire.choix(*mots.MotifLevee),
        "permis_conserve": lire.identifiant,
    },
    TypeFait.RETABLISSEMENT: {"fait": lire.identifiant, "date_effet": lire.jour},
    TypeFait.RESTITUTION_TITRE: {"date_restitution": lire.jour},
    TypeFait.VISITE_MEDICALE: {
        "date_visite": lire.jour,
        "avis": lire.choix(*mots.Avis),
        "date_decision": lire.jour,
        "date_fin_validite": lire.jour,
    },
    TypeFait.RESULTAT_EXAMEN: {
        "date_examen": lire.jour,
        "categorie": lire.identifiant,
        "epreuve": lire.choix(*mots.Epreuve),
        "resultat": lire.choix(*mots.Resultat),
        "score": lire.entier(0, 1000),
    },
}
#: What the rules of points use: mandatory. Everything else may be absent or null.
OBLIGATOIRES: dict[str, frozenset[str]] = {
    TypeFait.PERMIS_OBTENU: frozenset({"date_obtention", "filiere"}),
    TypeFait.FORMATION_COMPLEMENTAIRE: frozenset({"date_fin"}),
    TypeFait.INFRACTION: frozenset({"date_commission", "points", "nature"}),
    TypeFait.INFRACTION_ANNULEE: frozenset({"infraction", "date_decision"}),
    TypeFait.STAGE: frozenset({"date_fin", "nature"}),
    TypeFait.SUSPENSION: frozenset({"date_debut", "nature"}),
    TypeFait.LETTRE: frozenset({"reference"}),
    TypeFait.INVALIDATION: frozenset({"date_notification"}),
    TypeFait.ANNULATION: frozenset({"date_effet"}),
    TypeFait.ECHANGE: frozenset({"date_echange"}),
    TypeFait.DECES: frozenset({"date_deces"}),
    TypeFait.PERMIS_ETRANGER: frozenset({"date_debut"}),
    TypeFait.INTERDICTION_CIRCULER: frozenset({"date_notification"}),
    TypeFait.VISITE_MEDICALE: frozenset({"date_visite", "avis"}),
    TypeFait.LEVEE: frozenset({"fait", "date_effet", "portee"}),
    TypeFait.RETABLISSEMENT: frozenset({"fait", "date_effet"}),
}
#: (earlier, later, what is said): dates of one fact that must follow each other.
ORDRES: dict[str, tuple[str, str, str]] = {
    TypeFait.INFRACTION: (
        "date_commission",
        "date_definitive",
        "une infraction ne devient pas définitive avant sa commission",
    ),
    TypeFait.SUSPENSION: ("date_debut", "date_fin", "la suspension finirait avant de commencer"),
}
