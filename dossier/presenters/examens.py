"""The results of the driving test, for who has no licence yet."""

from datetime import date
from typing import NamedTuple

from dossier.rules.francais import en_lettres
from dossier.rules.mots.conducteur import EPREUVES, RESULTATS
from dossier.rules.vocabulaire import TypeFait
from dossier.selectors import Situation


class Examen(NamedTuple):
    """A result as the file holds it; it promises nothing."""

    date: str
    epreuve: str
    resultat: str


def examens(situation: Situation) -> list[Examen]:
    """Exam results, newest first; shown while there is no licence."""
    lus = sorted(
        (f for f in situation.faits_de_type(TypeFait.RESULTAT_EXAMEN) if f.get("date_examen")),
        key=lambda f: str(f["date_examen"]),
        reverse=True,
    )
    return [
        Examen(
            date=en_lettres(date.fromisoformat(f["date_examen"])),
            epreuve=f"{EPREUVES.get(f.get('epreuve') or '', 'Épreuve')}"
            + (f", catégorie {f['categorie']}" if f.get("categorie") else ""),
            resultat=RESULTATS.get(f.get("resultat") or "", "non renseigné"),
        )
        for f in lus
    ]
