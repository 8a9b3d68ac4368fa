"""The address that a letter went to, beside the dossier's on the days that matter."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from documents.courriers.valeur import arrivee_le
from dossier.fabrique import FaitDit
from dossier.rules.calendrier import jour_lu
from dossier.rules.francais import en_lettres, insecables
from dossier.selectors import en_lignes

A_SIGNALER = (
    "Une lettre recommandée partie à une mauvaise adresse ne compte pas, sauf si l'erreur vient de vous : si c'est le "
    "cas, dites-le à votre préfecture."
)
Lignes = list[str]


class Adresses(NamedTuple):
    """The dossier's: what each import replaced, with its day, oldest first; and the present one."""

    remplacees: Sequence[tuple[date, Lignes]]
    actuelle: Lignes

    def le(self, jour: date) -> Lignes:
        """The one that the dossier held on that day, in the evening."""
        return next((lignes for remplacee_le, lignes in self.remplacees if remplacee_le > jour), self.actuelle)


def adresse_dite(
    adresses: Adresses, *, fait: FaitDit | None, imprimee: Sequence[str], jour: date | None, recommandee: bool
) -> tuple[str, ...]:
    """Where a letter of this day went, and when that was not, or is no longer, the dossier's address.

    ``imprimee``: on the letter that was made here. Nothing where nobody knows.
    """
    dite_ou_imprimee = en_lignes(fait["adresse"]) if fait and fait.get("adresse") else list(imprimee)
    envoi = (jour_lu(fait.get("date_envoi")) if fait else None) or jour
    employee = dite_ou_imprimee or (adresses.le(envoi) if envoi else [])
    if not employee:
        return ()
    dit = "Adresse utilisée" if dite_ou_imprimee else "Adresse de votre dossier ce jour-là"
    phrases = [f"{dit} : {', '.join(employee)}."]
    arrivee = arrivee_le(fait) or envoi
    ailleurs = arrivee is not None and adresses.le(arrivee) not in (employee, [])
    if ailleurs and arrivee is not None:
        phrases.append(f"Le {en_lettres(arrivee)}, ce n'était pas l'adresse de votre dossier.")
    elif adresses.actuelle not in (employee, []):
        phrases.append("Ce n'est plus l'adresse de votre dossier aujourd'hui.")
    if ailleurs and recommandee:
        phrases.append(A_SIGNALER)
    return tuple(insecables(phrase) for phrase in phrases)
