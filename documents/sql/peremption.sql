-- A year after it could last serve, an issued document is erased: an ADCS from its end, a RIR or a RII from its day.
--
-- Letters stay as long as what they tell (effacement.sql). The door takes no day: whoever may call it erases nothing
-- that is not over.

CREATE INDEX document_perime ON documents_documentemis ((COALESCE(expire_le, jour))) WHERE genre <> 'lettre';
CREATE FUNCTION effacer_documents_perimes(combien integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    perime record;
    effaces integer := 0;
BEGIN
    FOR perime IN
        SELECT d.id, d.dossier_id FROM public.documents_documentemis d
        WHERE d.genre <> 'lettre'
          AND COALESCE(d.expire_le, d.jour) < ((now() AT TIME ZONE 'Europe/Paris')::date - interval '1 year')::date
        ORDER BY COALESCE(d.expire_le, d.jour) LIMIT combien FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM set_config('mespoints.effacement', perime.dossier_id::text, true);
        DELETE FROM public.documents_verification v WHERE v.document_id = perime.id;
        DELETE FROM public.documents_documentemis d WHERE d.id = perime.id;
        effaces := effaces + 1;
    END LOOP;
    PERFORM set_config('mespoints.effacement', '', true);
    RETURN effaces;
END
$$;
