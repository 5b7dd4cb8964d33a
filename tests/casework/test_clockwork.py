"""What the clock starts: one thing that fails stops nothing else."""

from datetime import date, time
from typing import Any

import pytest

from consular.appointments.models import Calendar, OpeningRule
from consular.appointments.slots import Generated
from consular.casework import opening, worker
from consular.core import clock
from consular.missions.models import ServiceGroup
from consular.workflow import store
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_timer_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first belongs to no case; it stays the first, whenever the clock strikes."""
    reached: list[int] = []
    strike = worker.strike

    def watched(token_id: int, instance_id: int, **more: Any) -> bool:
        reached.append(token_id)
        return strike(token_id, instance_id, **more)

    timers = (store.DueTimer(-1, -1), store.DueTimer(-2, factories.sent_case().instance_id))
    monkeypatch.setattr(store, "due_timers", lambda *_: timers)
    monkeypatch.setattr(worker, "strike", watched)

    assert worker.wake(clock.now()) == 0
    assert reached == [-1, -2]


def _calendar() -> Calendar:
    """Open for an hour on every Monday."""
    calendar = Calendar.objects.create(
        mission=factories.mission(), category=ServiceGroup.VISA_C, services=["schengen_visa"]
    )
    OpeningRule.objects.create(
        calendar=calendar, weekday=0, opens_at=time(8), closes_at=time(9), valid_from=clock.today()
    )
    return calendar


def test_a_calendar_that_fails_does_not_keep_the_others_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = (_calendar() for _ in range(2))
    generate = opening.generate_slots

    def watched(calendar: Calendar, until: date) -> Generated:
        if calendar == broken:
            raise ValueError("no such time zone")
        return generate(calendar, until)

    monkeypatch.setattr(opening, "generate_slots", watched)

    assert opening.open_calendars() > 0
    assert (whole.slots.count() > 0, broken.slots.count()) == (True, 0)
