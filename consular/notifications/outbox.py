"""Promise to tell somebody something: a row in the same transaction as the fact; the worker sends it.

Sent at least once and read once: the row is locked while it is sent and marked in the same transaction. A mail
that goes out twice after all (the worker died between the server's thanks and the commit) carries the same
Message-ID, by which mail systems drop the second.
"""

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock, jobs, prepared
from consular.notifications import sending  # noqa: F401  registers who keeps the promise
from consular.notifications.models import Kind

_NOTE = """, note AS (
    INSERT INTO notifications_notification (kind, key, to_id, case_id, facts, message_id, promised_at)
    VALUES (%(kind)s, %(note)s, %(to)s, %(case)s, %(facts)s, %(message)s, %(promised_at)s) ON CONFLICT DO NOTHING
)"""


def promise(
    kind: str, *, to: User | None, case: Case | None = None, key: str, facts: Mapping[str, str] | None = None
) -> None:
    """Promise one message of this kind, once for each `key`, in the caller's transaction.

    `to` is None where the last word of the kind names the address (`sending.Recipient`).

    `facts` are words for the template that say nothing about a person or a case. Raises ValueError for an
    unknown kind.
    """
    values = {
        "kind": Kind(kind).value,
        "note": key,
        "to": to.pk if to else None,
        "case": case.pk if case else None,
        "facts": json.dumps(dict(facts or {})),
        "message": message_id(key),
        "promised_at": clock.now(),
    }
    note = prepared.Part(_NOTE, values)
    jobs.promise("notifications.send", key=f"notifications.send:{key}", payload={"key": key}, beside=note)


def message_id(key: str) -> str:
    """The Message-ID (RFC 5322) of the message with this key: always the same, and it tells nothing."""
    digest = hashlib.sha256(f"{settings.PUBLIC_URL}\0{key}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.PUBLIC_URL).hostname}>"
