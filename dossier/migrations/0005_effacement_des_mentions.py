"""The only door to the ledger: what L. 225-2 of the Code de la route orders to erase, ten years on, a dossier at a time.

``effacer_mentions(dossier, avant)`` erases the facts of which every date is before ``avant``, but those that make the
right to drive, then the movements before that day that no fact upholds any more; it returns how many rows went. Whether
the ten years have run without a new decision, and what the ledger says afterwards, is for the caller to establish.

It runs as the owner of the tables, who alone may execute it. The flag that the triggers look for is taken back before it
returns, and with the transaction if it fails.
"""

from django.db import migrations

FONCTION = """
CREATE FUNCTION effacer_mentions(dossier bigint, avant date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    faits bigint;
    mouvements bigint;
BEGIN
    IF dossier IS NULL OR avant IS NULL THEN
        RAISE EXCEPTION 'un dossier et un jour sont attendus' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM FROM public.dossier_dossier d WHERE d.id = dossier FOR UPDATE;
    PERFORM set_config('mespoints.effacement', dossier::text, true);
    DELETE FROM public.dossier_fait f
    WHERE f.dossier_id = dossier
      AND f.type NOT IN ('permis_obtenu', 'formation_complementaire', 'visite_medicale', 'resultat_examen')
      AND (SELECT max(c.value) FROM jsonb_each_text(f.contenu) c WHERE c.key LIKE 'date\\_%')
          < to_char(avant, 'YYYY-MM-DD');
    GET DIAGNOSTICS faits = ROW_COUNT;
    DELETE FROM public.dossier_mouvement m
    WHERE m.dossier_id = dossier AND m.date < avant
      AND NOT EXISTS (SELECT FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.identifiant = m.fait);
    GET DIAGNOSTICS mouvements = ROW_COUNT;
    PERFORM set_config('mespoints.effacement', '', true);
    RETURN faits + mouvements;
END
$$;
REVOKE ALL ON FUNCTION effacer_mentions(bigint, date) FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("dossier", "0004_grand_livre_en_ajout_seul"),
    ]

    operations = [
        migrations.RunSQL(FONCTION, "DROP FUNCTION effacer_mentions(bigint, date);"),
    ]
