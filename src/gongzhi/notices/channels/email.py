"""E-mail by SMTP, through the mail backend of the settings."""

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.notices.channels.failure import NotDelivered
from gongzhi.notices.types import Letter, Reason, Recipient, RecipientKind
from gongzhi.trust import queries as trust


class Email:
    """Plain text to one address, with the same Message-ID on every attempt so that a mailbox can drop a double."""

    def address(self, recipient: Recipient, now: datetime) -> str:
        """A person's address from the account; a reporter's from the sealed contact, if it is an e-mail address."""
        if recipient.kind == RecipientKind.PERSON:
            return _of_person(recipient, now)
        return _of_contact(recipient)

    def carry(self, letter: Letter, address: str) -> None:
        """Send the mail, or say why not without naming the address."""
        try:
            _mail(letter, address).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error) from None  # the error itself holds the address
        except smtplib.SMTPResponseException as error:
            raise NotDelivered(Reason.SERVER_BUSY, server_code=error.smtp_code) from None
        except OSError:
            raise NotDelivered(Reason.SERVER_UNREACHABLE) from None


def _of_person(recipient: Recipient, now: datetime) -> str:
    address = accounts.email_of(recipient.id, timezone.localdate(now))
    if not address:
        raise NotDelivered(Reason.NO_ADDRESS, final=True)
    return address


def _of_contact(recipient: Recipient) -> str:
    value = trust.open_content(recipient.id)
    if value is None:
        raise NotDelivered(Reason.ERASED, final=True)
    address = value.decode(errors="replace").strip()
    try:
        validate_email(address)
    except ValidationError:
        raise NotDelivered(Reason.CALL_NEEDED, final=True) from None
    return address


def _mail(letter: Letter, address: str) -> EmailMessage:
    site = urlsplit(settings.GONGZHI_PUBLIC_URL).hostname or "localhost"
    body = letter.words
    if letter.link:
        body += "\n\n" + settings.GONGZHI_PUBLIC_URL + letter.link
    body += "\n\n-- \n" + _("Sent by Gongzhi. Please don't reply to this mail.")
    headers = {"Message-ID": f"<{letter.key}@{site}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=letter.title, body=body, to=[address], headers=headers)


def _refused(error: smtplib.SMTPRecipientsRefused) -> NotDelivered:
    code = next((int(answer[0]) for answer in error.recipients.values()), None)
    if code is not None and code >= 500:
        return NotDelivered(Reason.ADDRESS_REFUSED, final=True, server_code=code)
    return NotDelivered(Reason.SERVER_BUSY, server_code=code)
