"""The letters that a settling makes due, and the 48SI that lose their ground."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from dossier.livre import LettreDue
from dossier.rules.lettre import derniere_perte
from dossier.rules.rejeu import Replay
from dossier.rules.vocabulaire import Nature, Reference

#: Neither presented nor notified, as far as the file tells: a 48SI that was belongs to the judge or to the minister.
TOMBER = """
UPDATE dossier_lettre l SET sans_objet_at = now()
WHERE l.dossier_id = ANY(%s) AND l.reference = '48SI' AND l.sans_objet_at IS NULL
AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::text[]) AS r (dossier_id, fait)
                WHERE r.dossier_id = l.dossier_id AND r.fait = l.fait)
AND NOT EXISTS (SELECT FROM dossier_fait f WHERE f.dossier_id = l.dossier_id AND f.type = 'lettre'
                AND f.contenu ->> 'reference' = '48SI' AND f.contenu ->> 'fait' = l.fait
                AND f.contenu ?| array['date_notification', 'date_presentation', 'date_avis'])
"""
#: Of a retrait of which a letter told already, when none is on its way.
REDEVENIR = """
INSERT INTO dossier_lettre (dossier_id, reference, date, fait, recorded_at)
SELECT v.dossier_id, '48SI', v.date, v.fait, now()
FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS v (dossier_id, date, fait)
WHERE EXISTS (SELECT FROM dossier_lettre l
              WHERE l.dossier_id = v.dossier_id AND l.date = v.date AND l.fait = v.fait)
AND NOT EXISTS (SELECT FROM dossier_lettre l
                WHERE l.dossier_id = v.dossier_id AND l.reference = '48SI' AND l.sans_objet_at IS NULL)
ON CONFLICT DO NOTHING
"""
INSCRIRE = """
INSERT INTO dossier_lettre (dossier_id, reference, date, fait, recorded_at)
SELECT v.*, now() FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::text[]) v
ON CONFLICT DO NOTHING
"""


class Vu(NamedTuple):
    """A dossier that a settling changed: what the law gives now, and whether the file knows of a 48SI for a fact."""

    dossier_id: int
    replay: Replay
    annoncees: frozenset[str | None]


def inscrire(dues: Sequence[LettreDue], vus: Sequence[Vu]) -> None:
    """Record the letters to be issued, each once; let fall the 48SI without ground, and make due again those that have
    found it back.

    A 48SI stands while the signed solde of the day is nul, and its retrait among the movements.
    """
    nuls = [vu for vu in vus if vu.replay.solde is not None and vu.replay.solde <= 0]
    retraits = [(vu.dossier_id, m.fait) for vu in nuls for m in vu.replay.mouvements if m.nature == Nature.RETRAIT]
    encore = [(vu.dossier_id, perte) for vu in nuls if (perte := _perte(vu)) is not None]
    with connection.cursor() as curseur:
        if vus:
            ids, faits = [cle for cle, _ in retraits], [fait for _, fait in retraits]
            curseur.execute(TOMBER, [[vu.dossier_id for vu in vus], ids, faits])
        if dues:
            curseur.execute(INSCRIRE, [list(colonne) for colonne in zip(*dues, strict=True)])
        if encore:
            jours, causes = [jour for _, (jour, _) in encore], [fait for _, (_, fait) in encore]
            curseur.execute(REDEVENIR, [[cle for cle, _ in encore], jours, causes])


def _perte(vu: Vu) -> tuple[date, str] | None:
    """The retrait for which a 48SI is due, unless the file tells of one."""
    perte = derniere_perte(vu.replay)
    if perte is None or perte.fait is None or perte.fait in vu.annoncees:
        return None
    return perte.date, perte.fait


def annoncees(lettres: Sequence[tuple[str, str | None, str]]) -> frozenset[str | None]:
    """The facts for which the file tells of a 48SI."""
    return frozenset(fait for reference, fait, _ in lettres if reference == Reference.L48SI)
