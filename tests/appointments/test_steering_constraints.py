"""What the database refuses about changes, blocks and displaced appointments, and the harm it keeps away."""

from datetime import date, timedelta
from functools import partial

import pytest

from consular.appointments.changes import AtCounter, Block, Change, Displacement
from consular.missions.models import Absence
from tests import factories as people
from tests import harm
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


def change(**more: object) -> Change:
    calendar = factories.calendar()
    values = {
        "mission": calendar.mission,
        "calendar": calendar,
        "subject": "setup",
        "before": {},
        "after": {},
        "made_at": NOW,
        "made_by": people.official(),
    }
    return Change.objects.create(**{**values, **more})


def undone_twice() -> None:
    first = change()
    change(undoes=first)
    change(undoes=first)


def block(**more: object) -> None:
    values = {
        "calendar": factories.calendar(),
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "reason": "Move of the office",
        "made_at": NOW,
        "made_by": people.official(),
        "until": NOW + timedelta(days=1),
    }
    Block.objects.create(**{**values, **more})


def emptied_twice() -> None:
    officer = people.official()
    day = date(2027, 3, 8)
    away = Absence.objects.create(
        user=officer, starts_on=day, ends_on=day, entered_by=officer, entered_at=NOW
    )
    calendar = factories.calendar()
    for _nth in range(2):
        AtCounter.objects.create(calendar=calendar, absence=away)


def displaced(count: int = 1, **more: object) -> None:
    kept = factories.confirmed(factories.slot())
    for _nth in range(count):
        Displacement.objects.create(booking=kept, made_at=NOW, **more)


def kept_for_two() -> None:
    place = factories.slot().places.get()
    for _nth in range(2):
        displaced(place=place)


CONSTRAINTS = [
    (Change, "a_change_is_of_a_calendar_or_of_closed_days", partial(change, subject="closures")),
    (AtCounter, "an_absence_empties_a_counter_once", emptied_twice),
    (Block, "a_block_has_a_reason", partial(block, reason="")),
    (Block, "a_block_ends", partial(block, until=NOW)),
    (Block, "a_block_is_lifted_by_somebody", partial(block, lifted_at=NOW)),
    (Displacement, "displaced_once_at_a_time", partial(displaced, 2)),
    (Displacement, "a_place_is_kept_for_one", kept_for_two),
    (Displacement, "settled_with_an_outcome", partial(displaced, settled_at=NOW)),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
