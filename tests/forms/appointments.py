"""An appointment for a case of any service, at a mission that has plenty of free places."""

from datetime import time, timedelta

from consular import casework, formspec
from consular.appointments.models import Calendar, OpeningRule, Slot
from consular.cases.models import Case
from consular.core import clock

PLENTY = 10
"""Places of a slot."""


def booked(case: Case) -> None:
    """The applicant takes the first free time from the day after tomorrow on."""
    slot = Slot.objects.filter(
        calendar=_calendar(case), starts_at__gt=clock.now() + timedelta(days=2)
    ).earliest("starts_at")
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    casework.confirm_booking(held.reference, actor=case.owner)


def _calendar(case: Case) -> Calendar:
    """Open in the morning, every day, for this service alone."""
    group = formspec.latest(case.service).form.service_group
    calendar = Calendar.objects.create(
        mission=case.mission, category=group, services=[case.service], counters=PLENTY
    )
    OpeningRule.objects.bulk_create(
        OpeningRule(
            calendar=calendar, weekday=weekday, opens_at=time(8), closes_at=time(10), capacity=PLENTY,
            valid_from=clock.today(),
        )
        for weekday in range(7)
    )  # fmt: skip
    casework.generate_slots(calendar, clock.today() + timedelta(days=4))
    return calendar
