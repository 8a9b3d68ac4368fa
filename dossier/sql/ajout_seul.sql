-- Facts, movements and the journal are never changed and never erased: the tables say so themselves, whoever asks.
--
-- Row triggers let TRUNCATE through, hence a statement trigger. ENABLE ALWAYS: session_replication_role = replica does
-- not put them to sleep. The one DELETE that passes is made inside effacer_mentions (effacement.sql), which writes the
-- dossier's number in mespoints.effacement for its own duration and runs as the owner of the tables: the application is
-- not the owner, so the flag alone, which anybody may set, opens nothing. Other apps hang the same function on their
-- tables.

CREATE FUNCTION refuser_alteration() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       AND current_setting('mespoints.effacement', true) = OLD.dossier_id::text
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% refusé sur % : une ligne inscrite ne se modifie pas et ne s''efface pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Une erreur se corrige par une autre ligne.';
END
$$;
REVOKE ALL ON FUNCTION refuser_alteration() FROM PUBLIC;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON dossier_fait
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_fait
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE dossier_fait ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE dossier_fait ENABLE ALWAYS TRIGGER table_immuable;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON dossier_mouvement
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_mouvement
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE dossier_mouvement ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE dossier_mouvement ENABLE ALWAYS TRIGGER table_immuable;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON dossier_journal
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE dossier_journal ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE dossier_journal ENABLE ALWAYS TRIGGER table_immuable;
