"""What the acts of the audit log are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.trust.types import AuditKind

LABELS: Mapping[AuditKind, Promise] = {
    AuditKind.SIGNED_IN: _("Signed in"),
    AuditKind.SIGN_IN_FAILED: _("Sign-in failed"),
    AuditKind.SIGNED_OUT: _("Signed out"),
    AuditKind.LOCKED_OUT: _("Locked out after wrong passwords"),
    AuditKind.FACTOR_ADDED: _("Second factor added"),
    AuditKind.FACTOR_REMOVED: _("Second factor removed"),
    AuditKind.CITY_LINKED: _("City sign-on tied"),
    AuditKind.CITY_UNLINKED: _("City sign-on untied"),
    AuditKind.PASSWORD_CHANGED: _("Password changed"),
    AuditKind.SESSION_ENDED: _("Session ended"),
    AuditKind.TOKEN_ISSUED: _("Key of a machine made"),
    AuditKind.TOKEN_REVOKED: _("Key of a machine revoked"),
    AuditKind.ACCOUNT_OPENED: _("Account opened"),
    AuditKind.ACCOUNT_CHANGED: _("Account changed"),
    AuditKind.ACCOUNT_CLOSED: _("Account closed"),
    AuditKind.ROLE_GRANTED: _("Role given"),
    AuditKind.ROLE_ENDED: _("Role ended"),
    AuditKind.HEAD_APPOINTED: _("Area head appointed"),
    AuditKind.HEAD_ENDED: _("Area head ended"),
    AuditKind.ORGANISATION_CHANGED: _("Organisation changed"),
    AuditKind.TERRITORY_CHANGED: _("Areas changed"),
    AuditKind.DEFINITION_CHANGED: _("Program changed"),
    AuditKind.CALENDAR_CHANGED: _("Working calendar changed"),
    AuditKind.REVEALED: _("Contact opened"),
    AuditKind.ORIGINAL_OPENED: _("Sealed original opened"),
    AuditKind.EXPORTED: _("Exported"),
    AuditKind.ERASED: _("Erased"),
    AuditKind.AUDIT_READ: _("Audit log read"),
    AuditKind.CONSENT_GIVEN: _("Consent given"),
    AuditKind.CONSENT_WITHDRAWN: _("Consent withdrawn"),
    AuditKind.RIGHTS_REQUEST: _("Request about own data"),
    AuditKind.TIP_OPENED: _("Protected tip opened"),
    AuditKind.TIP_IDENTITY_OPENED: _("Identity behind a tip opened"),
    AuditKind.TIP_ACT: _("Protected tip handled"),
    AuditKind.KEY_RECOVERED: _("Key recovered"),
    AuditKind.KEYS_ROTATED: _("Keys changed"),
    AuditKind.BACKED_UP: _("Backed up"),
    AuditKind.RESTORED: _("Restored from a backup"),
    AuditKind.PROOF_KEY_MADE: _("Signing key of the public log made"),
    AuditKind.FUND_ACT: _("Reward fund"),
    AuditKind.REFUSED: _("Act refused"),
}


def label(kind: str) -> str:
    """The act in the reader's language; one nobody has named yet shows its own code."""
    return str(LABELS[AuditKind(kind)]) if kind in set(AuditKind) and AuditKind(kind) in LABELS else kind


def choices() -> list[tuple[str, str]]:
    """Every act with its name, for a filter."""
    return [(kind.value, label(kind)) for kind in AuditKind]
