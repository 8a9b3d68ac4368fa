-- Finding the dossiers of a birth name and a birth date, whole or by its year: one index for both searches by identity.
--
-- On the letters of the name alone: FranceConnect spells as the état civil does, the file as it was typed. Marks, case,
-- spaces, apostrophes and hyphens are left out of both sides by the same function. What it finds is compared again in
-- Python, more strictly. text_pattern_ops serves both « = » and « LIKE '1979-%' », whatever the collation of the
-- database.

CREATE FUNCTION nom_compact(nom text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT upper(regexp_replace(normalize(
        translate(
            replace(replace(replace(replace(replace(replace(replace(replace(
                nom, 'œ', 'oe'), 'Œ', 'OE'), 'æ', 'ae'), 'Æ', 'AE'), 'ß', 'ss'), 'ẞ', 'SS'), 'þ', 'th'), 'Þ', 'TH'),
            'øØłŁđĐðÐıħĦ', 'oOlLdDdDihH'),
        NFKD), '[^A-Za-z0-9]', '', 'g'))
$$;

CREATE INDEX dossier_nom_naissance ON dossier_dossier
    (nom_compact(nom_naissance), date_naissance text_pattern_ops);
