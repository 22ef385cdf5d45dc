-- What the policies ask: the bounds of whoever acts now, as gongzhi.base.bounds has set them on the connection.
-- Without a setting every answer is "nothing". In a policy write (SELECT f()), so that it is asked once per statement.

CREATE OR REPLACE FUNCTION gongzhi_ids(setting text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('gongzhi.' || setting, true), '')::uuid[], '{}')
$$;

CREATE OR REPLACE FUNCTION gongzhi_words(setting text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('gongzhi.' || setting, true), '')::text[], '{}')
$$;

CREATE OR REPLACE FUNCTION gongzhi_whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('gongzhi.whole', true), '') = 'on'
$$;

-- What stands in for the engine: the replay's clock, a test that looks at rows.
CREATE OR REPLACE FUNCTION gongzhi_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('gongzhi.everything', true), '') = 'on'
$$;

CREATE OR REPLACE FUNCTION gongzhi_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('gongzhi.person', true), '')::uuid
$$;

-- The ids of one kind of subject that a pass names: 'case:…' for kind 'case'.
CREATE OR REPLACE FUNCTION gongzhi_passes(kind text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(substr(subject, length(kind) + 2)::uuid), '{}')
      FROM unnest(gongzhi_words('passes')) AS subject
     WHERE starts_with(subject, kind || ':')
$$;

-- The id in a subject of one kind; null for any other subject.
CREATE OR REPLACE FUNCTION gongzhi_id_in(subject text, kind text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN subject ~ ('^' || kind || ':[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
                THEN substr(subject, length(kind) + 2)::uuid END
$$;

-- Whether nothing is hidden from the role at hand: the engine (see gongzhi.base.roles), the owner, a superuser.
CREATE OR REPLACE FUNCTION gongzhi_reaches_everything() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT gongzhi_everything()
        OR EXISTS (SELECT FROM pg_policies WHERE policyname = 'engine' AND current_user = ANY (roles))
        OR EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
        OR EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls))
$$;
