-- Three figures for the page on which the machine is looked after. The policies on notices are in cases/locks.sql.
CREATE OR REPLACE FUNCTION gongzhi_outbox_state(
    at timestamptz, OUT waiting bigint, OUT oldest_at timestamptz, OUT undelivered bigint
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE d.state IN ('waiting', 'failed') AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= at)),
           min(n.created_at) FILTER (
               WHERE d.state IN ('waiting', 'failed') AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= at)),
           count(*) FILTER (WHERE d.state = 'undeliverable' AND n.acknowledged_at IS NULL)
      FROM public.notices_delivery d JOIN public.notices_notice n ON n.id = d.notice_id
     WHERE d.state IN ('waiting', 'failed', 'undeliverable')
$$;
