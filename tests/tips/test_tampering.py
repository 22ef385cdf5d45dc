"""Somebody with all rights on the database changes rows behind everybody's back: it is found and named."""

import psycopg
import pytest
from django.conf import settings

from gongzhi.accounts import demo as people
from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.programs import operations as programs
from gongzhi.territory import operations as territory
from gongzhi.tips import operations, verification
from gongzhi.tips.models import Tip
from tests.tips.conftest import NOW, TipTown

TABLES = ("tips_tipstep", "tips_tipmessage", "tips_tip", "tips_fundmove", "tips_reward")
FORGERIES = {
    "UPDATE tips_tipstep SET data = '{\"outcome\": \"not_borne_out\"}' WHERE kind = 'tip_closed'": "was changed",
    "UPDATE tips_tipstep SET day = day - 30 WHERE seq = 1": "was changed",
    "DELETE FROM tips_tipstep WHERE seq = 2": "step 2 is missing",
    "DELETE FROM tips_tipstep WHERE kind = 'reward_claimed'": "last steps are missing",
    "UPDATE tips_tipmessage SET sealed = sealed || '\\x00'": "a message was changed",
    "DELETE FROM tips_tipmessage": "a message is gone",
    "INSERT INTO tips_tipmessage SELECT gen_random_uuid(), 9, true, day, sealed, tip_id FROM tips_tipmessage"
    " WHERE seq = 1": "no step names",
    "UPDATE tips_tip SET status = 'received'": "the ledger says closed",
    "UPDATE tips_tip SET reported_id = unit_id": "the header's reported",
    "UPDATE tips_tip SET unit_id = (SELECT id FROM accounts_organisation WHERE code = 'police')": "the header's unit",
    "UPDATE tips_fundmove SET amount = amount * 2 WHERE kind = 'deposited'": "movement 1 was changed",
    "DELETE FROM tips_fundmove WHERE seq = 1": "movement 1 is missing",
    "UPDATE tips_reward SET amount = amount + 1": "rewards paid come to",
    "UPDATE tips_reward SET state = 'refused'": "rewards paid come to 0",
}


@pytest.fixture
def paid(clean_cell: postgres.Server, cheap_guesses) -> postgres.Server:
    """A tip that was closed, rewarded and paid; really committed."""
    programs.load(folder=settings.GONGZHI_PROGRAMS, by=SYSTEM, now=NOW)
    territory.load_demo(by=SYSTEM, now=NOW)
    people.load(now=NOW)
    town = TipTown()
    town.set_up_keys()
    key = operations.open_receipt(receipt=town.submit().receipt, now=NOW)
    operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    town.close(key.tip)
    reward = operations.propose_reward(tip=key.tip, grade="first", fines=0, by=town.who("tipmember"), now=NOW)
    operations.approve_reward(reward=reward, by=town.who("tipmember2"), now=NOW)
    code = operations.claim_reward(key=key, now=NOW)
    operations.pay_reward(claim_code=code, by=town.who("finance"), now=NOW)
    return clean_cell


def test_every_forgery_is_found_and_named(paid: postgres.Server):
    assert verification.problems() == []
    number = Tip.objects.get().number
    missed = {}
    for statement, named in FORGERIES.items():
        with psycopg.connect(paid.url(postgres.SUPERUSER)) as forger:
            forger.execute("SET session_replication_role = replica")
            forger.execute(statement)
            forger.commit()
            lines = verification.problems()
            if not any(named in line and (number in line or line.startswith("fund")) for line in lines):
                missed[statement] = lines
        _undo(paid)
    assert missed == {}


def _undo(server: postgres.Server) -> None:
    """Put the tables back as the fixture left them."""
    with psycopg.connect(server.url(postgres.SUPERUSER)) as owner:
        owner.execute("SET session_replication_role = replica")
        for table in TABLES:
            owner.execute(f"DELETE FROM {table}")
            owner.execute(f"INSERT INTO {table} SELECT * FROM saved_{table}")


@pytest.fixture(autouse=True)
def saved(paid: postgres.Server):
    with psycopg.connect(paid.url(postgres.SUPERUSER)) as owner:
        for table in TABLES:
            owner.execute(f"CREATE TABLE saved_{table} AS SELECT * FROM {table}")
    yield
    with psycopg.connect(paid.url(postgres.SUPERUSER)) as owner:
        for table in TABLES:
            owner.execute(f"DROP TABLE saved_{table}")


def test_the_application_itself_can_not_change_a_step_or_a_movement(paid: postgres.Server):
    for table in ("tips_tipstep", "tips_fundmove", "tips_block"):
        with psycopg.connect(paid.url(postgres.APP)) as application:
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.Error):
                    application.execute(statement)
                application.rollback()
