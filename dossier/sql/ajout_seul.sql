-- Facts, movements and the journal are never changed and never erased: the tables say so themselves, whoever asks.
--
-- Row triggers let TRUNCATE through, hence a statement trigger. ENABLE ALWAYS: session_replication_role = replica does
-- not put them to sleep. What refuses is in refuser_alteration.sql, with the two doors that it knows; other apps hang
-- the same function on their tables.

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
