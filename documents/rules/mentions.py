"""What the file tells, in the words of the RII: one reading a type of fact. Each code has its meaning beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dossier.rules.calendrier import jour_lu
from dossier.rules.francais import en_francais, majuscule, ordinal, pluriel
from dossier.rules.mots import complet
from dossier.rules.mots import document as mots
from dossier.rules.pays import nom_du_pays
from dossier.rules.vocabulaire import Gravite, TypeFait

SANS_DATE = "date inconnue"


@dataclass(frozen=True, slots=True)
class Mention:
    """A decision, a measure or an event: its day, what it is, and what the dossier says of it."""

    jour: date | None
    titre: str
    details: tuple[str, ...]

    @property
    def date(self) -> str:
        return en_francais(self.jour) if self.jour else SANS_DATE

    @property
    def texte(self) -> str:
        """The details as one paragraph."""
        return " ".join(f"{detail}." for detail in self.details)


def mentionner(fait: Mapping[str, Any]) -> Mention:
    """A fact of the feed in words. A type that is not known is told by its name, never left out."""
    lire = _LECTURES.get(fait["type"])
    if lire is None:
        return Mention(None, fait["type"].replace("_", " ").capitalize(), ())
    champ, titre, details = lire(fait)
    return Mention(jour_lu(fait.get(champ)), titre, tuple(d for d in details if d))


def titre_delivre(titre: Mapping[str, Any]) -> Mention:
    """A licence as an object: number, day and place of issue."""
    forme = mots.FORMATS.get(titre.get("format") or "", "titre")
    return Mention(
        jour_lu(titre.get("date_delivrance")),
        f"Délivrance du titre\u00a0: {forme} n°\u00a0{titre.get('numero') or 'non renseigné'}",
        tuple(
            filter(
                None,
                [
                    f"Département\u00a0: {titre['departement']}" if titre.get("departement") else "",
                    le("Valable jusqu'au", titre.get("date_expiration")),
                    f"État\u00a0: {mots.ETATS_DU_TITRE.get(titre.get('etat') or '', 'non renseigné')}",
                ],
            )
        ),
    )


def le(quoi: str, iso: str | None) -> str:
    return f"{quoi} {en_francais(date.fromisoformat(iso))}" if iso else ""


Lecture = tuple[str, str, list[str]]  # the field of the day, the title, the details


def _infraction(f: Mapping[str, Any]) -> Lecture:
    points = int(f["points"])
    return (
        "date_commission",
        f.get("libelle") or "Infraction",
        [
            _classe(f),
            f"Lieu\u00a0: {f['lieu']}" if f.get("lieu") else "",
            le("Commise le", f.get("date_commission"))
            + (f" à {f['heure_commission']}" if f.get("heure_commission") else ""),
            le("Définitive le", f.get("date_definitive")) or "Pas encore définitive\u00a0: aucun point retiré",
            le("Enregistrée le", f.get("enregistre_le")),
            f"Établie par\u00a0: {mots.PREUVES[f['etablie_par']]}" if f.get("etablie_par") in mots.PREUVES else "",
            pluriel(points, "point", "encouru"),
            "Commise en même temps que d'autres infractions" if f.get("groupe") else "",
            f"Code NATINF {f['natinf']}\u00a0: le numéro national de cette infraction" if f.get("natinf") else "",
        ],
    )


def _classe(f: Mapping[str, Any]) -> str:
    nature = mots.GRAVITES.get(f.get("nature") or "", "")
    if not nature or f.get("nature") == Gravite.DELIT or not f.get("classe"):
        return nature
    return f"{nature} de la {ordinal(f['classe'])} classe"


def _suspension(f: Mapping[str, Any]) -> Lecture:
    fin = le("Jusqu'au", f.get("date_fin")) or "Sans date de fin connue"
    return (
        "date_debut",
        mots.MESURES.get(f.get("nature") or "", "Suspension"),
        [
            le("À partir du", f.get("date_debut")),
            fin,
            mots.MOTIFS_DE_SUSPENSION.get(f.get("motif") or "", ""),
            le("Pour une infraction du", f.get("date_infraction")),
            mots.CONTROLES.get(f.get("controle_medical") or "", ""),
        ],
    )


def _lettre(f: Mapping[str, Any]) -> Lecture:
    etapes = [
        ("Envoyée le", "date_envoi"),
        ("Présentée le", "date_presentation"),
        ("Avis de passage laissé le", "date_avis"),
        ("Notifiée le", "date_notification"),
    ]
    sens = mots.LETTRES.get(f["reference"], "")
    titre = f"Lettre {f['reference']}\u00a0: {sens}" if sens else f"Lettre {f['reference']}"
    champ = next((c for _, c in etapes if f.get(c)), "date_envoi")
    issue, adresse = mots.ISSUES.get(f.get("issue") or "", ""), f.get("adresse") or {}
    ville = " ".join(filter(None, [adresse.get("code_postal"), adresse.get("commune")]))
    lignes = ", ".join(filter(None, [*(adresse.get("lignes") or []), ville]))
    suite = [issue, f"À l'adresse\u00a0: {lignes}" if lignes else ""]
    return champ, titre, [*[le(quoi, f.get(c)) for quoi, c in etapes], *suite]


def _annulation(f: Mapping[str, Any]) -> Lecture:
    mois = f.get("interdiction_mois")
    interdiction = f"Interdiction de demander un nouveau permis pendant {mois}\u00a0mois" if mois else ""
    return "date_effet", "Annulation du permis par un juge", [interdiction]


def _examen(f: Mapping[str, Any]) -> Lecture:
    categorie = f", catégorie {f['categorie']}" if f.get("categorie") else ""
    resultat = f"Résultat\u00a0: {f['resultat']}" if f.get("resultat") else ""
    score = "" if f.get("score") is None else f"Note\u00a0: {f['score']}"
    return "date_examen", mots.EPREUVES.get(f.get("epreuve") or "", "Épreuve") + categorie, [resultat, score]


def _visite(f: Mapping[str, Any]) -> Lecture:
    avis = f"Avis\u00a0: {mots.AVIS[f['avis']]}" if f.get("avis") in mots.AVIS else ""
    dits = [
        avis,
        le("Valable jusqu'au", f.get("date_fin_validite")),
        le("Décision du préfet le", f.get("date_decision")),
    ]
    return "date_visite", "Visite médicale", dits


def _permis(f: Mapping[str, Any]) -> Lecture:
    return (
        "date_obtention",
        "Permis de conduire obtenu",
        [
            majuscule(mots.FILIERES.get(f.get("filiere") or "", "")),
            f"Catégorie {f['categorie']}" if f.get("categorie") else "",
            "Obtenu par échange d'un permis étranger" if f.get("echange_de") else "",
            le("Permis étranger obtenu le", f.get("date_permis_etranger")),
        ],
    )


def _pays(f: Mapping[str, Any]) -> str:
    nom = nom_du_pays(f.get("pays"))
    return f"Pays\u00a0: {nom}" if nom else ""


def _stage(f: Mapping[str, Any]) -> Lecture:
    nature = mots.STAGES.get(f.get("nature") or "", "")
    return (
        "date_fin",
        f"Stage de sensibilisation à la sécurité routière{f' ({nature})' if nature else ''}",
        [
            le("Commencé le", f.get("date_debut")),
            f"Agrément\u00a0: {f['agrement']}" if f.get("agrement") else "",
            f"Département\u00a0: {f['departement']}" if f.get("departement") else "",
        ],
    )


_LECTURES: Mapping[str, Callable[[Mapping[str, Any]], Lecture]] = complet(TypeFait, {
    TypeFait.INFRACTION: _infraction,
    TypeFait.SUSPENSION: _suspension,
    TypeFait.LETTRE: _lettre,
    TypeFait.ANNULATION: _annulation,
    TypeFait.RESULTAT_EXAMEN: _examen,
    TypeFait.VISITE_MEDICALE: _visite,
    TypeFait.STAGE: _stage,
    TypeFait.PERMIS_OBTENU: _permis,
    TypeFait.FORMATION_COMPLEMENTAIRE: lambda f: ("date_fin", "Formation complémentaire suivie", []),
    TypeFait.INFRACTION_ANNULEE: lambda f: (
        "date_decision", "Infraction annulée", [f"Motif\u00a0: {f['motif']}" if f.get("motif") else ""],
    ),
    TypeFait.INVALIDATION: lambda f: ("date_notification", "Invalidation du permis pour solde de points nul", []),
    TypeFait.LEVEE: lambda f: (
        "date_effet",
        mots.LEVEES.get(f.get("portee") or "", "Mesure levée"),
        [mots.MOTIFS_DE_LEVEE.get(f.get("motif") or "", "")],
    ),
    TypeFait.RETABLISSEMENT: lambda f: ("date_effet", "Mesure rétablie\u00a0: la décision provisoire a pris fin", []),
    TypeFait.ECHANGE: lambda f: ("date_echange", "Permis français échangé contre un permis étranger", [_pays(f)]),
    TypeFait.DECES: lambda f: ("date_deces", "Décès du titulaire", []),
    TypeFait.PERMIS_ETRANGER: lambda f: (
        "date_debut",
        "Permis étranger, suivi en France à partir de ce jour",
        [_pays(f), le("Jusqu'au", f.get("date_fin"))],
    ),
    TypeFait.INTERDICTION_CIRCULER: lambda f: ("date_notification", "Interdiction de circuler en France", []),
    TypeFait.RESTITUTION_TITRE: lambda f: ("date_restitution", "Titre remis à l'administration", []),
})  # fmt: skip
