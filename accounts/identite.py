"""Is this the person of this record? Each criterion alone, then the rule of each door.

A record's spelling is that of a national file, which may be old: names are compared by their letters only, and birth
dates by their parts, some of them unknown. Nothing here reads a database, and nothing is fuzzy.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import accumulate
from typing import NamedTuple

from accounts.cog import FRANCE, actualiser, est_ambigu, situer
from dossier.noms import compacter
from dossier.selectors import EtatCivil


class Accord(Enum):
    """What the comparison of one criterion gives."""

    EGAL = "égal"
    COMPATIBLE = "compatible"
    INCONNU = "inconnu"
    CONTRAIRE = "contraire"


class EtatCivilSaisi(NamedTuple):
    """Who somebody says to be, who gives a number too. ``date_naissance``: ``AAAA-MM-JJ``, 00 where unknown."""

    nom_naissance: str
    prenoms: Sequence[str]
    date_naissance: str


def comparer_noms(saisi: str, connu: str) -> Accord:
    """Two birth names."""
    gauche, droite = compacter(saisi), compacter(connu)
    return Accord.EGAL if gauche and gauche == droite else Accord.CONTRAIRE


def comparer_prenoms(saisis: Sequence[str], connus: Sequence[str]) -> Accord:
    """The first given name decides: records often hold it alone. « Jean Pierre » is one name or two, as one likes."""
    gauche, droite = _debuts(saisis), _debuts(connus)
    if gauche[-1:] == droite[-1:]:
        return Accord.EGAL  # both without any, too: some états civils have none
    return Accord.COMPATIBLE if set(gauche) & set(droite) else Accord.CONTRAIRE


def se_suivent(gauche: Sequence[str], droite: Sequence[str]) -> bool:
    """Whether one side only stops sooner than the other: twins share all but « Marie Claire » and « Marie Louise »."""
    courte, longue = sorted((_debuts(gauche), _debuts(droite)), key=lambda debuts: len("".join(debuts[-1:])))
    return bool(courte) and courte[-1] in longue


def comparer_dates(saisie: str, connue: str) -> Accord:
    """Two birth dates, part by part: one may say « unknown » only where the record does."""
    parties = list(zip(saisie.split("-"), connue.split("-"), strict=True))
    if all(dite == sue for dite, sue in parties):
        return Accord.EGAL
    if all(dite == sue or sue == "00" for dite, sue in parties):
        return Accord.COMPATIBLE
    return Accord.CONTRAIRE


def est_le_titulaire(saisi: EtatCivilSaisi, connu: EtatCivil) -> bool:
    """The rule of the number's door, where the number found the record: all three agree, no criterion is left out."""
    return (
        comparer_noms(saisi.nom_naissance, connu.nom_naissance) is Accord.EGAL
        and comparer_prenoms(saisi.prenoms, connu.prenoms) in {Accord.EGAL, Accord.COMPATIBLE}
        and comparer_dates(saisi.date_naissance, connu.date_naissance) in {Accord.EGAL, Accord.COMPATIBLE}
    )


def decouper_prenoms(texte: str) -> list[str]:
    """Given names typed in one field, separated by spaces or commas."""
    return [mot for mot in re.split(r"[\s,;]+", texte) if mot]


def _debuts(prenoms: Iterable[str]) -> list[str]:
    """The first given name alone, then with the next one, and so on, written as one word."""
    return list(accumulate(compact for prenom in prenoms if (compact := compacter(prenom))))


# --- FranceConnect's door -------------------------------------------------------------------------------------------


class Pivot(NamedTuple):
    """Who FranceConnect says is there. ``date_brute``: as the identity provider holds it, 00 where unknown."""

    nom: str
    prenoms: Sequence[str]
    date: str
    date_brute: str
    sexe: str
    commune: str
    pays: str
    nom_usage: str = ""


class Suite(Enum):
    """What to do with somebody whom FranceConnect named."""

    CONFIRMER = "confirmer"  # one dossier: they say whether it is theirs
    DEMANDER_NUMERO = "demander_numero"  # none, several, or one that is not certain: the same page for all three
    EXAMINER = "examiner"  # the number does not settle it: a person looks into it


class Decision(NamedTuple):
    """``dossier_id`` is for ``CONFIRMER`` alone."""

    suite: Suite
    dossier_id: int | None = None


class Comparaison(NamedTuple):
    """A pivot identity and a dossier, criterion by criterion."""

    nom: Accord
    usage: bool  # the usage names agree
    prenoms: Accord
    se_suivent: bool  # no given name that both sides tell is another one
    date: Accord
    lieu: Accord
    sexe: Accord

    @property
    def se_contredit(self) -> bool:
        return Accord.CONTRAIRE in {self.nom, self.prenoms, self.date, self.lieu, self.sexe}

    @property
    def est_certaine(self) -> bool:
        """All that may differ without a doubt is how many given names the file kept, and the code of the place."""
        return (
            not self.se_contredit
            and self.se_suivent
            and self.date is Accord.EGAL
            and self.prenoms in ACCEPTABLES
            and self.lieu in ACCEPTABLES
        )

    @property
    def suffit_avec_le_numero(self) -> bool:
        return (
            (self.nom is Accord.EGAL or self.usage)
            and self.prenoms in ACCEPTABLES
            and self.date in ACCEPTABLES
            and Accord.CONTRAIRE not in {self.lieu, self.sexe}
        )


ACCEPTABLES = frozenset({Accord.EGAL, Accord.COMPATIBLE})
SEXES = {"female": "F", "male": "M"}


def comparer(pivot: Pivot, connu: EtatCivil) -> Comparaison:
    """Each criterion alone."""
    usage = compacter(pivot.nom_usage)
    return Comparaison(
        nom=comparer_noms(pivot.nom, connu.nom_naissance),
        usage=bool(usage) and usage == compacter(connu.nom_usage or ""),  # a dossier may have none
        prenoms=comparer_prenoms(pivot.prenoms, connu.prenoms) if compactes(pivot.prenoms) else Accord.INCONNU,
        se_suivent=se_suivent(pivot.prenoms, connu.prenoms),
        date=_comparer_date_pivot(pivot, connu.date_naissance),
        lieu=comparer_lieux(pivot, connu),
        sexe=comparer_sexes(pivot.sexe, connu.sexe),
    )


def compactes(prenoms: Sequence[str]) -> list[str]:
    """The given names that have a letter."""
    return [compact for prenom in prenoms if (compact := compacter(prenom))]


def _comparer_date_pivot(pivot: Pivot, connue: str) -> Accord:
    """FranceConnect writes 01 where the day or month is unknown: the provider's own date may say so."""
    accords = {comparer_dates(date, connue) for date in (pivot.date, pivot.date_brute or pivot.date)}
    return next(a for a in (Accord.EGAL, Accord.COMPATIBLE, Accord.CONTRAIRE) if a in accords)


def comparer_lieux(pivot: Pivot, connu: EtatCivil) -> Accord:
    """Commune against commune in France, country against country abroad, in the codes of their time and of today."""
    dit, su = situer(pivot.commune, pivot.pays), situer(connu.commune, connu.pays)
    if su.pays is None or dit.pays is None:
        return Accord.INCONNU
    if dit == su:
        return Accord.EGAL if dit.commune or dit.pays != FRANCE else Accord.INCONNU
    actuel_dit, actuel_su = actualiser(dit, pivot.date), actualiser(su, connu.date_naissance)
    if actuel_dit.pays == actuel_su.pays and None in (actuel_dit.commune, actuel_su.commune):
        return Accord.INCONNU if actuel_dit.pays == FRANCE else Accord.COMPATIBLE
    if actuel_dit == actuel_su and (dit == actuel_dit or su == actuel_su):
        return Accord.COMPATIBLE  # two boroughs of one city are two places
    return Accord.INCONNU if est_ambigu(dit) or est_ambigu(su) else Accord.CONTRAIRE


def comparer_sexes(dit: str, su: str) -> Accord:
    """``unspecified`` says nothing."""
    sexe = SEXES.get(dit)
    if sexe is None or su not in SEXES.values():
        return Accord.INCONNU
    return Accord.EGAL if sexe == su else Accord.CONTRAIRE


def decider(pivot: Pivot, connus: Iterable[EtatCivil]) -> Decision:
    """Among the dossiers of that name and year: one alone that agrees without a doubt, or the number is asked for."""
    possibles = [(connu, comparaison) for connu in connus if not (comparaison := comparer(pivot, connu)).se_contredit]
    if len(possibles) == 1 and possibles[0][1].est_certaine:
        return Decision(Suite.CONFIRMER, possibles[0][0].dossier_id)
    return Decision(Suite.DEMANDER_NUMERO)


def decider_par_numero(pivot: Pivot, connu: EtatCivil | None) -> Decision:
    """The dossier of the number given, if there is one: it settles the matter, or a person does."""
    if connu is not None and comparer(pivot, connu).suffit_avec_le_numero:
        return Decision(Suite.CONFIRMER, connu.dossier_id)
    return Decision(Suite.EXAMINER)
