"""Who stays through several slots against others who want the same ones, with real connections; the safeguard also
switched off.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from consular.appointments import booking, together_sql
from consular.appointments import together as verbs
from consular.appointments.models import ACTIVE, Booking, Place, Slot
from consular.appointments.together import Group
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_lengths import calendar, row, staying
from tests.appointments.test_races import _many_connections, harm, together  # noqa: F401
from tests.harm import alter
from tests.meeting import is_waited_for
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)

SKIP = "FOR NO KEY UPDATE OF p SKIP LOCKED"


def groups(slot: Slot, number: int, size: int = 1) -> list[Group]:
    with clock.at(NOW):
        return [staying(slot.calendar, size) for _ in range(number)]


def holding(slot: Slot, group: Group) -> Callable[[], object]:
    return lambda: verbs.confirm(verbs.hold(slot.pk, group, now=NOW)[0].party, now=NOW)


def holding_one(slot: Slot) -> Callable[[], object]:
    owner = people.applicant()
    return lambda: factories.confirmed(slot, owner=owner)


def whole_and_nothing_double() -> int:
    """How many have an appointment: each in all slots of theirs, no place taken twice, no other one kept away."""
    rows = list(Booking.objects.filter(state__in=ACTIVE).values_list("identity", "slots_each", "place"))
    places = [place for *_, place in rows]
    assert len(set(places)) == len(places)
    assert set(Place.objects.filter(free_from__gt=NOW).values_list("pk", flat=True)) == set(places)
    each = {bytes(identity): slots_each for identity, slots_each, _place in rows}
    for who, slots_each in each.items():
        assert sum(bytes(identity) == who for identity, *_ in rows) == slots_each
    return len(each)


def test_two_who_stay_and_one_who_does_not_share_a_row_of_slots() -> None:
    first, second, third = row(calendar(), 1, 1, 1)
    one, other = groups(first, 2)

    ends = together(holding(first, one), holding(second, other), holding_one(second), holding_one(third))

    assert whole_and_nothing_double() == ends.count("done")
    assert 1 <= ends.count("done") <= 2  # one who stays and one who does not, or two who do not
    assert set(ends) <= {"done", "gone"}


def test_of_many_who_stay_as_many_as_there_are_places_get_in() -> None:
    first, *_ = row(calendar(), 5, 5)

    ends = together(*(holding(first, one) for one in groups(first, 12)))

    assert sorted(ends) == ["done"] * 5 + ["gone"] * 7
    assert whole_and_nothing_double() == 5


def test_moved_held_and_cancelled_at_once_all_end_whole() -> None:
    first, second, third, fourth = row(calendar(), 1, 1, 1, 1)
    one, other = groups(first, 2)
    mine = holding(first, one)()[0]

    ends = together(
        lambda: booking.move(mine.reference, third.pk, now=NOW),
        lambda: booking.cancel(mine.reference, now=NOW),
        holding(third, other),
        holding_one(fourth),
        holding_one(second),
    )

    assert "done" in ends
    whole_and_nothing_double()


def one_during_another(
    first: Callable[[], object], second: Callable[[], object], *, commits: bool = True
) -> list[str]:
    """The second begins when the first has written and not committed; the first commits, or takes all of it back, when
    the second has ended, or waits for it.
    """
    has_written, has_ended = Event(), Event()

    def begin() -> str:
        try:
            with transaction.atomic():
                first()
                has_written.set()
                until(lambda: has_ended.is_set() or is_waited_for())
                transaction.set_rollback(not commits)
            return "done"
        finally:
            has_written.set()
            connection.close()

    def follow() -> str:
        has_written.wait(90)
        try:
            with transaction.atomic():
                second()
        except Refused as refusal:
            return refusal.code
        finally:
            has_ended.set()
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return [end.result() for end in (pool.submit(begin), pool.submit(follow))]


def test_who_stays_waits_for_nobody_and_takes_nothing_that_is_being_taken() -> None:
    first, second = row(calendar(), 1, 1)
    (one,) = groups(first, 1)

    assert one_during_another(holding_one(second), holding(first, one)) == ["done", "gone"]

    assert whole_and_nothing_double() == 1


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_who_stays_sits_on_a_place_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = row(calendar(), 1, 1)
    (one,) = groups(first, 1)
    alter(monkeypatch, together_sql, "HOLD", (SKIP, ""))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    assert one_during_another(holding_one(second), holding(first, one)) == ["done", "done"]

    assert Booking.objects.filter(place__slot=second, state__in=ACTIVE).count() == 2
