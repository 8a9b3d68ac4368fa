-- An issued document is what it is: only its statut changes, and its SHA-256 is that of its bytes.
--
-- The same walls as the ledger's (dossier/sql/ajout_seul.sql): a row trigger, a statement trigger for TRUNCATE, both
-- ENABLE ALWAYS.

CREATE FUNCTION refuser_retouche_du_document() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    OLD.statut := NEW.statut;
    IF OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'UPDATE refusé sur % : un document émis ne se retouche pas', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', HINT = 'Seul son statut peut changer.';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_du_document() FROM PUBLIC;

CREATE TRIGGER document_immuable BEFORE UPDATE ON documents_documentemis
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_du_document();
CREATE TRIGGER document_ineffacable BEFORE DELETE ON documents_documentemis
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_documentemis
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER document_immuable;
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER document_ineffacable;
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER table_immuable;

ALTER TABLE documents_documentemis ADD CONSTRAINT document_empreinte
    CHECK (sha256 = encode(sha256(octets), 'hex'));
