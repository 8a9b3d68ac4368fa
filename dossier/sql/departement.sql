-- Whose desk a dossier belongs to: the département of its address's postcode, else of the newest title that names one.
--
-- Before the tables: a generated column calls it, so that no way to write a dossier forgets it and that a desk is found
-- by an index. Changing what it says rewrites the table under an exclusive lock: on a national base, in a window.
--
-- PL/pgSQL: a SQL function that cannot be inlined costs ten times as much, and the import calls it once a dossier.
--
-- 20 is Corsica: 200 and 201 are 2A, 202 and 206 are 2B; a title that says 20 alone names neither. Overseas, three
-- digits, but two communes whose postcode is Guadeloupe's. What is no French postcode gives nothing.

CREATE FUNCTION departement_de(adresse jsonb, titres jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    cp CONSTANT text := adresse ->> 'code_postal';
    deux CONSTANT text := left(cp, 2);
BEGIN
    IF cp ~ '^[0-9]{5}$' THEN
        IF cp = '97133' THEN
            RETURN '977';
        ELSIF cp = '97150' THEN
            RETURN '978';
        ELSIF deux = '20' AND left(cp, 3) IN ('200', '201') THEN
            RETURN '2A';
        ELSIF deux = '20' AND left(cp, 3) IN ('202', '206') THEN
            RETURN '2B';
        ELSIF left(cp, 3) COLLATE "C" BETWEEN '971' AND '976' OR left(cp, 3) IN ('986', '987', '988') THEN
            RETURN left(cp, 3);
        ELSIF deux <> '20' AND deux COLLATE "C" BETWEEN '01' AND '95' THEN
            RETURN deux;
        END IF;
    END IF;
    IF titres IS NULL OR titres = '[]' THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT t ->> 'departement' FROM jsonb_array_elements(titres) t
        WHERE t ->> 'departement' ~ '^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[678])$'
        ORDER BY t ->> 'date_delivrance' COLLATE "C" DESC NULLS LAST LIMIT 1
    );
END
$$;
