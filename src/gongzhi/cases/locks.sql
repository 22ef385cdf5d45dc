-- The second lock of cases. The rule of queries/visibility.py once more, in SQL; tests/doors holds the two together.
-- A row is reached by the whole cell, by area, by a task of one's own, or by a pass that names the case; a support
-- case (`assigned_only`) by an open task or a pass alone.

-- Whom a task may name for it to be one's own: oneself, and the organisations one handles matters for.
CREATE OR REPLACE FUNCTION gongzhi_hands() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_remove(gongzhi_ids('organisations') || gongzhi_person(), NULL)
$$;

-- The support cases that the person is inside: by an open task that names them, or their team's while it names nobody.
CREATE OR REPLACE FUNCTION gongzhi_own_support_cases() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c JOIN public.cases_casetask t ON t.case_id = c.id
     WHERE c.assigned_only AND c.closed_at IS NULL AND c.status NOT IN ('closed', 'declined', 'linked')
       AND t.status IN ('assigned', 'started')
       AND (t.person = (SELECT public.gongzhi_person())
            OR (t.person IS NULL AND t.organisation_id = ANY ((SELECT public.gongzhi_ids('handlers'))::uuid[])))
$$;

-- Asked of columns alone, so that a row costs next to nothing: no set of ids is gathered before the first is shown.
DROP POLICY IF EXISTS reach ON cases_caserecord;
CREATE POLICY reach ON cases_caserecord USING (
    (SELECT gongzhi_everything())
    OR id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR (NOT assigned_only AND (
        (SELECT gongzhi_whole())
        OR township = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR community = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR grid = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR worked_by && (SELECT gongzhi_hands())::uuid[]))
    OR (assigned_only AND id IN (SELECT gongzhi_own_support_cases()))
);

-- What hangs on a case is reached with it.
DROP POLICY IF EXISTS reach ON cases_casestep;
CREATE POLICY reach ON cases_casestep USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = case_id)
);

DROP POLICY IF EXISTS reach ON cases_casetask;
CREATE POLICY reach ON cases_casetask USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = case_id)
);

DROP POLICY IF EXISTS reach ON cases_caseclock;
CREATE POLICY reach ON cases_caseclock USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = case_id)
);

DROP POLICY IF EXISTS reach ON cases_casephoto;
CREATE POLICY reach ON cases_casephoto USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = case_id)
);

-- Rows of the parts below that belong to a case. They know subjects only as text; that `case:…` is a case is known
-- here. Other subjects are left to the parts that own them, which add a policy AS RESTRICTIVE.
DROP POLICY IF EXISTS reach ON trust_content;
CREATE POLICY reach ON trust_content USING (
    (SELECT gongzhi_everything()) OR subject NOT LIKE 'case:%'
    OR subject = ANY ((SELECT gongzhi_words('passes'))::text[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = gongzhi_id_in(subject, 'case'))
);

DROP POLICY IF EXISTS reach ON trust_subjectkey;
CREATE POLICY reach ON trust_subjectkey USING (
    (SELECT gongzhi_everything()) OR subject NOT LIKE 'case:%'
    OR subject = ANY ((SELECT gongzhi_words('passes'))::text[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = gongzhi_id_in(subject, 'case'))
);

-- A consent names its case, and is reached with it.
DROP POLICY IF EXISTS reach ON trust_consent;
CREATE POLICY reach ON trust_consent USING (
    (SELECT gongzhi_everything()) OR ref NOT LIKE 'case:%' OR ref = ANY ((SELECT gongzhi_words('passes'))::text[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = gongzhi_id_in(ref, 'case'))
);

-- A photo comes before its report and hangs on nothing for a while; from then on it is reached with its case.
CREATE OR REPLACE FUNCTION gongzhi_case_of_photo(photo uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.case_id FROM public.cases_casephoto p WHERE p.photo = $1
$$;

DROP POLICY IF EXISTS reach ON files_photo;
CREATE POLICY reach ON files_photo USING (
    (SELECT gongzhi_everything()) OR gongzhi_case_of_photo(id) IS NULL
    OR EXISTS (SELECT FROM cases_casephoto p WHERE p.photo = files_photo.id)
);

DROP POLICY IF EXISTS reach ON files_opening;
CREATE POLICY reach ON files_opening USING (EXISTS (SELECT FROM files_photo p WHERE p.id = photo_id));

-- A notice is its recipient's, and belongs to its case.
DROP POLICY IF EXISTS reach ON notices_notice;
CREATE POLICY reach ON notices_notice USING (
    (SELECT gongzhi_everything()) OR subject NOT LIKE 'case:%'
    OR (recipient_kind = 'person' AND recipient_ref = (SELECT gongzhi_person()))
    OR subject = ANY ((SELECT gongzhi_words('passes'))::text[])
    OR EXISTS (SELECT FROM cases_caserecord c WHERE c.id = gongzhi_id_in(subject, 'case'))
);

DROP POLICY IF EXISTS reach ON notices_delivery;
CREATE POLICY reach ON notices_delivery USING (EXISTS (SELECT FROM notices_notice n WHERE n.id = notice_id));

DROP POLICY IF EXISTS reach ON notices_attempt;
CREATE POLICY reach ON notices_attempt USING (EXISTS (SELECT FROM notices_delivery d WHERE d.id = delivery_id));

-- Narrow passes. Each answers one question for somebody who reaches no case yet, and hands out ids or a yes, no words.

-- The case of a code, and the lead it was joined to.
CREATE OR REPLACE FUNCTION gongzhi_cases_of_code(code text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT unnest(array_remove(ARRAY[c.id, c.lead_case_id], NULL)) FROM public.cases_caserecord c WHERE c.code = $1
$$;

-- The same for a report that is to be joined: never to a support case, nor to one joined to it.
CREATE OR REPLACE FUNCTION gongzhi_cases_to_join(code text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT unnest(array_remove(ARRAY[c.id, c.lead_case_id], NULL)) FROM public.cases_caserecord c
     WHERE c.code = $1 AND NOT c.assigned_only
$$;

-- The cases of a grid that ends: an administrator ends it, and reaches none of them.
CREATE OR REPLACE FUNCTION gongzhi_cases_in_grid(ended uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c
     WHERE c.grid = ended AND c.status NOT IN ('closed', 'declined', 'linked')
$$;

-- The cases whose clocks another calendar would move, for the administrator who brings it in.
CREATE OR REPLACE FUNCTION gongzhi_cases_counted_otherwise(calendar text, OUT case_id uuid, OUT code varchar)
    RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.code FROM public.cases_caserecord c
     WHERE c.calendar <> $1
       AND EXISTS (SELECT FROM public.cases_caseclock k WHERE k.case_id = c.id AND k.status <> 'stopped')
     ORDER BY c.code
$$;

-- Two numbers for the page on which the machine is looked after.
CREATE OR REPLACE FUNCTION gongzhi_clock_counts(at timestamptz, OUT running bigint, OUT due bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (SELECT count(*) FROM public.cases_caseclock k WHERE k.status = 'running'),  -- each by its own index
           (SELECT count(*) FROM public.cases_caseclock k WHERE k.next_at <= at)
$$;

-- Figures for whoever watches the machine, by indexes alone: sums over all cases, and nothing of any of them.
CREATE OR REPLACE FUNCTION gongzhi_vitals(
    at timestamptz, OUT oldest_due_at timestamptz, OUT running bigint, OUT blind interval,
    OUT last_minute bigint, OUT last_hour bigint
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (SELECT min(k.next_at) FROM public.cases_caseclock k WHERE k.next_at <= at AND k.retry_at IS NULL),
           (SELECT count(*) FROM public.cases_caseclock k WHERE k.status = 'running'),
           (SELECT coalesce(sum(b.ended_at - b.began_at), interval '0') FROM public.cases_blindperiod b),
           count(*) FILTER (WHERE c.reported_at > at - interval '1 minute'), count(*)
      FROM public.cases_caserecord c
     WHERE c.reported_at > at - interval '1 hour' AND c.reported_at <= at
$$;

CREATE OR REPLACE FUNCTION gongzhi_open_by_status(statuses text[], OUT status varchar, OUT cases bigint)
    RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.status, count(*) FROM public.cases_caserecord c WHERE c.status = ANY (statuses) GROUP BY c.status
$$;

-- How far the clock loops are behind: read from the near end of an index, so that a monitor may ask often.
CREATE OR REPLACE FUNCTION gongzhi_clock_lateness(
    at timestamptz, OUT due bigint, OUT oldest_at timestamptz, OUT aside bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE l.retry_at IS NULL), min(l.next_at) FILTER (WHERE l.retry_at IS NULL),
           count(*) FILTER (WHERE l.retry_at IS NOT NULL)
      FROM (SELECT k.next_at, k.retry_at FROM public.cases_caseclock k
             WHERE k.next_at <= at ORDER BY k.next_at LIMIT 1000) AS l
$$;

-- The cases that were opened under some client ids: the senders' own, as nobody else knows the ids.
DROP FUNCTION IF EXISTS gongzhi_case_of_client(uuid);
CREATE OR REPLACE FUNCTION gongzhi_known_reports(
    clients uuid[], OUT client uuid, OUT id uuid, OUT code varchar, OUT fingerprint bytea
) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.client_id, c.id, c.code, c.fingerprint FROM public.cases_caserecord c WHERE c.client_id = ANY (clients)
$$;

CREATE OR REPLACE FUNCTION gongzhi_any_photo_hangs(photos uuid[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.cases_casephoto p WHERE p.photo = ANY ($1))
$$;

CREATE OR REPLACE FUNCTION gongzhi_is_lead(lead uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.cases_caserecord c WHERE c.lead_case_id = $1)
$$;

CREATE OR REPLACE FUNCTION gongzhi_joined_counts(leads uuid[], OUT lead uuid, OUT joined bigint) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 40 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.lead_case_id, count(*) FROM public.cases_caserecord c WHERE c.lead_case_id = ANY (leads) GROUP BY 1
$$;

-- The contacts (ids of sealed contents) that the reporters joined to a case left.
CREATE OR REPLACE FUNCTION gongzhi_joined_contacts(lead uuid) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT content ->> 1
      FROM public.cases_caserecord c
      JOIN public.cases_casestep s ON s.case_id = c.id AND s.seq = 1,
           jsonb_array_elements(s.contents) AS content
     WHERE c.lead_case_id = $1 AND content ->> 0 = 'contact'
     ORDER BY c.id
$$;

-- The newest open or lately closed cases of some kinds in a small box, for the comparison with a report about to be sent.
DROP FUNCTION IF EXISTS gongzhi_cases_near(int, int, int, int, timestamptz, timestamptz, int);
CREATE OR REPLACE FUNCTION gongzhi_cases_near(
    kinds text[],
    south int, north int, west int, east int, reported_after timestamptz, closed_after timestamptz, at_most int
) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 40 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c
     WHERE c.kind = ANY (kinds) AND c.lat_e7 BETWEEN south AND north AND c.lon_e7 BETWEEN west AND east
       AND c.reported_at > reported_after AND (c.closed_at IS NULL OR c.closed_at > closed_after)
       AND NOT c.drill AND NOT c.assigned_only AND c.status <> 'linked'
     ORDER BY c.reported_at DESC LIMIT at_most
$$;

-- The public map: of the kinds that the programs put on it, the columns that it shows and no others.
DROP FUNCTION IF EXISTS gongzhi_public_map(text[], timestamptz, int);
CREATE FUNCTION gongzhi_public_map(kinds text[], closed_after timestamptz, at_most int)
    RETURNS TABLE (id uuid, code varchar, title varchar, definition varchar, status varchar,
                   lon_e7 int, lat_e7 int, reported_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, c.code, c.title, c.definition, c.status, c.lon_e7, c.lat_e7, c.reported_at
      FROM public.cases_caserecord c
     WHERE c.kind = ANY (kinds) AND (c.closed_at IS NULL OR c.closed_at > closed_after)
       AND NOT c.drill AND NOT c.assigned_only AND c.lon_e7 IS NOT NULL AND c.status NOT IN ('reported', 'declined', 'linked')
     ORDER BY c.reported_at DESC LIMIT at_most
$$;

-- Ids by words, the newest `at_most` that the asker's lists may hold: containment is not leakproof, so under a policy it
-- could not use its index. What is found is read again under the policy, which stays the rule; the reach is asked
-- here too, or others' newest would push one's own out.
DROP FUNCTION IF EXISTS gongzhi_cases_with_words(text, text);
CREATE OR REPLACE FUNCTION gongzhi_cases_with_words(words text, digits text, at_most int) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
    everywhere boolean := gongzhi_whole() OR gongzhi_everything();
    areas uuid[] := gongzhi_ids('areas');
    hands uuid[] := gongzhi_hands();
    grams text[] := gongzhi_grams(words);
    total real := greatest(1, (SELECT reltuples FROM pg_class WHERE oid = 'public.cases_caserecord'::regclass));
    own real := total;
    hold real;
    plan json;
BEGIN
    IF length(words) > 1 THEN  -- the pairs say it all
        grams := ARRAY(SELECT gram FROM unnest(grams) AS gram WHERE length(gram) = 2);
    END IF;
    -- A common word is found soonest by reading one's own cases, a rare one by its index. How common it is, and how
    -- much is one's own, the planner knows.
    EXECUTE $sql$EXPLAIN (FORMAT JSON) SELECT FROM public.cases_caserecord c
        WHERE gongzhi_grams(c.title || E'\n' || c.place_text) @> $1$sql$ INTO plan USING grams;
    hold := greatest(1, (plan -> 0 -> 'Plan' ->> 'Plan Rows')::real);
    IF NOT everywhere THEN
        EXECUTE $sql$EXPLAIN (FORMAT JSON) SELECT FROM public.cases_caserecord c
            WHERE c.township = ANY ($1) OR c.community = ANY ($1) OR c.grid = ANY ($1) OR c.worked_by && $2$sql$
            INTO plan USING areas, hands;
        own := greatest(1, (plan -> 0 -> 'Plan' ->> 'Plan Rows')::real);
    END IF;
    -- All of one's own at once: thinking of the limit, the planner would read by date through everybody's.
    IF NOT everywhere AND own < 20 * at_most THEN
        RETURN QUERY
            WITH reached AS MATERIALIZED (
                SELECT c.id, c.title, c.place_text, c.reported_at FROM public.cases_caserecord c
                 WHERE NOT c.assigned_only AND (c.township = ANY (areas) OR c.community = ANY (areas)
                       OR c.grid = ANY (areas) OR c.worked_by && hands))
            SELECT r.id FROM reached r WHERE strpos(r.title, words) > 0 OR strpos(r.place_text, words) > 0
             ORDER BY r.reported_at DESC LIMIT at_most;
    ELSIF least(own, at_most * (total / own) * (total / hold)) < hold * (own / total) + (hold + own) / 20 THEN
        RETURN QUERY
            SELECT c.id FROM public.cases_caserecord c
             WHERE NOT c.assigned_only AND (strpos(c.title, words) > 0 OR strpos(c.place_text, words) > 0)
               AND (everywhere OR c.township = ANY (areas) OR c.community = ANY (areas) OR c.grid = ANY (areas)
                    OR c.worked_by && hands)
             ORDER BY c.reported_at DESC LIMIT at_most;
    ELSE
        RETURN QUERY
            SELECT c.id FROM public.cases_caserecord c
             WHERE NOT c.assigned_only AND (strpos(c.title, words) > 0 OR strpos(c.place_text, words) > 0)
               AND gongzhi_grams(c.title || E'\n' || c.place_text) @> grams
               AND (everywhere OR c.township = ANY (areas) OR c.community = ANY (areas) OR c.grid = ANY (areas)
                    OR c.worked_by && hands)
             ORDER BY c.reported_at DESC LIMIT at_most;
    END IF;
    RETURN QUERY
        SELECT c.id FROM public.cases_caserecord c
         WHERE digits <> '' AND c.code LIKE '%' || digits || '%' AND NOT c.assigned_only
           AND (everywhere OR c.township = ANY (areas) OR c.community = ANY (areas) OR c.grid = ANY (areas)
                OR c.worked_by && hands)
         ORDER BY c.reported_at DESC LIMIT at_most;
END
$$;

-- The cases of one list. Not for itself: the planner puts it into the statements below, with the values that are asked
-- for, and leaves out what is not; so each list starts from the index that fits it. No condition says a thing twice
-- (what is late is open): the planner would take the two for independent, and the rows for few.
CREATE OR REPLACE FUNCTION gongzhi_cases_in_list(
    tab text, at timestamptz, everywhere boolean, areas uuid[], hands uuid[], waiting text[],
    of_kind text, in_state text, since timestamptz, place uuid, place_level text, hits uuid[]
) RETURNS TABLE (id uuid, queue_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT c.id, c.queue_at FROM public.cases_caserecord c
     WHERE NOT c.assigned_only
       AND (everywhere OR c.township = ANY (areas) OR c.community = ANY (areas) OR c.grid = ANY (areas)
            OR c.worked_by && hands)
       AND (of_kind = '' OR c.kind = of_kind) AND (in_state = '' OR c.status = in_state)
       AND (since IS NULL OR c.reported_at >= since) AND (hits IS NULL OR c.id = ANY (hits))
       AND CASE place_level
                WHEN '' THEN true
                WHEN 'grid' THEN c.grid = place
                WHEN 'community' THEN c.community = place
                WHEN 'township' THEN c.township = place
                ELSE c.county = place OR c.area_id = place END
       AND (tab = 'all' OR in_state NOT IN ('closed', 'declined', 'linked'))  -- what has ended stands in no other list
       AND CASE tab
                WHEN 'all' THEN true
                WHEN 'open' THEN c.closed_at IS NULL
                WHEN 'late' THEN c.queue_at < at
                WHEN 'to_verify' THEN c.status = 'resolved'
                WHEN 'supervised' THEN c.closed_at IS NULL AND c.supervised
                WHEN 'mine' THEN c.closed_at IS NULL AND (c.status = ANY (waiting) OR c.held_by && hands) END
$$;

-- Ids of one page of a list in its order, and how many each tab holds, counted up to a limit. Bounded twice: by what the
-- asker's scope says (the arguments), and by the bounds on the connection; the rows are read again under the policy.
CREATE OR REPLACE FUNCTION gongzhi_cases_listed(
    tab text, tabs text[], at timestamptz, whole boolean, areas uuid[], hands uuid[], waiting text[], kind text,
    status text, since timestamptz, place uuid, hits uuid[], after_at timestamptz, after_id uuid, at_most int,
    count_to int, OUT counts int[], OUT ids uuid[]
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    level text := '';
    one text;
BEGIN
    IF NOT (gongzhi_whole() OR gongzhi_everything()) THEN
        areas := CASE WHEN whole THEN gongzhi_ids('areas')
                      ELSE ARRAY(SELECT unnest(areas) INTERSECT SELECT unnest(gongzhi_ids('areas'))) END;
        hands := CASE WHEN whole THEN gongzhi_hands()
                      ELSE ARRAY(SELECT unnest(hands) INTERSECT SELECT unnest(gongzhi_hands())) END;
        whole := false;
    END IF;
    IF place IS NOT NULL THEN
        level := coalesce((SELECT a.level FROM territory_area a WHERE a.id = place), 'none');
    END IF;
    counts := '{}';
    FOREACH one IN ARRAY tabs LOOP
        counts := counts || (SELECT count(*)::int FROM (
            SELECT FROM gongzhi_cases_in_list(one, at, whole, areas, hands, waiting, kind, status, since, place, level,
                                              hits) LIMIT count_to) AS counted);
    END LOOP;
    IF since > at - interval '2 days' THEN  -- few: all of them, then sorted; in the queue's order the newest come last
        ids := ARRAY(
            SELECT l.id FROM (
                SELECT * FROM gongzhi_cases_in_list(tab, at, whole, areas, hands, waiting, kind, status, since, place,
                                                    level, hits) OFFSET 0) AS l
             WHERE after_at IS NULL OR (l.queue_at, l.id) > (after_at, after_id)
             ORDER BY l.queue_at, l.id LIMIT at_most);
        RETURN;
    END IF;
    ids := ARRAY(
        SELECT l.id FROM gongzhi_cases_in_list(tab, at, whole, areas, hands, waiting, kind, status, since, place, level,
                                               hits) AS l
         WHERE after_at IS NULL OR (l.queue_at, l.id) > (after_at, after_id)
         ORDER BY l.queue_at, l.id LIMIT at_most);
END
$$;

-- The open tasks of somebody and of their organisations, the oldest first: under the policy each of thousands would be
-- asked about its case before the first were shown. What is named here is read again under the policy.
CREATE OR REPLACE FUNCTION gongzhi_open_tasks(own uuid, handling uuid[], shared uuid[], at_most int) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 60 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.id FROM public.cases_casetask t JOIN public.cases_caserecord c ON c.id = t.case_id
     WHERE t.status IN ('assigned', 'started') AND c.closed_at IS NULL AND NOT c.assigned_only
       AND (t.person = own OR t.organisation_id = ANY (handling) OR (t.person IS NULL AND t.organisation_id = ANY (shared)))
     ORDER BY t.assigned_at LIMIT at_most
$$;

-- What asked for sets of ids, in earlier versions.
DROP FUNCTION IF EXISTS gongzhi_cases_reached();
DROP FUNCTION IF EXISTS gongzhi_cases_with_own_tasks();
DROP FUNCTION IF EXISTS gongzhi_support_cases();
