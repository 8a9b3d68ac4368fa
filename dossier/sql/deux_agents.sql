-- What one agent proposed and another decided (dossier/models/deux_agents.py): what was proposed never changes, what was
-- decided never changes again. The application role writes both columns of the agents: without this, one statement
-- would make a decision of two agents out of one. Other apps hang the same function on their tables.

CREATE FUNCTION garder_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tranche text[] := ARRAY['statut', 'second', 'second_id', 'second_personne', 'tranchee_at', 'refus', 'effet_tranche'];
BEGIN
    IF OLD.statut = 'attente' AND to_jsonb(NEW) - tranche = to_jsonb(OLD) - tranche THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE refusé sur % : ce qui est proposé, puis tranché, ne se modifie plus', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Une autre décision le corrige.';
END
$$;
REVOKE ALL ON FUNCTION garder_decision() FROM PUBLIC;

CREATE TRIGGER decision_gardee BEFORE UPDATE ON dossier_decision FOR EACH ROW EXECUTE FUNCTION garder_decision();
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER decision_gardee;
CREATE TRIGGER ligne_immuable BEFORE DELETE ON dossier_decision
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON dossier_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE dossier_decision ENABLE ALWAYS TRIGGER table_immuable;
