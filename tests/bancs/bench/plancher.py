"""The floor of the pages: signed in, the site's middlewares and layout, the rows that the page reads, and nothing done.

It must not change: figures of different days are compared through it (tests/mespoints/test_plancher.py holds its digest
and its template's). What a page has to do beyond it is to understand its rows, and to say them.
"""

import datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

REMPLISSAGE = "Ligne de comparaison, sans base ni calcul. "
DOSSIER = """
    SELECT d.*,
           (SELECT json_agg(f.contenu ORDER BY f.id)::text FROM dossier_fait f WHERE f.dossier_id = d.id) AS contenus,
           EXISTS (SELECT FROM dossier_mouvement m WHERE m.dossier_id = d.id AND m.nature = 'correction')
               AS a_des_corrections
    FROM dossier_dossier d WHERE d.id = ANY(%(dossiers)s)
"""
ANNONCES = """
    SELECT (SELECT json_agg(a ORDER BY a.date_fin DESC, a.id DESC)::text FROM stages_annoncestage a
            WHERE a.dossier_id = ANY(%(dossiers)s)),
           (SELECT json_agg(a ORDER BY a.date_fin DESC, a.id DESC)::text FROM stages_attestation a
            WHERE a.dossier_id = ANY(%(dossiers)s))
"""
CENTRES = """
    SELECT c.*, (
        SELECT json_agg(s ORDER BY s.date_debut)::text FROM (
            SELECT numero, date_debut, date_fin, places, lieu FROM stages_session
            WHERE centre_id = c.id AND date_debut >= %(au)s AND NOT annulee
            ORDER BY date_debut LIMIT 3) AS s) AS prochaines
    FROM (SELECT *, count(*) OVER () AS total FROM stages_centre
          WHERE departement = '69' AND retire_le IS NULL AND agree_du <= %(au)s AND agree_au >= %(au)s
          ORDER BY commune, nom, id LIMIT 10 OFFSET 0) AS c
    ORDER BY commune, nom, id
"""
#: What is read, by the word of the address.
LECTURES = {"rien": (), "dossier": (DOSSIER,), "stages": (DOSSIER, ANNONCES), "centres": (CENTRES,)}


def plancher(request: HttpRequest, quoi: str, rangs: int, octets: int) -> HttpResponse:
    """As many rows as the page shows, and as many bytes."""
    dossier_id = request.titulaire.dossier_id  # type: ignore[attr-defined]
    with connection.cursor() as curseur:
        for lecture in LECTURES[quoi]:
            curseur.execute(lecture, {"dossiers": [dossier_id], "au": datetime.datetime.now(datetime.UTC).date()})
            curseur.fetchall()
    texte = (REMPLISSAGE * (octets // len(REMPLISSAGE) + 1))[:octets]
    lignes = [{"date": "21/07/2023", "points": "+1", "texte": texte} for _ in range(rangs)]
    return render(request, "plancher.html", {"lignes": lignes, "section": "points"})
