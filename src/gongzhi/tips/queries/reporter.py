"""What the reporter sees: the page to tell on, and after the receipt the tip."""

import uuid
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.errors import NotFound
from gongzhi.programs import queries as programs
from gongzhi.tips import access, words
from gongzhi.tips import views as seen
from gongzhi.tips.contents import open_words, place
from gongzhi.tips.ledger import no_such_tip
from gongzhi.tips.models import RecoveryAccess, RecoveryKey, Reward, Tip, TipFile, TipIdentity
from gongzhi.tips.operations.identities import custodians
from gongzhi.tips.types import (
    FileContent,
    Intake,
    Proof,
    ReceiptKey,
    ReporterView,
    RewardState,
    RewardView,
    RightDoor,
    TipOutcome,
    TipStatus,
    TipStepKind,
)
from gongzhi.trust import sharing

SHOWN_REWARDS = (RewardState.CLAIMABLE, RewardState.PAID, RewardState.LAPSED)


def intake(on: date) -> Intake:
    """What the tip page asks for and may promise."""
    rules = programs.current_tip_rules(on)
    ready = rules is not None and RecoveryKey.objects.exists()
    return Intake(
        open=ready and rules is not None and access.routed(rules, None, (), on) is not None,
        identity_possible=len(custodians(on)) >= sharing.NEEDED,
        organisations=tuple(accounts.organisations(on=on)),
        largest_file=words.LARGEST_FILE,
        most_files=words.MOST_FILES,
        retention_days=rules.retention_days if rules else 0,
        doors=tuple(RightDoor),
    )


def tip_for_reporter(key: ReceiptKey, on: date) -> ReporterView:
    """The tip as its reporter sees it; steps without names."""
    tip = _tip(key)
    timeline = seen.steps(tip, for_reporter=True)
    opened = (TipStepKind.IDENTITY_OPENED, TipStepKind.IDENTITY_ASKED)
    return ReporterView(
        tip=tip.uuid,
        status=TipStatus(tip.status),
        status_title=TipStatus(tip.status).label,
        unit_name=accounts.organisation(tip.unit_id).name,
        outcome=TipOutcome(tip.outcome) if tip.outcome else None,
        door=RightDoor(tip.door) if tip.door else None,
        messages=seen.messages(tip, key.content_key),
        files=seen.files(tip, key.content_key),
        timeline=timeline,
        has_identity=TipIdentity.objects.filter(tip=tip).exists(),
        identity_openings=tuple(step for step in timeline if step.kind in opened),
        reward=_reward(tip),
        erase_on=tip.erase_on,
        proof=_proof(tip, key),
    )


def file_for_reporter(key: ReceiptKey, file: uuid.UUID) -> FileContent:
    """The cleaned copy of a file the reporter sent."""
    row = TipFile.objects.filter(tip=_tip(key), id=file).first()
    if row is None:
        raise NotFound(_("There is no such file."), code="no_file")
    return seen.file_content(row, key.content_key)


def _tip(key: ReceiptKey) -> Tip:
    tip = Tip.objects.filter(id=key.tip, erased_on=None).first()
    if tip is None:
        raise no_such_tip()
    return tip


def _proof(tip: Tip, key: ReceiptKey) -> Proof:
    row = RecoveryAccess.objects.get(tip=tip)
    return Proof(**open_words(key.content_key, bytes(row.proof), place(tip.id, "proof")))


def _reward(tip: Tip) -> RewardView | None:
    row = Reward.objects.filter(tip=tip, state__in=SHOWN_REWARDS).order_by("-claim_until").first()
    return seen.reward_view(row) if row else None
