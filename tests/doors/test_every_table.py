"""Every table has a policy, or a reason here why it needs none. A new table lands on one side or the other."""

from django.apps import apps
from django.db import connection

from gongzhi.base import roles

BY_PART = "no row belongs to a case or a resident; the desk of the part that owns it decides who sees it"
TIPS = (
    "sealed under keys of its own, which no connection has: the lock is the key, not the row (tips/README.md)"
)
NO_POLICY = {
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
    "auth_permission": "not used: roles are dated grants",
    "auth_group": "not used: roles are dated grants",
    "auth_group_permissions": "not used: roles are dated grants",
    "django_session": "looked up by a random key that only the visitor's cookie holds",
    "procrastinate_jobs": "ids only: a job reads its row as the engine",
    "procrastinate_events": "ids only",
    "procrastinate_workers": "signs of life",
    "procrastinate_periodic_defers": "times only",
    "procrastinate_version": "a version",
    "base_calendarversion": "published",
    "territory_area": "published",
    "territory_areaname": "published",
    "territory_areacode": "published",
    "territory_boundary": "published",
    "territory_revision": "a counter",
    "territory_cell": "published",
    "programs_definition": "published",
    "programs_programcard": "published",
    "programs_tipruleset": "published",
    "accounts_organisation": "published: who is responsible for what",
    "accounts_team": BY_PART,
    "accounts_person": "needed before anybody is known, to sign in; names of staff stand on cases",
    "accounts_rolegrant": "needed before anybody is known: the bounds are made of it",
    "accounts_areahead": "published: who answers for an area",
    "accounts_areadeputy": "published: who answers for an area",
    "accounts_apitoken": "needed before anybody is known; holds a digest, found by it",
    "accounts_opensession": "needed to know whether a session still holds; digests of keys, when and what for",
    "accounts_citylink": "needed before anybody is known, to sign in; a digest, found by it",
    "account_emailaddress": "not used: staff sign in with a name",
    "account_emailconfirmation": "not used: staff sign in with a name",
    "mfa_authenticator": "needed between the password and the second factor; the secrets in it are encrypted",
    "accounts_signintry": "needed before anybody is known, to slow down guessing; digests",
    "base_shared_cache": "short-lived counters and figures, looked up by key",
    "trust_logleaf": "the published log: digests and positions, which anybody with a code checks a proof by",
    "trust_lognode": "the published log: digests",
    "trust_loghead": "published, signed",
    "trust_proofkey": "published",
    "cases_blindperiod": "times only",
    "cases_loopbeat": "times only",
}


NO_POLICY |= dict.fromkeys((m._meta.db_table for m in apps.get_models() if m._meta.app_label == "tips"), TIPS)


def tables() -> set[str]:
    """What there is in the database, also what no model stands for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}


def test_every_table_has_a_policy_or_a_reason_why_not(db: None) -> None:
    undecided = tables() - set(roles.locked_tables(connection)) - NO_POLICY.keys()
    assert undecided == set(), (
        "add a policy to the part's locks.sql (docs/howto/add-a-table.md), or a reason here"
    )


def test_no_reason_outlives_its_table(db: None) -> None:
    gone = {name for name in NO_POLICY if name not in tables()}
    assert (
        gone - {"auth_group", "auth_group_permissions", "django_migrations", "procrastinate_version"} == set()
    )
    assert set(NO_POLICY) & set(roles.locked_tables(connection)) == set()


def test_every_table_with_a_policy_has_it_switched_on(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY 1")
        on = [row[0] for row in cursor.fetchall()]
    assert on == roles.locked_tables(connection)


def test_a_table_with_a_personal_field_has_a_policy(db: None) -> None:
    """Staff accounts are the one exception, argued above: they are read before anybody is known."""
    personal = {m._meta.db_table for m in apps.get_models() if getattr(m, "personal", None)}
    unlocked = personal - set(roles.locked_tables(connection))
    assert {table for table in unlocked if not table.startswith(("accounts_", "tips_"))} == set()
    assert unlocked <= NO_POLICY.keys()


def test_what_hands_rows_out_past_the_policies_names_where_it_looks(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, coalesce(array_to_string(proconfig, ';'), '') FROM pg_proc"
            " WHERE prosecdef AND proname LIKE 'gongzhi%'"
        )
        found = cursor.fetchall()
    assert len(found) >= 8
    assert [name for name, config in found if "search_path=pg_catalog, public, pg_temp" not in config] == []
