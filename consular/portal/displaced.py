"""An appointment that the mission cannot keep, as its person sees it: what is kept, also when its time has come."""

from datetime import datetime
from typing import Any

from consular.appointments import booking, displacing
from consular.appointments.models import Booking
from consular.core import clock


def current(case_id: int, now: datetime) -> Booking | None:
    """The booking of a case that counts, or the one whose time the mission could not keep."""
    counts = booking.current(case_id, now=now)
    right = displacing.of_case(case_id) if counts is None else None
    return right.booking if right else counts


def context(mine: Booking | None) -> dict[str, Any]:
    """What a template says about it: `displaced`, and `kept_slot` while a place is kept."""
    right = displacing.of_booking(mine) if mine else None
    return {"displaced": right, "kept_slot": displacing.kept_slot(right, now=clock.now()) if right else None}
