"""How often somebody may try: counted in the database, over all processes, under keyed hashes instead of names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db import connection
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Tally
from consular.core import clock, crypto
from consular.core.errors import Refused
from consular.core.prepared import all_rows

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)

SPEND = """
INSERT INTO accounts_tally AS tally (key, count, ends_at)
SELECT key, 1, ends_at FROM unnest(%(keys)s::bytea[], %(ends)s::timestamptz[]) AS tries (key, ends_at)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN tally.ends_at <= %(now)s THEN 1 ELSE tally.count + 1 END,
  ends_at = CASE WHEN tally.ends_at <= %(now)s THEN excluded.ends_at ELSE tally.ends_at END
RETURNING key, count
"""
WITHOUT_WAITING = ", set_config('synchronous_commit', 'off', true)"
"""Nobody waits until the disk has a count that is a transaction of its own: a server that dies forgets the tries of its
last moments, and nobody can make it die to get more of them.
"""


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `period` for each value of what `name` counts."""

    name: str
    most: int
    period: timedelta

    def key(self, value: str) -> bytes:
        """Where the tries of `value` are counted."""
        return crypto.fingerprint(value, purpose=f"throttle {self.name}")


def spend(limit: Limit, value: str) -> bool:
    """Count one try, in one statement, so that parallel tries cannot share a count; whether it was allowed."""
    return counted([(limit, value)])[0] <= limit.most


def counted(tries: Sequence[tuple[Limit, str]]) -> list[int]:
    """Count one try under each limit, all in one statement; how many there are of each now.

    Everybody who counts under several limits gives those first that fewer people share: so nobody waits in a circle.
    """
    now = clock.now()
    keys = [limit.key(value) for limit, value in tries]
    ends = [now + limit.period for limit, _ in tries]
    statement = SPEND if connection.in_atomic_block else SPEND + WITHOUT_WAITING
    rows = all_rows(statement, {"keys": keys, "now": now, "ends": ends})
    counts = {bytes(key): count for key, count, *_ in rows}
    return [counts[key] for key in keys]


def require(tries: Sequence[tuple[Limit, str]]) -> None:
    """Count one try under every limit, in the order given; Refused (429) at the first that is used up."""
    for limit, value in tries:
        if not spend(limit, value):
            raise too_often(limit, value)


def too_often(limit: Limit, value: str) -> Refused:
    """The refusal (429) of somebody who has used up a limit; it says when the count begins anew."""
    minutes = int(limit.period.total_seconds() // 60)
    message = _("There were too many attempts. Wait up to %(minutes)d minutes and try again.")
    ends = Tally.objects.filter(key=limit.key(value)).values_list("ends_at", flat=True).first()
    left = (ends - clock.now() if ends else limit.period).total_seconds()
    return Refused(
        message % {"minutes": minutes}, code="too_often", status=429, retry_after=max(1, ceil(left))
    )


def give_back(tries: Sequence[tuple[Limit, str]]) -> None:
    """Uncount one try that turned out to be the owner's own."""
    for limit, value in tries:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_tally SET count = count - 1 WHERE key = %s AND count > 0", [limit.key(value)]
            )


def sweep() -> int:
    """Forget counts whose time is over; returns how many."""
    return Tally.objects.filter(ends_at__lt=clock.now()).delete()[0]
