"""From when the public may take a place: pure, the same answer every time, and no answer to be foretold.

Each place of a day belongs to one of three shares: most are released as soon as the day can be booked at all, some a
week before, some on the morning itself. The moment is moved by up to `jitter` minutes, by a keyed hash, so that it is
the same at every run and nobody outside knows it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consular.appointments.opening import moment
from consular.core import crypto

WEEK_BEFORE = 7
_STEP = 61
"""Steps through 0 to 99 in an order in which any few numbers lie apart: shares are kept by a few places as by many."""


@dataclass(frozen=True)
class Policy:
    """The shares in percent that wait, the local time of release (None: no certain time), its jitter in minutes,
    and how many days ahead one can book at all.
    """

    week_share: int = 0
    day_share: int = 0
    at: time | None = None
    jitter: int = 0
    horizon: int = 60


def opens_at(policy: Policy, calendar: int, day: date, which: int, zone: ZoneInfo) -> datetime | None:
    """From when the `which`-th place of a day can be taken; None when nothing but the horizon is waited for."""
    before = _days_before(policy, which)
    if before is None:
        return None
    key = f"{calendar} {day.isoformat()} {before}"
    drawn = int.from_bytes(crypto.fingerprint(key, purpose="appointments.release")[:4])
    late = timedelta(seconds=drawn % (policy.jitter * 60 + 1))
    return moment(day - timedelta(days=before), policy.at or time(0), zone) + late


def _days_before(policy: Policy, which: int) -> int | None:
    """How many days before the day; the whole day lies within the horizon only from the day after its first moment."""
    place = which * _STEP % 100
    if place >= 100 - policy.day_share:
        return 0
    if place >= 100 - policy.day_share - policy.week_share:
        return WEEK_BEFORE
    return max(policy.horizon - 1, 0) if policy.at else None
