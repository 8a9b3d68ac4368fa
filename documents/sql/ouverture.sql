-- The day on which a driver first opened a letter: added, never changed; erased with its letter alone (effacement.sql).

CREATE FUNCTION refuser_retouche_d_ouverture() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       AND current_setting('mespoints.effacement', true) = (
           SELECT d.dossier_id::text FROM public.documents_documentemis d WHERE d.id = OLD.document_id)
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% refusé sur % : le jour où une lettre fut ouverte ne change pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_d_ouverture() FROM PUBLIC;

CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_ouverture
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_ouverture();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_ouverture
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_retouche_d_ouverture();
ALTER TABLE documents_ouverture ENABLE ALWAYS TRIGGER ligne_immuable;
ALTER TABLE documents_ouverture ENABLE ALWAYS TRIGGER table_immuable;
