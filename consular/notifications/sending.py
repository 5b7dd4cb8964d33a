"""The worker's side: one promised message goes out, and is marked as sent in the same transaction."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django_otp.plugins.otp_email.models import EmailDevice

from consular.core import clock, jobs
from consular.notifications.models import Kind, Notification

PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '3min'"
"""A mail server may take `EMAIL_TIMEOUT` for each of a dozen answers. If the database gave up on us meanwhile, nobody
would remember that the mail went out, and it would go out again with every further attempt."""

LastWord = Callable[[Notification], dict[str, Any] | None]

_last_words: dict[str, LastWord] = {}


@dataclass(frozen=True)
class Recipient:
    """Where a message to somebody without an account goes, and its language; a last word names it as `recipient`."""

    email: str
    language: str


class NotSent(Exception):
    """The mail server did not take a message; says how, and not whose it was. The job is tried again."""


def last_word(*kinds: Kind) -> Callable[[LastWord], LastWord]:
    """Register what looks at a message of these kinds when it goes out: it gives words for the template that must not
    be stored, or None when there is nothing left to say.
    """

    def register(function: LastWord) -> LastWord:
        _last_words.update(dict.fromkeys(kinds, function))
        return function

    return register


@jobs.handler("notifications.send")
def send(payload: jobs.Payload) -> None:
    """Send the message with this key, unless that has happened.

    The row stays locked until the mail server has answered, so two workers never send at once. A code that is no
    longer valid is not sent at all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        rows = Notification.objects.select_for_update(of=["self"]).select_related("to")
        row = rows.filter(key=payload["key"]).first()
        if row is None or row.sent_at is not None or row.dropped_at is not None:
            return  # the draft it was about is gone, or it was sent already
        message = compose(row)
        if message is None:
            row.dropped_at = clock.now()
        else:
            _hand_over(message)
            row.sent_at = clock.now()
        row.save(update_fields=["sent_at", "dropped_at"])


def compose(row: Notification) -> EmailMessage | None:
    """The mail in the language of whoever gets it; None when there is nothing left to say."""
    context: dict[str, Any] = {"address": settings.PUBLIC_URL, **row.facts}
    if "day" in row.facts:
        context["day"] = date.fromisoformat(row.facts["day"])
    if row.kind == Kind.SIGN_IN_CODE:
        code = _code(row)
        if code is None:
            return None
        context["code"] = code
    if row.kind in _last_words:
        words = _last_words[row.kind](row)
        if words is None:
            return None
        context |= words
    to = row.to or context["recipient"]
    with translation.override(to.language):
        subject = render_to_string(f"emails/{row.kind}.subject.txt", context)
        body = render_to_string(f"emails/{row.kind}.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        to=[to.email],
        headers={
            "Message-ID": row.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": to.language,
        },
    )


def _code(row: Notification) -> str | None:
    """The sign-in code as it stands now; None when it was spent, has expired or was never given."""
    device = EmailDevice.objects.filter(pk=row.facts["device"], user=row.to).first()
    if device is None or not device.token or device.valid_until <= clock.now():
        return None
    return str(device.token)


def _hand_over(message: EmailMessage) -> None:
    """Give one mail to the server. Its errors carry addresses, which belong in no log, so they end here."""
    try:
        message.send()
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"{type(error).__name__} {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(type(error).__name__) from None
