-- The audit log: anybody may add a row, nobody but the audit administrator reads one.

DROP POLICY IF EXISTS audit_add ON trust_auditrow;
CREATE POLICY audit_add ON trust_auditrow FOR INSERT WITH CHECK (true);

DROP POLICY IF EXISTS audit_read ON trust_auditrow;
CREATE POLICY audit_read ON trust_auditrow FOR SELECT
    USING ('audit_admin' = ANY ((SELECT gongzhi_words('roles'))::text[]));

-- The end of the chain, for whoever adds the next row.
CREATE OR REPLACE FUNCTION gongzhi_audit_end(OUT seq bigint, OUT digest bytea) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.seq, a.digest FROM public.trust_auditrow a ORDER BY a.seq DESC LIMIT 1
$$;
