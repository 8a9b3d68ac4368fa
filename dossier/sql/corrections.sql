-- A correction undoes a line, and a line is posted again only once it is undone: the table says so itself.
--
-- AFTER INSERT, and WHEN: an ordinary line does not enter the function, and COPY keeps its multi-row inserts, which a
-- BEFORE trigger would take away from every line. The rows of one statement see each other. ENABLE ALWAYS, as the
-- others.

CREATE FUNCTION verifier_reprise() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    precedente public.dossier_mouvement;
    corrigee public.dossier_mouvement;
BEGIN
    IF NEW.reprise <> 0 THEN
        SELECT * INTO precedente FROM public.dossier_mouvement m
        WHERE m.dossier_id = NEW.dossier_id AND m.nature = NEW.nature AND m.fait IS NOT DISTINCT FROM NEW.fait
          AND m.date = NEW.date AND m.reprise = NEW.reprise - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'reprise % sans la précédente', NEW.reprise USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.nature = 'correction' THEN
        SELECT * INTO corrigee FROM public.dossier_mouvement m WHERE m.id = NEW.corrige_id;
        IF NOT FOUND OR corrigee.dossier_id <> NEW.dossier_id OR corrigee.nature = 'correction'
           OR corrigee.points <> -NEW.points OR corrigee.date <> NEW.date OR corrigee.fait IS DISTINCT FROM NEW.fait
        THEN
            RAISE EXCEPTION 'une correction rend les points d''une ligne du même dossier, du même jour et du même fait'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.reprise <> 0
          AND NOT EXISTS (SELECT FROM public.dossier_mouvement c WHERE c.corrige_id = precedente.id) THEN
        RAISE EXCEPTION 'reprise % d''une ligne qui n''est pas corrigée', NEW.reprise USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION verifier_reprise() FROM PUBLIC;
CREATE TRIGGER ligne_coherente AFTER INSERT ON dossier_mouvement
    FOR EACH ROW WHEN (NEW.reprise <> 0 OR NEW.nature = 'correction') EXECUTE FUNCTION verifier_reprise();
ALTER TABLE dossier_mouvement ENABLE ALWAYS TRIGGER ligne_coherente;
