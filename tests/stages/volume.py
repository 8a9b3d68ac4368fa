"""Five thousand centres and two hundred thousand sessions, made by PostgreSQL: what a whole country would hold."""

REMPLIR = (
    """
    INSERT INTO stages_centre (agrement, nom, adresse, code_postal, commune, departement, agree_du, agree_au, source,
                               liste_du, exemple)
    SELECT 'R19' || lpad((n %% 100)::text, 3, '0') || lpad(n::text, 5, '0'), 'Centre ' || n, n || ' rue X',
           lpad((n %% 100)::text, 2, '0') || lpad((n %% 7)::text, 3, '0'), 'Commune ' || n %% 37,
           lpad((n %% 100)::text, 2, '0'), %(au)s::date - 400, %(au)s::date + 400, 'Essai', %(au)s::date - 30, false
    FROM generate_series(1, 5000) n
    """,
    """
    INSERT INTO stages_session (centre_id, numero, date_debut, date_fin, places, lieu, annulee)
    SELECT c.id, 'S' || s, %(au)s::date - 100 + 7 * s, %(au)s::date - 99 + 7 * s, 12, '', false
    FROM stages_centre c, generate_series(1, 40) s
    """,
    "ANALYZE stages_centre",
    "ANALYZE stages_session",
)

#: Facts and announcements of every dossier there is.
AUTOUR = (
    """
    INSERT INTO dossier_fait (dossier_id, identifiant, type, contenu, recorded_at)
    SELECT d.id, 'autour-' || n, 'restitution_titre', '{}', now() FROM dossier_dossier d, generate_series(1, 10) n
    """,
    """
    INSERT INTO stages_annoncestage (dossier_id, agrement, departement, date_fin, nature, announced_at)
    SELECT d.id, 'R', lpad(((d.id + n) % 60)::text, 2, '0'), date '2000-01-01' + n, 'volontaire', now()
    FROM dossier_dossier d, generate_series(1, 10) n
    """,
)
