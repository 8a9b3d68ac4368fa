-- What the erasure of L. 225-2 takes from a dossier, it takes from its issued documents too.
--
-- effacer_mentions (dossier/sql/effacement.sql) knows the dossier alone; without these triggers it would fail on any
-- dossier of which a letter was made, since a document holds its letter by a key. When it erases what a RII tells, the
-- RII of that driver go; with a letter that was due goes its file, the day it was opened and its place in a batch. An
-- ADCS or a RIR tells nothing of that. The walls let pass what the owner of the tables erases while the flag of that
-- dossier is up, as the ledger's do.

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
