-- The only door to the ledger: what L. 225-2 of the Code de la route orders to erase, ten years on, a dossier at a
-- time.
--
-- The delay runs from the last decision (I and II): a recent one keeps the old ones. So effacer_mentions(dossier, au)
-- erases nothing while an offence, a suspension or an end of licence of the last ten years stands, or while a measure
-- runs. Where it erases, everything that those years make forgotten goes: offences and suspensions; courses, letters
-- and titles handed in over three years ago, when whatever they changed has long been 12 of 12 again; an end of licence
-- once a new licence has followed it, with the licence it ended. Without a new licence it stays: erased, it would give
-- the old one back.
--
-- The lines of the ledger added up with those that go: all go, and the dossier falls due, so that the next night posts
-- again what its facts say, and no letter (services.settle). It returns how many rows went.
--
-- It runs as the owner of the tables, who alone may execute it. The flag that the triggers look for is taken back
-- before it returns, and with the transaction if it fails.
--
-- Not here: an annulled measure is to be erased on the day of its annulment (III), after a definitive ban nothing is
-- before the eightieth year (IV), which the feed does not tell apart from a long one.

CREATE FUNCTION effacer_mentions(dossier bigint, au date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dix_ans text := to_char(au - interval '10 years', 'YYYY-MM-DD');
    trois_ans text := to_char(au - interval '3 years', 'YYYY-MM-DD');
    fin text;  -- of the last licence that ended, where a new one has followed
    faits bigint;
    mouvements bigint;
BEGIN
    IF dossier IS NULL OR au IS NULL THEN
        RAISE EXCEPTION 'un dossier et un jour sont attendus' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM FROM public.dossier_dossier d WHERE d.id = dossier FOR UPDATE;
    IF EXISTS (
        SELECT FROM public.dossier_fait f
        WHERE f.dossier_id = dossier
          AND f.type IN ('infraction', 'suspension', 'invalidation', 'annulation')
          AND NOT EXISTS (SELECT FROM public.dossier_fait a WHERE a.dossier_id = dossier
                          AND a.type = 'infraction_annulee' AND a.contenu ->> 'infraction' = f.identifiant)
          AND ((SELECT max(c.value) FROM jsonb_each_text(f.contenu) c WHERE c.key LIKE 'date\_%') > dix_ans
               OR f.type = 'suspension' AND NOT f.contenu ? 'date_fin'
               OR (f.contenu ->> 'date_effet')::date
                  + make_interval(months => (f.contenu ->> 'interdiction_mois')::int) > au)
    ) THEN
        RETURN 0;
    END IF;
    SELECT max(coalesce(f.contenu ->> 'date_effet', f.contenu ->> 'date_notification')) INTO fin
    FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.type IN ('invalidation', 'annulation');
    IF NOT EXISTS (SELECT FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.type = 'permis_obtenu'
                   AND f.contenu ->> 'date_obtention' BETWEEN fin AND to_char(au, 'YYYY-MM-DD')) THEN
        fin := NULL;
    END IF;
    PERFORM set_config('mespoints.effacement', dossier::text, true);
    DELETE FROM public.dossier_fait f
    WHERE f.dossier_id = dossier
      AND (f.type IN ('infraction', 'infraction_annulee', 'suspension')
           OR f.type IN ('stage', 'lettre', 'restitution_titre')
              AND (SELECT max(c.value) FROM jsonb_each_text(f.contenu) c WHERE c.key LIKE 'date\_%') <= trois_ans
           OR f.type IN ('invalidation', 'annulation') AND fin IS NOT NULL
           OR f.type = 'permis_obtenu' AND f.contenu ->> 'date_obtention' < fin
           OR f.type = 'formation_complementaire' AND f.contenu ->> 'date_fin' < fin);
    GET DIAGNOSTICS faits = ROW_COUNT;
    IF faits > 0 THEN
        DELETE FROM public.dossier_mouvement m WHERE m.dossier_id = dossier;
        GET DIAGNOSTICS mouvements = ROW_COUNT;
        DELETE FROM public.dossier_lettre l WHERE l.dossier_id = dossier AND to_char(l.date, 'YYYY-MM-DD') <= trois_ans;
        UPDATE public.dossier_dossier d SET prochaine_echeance = au WHERE d.id = dossier;
    END IF;
    PERFORM set_config('mespoints.effacement', '', true);
    RETURN faits + coalesce(mouvements, 0);
END
$$;
REVOKE ALL ON FUNCTION effacer_mentions(bigint, date) FROM PUBLIC;
