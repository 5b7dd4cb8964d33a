"""How often somebody may try: counted in the database, over all processes, under keyed hashes instead of names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Tally
from consular.core import clock, crypto
from consular.core.errors import Refused

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)

SPEND = """
INSERT INTO accounts_tally AS tally (key, count, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN tally.ends_at <= %(now)s THEN 1 ELSE tally.count + 1 END,
  ends_at = CASE WHEN tally.ends_at <= %(now)s THEN %(ends_at)s ELSE tally.ends_at END
RETURNING count
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
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": limit.key(value), "now": now, "ends_at": now + limit.period})
        (count,) = cursor.fetchone()
    return bool(count <= limit.most)


def require(tries: Sequence[tuple[Limit, str]]) -> None:
    """Count one try under every limit, in the order given; Refused (429) at the first that is used up."""
    for limit, value in tries:
        if not spend(limit, value):
            minutes = int(limit.period.total_seconds() // 60)
            message = _("There were too many attempts. Wait up to %(minutes)d minutes and try again.")
            raise Refused(message % {"minutes": minutes}, code="too_often", status=429)


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
