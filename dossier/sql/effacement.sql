-- The two doors to what is only added to: what L. 225-2 of the Code de la route orders to erase, a dossier at a time.
--
-- effacer_mentions is that of the ten years.
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
-- Not here: after a definitive ban nothing is before the eightieth year (IV), which the feed does not tell apart from a
-- long one.
--
-- effacer_mesures_annulees is that of the annulled measures (III): called whenever a dossier is settled, by whoever may
-- settle. It takes no day and no content: whoever may call it erases nothing but what a retroactive levée, in force on
-- the day of this server, has undone. Of the facts in ``empreintes`` it erases those measures (rules/levee.py has the
-- same condition, and a test compares them) and the 48SI that told them; what stays of each is its tombstone: identifier,
-- type, days, the identifiers that it names, and a keyed print of what it held (dossier/effacement.py), by which it is
-- known again when it is told again. Its lines keep their sums and lose their words; so does what agents wrote of it.

CREATE OR REPLACE FUNCTION effacer_mentions(dossier bigint, au date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
          AND NOT f.contenu ? 'empreinte'
          AND ((SELECT max(c.value) FROM jsonb_each_text(f.contenu) c WHERE c.key LIKE 'date\_%') > dix_ans
               OR f.type = 'suspension' AND NOT f.contenu ? 'date_fin'
               OR (f.contenu ->> 'date_effet')::date
                  + make_interval(months => (f.contenu ->> 'interdiction_mois')::int) > au)
    ) THEN
        RETURN 0;
    END IF;
    SELECT max(coalesce(f.contenu ->> 'date_effet', f.contenu ->> 'date_notification')) INTO fin
    FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.type IN ('invalidation', 'annulation')
        AND NOT f.contenu ? 'empreinte';
    IF NOT EXISTS (SELECT FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.type = 'permis_obtenu'
                   AND f.contenu ->> 'date_obtention' BETWEEN fin AND to_char(au, 'YYYY-MM-DD')) THEN
        fin := NULL;
    END IF;
    PERFORM set_config('mespoints.effacement', dossier::text, true);
    DELETE FROM public.dossier_fait f
    WHERE f.dossier_id = dossier AND NOT f.contenu ? 'empreinte'
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

CREATE OR REPLACE FUNCTION effacer_mesures_annulees(dossier bigint, empreintes jsonb) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    effacee constant text := 'Mention effacée : la mesure a été annulée (article L. 225-2, III, du Code de la route).';
    gardes constant text[] := ARRAY['id', 'type', 'permis', 'reference', 'fait', 'enregistre_le', 'date_debut',
        'date_fin', 'date_notification', 'date_envoi', 'date_presentation', 'date_avis'];
    jour text := to_char(now() AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD');
    mesures text[];  -- undone for good
    jusque date;  -- the notification of the last 48SI among them
    touches text[];
BEGIN
    IF dossier IS NULL OR empreintes IS NULL THEN
        RAISE EXCEPTION 'un dossier et des empreintes sont attendus' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    PERFORM FROM public.dossier_dossier d WHERE d.id = dossier FOR UPDATE;
    SELECT array_agg(f.identifiant), max((f.contenu ->> 'date_notification')::date)
        FILTER (WHERE f.type = 'invalidation') INTO mesures, jusque
    FROM public.dossier_fait f
    WHERE f.dossier_id = dossier
      AND (f.type IN ('invalidation', 'interdiction_circuler')
           OR f.type = 'suspension' AND (f.contenu ? 'empreinte' OR f.contenu ->> 'nature' = 'administrative'))
      AND EXISTS (SELECT FROM public.dossier_fait l
                  WHERE l.dossier_id = dossier AND l.type = 'levee' AND l.contenu ->> 'fait' = f.identifiant
                    AND l.contenu ->> 'portee' = 'retroactive' AND l.contenu ->> 'date_effet' <= jour
                    AND coalesce(l.contenu ->> 'enregistre_le', jour) <= jour);
    SELECT array_agg(f.identifiant) INTO touches FROM public.dossier_fait f
    WHERE f.dossier_id = dossier AND empreintes ? f.identifiant AND NOT f.contenu ? 'empreinte'
      AND (f.identifiant = ANY (mesures)
           OR f.type = 'lettre' AND f.contenu ->> 'reference' = '48SI' AND jusque IS NOT NULL
              AND coalesce((SELECT min(c.value) FROM jsonb_each_text(f.contenu) c WHERE c.key LIKE 'date\_%'),
                           jusque::text) <= jusque::text);
    IF touches IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM set_config('mespoints.effacement', dossier::text, true);
    UPDATE public.dossier_fait f SET contenu = jsonb_build_object('empreinte', empreintes ->> f.identifiant)
        || (SELECT jsonb_object_agg(c.key, c.value) FROM jsonb_each(f.contenu) c WHERE c.key = ANY (gardes))
    WHERE f.dossier_id = dossier AND f.identifiant = ANY (touches);
    UPDATE public.dossier_mouvement m SET explication = effacee
    WHERE m.dossier_id = dossier AND m.fait = ANY (mesures) AND m.explication <> effacee;
    DELETE FROM public.dossier_lettre l
    WHERE l.dossier_id = dossier AND l.reference = '48SI' AND l.date <= jusque
      AND NOT EXISTS (SELECT FROM public.dossier_fait f WHERE f.dossier_id = dossier AND f.type = 'invalidation'
                      AND f.identifiant <> ALL (mesures)
                      AND (f.contenu ->> 'date_notification')::date BETWEEN l.date AND jusque);
    UPDATE public.dossier_decision d
    SET faits = (SELECT jsonb_agg(CASE WHEN f.contenu ->> 'id' = ANY (touches)
                                  THEN (SELECT jsonb_object_agg(c.key, c.value) FROM jsonb_each(f.contenu) c
                                        WHERE c.key = ANY (gardes))
                                  ELSE f.contenu END ORDER BY f.rang)
                 FROM jsonb_array_elements(d.faits) WITH ORDINALITY f (contenu, rang)),
        piece = effacee, refus = CASE d.refus WHEN '' THEN '' ELSE effacee END
    WHERE d.dossier_id = dossier
      AND EXISTS (SELECT FROM jsonb_array_elements(d.faits) f WHERE f ->> 'id' = ANY (touches));
    PERFORM set_config('mespoints.effacement', '', true);
    RETURN cardinality(touches);
END
$$;
