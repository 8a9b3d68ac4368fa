-- What the erasure of L. 225-2 takes from the facts, it takes from the attestations too.
--
-- effacer_mentions (dossier/sql/effacement.sql) knows the facts alone: when it erases a course, the attestations and
-- announcements of that driver up to that course go with it. Nobody else can delete a fact.

CREATE FUNCTION effacer_stages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.stages_attestation a
    WHERE a.dossier_id = OLD.dossier_id AND a.date_fin <= (OLD.contenu ->> 'date_fin')::date;
    DELETE FROM public.stages_annoncestage a
    WHERE a.dossier_id = OLD.dossier_id AND a.date_fin <= (OLD.contenu ->> 'date_fin')::date;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION effacer_stages() FROM PUBLIC;
CREATE TRIGGER stages_effaces AFTER DELETE ON dossier_fait FOR EACH ROW WHEN (OLD.type = 'stage')
    EXECUTE FUNCTION effacer_stages();
ALTER TABLE dossier_fait ENABLE ALWAYS TRIGGER stages_effaces;
