-- What one agent proposed and another decided (dossier/models/deux_agents.py): what was proposed never changes, what was
-- decided never changes again. The application role writes both columns of the agents: without this, one statement
-- would make a decision of two agents out of one. Other apps hang the same function on their tables.

CREATE TRIGGER decision_gardee BEFORE UPDATE ON dossier_decision FOR EACH ROW EXECUTE FUNCTION garder_decision();
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER decision_gardee;
CREATE TRIGGER ligne_immuable BEFORE DELETE ON dossier_decision
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER table_immuable;
