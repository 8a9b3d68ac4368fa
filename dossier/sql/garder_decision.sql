-- A decision of two agents changes once, when it is decided (deux_agents.sql).
--
-- Besides, what it says of an annulled measure is erased with it (effacement.sql): by the owner of the tables, the flag of
-- that dossier being up, and those columns alone.

CREATE OR REPLACE FUNCTION garder_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tranche text[] := ARRAY['statut', 'second', 'second_id', 'second_personne', 'tranchee_at', 'refus', 'effet_tranche'];
    dits text[] := ARRAY['faits', 'piece', 'refus'];
BEGIN
    IF OLD.statut = 'attente' AND to_jsonb(NEW) - tranche = to_jsonb(OLD) - tranche THEN
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'dossier_decision'
          AND current_setting('mespoints.effacement', true) = to_jsonb(OLD) ->> 'dossier_id'
          AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
          AND to_jsonb(NEW) - dits = to_jsonb(OLD) - dits
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE refusé sur % : ce qui est proposé, puis tranché, ne se modifie plus', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Une autre décision le corrige.';
END
$$;
REVOKE ALL ON FUNCTION garder_decision() FROM PUBLIC;
