"""The RII: all that the dossier holds, for its driver alone (L225-3), as plain values.

One entry for each fact and each movement, newest first, each code with its meaning beside it; dates are civil days in
Paris. Wide on purpose, where the ADCS is narrow: nothing of it goes to anybody else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from documents.contenus import Categorie, Identite, Ligne, noms
from dossier.rules.calendrier import jour_lu
from dossier.rules.faits import Licence
from dossier.rules.francais import en_francais, instant_en_francais, majuscule, ordinal, pluriel
from dossier.rules.mots import complet
from dossier.rules.mots import document as mots
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import FINS, Gravite, Nature, TypeFait

#: What gives points that were never lost.
ATTRIBUE = frozenset({Nature.CAPITAL_INITIAL, Nature.MAJORATION_PROBATOIRE, Nature.FIN_DELAI_PROBATOIRE})
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


@dataclass(frozen=True, slots=True)
class Variation:
    """A movement of points, with the solde after it."""

    jour: date
    titre: str
    points: str
    solde: str
    article: str

    @property
    def date(self) -> str:
        return en_francais(self.jour)


@dataclass(frozen=True, slots=True)
class ReleveIntegral:
    """The RII. ``numero`` is empty while it is only shown, not issued."""

    numero: str
    emis_at: datetime
    etat: str
    phrase: str
    solde: str
    probatoire: str
    neph: str
    identite: Identite
    adresse: tuple[str, ...]
    titres: tuple[Mention, ...]
    periodes: tuple[Mention, ...]
    categories: tuple[Categorie, ...]
    decisions: tuple[Mention, ...]
    variations: tuple[Variation, ...]

    @property
    def cree_at(self) -> datetime:
        return self.emis_at

    @property
    def emission(self) -> str:
        """Day and hour of issue, Paris time."""
        return instant_en_francais(self.emis_at)

    @property
    def lignes_etat(self) -> tuple[Ligne, ...]:
        return (("Solde de points", self.solde), ("Délai probatoire", self.probatoire))

    @property
    def lignes_personne(self) -> tuple[Ligne, ...]:
        """Whom it is about."""
        qui = self.identite
        return (
            ("Numéro de dossier (NEPH)", self.neph),
            *noms(qui),
            ("Sexe", qui.sexe),
            ("Date de naissance", qui.naissance),
            ("Lieu de naissance", qui.lieu_naissance),
            ("Adresse connue", ", ".join(self.adresse) or "non renseignée"),
        )


def decisions(faits: Sequence[Mapping[str, Any]], replay: Replay) -> tuple[Mention, ...]:
    """The facts of a dossier, newest first, each with what it changed and the offence that it is about; without a
    date, last."""
    par_id = {fait["id"]: fait for fait in faits}
    effets: dict[str, list[str]] = {}
    for m in replay.mouvements:
        if m.fait and m.points and m.nature not in FINS:
            effets.setdefault(m.fait, []).append(_effet(m))
    annulees = {f["infraction"]: f["date_decision"] for f in faits if f["type"] == TypeFait.INFRACTION_ANNULEE}
    mentions = []
    for fait in faits:
        mention = mentionner(fait)
        annulee = _le("Annulée depuis, elle ne compte pas\u00a0: décision du", annulees.get(fait["id"]))
        ajouts = [
            *filter(None, [annulee]),
            *_vise(par_id.get(fait.get("infraction") or fait.get("fait") or "")),
            *effets.get(fait["id"], []),
        ]
        mentions.append(replace(mention, details=(*mention.details, *ajouts)))
    return tuple(sorted(mentions, key=lambda m: m.jour or date.min, reverse=True))


def periodes_probatoires(licences: Sequence[Licence]) -> tuple[Mention, ...]:
    """The délais probatoires, newest first."""
    periodes = []
    for licence in reversed(licences):
        if licence.delai is None:
            continue
        fin = licence.delai.fin if licence.fin is None else min(licence.delai.fin, licence.fin.jour)
        details = [f"Jusqu'au {en_francais(fin)}"]
        if licence.permis is not None:
            details.append(majuscule(mots.FILIERES[licence.permis.filiere]))
        periodes.append(Mention(licence.delai.debut, "Délai probatoire", tuple(details)))
    return tuple(periodes)


def _effet(m: Mouvement) -> str:
    mot = "attribué" if m.nature in ATTRIBUE else "rendu" if m.points > 0 else "retiré"
    return f"{pluriel(abs(m.points), 'point', mot)} le {en_francais(m.date)}"


def _vise(fait: Mapping[str, Any] | None) -> list[str]:
    """The offence that a letter or an annulment is about."""
    if fait is None or fait["type"] != TypeFait.INFRACTION:
        return []
    lieu = f", {fait['lieu']}" if fait.get("lieu") else ""
    return [f"Au sujet de l'infraction du {en_francais(date.fromisoformat(fait['date_commission']))}{lieu}"]


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
                    _le("Valable jusqu'au", titre.get("date_expiration")),
                    f"État\u00a0: {mots.ETATS_DU_TITRE.get(titre.get('etat') or '', 'non renseigné')}",
                ],
            )
        ),
    )


def _le(quoi: str, iso: str | None) -> str:
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
            _le("Commise le", f.get("date_commission")),
            _le("Définitive le", f.get("date_definitive")) or "Pas encore définitive\u00a0: aucun point retiré",
            _le("Enregistrée le", f.get("enregistre_le")),
            f"Établie par\u00a0: {mots.PREUVES[f['etablie_par']]}" if f.get("etablie_par") in mots.PREUVES else "",
            pluriel(points, "point", "encouru"),
            f"Code NATINF {f['natinf']}\u00a0: le numéro national de cette infraction" if f.get("natinf") else "",
        ],
    )


def _classe(f: Mapping[str, Any]) -> str:
    nature = mots.GRAVITES.get(f.get("nature") or "", "")
    if not nature or f.get("nature") == Gravite.DELIT or not f.get("classe"):
        return nature
    return f"{nature} de la {ordinal(f['classe'])} classe"


def _suspension(f: Mapping[str, Any]) -> Lecture:
    fin = _le("Jusqu'au", f.get("date_fin")) or "Sans date de fin connue"
    return (
        "date_debut",
        mots.MESURES.get(f.get("nature") or "", "Suspension"),
        [_le("À partir du", f.get("date_debut")), fin],
    )


def _lettre(f: Mapping[str, Any]) -> Lecture:
    etapes = [("Envoyée le", "date_envoi"), ("Présentée le", "date_presentation"), ("Notifiée le", "date_notification")]
    sens = mots.LETTRES.get(f["reference"], "")
    titre = f"Lettre {f['reference']}\u00a0: {sens}" if sens else f"Lettre {f['reference']}"
    champ = next((c for _, c in etapes if f.get(c)), "date_envoi")
    return champ, titre, [_le(quoi, f.get(c)) for quoi, c in etapes]


def _annulation(f: Mapping[str, Any]) -> Lecture:
    mois = f.get("interdiction_mois")
    interdiction = f"Interdiction de demander un nouveau permis pendant {mois}\u00a0mois" if mois else ""
    return "date_effet", "Annulation du permis par un juge", [interdiction]


def _examen(f: Mapping[str, Any]) -> Lecture:
    categorie = f", catégorie {f['categorie']}" if f.get("categorie") else ""
    resultat = f"Résultat\u00a0: {f['resultat']}" if f.get("resultat") else ""
    return "date_examen", mots.EPREUVES.get(f.get("epreuve") or "", "Épreuve") + categorie, [resultat]


def _visite(f: Mapping[str, Any]) -> Lecture:
    avis = f"Avis\u00a0: {mots.AVIS[f['avis']]}" if f.get("avis") in mots.AVIS else ""
    return "date_visite", "Visite médicale", [avis, _le("Valable jusqu'au", f.get("date_fin_validite"))]


def _stage(f: Mapping[str, Any]) -> Lecture:
    nature = mots.STAGES.get(f.get("nature") or "", "")
    return (
        "date_fin",
        f"Stage de sensibilisation à la sécurité routière{f' ({nature})' if nature else ''}",
        [_le("Commencé le", f.get("date_debut")), f"Agrément\u00a0: {f['agrement']}" if f.get("agrement") else ""],
    )


_LECTURES: Mapping[str, Callable[[Mapping[str, Any]], Lecture]] = complet(TypeFait, {
    TypeFait.INFRACTION: _infraction,
    TypeFait.SUSPENSION: _suspension,
    TypeFait.LETTRE: _lettre,
    TypeFait.ANNULATION: _annulation,
    TypeFait.RESULTAT_EXAMEN: _examen,
    TypeFait.VISITE_MEDICALE: _visite,
    TypeFait.STAGE: _stage,
    TypeFait.PERMIS_OBTENU: lambda f: (
        "date_obtention", "Permis de conduire obtenu", [majuscule(mots.FILIERES.get(f.get("filiere") or "", ""))],
    ),
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
    TypeFait.ECHANGE: lambda f: ("date_echange", "Permis français échangé contre un permis étranger", []),
    TypeFait.DECES: lambda f: ("date_deces", "Décès du titulaire", []),
    TypeFait.PERMIS_ETRANGER: lambda f: (
        "date_debut", "Permis étranger, suivi en France à partir de ce jour", [_le("Jusqu'au", f.get("date_fin"))],
    ),
    TypeFait.INTERDICTION_CIRCULER: lambda f: (
        "date_notification", "Interdiction de circuler en France pendant un an", [],
    ),
    TypeFait.RESTITUTION_TITRE: lambda f: ("date_restitution", "Titre remis à l'administration", []),
})  # fmt: skip
