"""What the calendar makes due at the desk: 48N letters whose compulsory course is not done four months on (R223-4)."""

from datetime import date
from typing import NamedTuple

from django.db import connection
from django.http import HttpRequest

from dossier.guichet.acces import ouvrir
from dossier.models import Journal
from dossier.rules.calendrier import en_francais, plus_mois
from dossier.rules.parametres import STAGE_OBLIGATOIRE_MOIS

#: The day is that of ``presenters.suites``: notified, else presented. Older than a year of lateness is another matter.
QUARANTE_HUIT_N = """
SELECT d.id, coalesce(f.contenu ->> 'date_notification', f.contenu ->> 'date_presentation') AS jour
FROM dossier_fait f JOIN dossier_dossier d ON d.id = f.dossier_id
WHERE f.type = 'lettre' AND f.contenu ->> 'reference' = '48N'
  AND coalesce(f.contenu ->> 'date_notification', f.contenu ->> 'date_presentation') BETWEEN %(du)s AND %(au)s
  AND d.departement = %(departement)s AND d.etat IN ('valide', 'suspendu', 'solde_nul')
  AND NOT EXISTS (
      SELECT FROM dossier_fait s WHERE s.dossier_id = d.id AND s.type = 'stage'
      AND s.contenu ->> 'nature' = 'obligatoire'
      AND s.contenu ->> 'date_fin' >= coalesce(f.contenu ->> 'date_notification', f.contenu ->> 'date_presentation'))
ORDER BY jour, d.id LIMIT 200
"""


class StageAttendu(NamedTuple):
    """A dossier, by its number alone, and the day on which its 48N was received."""

    dossier_id: int
    recue_le: date


def stages_attendus(departement: str | None, *, au: date) -> list[StageAttendu]:
    """The letters without their course, the oldest first: 200 at most, of one département."""
    jours = {"du": plus_mois(au, -12 - STAGE_OBLIGATOIRE_MOIS), "au": plus_mois(au, -STAGE_OBLIGATOIRE_MOIS)}
    with connection.cursor() as curseur:
        valeurs = {cle: jour.isoformat() for cle, jour in jours.items()} | {"departement": departement}
        curseur.execute(QUARANTE_HUIT_N, valeurs)
        return [StageAttendu(cle, date.fromisoformat(jour)) for cle, jour in curseur.fetchall()]


def ouvrir_le_dossier(request: HttpRequest, attendu: StageAttendu) -> None:
    """Open the dossier of a letter: the reason is the letter, and the journal will say so."""
    precision = f"48N reçue le {en_francais(attendu.recue_le)}, stage attendu"
    ouvrir(request, attendu.dossier_id, motif=Journal.Motif.CONTROLE, precision=precision)
