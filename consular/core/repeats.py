"""Answering a request that is sent twice once: under the caller's key the same answer comes back, byte for byte.

A request is claimed before it is acted upon, and its answer kept afterwards for a day. Of two that come at once one is
told to wait. A claim whose process died is taken over after a minute: what is repeated then has to be safe to repeat.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from consular.core import clock
from consular.core.models import KeptAnswer

KEPT = timedelta(days=1)
PATIENCE = timedelta(minutes=1)
ATTEMPTS = 3

_CLAIM = """
INSERT INTO core_keptanswer AS kept (key, request, status, kind, location, body, claimed_at)
VALUES (%(key)s, %(request)s, 0, '', '', '', %(now)s)
ON CONFLICT (key) DO UPDATE SET request = %(request)s, status = 0, body = '', claimed_at = %(now)s
    WHERE kept.claimed_at <= %(over)s
      OR (kept.status = 0 AND kept.claimed_at <= %(stuck)s AND kept.request = %(request)s)
RETURNING key
"""


@dataclass(frozen=True)
class Answer:
    """An answer as it was given; `status` is 0 while it is not yet given."""

    request: bytes
    status: int
    kind: str
    location: str
    body: bytes

    @property
    def is_open(self) -> bool:
        """Whether the first request is still being acted upon."""
        return self.status == 0


def claim(key: bytes, request: bytes) -> Answer | None:
    """None when the caller is the first and is to act; otherwise what is known of the first request under this key.

    `key` and `request` are keyed hashes; one statement decides who is the first. Where the first one dropped its claim
    between two looks, it is claimed anew; whoever is overtaken each time is told that it is being acted upon.
    """
    now = clock.now()
    values: dict[str, Any] = {
        "key": key,
        "request": request,
        "now": now,
        "over": now - KEPT,
        "stuck": now - PATIENCE,
    }
    for _attempt in range(ATTEMPTS):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
            if cursor.fetchone() is not None:
                return None
        row = KeptAnswer.objects.filter(key=key).first()
        if row is not None:
            return Answer(bytes(row.request), row.status, row.kind, row.location, bytes(row.body))
    return Answer(request, 0, "", "", b"")


def keep(key: bytes, answer: Answer) -> None:
    """Keep the answer for those who ask again."""
    KeptAnswer.objects.filter(key=key, request=answer.request, status=0).update(
        status=answer.status, kind=answer.kind, location=answer.location, body=answer.body
    )


def drop(key: bytes, request: bytes) -> None:
    """Forget a claim whose answer is not worth keeping: asked again, the request is acted upon anew."""
    KeptAnswer.objects.filter(key=key, request=request, status=0).delete()


def sweep() -> int:
    """Forget answers after their day; returns how many."""
    return KeptAnswer.objects.filter(claimed_at__lte=clock.now() - KEPT).delete()[0]
