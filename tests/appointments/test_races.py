"""Who is first when many want the same, with real connections; each safeguard also switched off, to see the harm."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from consular.appointments import booking, sql
from consular.appointments.models import ACTIVE, Booking, Place
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.harm import alter
from tests.meeting import is_waited_for
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _many_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many connections as there are threads."""
    connection.close()
    connection.close_pool()
    monkeypatch.setitem(
        connection.settings_dict["OPTIONS"], "pool", {"min_size": 0, "max_size": 40, "timeout": 60}
    )
    yield
    connection.close()
    connection.close_pool()


def together(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same moment, each in a transaction of its own; "done" or the code of the refusal.

    Nobody commits before all have tried, so that all overlap, unless somebody must wait for a lock.
    """
    start = Barrier(len(acts))
    tried: list[object] = []

    def one(act: Callable[[], object]) -> str:
        try:
            with transaction.atomic():
                connection.ensure_connection()
                start.wait(60)
                try:
                    act()
                finally:
                    tried.append(act)
                until(lambda: len(tried) == len(acts) or is_waited_for())
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def active_on(slot: object) -> int:
    return Booking.objects.filter(place__slot=slot, state__in=ACTIVE).count()


def wanting(slot: object, number: int) -> list[Callable[[], object]]:
    owners = [people.applicant() for _ in range(number)]
    return [lambda owner=owner: factories.confirmed(slot, owner=owner) for owner in owners]


def without(
    monkeypatch: pytest.MonkeyPatch, *constraints: str, statement: str, text: str, instead: str = ""
) -> None:
    """Switch safeguards off: drop constraints, and take a piece out of a statement."""
    alter(monkeypatch, sql, statement, (text, instead))
    with connection.cursor() as cursor:
        for name in constraints:
            cursor.execute(f"DROP INDEX {name}")


def test_twenty_people_want_the_last_place_and_one_gets_it() -> None:
    slot = factories.slot(capacity=1)

    ends = together(*wanting(slot, 20))

    assert sorted(ends) == ["done"] + ["gone"] * 19
    assert active_on(slot) == 1


def test_many_people_fill_a_slot_exactly() -> None:
    slot = factories.slot(capacity=7)

    together(*wanting(slot, 20))

    assert active_on(slot) == 7
    assert Place.objects.filter(slot=slot, free_from=slot.ends_at).count() == 7


@pytest.fixture
def harm() -> Iterator[None]:
    """Lets a test drop indexes and puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'appointments_booking'")
        before = dict(cursor.fetchall())
    yield
    Booking.objects.all().delete()
    with connection.cursor() as cursor:
        for name, definition in before.items():
            cursor.execute(definition.replace(f"INDEX {name} ", f"INDEX IF NOT EXISTS {name} "))


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_the_last_place_is_given_many_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = factories.slot(capacity=1)
    without(
        monkeypatch,
        "one_active_booking_per_place",
        statement="HOLD",
        text="FOR NO KEY UPDATE OF p SKIP LOCKED",
    )

    together(*wanting(slot, 20))

    assert active_on(slot) > 1


def test_without_the_lock_the_constraint_alone_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = factories.slot(capacity=1)
    without(monkeypatch, statement="HOLD", text="FOR NO KEY UPDATE OF p SKIP LOCKED")

    together(*wanting(slot, 20))

    assert active_on(slot) == 1


def many_bookings_of_one_person() -> int:
    who, slots = factories.person(), [factories.slot() for _ in range(8)]
    owners = [people.applicant() for _ in slots]
    together(
        *(
            lambda slot=slot, owner=owner: factories.confirmed(slot, owner=owner, who=who)
            for slot, owner in zip(slots, owners, strict=True)
        )
    )
    return Booking.objects.filter(identity=who, state__in=ACTIVE).count()


def test_one_person_books_at_eight_missions_at_once_and_gets_one_appointment() -> None:
    assert many_bookings_of_one_person() == 1


@pytest.mark.usefixtures("harm")
def test_without_the_constraint_one_person_gets_many_appointments() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_person_and_category")

    assert many_bookings_of_one_person() == 8


def test_two_people_move_to_the_same_place_and_one_gets_it_while_the_other_keeps_the_old() -> None:
    calendar = factories.calendar()
    old = factories.slot(calendar, capacity=6)
    new = factories.slot(calendar, capacity=1, starts_at=NOW + timedelta(days=9))
    movers = [factories.confirmed(old) for _ in range(6)]

    ends = together(*(lambda b=b: booking.move(b.reference, new.pk, now=NOW) for b in movers))

    assert sorted(ends) == ["done"] + ["gone"] * 5
    assert (active_on(new), active_on(old)) == (1, 5)


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_moves_overfill_a_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = factories.calendar()
    old = factories.slot(calendar, capacity=6)
    new = factories.slot(calendar, capacity=1, starts_at=NOW + timedelta(days=9))
    movers = [factories.confirmed(old) for _ in range(6)]
    without(
        monkeypatch,
        "one_active_booking_per_place",
        statement="MOVE",
        text="FOR NO KEY UPDATE OF p SKIP LOCKED",
    )

    together(*(lambda b=b: booking.move(b.reference, new.pk, now=NOW) for b in movers))

    assert active_on(new) > 1


def test_two_people_swap_against_each_other_and_nobody_loses_a_place() -> None:
    calendar = factories.calendar()
    first, second = factories.slot(calendar), factories.slot(calendar, starts_at=NOW + timedelta(days=9))
    mine, yours = factories.confirmed(first), factories.confirmed(second)

    ends = together(
        lambda: booking.move(mine.reference, second.pk, now=NOW),
        lambda: booking.move(yours.reference, first.pk, now=NOW),
    )

    assert ends == ["gone", "gone"]
    assert (active_on(first), active_on(second)) == (1, 1)


def test_one_booking_moved_to_six_slots_at_once_occupies_one() -> None:
    calendar = factories.calendar()
    slots = [factories.slot(calendar, starts_at=NOW + timedelta(days=n)) for n in range(1, 8)]
    mine = factories.confirmed(slots[0])

    together(*(lambda s=s: booking.move(mine.reference, s.pk, now=NOW) for s in slots[1:]))

    taken = Place.objects.filter(slot__in=slots, free_from__gt=NOW)
    assert [place.pk for place in taken] == [booking.get(mine.reference).place_id]


def test_the_end_of_a_hold_against_its_confirmation_leaves_one_of_the_two() -> None:
    for turn in range(8):
        slot = factories.slot(starts_at=NOW + timedelta(days=7, hours=turn))
        held, rival = factories.held(slot), people.applicant()
        just_before, end = held.active_until - timedelta(milliseconds=1), held.active_until

        ends = together(
            lambda h=held, t=just_before: booking.confirm(h.reference, now=t),
            lambda s=slot, o=rival, t=end: factories.held(s, owner=o, now=t),
        )

        assert sorted(ends) in (["done", "expired"], ["done", "gone"])
        assert active_on(slot) == 1


@pytest.mark.usefixtures("harm")
def test_without_judging_the_clock_an_ended_hold_is_confirmed_beside_its_successor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = factories.slot()
    late = factories.held(slot)
    factories.confirmed(slot, now=late.active_until)
    without(
        monkeypatch,
        "one_active_booking_per_place",
        statement="CONFIRM",
        text="AND state = 'held' AND active_until > %(now)s",
    )

    booking.confirm(late.reference, now=late.active_until)

    assert active_on(slot) == 2
