-- A tie that two agents made is kept as they decided it: the functions are those of dossier/sql (deux_agents.sql,
-- ajout_seul.sql).

CREATE TRIGGER decision_gardee BEFORE UPDATE ON accounts_propositionlien
    FOR EACH ROW EXECUTE FUNCTION garder_decision();
ALTER TABLE accounts_propositionlien ENABLE ALWAYS TRIGGER decision_gardee;
CREATE TRIGGER ligne_immuable BEFORE DELETE ON accounts_propositionlien
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON accounts_propositionlien
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE accounts_propositionlien ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE accounts_propositionlien ENABLE ALWAYS TRIGGER table_immuable;
