"""What the erasure of L. 225-2 takes from a dossier, it takes from its issued documents too.

``effacer_mentions`` knows the dossier alone. When it erases what a RII tells, the RII of that driver go; with a letter
that was due goes its file, the day it was opened and its place in a batch. An ADCS or a RIR tells nothing of that. The
walls let pass what the owner of the tables erases while the flag of that dossier is up, as the ledger's do.
"""

from django.db import migrations

#: The document of a line, where the line is not the document itself.
PAR_EFFACEMENT = """
    IF TG_OP = 'DELETE'
       AND current_setting('mespoints.effacement', true) = (
           SELECT d.dossier_id::text FROM public.documents_documentemis d WHERE d.id = OLD.document_id)
       AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN OLD;
    END IF;
"""
MURS = (
    f"""
CREATE OR REPLACE FUNCTION refuser_retouche_d_ouverture() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    {PAR_EFFACEMENT}
    RAISE EXCEPTION '% refusé sur % : le jour où une lettre fut ouverte ne change pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION refuser_retouche_de_ligne_d_envoi() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    {PAR_EFFACEMENT}
    RAISE EXCEPTION '% refusé sur % : un envoi de lettres ne se retouche pas', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
REVOKE ALL ON FUNCTION refuser_retouche_de_ligne_d_envoi() FROM PUBLIC;
DROP TRIGGER ligne_immuable ON documents_lettredenvoi;
CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_lettredenvoi
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_de_ligne_d_envoi();
ALTER TABLE documents_lettredenvoi ENABLE ALWAYS TRIGGER ligne_immuable;
"""
)
EFFACER = """
CREATE FUNCTION effacer_documents() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.documents_documentemis d WHERE d.dossier_id = OLD.dossier_id AND d.genre = 'rii';
    RETURN NULL;
END
$$;
CREATE FUNCTION effacer_courrier() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    courrier bigint := (SELECT d.id FROM public.documents_documentemis d WHERE d.lettre_id = OLD.id);
BEGIN
    DELETE FROM public.documents_aenvoyer a WHERE a.document_id = courrier;
    DELETE FROM public.documents_lettredenvoi l WHERE l.document_id = courrier;
    DELETE FROM public.documents_ouverture o WHERE o.document_id = courrier;
    DELETE FROM public.documents_documentemis d WHERE d.id = courrier;
    RETURN OLD;
END
$$;
REVOKE ALL ON FUNCTION effacer_documents() FROM PUBLIC;
REVOKE ALL ON FUNCTION effacer_courrier() FROM PUBLIC;
CREATE TRIGGER documents_effaces AFTER DELETE ON dossier_fait FOR EACH ROW
    WHEN (OLD.type IN ('infraction', 'suspension', 'invalidation', 'annulation', 'stage'))
    EXECUTE FUNCTION effacer_documents();
CREATE TRIGGER courrier_efface BEFORE DELETE ON dossier_lettre FOR EACH ROW EXECUTE FUNCTION effacer_courrier();
ALTER TABLE dossier_fait ENABLE ALWAYS TRIGGER documents_effaces;
ALTER TABLE dossier_lettre ENABLE ALWAYS TRIGGER courrier_efface;
"""
RETOUR = """
DROP TRIGGER documents_effaces ON dossier_fait;
DROP TRIGGER courrier_efface ON dossier_lettre;
DROP FUNCTION effacer_documents();
DROP FUNCTION effacer_courrier();
"""
MURS_D_AVANT = """
DROP TRIGGER ligne_immuable ON documents_lettredenvoi;
CREATE TRIGGER ligne_immuable BEFORE UPDATE OR DELETE ON documents_lettredenvoi
    FOR EACH ROW EXECUTE FUNCTION refuser_retouche_d_envoi();
ALTER TABLE documents_lettredenvoi ENABLE ALWAYS TRIGGER ligne_immuable;
DROP FUNCTION refuser_retouche_de_ligne_d_envoi();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0030_envois")]

    operations = [migrations.RunSQL(MURS, MURS_D_AVANT), migrations.RunSQL(EFFACER, RETOUR)]
