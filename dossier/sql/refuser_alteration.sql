-- Who may change or take away a line that is only added to: nobody, but the two doors of effacement.sql.
--
-- They write the dossier's number in mespoints.effacement for their own duration and run as the owner of the tables: the
-- application is not the owner, so the flag alone, which anybody may set, opens nothing. An UPDATE passes there only
-- where a content or an explanation is all that changes (L. 225-2 III): identifier, type, days and sums never do.

CREATE OR REPLACE FUNCTION refuser_alteration() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    contenus text[] := ARRAY['contenu', 'explication'];
BEGIN
    IF TG_OP <> 'TRUNCATE'
       AND current_setting('mespoints.effacement', true) = OLD.dossier_id::text
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        ELSIF to_jsonb(NEW) - contenus = to_jsonb(OLD) - contenus THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% refusé sur % : une ligne inscrite ne se modifie pas et ne s''efface pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Une erreur se corrige par une autre ligne.';
END
$$;
REVOKE ALL ON FUNCTION refuser_alteration() FROM PUBLIC;
