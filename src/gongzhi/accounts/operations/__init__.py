"""Every write of people and organisations: keyword-only, by whom, when, one transaction each.

The system administrator makes accounts and organisations; the security administrator says who may do what.
"""

from gongzhi.accounts.operations.organisations import (
    create_organisation,
    create_team,
    end_organisation,
    end_team,
)
from gongzhi.accounts.operations.people import (
    close_account,
    create_people,
    create_person,
    one_time_password,
    set_expiry,
    set_password,
)
from gongzhi.accounts.operations.roles import appoint_head, end_grant, end_head, grant_role
from gongzhi.accounts.operations.tokens import (
    LONGEST_TOKEN,
    TOKEN_PREFIX,
    issue_token,
    revoke_token,
    use_token,
)
from gongzhi.accounts.operations.ways_in import end_sessions, reset_second_factor, untie_city_sign_on
from gongzhi.accounts.operations.writing import only

__all__ = [
    "LONGEST_TOKEN",
    "TOKEN_PREFIX",
    "appoint_head",
    "close_account",
    "create_organisation",
    "create_people",
    "create_person",
    "create_team",
    "end_grant",
    "end_head",
    "end_organisation",
    "end_sessions",
    "end_team",
    "grant_role",
    "issue_token",
    "one_time_password",
    "only",
    "reset_second_factor",
    "revoke_token",
    "set_expiry",
    "set_password",
    "untie_city_sign_on",
    "use_token",
]
