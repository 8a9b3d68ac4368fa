-- A batch of letters, its letters and its departure are added to, never changed; a letter that is erased
-- (effacement.sql) leaves its batch.

CREATE FUNCTION refuser_retouche_d_envoi() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% refusé sur % : un envoi de lettres ne se retouche pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_d_envoi() FROM PUBLIC;

CREATE FUNCTION refuser_retouche_de_ligne_d_envoi() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       AND current_setting('mespoints.effacement', true) = (
           SELECT d.dossier_id::text FROM public.documents_documentemis d WHERE d.id = OLD.document_id)
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% refusé sur % : un envoi de lettres ne se retouche pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_de_ligne_d_envoi() FROM PUBLIC;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_envoi
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_envoi();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_envoi
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_envoi();
ALTER TABLE documents_envoi ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE documents_envoi ENABLE ALWAYS TRIGGER table_immuable;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_lettredenvoi
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_de_ligne_d_envoi();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_lettredenvoi
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_envoi();
ALTER TABLE documents_lettredenvoi ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE documents_lettredenvoi ENABLE ALWAYS TRIGGER table_immuable;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_depart
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_envoi();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_depart
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_envoi();
ALTER TABLE documents_depart ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE documents_depart ENABLE ALWAYS TRIGGER table_immuable;
