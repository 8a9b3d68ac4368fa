"""A new licence after the one that ended: from which day, by which tests, and until when one of them is spared."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dossier.rules.articles import L223_5_II, R224_20, regle
from dossier.rules.calendrier import UN_JOUR, plus_ans, plus_mois
from dossier.rules.faits import Licence
from dossier.rules.invalidation import mois_avant_un_nouveau_permis, premier_jour_nouveau_permis
from dossier.rules.parametres import DISPENSE_ANCIENNETE_ANS, DISPENSE_DEMANDE_MOIS, DISPENSE_INTERDICTION_MOIS
from dossier.rules.vocabulaire import TypeFait


class Retour(NamedTuple):
    """What separates a driver from a new licence, as far as the file tells.

    ``mois``: months of waiting, from the day the old one was handed in (48SI) or from the annulment; None when the file
    does not tell. ``autorise_le``: first day of a new licence; None until the old one is handed in, or without
    ``mois``. ``sans_pratique``: the practical test is spared to who asks by ``demander_avant``, the last day.
    """

    perdu_le: date
    par_un_juge: bool
    mois: int | None
    autorise_le: date | None
    sans_pratique: bool
    demander_avant: date | None


def retour(
    licences: Sequence[Licence], *, remis_le: date | None, interdiction_mois: int | None, au: date
) -> Retour | None:
    """Of the last licence, when a 48SI or a judge ended it; ``interdiction_mois``: what the judge said."""
    licence = licences[-1] if licences else None
    if licence is None or licence.fin is None or licence.permis is None:
        return None
    fin = licence.fin
    mois: int | None
    autorise_le: date | None
    if fin.nature == TypeFait.INVALIDATION:
        precedente = _invalidation_precedente(licences)
        mois = mois_avant_un_nouveau_permis(fin.jour, precedente, remis_le or au)
        autorise_le = premier_jour_nouveau_permis(remis_le, fin.jour, precedente) if remis_le else None
    elif fin.nature == TypeFait.ANNULATION:
        mois = interdiction_mois
        autorise_le = plus_mois(fin.jour, mois) if mois is not None else None
    else:
        return None
    sans_pratique = mois is not None and dispense_de_pratique(licence.permis.date_obtention, fin.jour, mois)
    return Retour(
        fin.jour,
        fin.nature == TypeFait.ANNULATION,
        mois,
        autorise_le,
        sans_pratique,
        dernier_jour_de_demande(autorise_le) if sans_pratique and autorise_le else None,
    )


@regle(R224_20)
def dispense_de_pratique(titulaire_depuis: date, perdu_le: date, mois: int) -> bool:
    """Is the practical test spared? ``mois``: during which no new licence may be sought.

    > […] pour les conducteurs titulaires du permis de conduire depuis trois ans ou plus à la date de la perte de
    > validité du permis ou à la date de son annulation, et auxquels il est interdit de solliciter un nouveau permis
    > pendant une durée inférieure à un an, l'épreuve pratique […] est supprimée […].
    """
    ancien = plus_ans(titulaire_depuis, DISPENSE_ANCIENNETE_ANS.au(perdu_le)) <= perdu_le
    return ancien and mois < DISPENSE_INTERDICTION_MOIS.au(perdu_le)


@regle(R224_20)
def dernier_jour_de_demande(autorise_le: date) -> date:
    """Last day to ask for the new licence without the practical test.

    > […] sous réserve qu'ils sollicitent un nouveau permis moins de neuf mois après la date à laquelle ils sont
    > autorisés à le faire.
    """
    return plus_mois(autorise_le, DISPENSE_DEMANDE_MOIS.au(autorise_le)) - UN_JOUR


@regle(L223_5_II)
def _invalidation_precedente(licences: Sequence[Licence]) -> date | None:
    """The 48SI before the last one: five years count from it."""
    jours = [li.fin.jour for li in licences[:-1] if li.fin and li.fin.nature == TypeFait.INVALIDATION]
    return max(jours, default=None)
