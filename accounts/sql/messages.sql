-- What was written about a signalement is only added to: the ledger's function (dossier/sql/ajout_seul.sql) refuses the
-- rest.

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON accounts_messagesignalement
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON accounts_messagesignalement
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE accounts_messagesignalement ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE accounts_messagesignalement ENABLE ALWAYS TRIGGER table_immuable;
