"""The closed lists of protected tips: statuses, steps, reasons, purposes; each with a title for people."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class TipStatus(StrEnum):
    """Where a tip stands. Only the last two are ends."""

    RECEIVED = "received"
    READ = "read"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The status in the reader's language."""
        return str(_STATUS_LABELS[self])

    @property
    def ended(self) -> bool:
        """True once nothing more is to be done."""
        return self in (TipStatus.CLOSED, TipStatus.DECLINED)


_STATUS_LABELS: Mapping[TipStatus, Promise] = {
    TipStatus.RECEIVED: _("Received, not read yet"),
    TipStatus.READ: _("Read, being looked into"),
    TipStatus.HANDED_OVER: _("With the unit that checks it"),
    TipStatus.ANSWERED: _("Checked, the unit has answered"),
    TipStatus.CLOSED: _("Tip closed"),
    TipStatus.DECLINED: _("Belongs elsewhere"),
}


class TipStepKind(StrEnum):
    """One line of a tip's own ledger; no words, only what was done."""

    RECEIVED = "tip_received"
    READ = "tip_read"
    MESSAGE_FROM_REPORTER = "message_from_reporter"
    MESSAGE_TO_REPORTER = "message_to_reporter"
    HANDED_OVER = "tip_handed_over"
    HANDLER_ANSWERED = "handler_answered"
    CLOSED = "tip_closed"
    DECLINED = "tip_declined"
    REOPENED = "tip_reopened"
    BLOCKED = "member_blocked"
    RECUSED = "member_recused"
    ACCESS_GIVEN = "access_given"
    ORIGINAL_OPENED = "original_opened"
    IDENTITY_GIVEN = "identity_given"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_OPENED = "identity_opened"
    REWARD_PROPOSED = "reward_proposed"
    REWARD_DECIDED = "reward_decided"
    REWARD_CLAIMED = "reward_claimed"
    DELETION_WARNED = "deletion_warned"
    KEPT_LONGER = "kept_longer"
    ERASED = "tip_erased"

    @property
    def label(self) -> str:
        """The step in the reader's language."""
        return str(_STEP_LABELS[self])


_STEP_LABELS: Mapping[TipStepKind, Promise] = {
    TipStepKind.RECEIVED: _("The tip arrived and was sealed"),
    TipStepKind.READ: _("A member of the tip unit read it"),
    TipStepKind.MESSAGE_FROM_REPORTER: _("The reporter wrote"),
    TipStepKind.MESSAGE_TO_REPORTER: _("The tip unit wrote"),
    TipStepKind.HANDED_OVER: _("A redacted copy went to the unit that checks it"),
    TipStepKind.HANDLER_ANSWERED: _("The unit that checks it answered"),
    TipStepKind.CLOSED: _("The tip was closed"),
    TipStepKind.DECLINED: _("It belongs elsewhere; the right door was named"),
    TipStepKind.REOPENED: _("It is looked into again"),
    TipStepKind.BLOCKED: _("Somebody who may not know of it was shut out"),
    TipStepKind.RECUSED: _("A member stepped aside"),
    TipStepKind.ACCESS_GIVEN: _("Another member was let in"),
    TipStepKind.ORIGINAL_OPENED: _("The original of a file was opened"),
    TipStepKind.IDENTITY_GIVEN: _("The reporter left a sealed identity"),
    TipStepKind.IDENTITY_ASKED: _("A member asked to open the identity"),
    TipStepKind.IDENTITY_OPENED: _("Two custodians opened the identity"),
    TipStepKind.REWARD_PROPOSED: _("A reward was proposed"),
    TipStepKind.REWARD_DECIDED: _("A reward was decided"),
    TipStepKind.REWARD_CLAIMED: _("The reporter fetched a claim code"),
    TipStepKind.DELETION_WARNED: _("It will be erased soon"),
    TipStepKind.KEPT_LONGER: _("It is kept for another year"),
    TipStepKind.ERASED: _("All words, files and names were erased"),
}


class TipDoor(StrEnum):
    """How a tip came in."""

    WEB = "web"
    HOTLINE = "hotline"


class TipOutcome(StrEnum):
    """How a closed tip ended."""

    TRUE = "true"
    PARTLY_TRUE = "partly_true"
    NOT_BORNE_OUT = "not_borne_out"
    CANNOT_BE_CHECKED = "cannot_be_checked"

    @property
    def label(self) -> str:
        """The outcome in the reader's language."""
        return str(_OUTCOME_LABELS[self])


_OUTCOME_LABELS: Mapping[TipOutcome, Promise] = {
    TipOutcome.TRUE: _("Found true"),
    TipOutcome.PARTLY_TRUE: _("Found true in part"),
    TipOutcome.NOT_BORNE_OUT: _("Not borne out"),
    TipOutcome.CANNOT_BE_CHECKED: _("Could not be checked"),
}


class RightDoor(StrEnum):
    """Where a declined tip belongs."""

    POLICE_110 = "police_110"
    HOTLINE_12345 = "hotline_12345"
    DISCIPLINE_12388 = "discipline_12388"
    MARKET_12315 = "market_12315"
    COURT = "court"
    PETITION = "petition"
    REPORT_PAGE = "report_page"

    @property
    def label(self) -> str:
        """The door in the reader's language."""
        return str(_DOOR_LABELS[self])


_DOOR_LABELS: Mapping[RightDoor, Promise] = {
    RightDoor.POLICE_110: _("Call 110"),
    RightDoor.HOTLINE_12345: _("Call the 12345 hotline"),
    RightDoor.DISCIPLINE_12388: _("Call 12388, the discipline inspection line"),
    RightDoor.MARKET_12315: _("Call 12315, the market line"),
    RightDoor.COURT: _("Turn to the court"),
    RightDoor.PETITION: _("Turn to the petition office"),
    RightDoor.REPORT_PAGE: _("Use the ordinary report page"),
}


class OriginalReason(StrEnum):
    """Why a sealed original is opened: a closed list, so that no word of a tip can stand in a log."""

    COPY_UNREADABLE = "copy_unreadable"
    PLACE_AND_TIME = "place_and_time"
    IS_IT_GENUINE = "is_it_genuine"
    EVIDENCE_FOR_COURT = "evidence_for_court"

    @property
    def label(self) -> str:
        """The reason in the reader's language."""
        return str(_ORIGINAL_LABELS[self])


_ORIGINAL_LABELS: Mapping[OriginalReason, Promise] = {
    OriginalReason.COPY_UNREADABLE: _("The cleaned copy can't be read"),
    OriginalReason.PLACE_AND_TIME: _("Where and when it was taken matters"),
    OriginalReason.IS_IT_GENUINE: _("To check that it is genuine"),
    OriginalReason.EVIDENCE_FOR_COURT: _("Evidence a court asked for"),
}


class IdentityPurpose(StrEnum):
    """Why an identity is opened: a closed list, shown to the reporter afterwards."""

    PROTECT_REPORTER = "protect_reporter"
    REPORTER_ASKED = "reporter_asked"
    COURT_ORDER = "court_order"
    FALSE_CHARGE = "false_charge"

    @property
    def label(self) -> str:
        """The purpose in the reader's language."""
        return str(_PURPOSE_LABELS[self])


_PURPOSE_LABELS: Mapping[IdentityPurpose, Promise] = {
    IdentityPurpose.PROTECT_REPORTER: _("To protect the reporter from harm"),
    IdentityPurpose.REPORTER_ASKED: _("The reporter asked to be contacted"),
    IdentityPurpose.COURT_ORDER: _("A court ordered it in writing"),
    IdentityPurpose.FALSE_CHARGE: _("A false charge is being prosecuted"),
}


class BlockGround(StrEnum):
    """Why somebody may not know that a tip exists."""

    IN_LINE = "in_line"
    NAMED = "named"
    INTEREST = "interest"
    RECUSED = "recused"

    @property
    def label(self) -> str:
        """The ground in the reader's language."""
        return str(_BLOCK_LABELS[self])


_BLOCK_LABELS: Mapping[BlockGround, Promise] = {
    BlockGround.IN_LINE: _("Works for the unit reported or in its line"),
    BlockGround.NAMED: _("The reporter asked that this person not see it"),
    BlockGround.INTEREST: _("Has declared an interest"),
    BlockGround.RECUSED: _("Stepped aside"),
}


class CeremonyKind(StrEnum):
    """What two custodians can do together and none alone."""

    IDENTITY = "identity"
    RECOVERY = "recovery"
    NEW_CUSTODIANS = "new_custodians"

    @property
    def label(self) -> str:
        """The ceremony in the reader's language."""
        return str(_CEREMONY_LABELS[self])


_CEREMONY_LABELS: Mapping[CeremonyKind, Promise] = {
    CeremonyKind.IDENTITY: _("Open an identity"),
    CeremonyKind.RECOVERY: _("Let a member into the tips of the unit"),
    CeremonyKind.NEW_CUSTODIANS: _("Share the keys anew among the custodians of today"),
}


class RewardState(StrEnum):
    """How a reward stands."""

    PROPOSED = "proposed"
    AWAITING_FINANCE = "awaiting_finance"
    CLAIMABLE = "claimable"
    PAID = "paid"
    LAPSED = "lapsed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(_REWARD_LABELS[self])


_REWARD_LABELS: Mapping[RewardState, Promise] = {
    RewardState.PROPOSED: _("Proposed, waits for a second person"),
    RewardState.AWAITING_FINANCE: _("Approved, waits for finance"),
    RewardState.CLAIMABLE: _("Granted, can be claimed"),
    RewardState.PAID: _("Reward paid"),
    RewardState.LAPSED: _("Not claimed in time, back in the fund"),
    RewardState.REFUSED: _("Reward refused"),
}


class FundMoveKind(StrEnum):
    """A movement of the reward fund."""

    DEPOSITED = "deposited"
    RESERVED = "reserved"
    PAID = "paid"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """The movement in the reader's language."""
        return str(_MOVE_LABELS[self])


_MOVE_LABELS: Mapping[FundMoveKind, Promise] = {
    FundMoveKind.DEPOSITED: _("Paid into the fund"),
    FundMoveKind.RESERVED: _("Set aside for a reward"),
    FundMoveKind.PAID: _("Paid out"),
    FundMoveKind.RETURNED: _("Returned to the fund"),
}
