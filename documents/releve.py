"""The RII: all that the dossier holds, for its driver alone (L225-3), as plain values.

One entry for each fact and each movement, newest first, each code with its meaning beside it; dates are civil days in
Paris. Wide on purpose, where the ADCS is narrow: nothing of it goes to anybody else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from documents.contenus import Categorie, Identite, Ligne, noms
from documents.rules.mentions import Mention, le, mentionner
from dossier.rules.articles import R221_14_1, article_lisible
from dossier.rules.faits import Licence, Parcours
from dossier.rules.francais import en_francais, insecables, instant_en_francais, majuscule, pluriel
from dossier.rules.mots import document as mots
from dossier.rules.mouvements import Mouvement
from dossier.rules.rejeu import Replay
from dossier.rules.sort import sorts
from dossier.rules.vocabulaire import FINS, Nature, Portee, TypeFait

#: What gives points that were never lost.
ATTRIBUE = frozenset({Nature.CAPITAL_INITIAL, Nature.MAJORATION_PROBATOIRE, Nature.FIN_DELAI_PROBATOIRE})
#: What neither gives back nor takes points, and is told by its own sentence and its article.
RACONTES = frozenset(
    {
        Nature.ECHANGE,
        Nature.CAPITAL_ETRANGER,
        Nature.ECHANGE_ENTRANT,
        Nature.INTERDICTION,
        Nature.FIN_PERMIS_ETRANGER,
    }
)
MAINTIEN = article_lisible(R221_14_1)
PERMIS_NOMMES = {
    "permis": "Permis concerné\u00a0: celui obtenu le",
    "permis_conserve": "Permis conservé\u00a0: celui obtenu le",
}


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


def decisions(faits: Sequence[Mapping[str, Any]], parcours: Parcours, replay: Replay) -> tuple[Mention, ...]:
    """The facts of a dossier, newest first, each with what it is about, what became of it and what it changed; without
    a date, last. ``parcours``: all that is known that day."""
    par_id = {fait["id"]: fait for fait in faits}
    suites = _suites(faits, parcours, replay)
    mentions = []
    for fait in faits:
        mention = mentionner(fait)
        ajouts = [*_vise(fait, par_id), *suites.get(fait["id"], [])]
        mentions.append(replace(mention, details=(*mention.details, *ajouts)))
    return tuple(sorted(mentions, key=lambda m: m.jour or date.min, reverse=True))


def _suites(faits: Sequence[Mapping[str, Any]], parcours: Parcours, replay: Replay) -> dict[str, list[str]]:
    """By fact, what came of it: undone, put back, kept up, the movements that it made, why it changes nothing."""
    au, dits, defaits = replay.au.isoformat(), [], sorts(parcours, replay)
    provisoires = {f["id"] for f in faits if f.get("portee") == Portee.PROVISOIRE and f["fait"] not in defaits}
    for fait in faits:
        if fait["type"] == TypeFait.INFRACTION_ANNULEE and fait["date_decision"] <= au:
            dits.append(
                (fait["infraction"], le("Annulée depuis, elle ne compte pas\u00a0: décision du", fait["date_decision"]))
            )
        if fait["type"] == TypeFait.RETABLISSEMENT and fait["date_effet"] <= au and fait["fait"] in provisoires:
            dits.append((fait["fait"], le("La mesure est rétablie depuis le", fait["date_effet"])))
    for mesure, sort in defaits.items():
        dits.append((mesure, mots.defait(sort.portee, en_francais(sort.depuis))))
    for suspension, maintenue in replay.suspensions:
        if maintenue:
            dits.append((suspension.id, f"Maintenue depuis, jusqu'à une décision d'aptitude ({MAINTIEN})"))
    dits += [(m.fait, _effet(m)) for m in replay.mouvements if m.fait and (m.nature in RACONTES or _compte(m))]
    dits += [(anomalie.fait, insecables(anomalie.raison).rstrip(".")) for anomalie in replay.anomalies]
    suites: dict[str, list[str]] = {}
    for fait_dit, phrase in dits:
        suites.setdefault(fait_dit, []).append(phrase)
    return suites


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


def _compte(m: Mouvement) -> bool:
    """Does it give or take points? The end of a licence takes what is left with it, which is neither."""
    return bool(m.points) and m.nature not in FINS


def _effet(m: Mouvement) -> str:
    if m.nature in RACONTES:
        return f"{m.explication.rstrip('.')} ({article_lisible(m.article)})"
    mot = "attribué" if m.nature in ATTRIBUE else "rendu" if m.points > 0 else "retiré"
    return f"{pluriel(abs(m.points), 'point', mot)} le {en_francais(m.date)}"


def _vise(fait: Mapping[str, Any], par_id: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The offence that a letter or an annulment is about, the measure that a decision undoes or puts back, the licence
    that an end names, or that the driver keeps."""
    vise = par_id.get(fait.get("infraction") or fait.get("fait") or "")
    if vise is not None and vise["type"] == TypeFait.LEVEE:
        yield le("Met fin à la décision provisoire du", vise["date_effet"])
        vise = par_id.get(vise["fait"])
    if vise is not None and vise["type"] == TypeFait.INFRACTION:
        lieu = f", {vise['lieu']}" if vise.get("lieu") else ""
        yield le("Au sujet de l'infraction du", vise["date_commission"]) + lieu
    elif vise is not None:
        mesure = mentionner(vise)
        yield f"Au sujet de\u00a0: {mesure.titre}, {mesure.date}"
    for champ, mot in PERMIS_NOMMES.items():
        permis = par_id.get(fait.get(champ) or "")
        if permis is not None and permis["type"] == TypeFait.PERMIS_OBTENU:
            yield le(mot, permis["date_obtention"])
