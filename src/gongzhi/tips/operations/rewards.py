"""Rewards: proposed by one, approved by another, above the limit by finance too, paid against a claim code."""

import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.base.ids import clean_code
from gongzhi.programs import queries as programs
from gongzhi.territory.types import Chain
from gongzhi.tips import access, fund, ledger, receipts
from gongzhi.tips.guesses import WRONG_CLAIMS, counted
from gongzhi.tips.models import HandOver, Reward, Tip
from gongzhi.tips.operations import telling
from gongzhi.tips.rules.rewards import needs_finance, reward_amount
from gongzhi.tips.types import ClaimView, FundMoveKind, ReceiptKey, RewardState, TipOutcome, TipStepKind
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

REWARDED = (TipOutcome.TRUE, TipOutcome.PARTLY_TRUE)
OPEN = (RewardState.PROPOSED, RewardState.AWAITING_FINANCE, RewardState.CLAIMABLE)


@transaction.atomic
def propose_reward(*, tip: uuid.UUID, grade: str, fines: int, by: Actor, now: datetime) -> uuid.UUID:
    """Propose a reward for a tip closed as true; the rule works out the amount from fines and confiscations (fen)."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    _decider(row, by, on)
    if row.outcome not in REWARDED:
        raise Refused(_("Only a tip that was found true is rewarded."), code="not_true")
    rule = programs.tip_rules(row.rule)
    amount = reward_amount(rule, grade, fines)
    reward = Reward(
        id=uuid.uuid4(),
        tip=row,
        rule=rule.sha256,
        grade=grade,
        fines=fines,
        amount=amount,
        needs_finance=needs_finance(rule, amount),
        state=RewardState.PROPOSED,
        proposed_by=str(by),
    )
    try:
        with transaction.atomic():
            reward.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is a reward for this tip already."), code="reward_there") from error
    ledger.take(row, TipStepKind.REWARD_PROPOSED, by=by, now=now, data={"amount": amount})
    telling.tell_members(row, row.last_seq, now)
    return reward.uuid


@transaction.atomic
def approve_reward(*, reward: uuid.UUID, by: Actor, now: datetime) -> None:
    """A second member of the unit approves; above the limit it goes on to finance."""
    row, on = _locked(reward, RewardState.PROPOSED), ledger.day_of(now)
    _decider(row.tip, by, on)
    if row.proposed_by == str(by):
        raise Refused(_("Somebody else must approve what you proposed."), code="two_needed")
    row.approved_by = str(by)
    if not row.needs_finance:
        _grant(row, by, now)
        return
    row.state = RewardState.AWAITING_FINANCE
    row.save()
    telling.tell_deciders(accounts.people_with(Role.FINANCE, Chain(), on=on), str(row.id), now)


@transaction.atomic
def approve_as_finance(*, reward: uuid.UUID, by: Actor, now: datetime) -> None:
    """Finance approves what is above the limit, seeing the amount and nothing of the tip."""
    row = _locked(reward, RewardState.AWAITING_FINANCE)
    access.need(by, Role.FINANCE, ledger.day_of(now))
    row.finance_by = str(by)
    _grant(row, by, now)


@transaction.atomic
def refuse_reward(*, reward: uuid.UUID, by: Actor, now: datetime) -> None:
    """Say no, before it can be claimed: a second member, or finance where it waits for finance."""
    row, on = _locked(reward, RewardState.PROPOSED, RewardState.AWAITING_FINANCE), ledger.day_of(now)
    if row.state == RewardState.AWAITING_FINANCE:
        access.need(by, Role.FINANCE, on)
    else:
        _decider(row.tip, by, on)
    _end(row, RewardState.REFUSED, by, now)


@transaction.atomic
def claim_reward(*, key: ReceiptKey, now: datetime) -> str:
    """A claim code of 12 digits, shown once; asking again makes the one before worthless."""
    tip = ledger.locked(key.tip)
    row = Reward.objects.select_for_update().filter(tip=tip, state=RewardState.CLAIMABLE).first()
    if row is None or _late(row, ledger.day_of(now)):
        raise NotFound(_("There is no reward to claim."), code="no_reward")
    code = receipts.new_claim_code()
    row.claim = receipts.stretch(code).locator
    row.save(update_fields=["claim"])
    ledger.take(tip, TipStepKind.REWARD_CLAIMED, by=RESIDENT, now=now)
    return code


def find_claim(*, claim_code: str, by: Actor, now: datetime) -> ClaimView:
    """What a claim code is worth; the clerk sees an amount and nothing else."""
    row = _claimed(claim_code, by, now)
    return ClaimView(
        row.uuid, row.amount, row.claim_until or ledger.day_of(now), row.state == RewardState.PAID
    )


def pay_reward(*, claim_code: str, by: Actor, now: datetime) -> int:
    """Put on record that it was paid against the claim code; who approved it as finance does not pay it."""
    found = _claimed(claim_code, by, now)
    with transaction.atomic():
        row = _locked(found.uuid, RewardState.CLAIMABLE)
        if str(by) in (row.finance_by, row.approved_by, row.proposed_by):
            raise NotAllowed(_("Who approved a reward does not pay it: ask a colleague."), code="two_needed")
        if row.claim != found.claim or _late(row, ledger.day_of(now)):
            raise NotFound(_("This claim code is no longer good."), code="no_claim")
        row.state, row.ended_by = RewardState.PAID, str(by)
        row.save()
        grounds = {**_grounds(row), "claim": bytes(row.claim or b"").hex()}
        fund.move(FundMoveKind.PAID, row.amount, by=by, now=now, reward=row.uuid, grounds=grounds)
        _noted("paid", row, by, now)
    return row.amount


@transaction.atomic
def deposit(*, amount: int, by: Actor, now: datetime) -> None:
    """Money comes into the fund."""
    access.need(by, Role.FINANCE, ledger.day_of(now))
    fund.move(FundMoveKind.DEPOSITED, amount, by=by, now=now)
    audit.note(kind=AuditKind.FUND_ACT, by=by, now=now, data={"act": "deposited", "amount": amount})


@transaction.atomic
def lapse(*, reward: uuid.UUID, by: Actor, now: datetime) -> None:
    """A reward nobody claimed in time returns to the fund."""
    row = _locked(reward, RewardState.CLAIMABLE)
    if _late(row, ledger.day_of(now)):
        fund.move(FundMoveKind.RETURNED, row.amount, by=by, now=now, reward=row.uuid, grounds=_grounds(row))
        _end(row, RewardState.LAPSED, by, now)


def handlers_of(tip: Tip) -> frozenset[uuid.UUID]:
    """The organisations that handle a tip: nobody of theirs decides on its reward."""
    return frozenset(HandOver.objects.filter(tip=tip).values_list("organisation", flat=True))


def _decider(tip: Tip, by: Actor, on: date) -> None:
    person = access.member_of(tip, by, on)
    if access.as_member(person, on).organisations & handlers_of(tip):
        raise NotAllowed(_("Whoever handles a tip does not decide on its reward."), code="handles_it")


def _locked(reward: uuid.UUID, *states: RewardState) -> Reward:
    row = Reward.objects.select_for_update(of=("self",)).select_related("tip").filter(id=reward).first()
    if row is None:
        raise NotFound(_("There is no such reward."), code="no_reward")
    if row.state not in states:
        raise Conflict(
            _("This reward is “%(state)s” by now.") % {"state": RewardState(row.state).label}, code="moved_on"
        )
    return row


def _grant(row: Reward, by: Actor, now: datetime) -> None:
    days = timedelta(days=programs.tip_rules(row.rule).claim_days)
    row.state, row.claim_until = RewardState.CLAIMABLE, ledger.day_of(now) + days
    row.save()
    fund.move(FundMoveKind.RESERVED, row.amount, by=by, now=now, reward=row.uuid, grounds=_grounds(row))
    _decided(row, by, now)


def _end(row: Reward, state: RewardState, by: Actor, now: datetime) -> None:
    row.state, row.ended_by, row.claim = state, str(by), None
    row.save()
    _decided(row, by, now)


def _decided(row: Reward, by: Actor, now: datetime) -> None:
    tip = ledger.locked(row.tip_id)
    data = {"state": RewardState(row.state).value, "amount": row.amount}
    ledger.take(tip, TipStepKind.REWARD_DECIDED, by=by, now=now, data=data)
    _noted(RewardState(row.state).value, row, by, now)


def _grounds(row: Reward) -> dict[str, str]:
    return {"proposed": row.proposed_by, "approved": row.approved_by, "finance": row.finance_by}


def _noted(act: str, row: Reward, by: Actor, now: datetime) -> None:
    data = {"act": act, "amount": row.amount}
    audit.note(kind=AuditKind.FUND_ACT, by=by, now=now, subject=f"reward:{row.id}", data=data)


def _claimed(claim_code: str, by: Actor, now: datetime) -> Reward:
    access.need(by, Role.FINANCE, ledger.day_of(now))
    digits = clean_code(claim_code)
    with counted("claim", WRONG_CLAIMS, now):
        locator = receipts.stretch(digits).locator if len(digits) == receipts.CLAIM_DIGITS else b""
        row = Reward.objects.filter(claim=locator).first() if locator else None
        if row is None:
            raise NotFound(_("This claim code is no longer good."), code="no_claim", field="claim_code")
    return row


def _late(row: Reward, on: date) -> bool:
    return row.claim_until is None or on > row.claim_until
