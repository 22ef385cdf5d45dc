-- The second lock of cases. The rule of queries/visibility.py once more, in SQL; tests/doors holds the two together.
-- A row is reached by the whole cell, by area, by a task of one's own, or by a pass that names the case; a support
-- case (`assigned_only`) by an open task or a pass alone.

-- The cases on which the person, or an organisation they handle matters for, has or had a task. As the owner: asked
-- as the caller, tasks would ask for cases and cases for tasks.
CREATE OR REPLACE FUNCTION gongzhi_cases_with_own_tasks() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 500 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.case_id FROM public.cases_casetask t WHERE t.person = (SELECT public.gongzhi_person())
    UNION ALL
    SELECT t.case_id FROM public.cases_casetask t
     WHERE t.organisation_id = ANY ((SELECT public.gongzhi_ids('organisations'))::uuid[])
$$;

-- The support cases, which no area and no office reaches.
CREATE OR REPLACE FUNCTION gongzhi_support_cases() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c WHERE c.assigned_only
$$;

-- Those of them that the person is inside: by an open task that names them, or their team's while it names nobody.
CREATE OR REPLACE FUNCTION gongzhi_own_support_cases() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c JOIN public.cases_casetask t ON t.case_id = c.id
     WHERE c.assigned_only AND c.status NOT IN ('closed', 'declined', 'linked')
       AND t.status IN ('assigned', 'started')
       AND (t.person = (SELECT public.gongzhi_person())
            OR (t.person IS NULL AND t.organisation_id = ANY ((SELECT public.gongzhi_ids('handlers'))::uuid[])))
$$;

DROP POLICY IF EXISTS reach ON cases_caserecord;
CREATE POLICY reach ON cases_caserecord USING (
    (SELECT gongzhi_everything())
    OR id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR (NOT assigned_only AND (
        (SELECT gongzhi_whole())
        OR township = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR community = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR grid = ANY ((SELECT gongzhi_ids('areas'))::uuid[])
        OR id IN (SELECT gongzhi_cases_with_own_tasks())))
    OR (assigned_only AND id IN (SELECT gongzhi_own_support_cases()))
);

-- The same cases by their indexes, for what hangs on them: gathered once per statement, where asking the table above
-- would read it through for every list.
CREATE OR REPLACE FUNCTION gongzhi_cases_reached() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off AS $$  -- the planner takes an array it can't see for ten areas, and would read everything
    SELECT own FROM public.gongzhi_cases_with_own_tasks() AS own
     WHERE own NOT IN (SELECT public.gongzhi_support_cases())
    UNION ALL SELECT public.gongzhi_own_support_cases()
    UNION ALL SELECT c.id FROM public.cases_caserecord c
     WHERE c.township = ANY ((SELECT public.gongzhi_ids('areas'))::uuid[]) AND NOT c.assigned_only
    UNION ALL SELECT c.id FROM public.cases_caserecord c
     WHERE c.community = ANY ((SELECT public.gongzhi_ids('areas'))::uuid[]) AND NOT c.assigned_only
    UNION ALL SELECT c.id FROM public.cases_caserecord c
     WHERE c.grid = ANY ((SELECT public.gongzhi_ids('areas'))::uuid[]) AND NOT c.assigned_only
$$;

-- What hangs on a case is reached with it.
DROP POLICY IF EXISTS reach ON cases_casestep;
CREATE POLICY reach ON cases_casestep USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR ((SELECT gongzhi_whole()) AND case_id NOT IN (SELECT gongzhi_support_cases()))
    OR case_id IN (SELECT gongzhi_cases_reached())
);

DROP POLICY IF EXISTS reach ON cases_casetask;
CREATE POLICY reach ON cases_casetask USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR ((SELECT gongzhi_whole()) AND case_id NOT IN (SELECT gongzhi_support_cases()))
    OR case_id IN (SELECT gongzhi_cases_reached())
);

DROP POLICY IF EXISTS reach ON cases_caseclock;
CREATE POLICY reach ON cases_caseclock USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR ((SELECT gongzhi_whole()) AND case_id NOT IN (SELECT gongzhi_support_cases()))
    OR case_id IN (SELECT gongzhi_cases_reached())
);

DROP POLICY IF EXISTS reach ON cases_casephoto;
CREATE POLICY reach ON cases_casephoto USING (
    (SELECT gongzhi_everything()) OR case_id = ANY ((SELECT gongzhi_passes('case'))::uuid[])
    OR ((SELECT gongzhi_whole()) AND case_id NOT IN (SELECT gongzhi_support_cases()))
    OR case_id IN (SELECT gongzhi_cases_reached())
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
    SELECT count(*) FILTER (WHERE k.status = 'running'), count(*) FILTER (WHERE k.next_at <= at)
      FROM public.cases_caseclock k
$$;

-- The case that was opened under a client id: the sender's own, as nobody else knows the id.
CREATE OR REPLACE FUNCTION gongzhi_case_of_client(client uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM public.cases_caserecord c WHERE c.client_id = $1
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
-- could not use its index. What is found is read again under the policy, which stays the rule; the areas are asked
-- here too, or others' newest would push one's own out.
DROP FUNCTION IF EXISTS gongzhi_cases_with_words(text, text);
CREATE OR REPLACE FUNCTION gongzhi_cases_with_words(words text, digits text, at_most int) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_custom_plan AS $$  -- a common word and a rare one want different plans
DECLARE
    everywhere boolean := gongzhi_whole() OR gongzhi_everything();
    areas uuid[] := gongzhi_ids('areas');
    grams text[] := gongzhi_grams(words);
    newest uuid[];
BEGIN
    IF length(words) > 1 THEN  -- the pairs say it all
        grams := ARRAY(SELECT gram FROM unnest(grams) AS gram WHERE length(gram) = 2);
    END IF;
    IF everywhere THEN  -- a common word is full after a look at the newest
        newest := ARRAY(
            SELECT c.id FROM (SELECT * FROM public.cases_caserecord o ORDER BY reported_at DESC LIMIT 20 * at_most) AS c
             WHERE (strpos(c.title, words) > 0 OR strpos(c.place_text, words) > 0) AND NOT c.assigned_only
             LIMIT at_most);
    END IF;
    IF cardinality(newest) = at_most THEN
        RETURN QUERY SELECT unnest(newest);
        RETURN;
    END IF;
    RETURN QUERY
        WITH hit AS MATERIALIZED (
            SELECT c.id, c.township, c.community, c.grid, c.assigned_only, c.reported_at
              FROM public.cases_caserecord c
             WHERE gongzhi_grams(c.title || E'\n' || c.place_text) @> grams
               AND (strpos(c.title, words) > 0 OR strpos(c.place_text, words) > 0)
            UNION
            SELECT c.id, c.township, c.community, c.grid, c.assigned_only, c.reported_at
              FROM public.cases_caserecord c WHERE digits <> '' AND c.code LIKE '%' || digits || '%'
        )
        SELECT h.id FROM hit h
         WHERE NOT h.assigned_only
           AND (everywhere OR h.township = ANY (areas) OR h.community = ANY (areas) OR h.grid = ANY (areas)
                OR h.id IN (SELECT gongzhi_cases_with_own_tasks()))
         ORDER BY h.reported_at DESC LIMIT at_most;
END
$$;
