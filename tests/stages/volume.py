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
