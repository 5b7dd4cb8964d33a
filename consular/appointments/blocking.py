"""Blocks as generation sees them: which places of which times are not given out, and until when."""

from dataclasses import dataclass
from datetime import datetime

from consular.appointments.changes import Block


@dataclass(frozen=True)
class Blocked:
    """So many places of all slots that meet this time (None: all of them) are given out from `until` on."""

    starts_at: datetime
    ends_at: datetime
    places: int | None
    until: datetime

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a slot lies in the blocked time, wholly or partly."""
        return starts_at < self.ends_at and self.starts_at < ends_at

    def takes(self, number: int, capacity: int) -> bool:
        """Whether the place with this number is blocked: the last ones of a slot are, which are booked last."""
        return self.places is None or number > capacity - self.places


def of(calendar: int, now: datetime) -> list[Blocked]:
    """The blocks of a calendar that still hold."""
    rows = Block.objects.filter(calendar=calendar, until__gt=now, ends_at__gt=now, lifted_at=None)
    return [
        Blocked(*row) for row in rows.order_by("pk").values_list("starts_at", "ends_at", "places", "until")
    ]
