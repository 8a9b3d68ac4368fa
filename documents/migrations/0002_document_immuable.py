"""An issued document is what it is: only its statut changes, and its SHA-256 is that of its bytes.

The same walls as the ledger's (dossier 0004): a row trigger, a statement trigger for TRUNCATE, both ENABLE ALWAYS. The
ranks of the status list come from a sequence of their own: the first one is 0, and a gap says nothing.
"""

from django.db import migrations

FONCTION = """
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
"""

DECLENCHEURS = """
CREATE TRIGGER document_immuable BEFORE UPDATE ON documents_documentemis
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_du_document();
CREATE TRIGGER document_ineffacable BEFORE DELETE ON documents_documentemis
    FOR EACH ROW EXECUTE FUNCTION refuser_alteration();
CREATE TRIGGER table_immuable BEFORE TRUNCATE ON documents_documentemis
    FOR EACH STATEMENT EXECUTE FUNCTION refuser_alteration();
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER document_immuable;
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER document_ineffacable;
ALTER TABLE documents_documentemis ENABLE ALWAYS TRIGGER table_immuable;
"""
RETOUR = """
DROP TRIGGER document_immuable ON documents_documentemis;
DROP TRIGGER document_ineffacable ON documents_documentemis;
DROP TRIGGER table_immuable ON documents_documentemis;
"""

EMPREINTE = """
ALTER TABLE documents_documentemis ADD CONSTRAINT document_empreinte
    CHECK (sha256 = encode(sha256(octets), 'hex'));
"""


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0001_document_emis"),
    ]

    operations = [
        migrations.RunSQL(FONCTION, "DROP FUNCTION refuser_retouche_du_document();"),
        migrations.RunSQL(DECLENCHEURS, RETOUR),
        migrations.RunSQL(EMPREINTE, "ALTER TABLE documents_documentemis DROP CONSTRAINT document_empreinte;"),
        migrations.RunSQL(
            "CREATE SEQUENCE documents_index_statut MINVALUE 0 START 0 OWNED BY documents_documentemis.index_statut;",
            "DROP SEQUENCE documents_index_statut;",
        ),
    ]
