-- Finding the 48N notified in a span of days: they are few, and whoever looks for them must not read every fact.

CREATE INDEX fait_48n ON dossier_fait
    ((COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation')), dossier_id)
    WHERE type = 'lettre' AND contenu ->> 'reference' = '48N';
