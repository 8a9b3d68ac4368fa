"""What a letter is worth today: a licence that ended keeps nothing of what was written about it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dossier.fabrique import FaitDit
from dossier.rules.faits import FinDePermis, Licence
from dossier.rules.francais import en_lettres, insecables
from dossier.rules.lettre import RETRAITS
from dossier.rules.mots.document import OBJETS
from dossier.rules.presentee import ARRIVEE
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Etat, Reference, TypeFait
from dossier.selectors import Situation

GAINS = frozenset({Reference.L46, Reference.L47})
STAGE = frozenset({Reference.L48M, Reference.L48N})
JOURS_D_ARRIVEE = ("date_notification", "date_presentation", "date_avis")
NE_VAUT_PLUS = {
    Reference.L46: "les points qu'elle rend ne s'ajoutent à rien",
    Reference.L47: "les points qu'elle rend ne s'ajoutent à rien",
    Reference.L48N: "le retrait qu'elle annonce ne compte plus, et le stage n'est plus à suivre",
}
A_PART = "Un autre permis a ses propres points."


class Valeur(NamedTuple):
    """What the letter is about, as one should read it today, and why; ``phrase`` is empty where it stands.

    ``finie``: the licence that it is about has ended, or its offence was annulled.
    """

    objet: str
    phrase: str = ""
    finie: bool = False


def valeur(
    situation: Situation, reference: str, *, fait: FaitDit | None, cause: str | None, jour: date | None
) -> Valeur:
    """Of a letter of this day about the fact ``cause``; ``fait``: what the file tells of it."""
    replay, objet = situation.replay, OBJETS[reference]
    if replay.etat == Etat.DECEDE:
        return Valeur(objet)
    dite = _du_permis(situation, reference, fait, cause, jour)
    return dite._replace(phrase=insecables(dite.phrase), objet=insecables(dite.objet))


def _du_permis(
    situation: Situation, reference: str, fait: FaitDit | None, cause: str | None, jour: date | None
) -> Valeur:
    replay, objet = situation.replay, OBJETS[reference]
    sans_effet = f"Sans effet aujourd'hui : {objet[0].lower()}{objet[1:]}"
    annulee = _annulation(situation, cause) if reference in RETRAITS - {Reference.L48SI} else None
    if annulee is not None:
        ce_qui = NE_VAUT_PLUS.get(Reference(reference), "le retrait qu'elle annonce ne compte plus")
        return Valeur(sans_effet, f"Cette infraction a été annulée le {en_lettres(annulee)} : {ce_qui}.", True)
    licence = _licence(replay.licences, cause, jour)
    if licence is None:
        return Valeur(objet)
    if licence.fin is not None:
        if reference == Reference.L48SI and licence.fin.nature == TypeFait.INVALIDATION:
            return _de_la_fin(licence.fin, derniere=licence is replay.licences[-1])
        ce_qui = NE_VAUT_PLUS.get(Reference(reference), "ce qu'elle dit de vos points ne compte plus")
        return Valeur(sans_effet, f"Ce permis a pris fin le {en_lettres(licence.fin.jour)} : {ce_qui}. {A_PART}", True)
    if reference == Reference.L48SI:
        defaite = _invalidation_defaite(situation, cause, jour)
        if defaite is not None and replay.provisoire:
            return Valeur(sans_effet, "Un juge a suspendu cette décision : elle n'a pas d'effet jusqu'au jugement.")
        if defaite is not None:
            return Valeur(sans_effet, "Cette décision a été retirée ou annulée : elle n'a plus d'effet.")
    return _en_suspens(replay, reference, fait, jour) if replay.lettre_48si else Valeur(objet)


def _de_la_fin(fin: FinDePermis, *, derniere: bool) -> Valeur:
    """The 48SI that ended a licence: the last one, or one that another followed."""
    phrase = f"Elle a mis fin à ce permis le {en_lettres(fin.jour)}."
    if derniere:
        return Valeur(OBJETS[Reference.L48SI], phrase)
    return Valeur("Votre permis précédent a été invalidé", f"{phrase} {A_PART}")


def _en_suspens(replay: Replay, reference: str, fait: FaitDit | None, jour: date | None) -> Valeur:
    """While nothing is decided of a 48SI that was presented, or came back."""
    objet = OBJETS[reference]
    depuis = replay.lettre_48si.depuis if replay.lettre_48si else None
    if reference == Reference.L48SI and arrivee_le(fait) is not None:
        le = en_lettres(arrivee_le(fait) or replay.au)
        return Valeur(
            "Votre permis de conduire est peut-être invalidé",
            f"Si elle est partie à la bonne adresse, elle a mis fin à ce permis le {le}, retirée ou non. Rien n'est "
            "encore décidé : demandez à votre préfecture.",
        )
    if reference == Reference.L48SI and fait is not None and fait.get("issue") in ARRIVEE:
        phrase = "Elle a peut-être mis fin à ce permis. Rien n'est encore décidé : demandez à votre préfecture."
        return Valeur("Votre permis de conduire est peut-être invalidé", phrase)
    if reference in STAGE:
        return Valeur(objet, "Ne payez pas de stage avant de savoir si votre permis est encore valable.")
    if reference in GAINS and (depuis is None or jour is None or jour >= depuis):
        return Valeur(objet, "Ces points ne comptent que si votre permis est encore valable.")
    return Valeur(objet)


def _licence(licences: Sequence[Licence], cause: str | None, jour: date | None) -> Licence | None:
    """The licence that a letter is about: of its cause, else the one held, or ended last, on its day."""
    for licence in licences:
        if cause is not None and any(r.infraction.id == cause for r in licence.retraits):
            return licence
    ouvertes = [licence for licence in licences if jour is not None and licence.debut <= jour]
    return ouvertes[-1] if ouvertes else None


def _annulation(situation: Situation, cause: str | None) -> date | None:
    """The day on which the offence that a letter is about was annulled, once that day has come."""
    jours = [a.date_decision for a in situation.parcours.annulees if a.infraction == cause]
    return min((jour for jour in jours if jour <= situation.replay.au), default=None)


def _invalidation_defaite(situation: Situation, cause: str | None, jour: date | None) -> FinDePermis | None:
    """The invalidation that followed a 48SI, when it was undone since."""
    suites = [
        f
        for f in situation.parcours.fins
        if f.nature == TypeFait.INVALIDATION and (f.id == cause or (jour is not None and f.jour >= jour))
    ]
    tenues = {licence.fin.id for licence in situation.replay.licences if licence.fin}
    suivante = min(suites, key=lambda f: (f.id != cause, f.jour), default=None)
    return suivante if suivante is not None and suivante.id not in tenues else None


def arrivee_le(fait: FaitDit | None) -> date | None:
    """The day on which the post handed a letter over, or presented it."""
    return (
        next((date.fromisoformat(fait[champ]) for champ in JOURS_D_ARRIVEE if fait.get(champ)), None) if fait else None
    )
