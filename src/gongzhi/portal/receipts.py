"""Receipt codes this visitor has shown or just been given, signed, for as long as a visit lasts."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing

LATEST, SHOWN = "portal_receipt", "portal_receipts"
LATEST_LASTS = 60 * 60  # seconds the receipt page can be looked at again
SHOWN_LASTS = 12 * 60 * 60
MOST = 20  # cases one visitor holds open


def remember_latest(session: SessionBase, code: str, receipt: str) -> None:
    """Keep a new receipt for the page that follows, and as shown for its case."""
    session[LATEST] = signing.dumps([code, receipt], salt=LATEST)
    remember(session, code, receipt)


def latest(session: SessionBase) -> tuple[str, str] | None:
    """The receipt given a moment ago: case code and receipt code."""
    found = _read(session.get(LATEST, ""), LATEST, LATEST_LASTS)
    return (str(found[0]), str(found[1])) if found else None


def remember(session: SessionBase, code: str, receipt: str) -> None:
    """This visitor showed the right receipt code of a case."""
    kept = dict(list(session.get(SHOWN, {}).items())[-MOST + 1 :])
    kept[code] = signing.dumps([code, receipt], salt=SHOWN)
    session[SHOWN] = kept
    if SESSION_KEY not in session:  # staff who are signed in keep the end their sign-in set
        session.set_expiry(SHOWN_LASTS)


def shown(session: SessionBase, code: str) -> str:
    """The receipt code this visitor showed for a case, "" if none."""
    found = _read(session.get(SHOWN, {}).get(code, ""), SHOWN, SHOWN_LASTS)
    return str(found[1]) if found and found[0] == code else ""


def all_shown(session: SessionBase) -> list[tuple[str, str]]:
    """Every case this visitor holds open, with its receipt code, the last one first."""
    codes = reversed(list(session.get(SHOWN, {})))
    return [(code, receipt) for code in codes if (receipt := shown(session, code))]


def _read(signed: str, salt: str, lasts: int) -> list[str] | None:
    try:
        return list(signing.loads(signed, salt=salt, max_age=lasts)) if signed else None
    except signing.BadSignature:
        return None
