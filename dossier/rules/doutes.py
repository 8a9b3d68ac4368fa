"""What the file tells that cannot be, or that somebody must settle: anomalies that change no point by themselves."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dossier.rules.articles import L223_5_I, R221_5, regle
from dossier.rules.calendrier import plus_ans
from dossier.rules.faits import Anomalie, FinDePermis, LettreRecue, Parcours, PermisObtenu, Stage
from dossier.rules.francais import en_francais, naissance_en_francais
from dossier.rules.interpretations import age_minimal
from dossier.rules.retrait import dites_deux_fois, groupes_de_plusieurs_jours
from dossier.rules.stage import NATURES_QUI_CREDITENT, duree_impossible
from dossier.rules.vocabulaire import IssueLettre, TypeFait

TROP_JEUNE = (
    "Ce permis aurait été obtenu le {jour}, avant l'âge de {age} ans (naissance le {naissance}) : à vérifier par la "
    "préfecture."
)
ADRESSE = (
    "La lettre 48SI n'a pas été remise à l'adresse du dossier : l'invalidation du {jour} n'est opposable que si cette "
    "adresse était la bonne, ou si l'erreur vient du titulaire (Conseil d'État, avis du 18 septembre 2009, n° 327027)."
)


def doutes(connus: Parcours, au: date) -> Iterator[Anomalie]:
    """Those of the facts that stand on ``au``."""
    etablies = [i for i in connus.infractions if i.date_definitive is not None and i.date_definitive <= au]
    if len(etablies) > 1:
        yield from dites_deux_fois(etablies)
        yield from groupes_de_plusieurs_jours(etablies)
    yield from _stages_impossibles(stage for stage in connus.stages if stage.date_fin <= au)
    if connus.naissance is not None:
        obtenus = [p for p in connus.permis if p.date_obtention <= au]
        yield from [_trop_jeune(p, connus.naissance) for p in obtenus if est_trop_jeune(p, connus.naissance)]
    if connus.lettres:
        douteuses = [f for f in connus.fins if f.jour <= au and adresse_douteuse(f, connus.lettres)]
        yield from [Anomalie(f.id, ADRESSE.format(jour=en_francais(f.jour))) for f in douteuses]


def _stages_impossibles(stages: Iterable[Stage]) -> Iterator[Anomalie]:
    """The judge's courses that are none; the walk says it of those that would give points."""
    for stage in stages:
        raison = None if stage.nature in NATURES_QUI_CREDITENT else duree_impossible(stage)
        if raison is not None:
            yield Anomalie(stage.id, raison)


@regle(R221_5)
def est_trop_jeune(permis: PermisObtenu, naissance: str) -> bool:
    """Was this licence obtained before the age at which its category may be held?

    Of a birth day of which a part is unknown, the earliest is taken: no doubt is cast on who may be old enough.
    """
    annee, mois, jour = (int(partie) for partie in naissance.split("-"))
    ne_le = date(annee, mois or 1, (jour or 1) if mois else 1)
    return permis.date_obtention < plus_ans(ne_le, _age(permis))


def _age(permis: PermisObtenu) -> int:
    return age_minimal(permis.categorie, permis.date_obtention)


def _trop_jeune(permis: PermisObtenu, naissance: str) -> Anomalie:
    jour, ne_le = en_francais(permis.date_obtention), naissance_en_francais(naissance)
    return Anomalie(permis.id, TROP_JEUNE.format(jour=jour, age=_age(permis), naissance=ne_le))


@regle(L223_5_I)
def adresse_douteuse(fin: FinDePermis, lettres: Sequence[LettreRecue]) -> bool:
    """Did the 48SI of this invalidation come back, or was it presented at another address than the dossier's?

    Its letter is the last that says so, for one that came back may be sent again; else the last 48SI before it.
    """
    if fin.nature != TypeFait.INVALIDATION:
        return False
    siennes = [lettre for lettre in lettres if lettre.fait == fin.id]
    if not siennes:
        siennes = [lettre for lettre in lettres if lettre.jour is not None and lettre.jour <= fin.jour]
    siennes.sort(key=lambda lettre: (lettre.jour or date.min, lettre.id))
    return any(lettre.issue == IssueLettre.NPAI or lettre.autre_adresse for lettre in siennes[-1:])
