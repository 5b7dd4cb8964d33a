"""Waiting lists in the same moment, with real connections: two workers, cancel and offer, acceptance and expiry."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection

from consular import casework
from consular.appointments import booking, offering, sql
from consular.appointments.models import ACTIVE, Booking, Calendar, State
from consular.appointments.waiting import Offer, Waiting
from consular.cases.models import Case
from consular.casework import appointments, waiting
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_races import _many_connections, harm  # noqa: F401
from tests.casework.racing import together
from tests.harm import alter
from tests.meeting import is_waited_for
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)

SKIP = "FOR NO KEY UPDATE OF p SKIP LOCKED"
SOON = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def waits(on: Calendar, number: int) -> list[Case]:
    cases = []
    for n in range(number):
        with clock.at(NOW + timedelta(minutes=n)):
            cases.append(factories.bookable_case(on, owner=people.applicant()))
            casework.join([cases[-1].pk], actor=cases[-1].owner)
    return cases


def at(moment: object, act: Callable[[], object]) -> Callable[[], object]:
    """Do it at this moment, also in another thread."""

    def run() -> object:
        with clock.at(moment):
            return act()

    return run


def offered_to() -> list[int]:
    return list(Offer.objects.order_by("pk").values_list("booking__case", flat=True))


def workers(calendar: Calendar, number: int) -> list[str]:
    later = NOW + timedelta(hours=1)
    return together(*(at(later, lambda: waiting.offer_next(calendar.pk)) for _ in range(number)))


def test_many_workers_offer_two_places_once_each_and_in_order() -> None:
    calendar = factories.calendar(mode="list")
    factories.slot(calendar, 2, SOON)
    first, second, third = waits(calendar, 3)

    workers(calendar, 6)

    assert offered_to() == [first.pk, second.pk]
    assert waiting.of(third.pk) is not None


@pytest.mark.usefixtures("unguarded")
def test_without_the_locks_and_the_constraint_workers_offer_one_place_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calendar = factories.calendar(mode="list")
    factories.slot(calendar, 1, SOON)
    waits(calendar, 4)
    alter(monkeypatch, offering, "HOLD", (SKIP, ""))
    monkeypatch.setattr(offering, "lock", lambda calendar: None)
    monkeypatch.setattr(waiting, "_offered", _each_for_itself(waiting._offered, 4))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    workers(calendar, 4)

    assert len(offered_to()) > 1


def _each_for_itself(offered: Callable[..., bool], number: int) -> Callable[..., bool]:
    """Every worker takes another person, and nobody commits before all have tried, unless somebody waits for a lock: as
    if each had seen another list.
    """
    entries = list(Waiting.objects.order_by("since").values_list("pk", flat=True))
    door, tried = Barrier(number), list[None]()

    def run(_entry: int, slot: object, now: object) -> bool:
        door.wait(60)
        try:
            offered(entries.pop(), slot, now)
        finally:
            tried.append(None)
        until(lambda: len(tried) == number or is_waited_for())
        return True

    return run


@pytest.fixture
def unguarded(harm: None) -> Iterator[None]:  # noqa: F811
    """Lets a test drop indexes; afterwards the offers go before the bookings."""
    yield
    Offer.objects.all().delete()


def test_a_cancellation_and_an_offer_in_one_moment_give_the_place_to_one_person() -> None:
    calendar = factories.calendar(returns_after=20, returns_before=40)
    for turn in range(3):
        slot = factories.slot(calendar, 1, SOON + timedelta(hours=turn))
        mine = factories.confirmed(slot)
        waits(calendar, 1)
        later = NOW + timedelta(hours=1)

        together(
            at(later, lambda b=mine: booking.cancel(b.reference, now=clock.now())),
            at(later, lambda: waiting.offer_next(calendar.pk)),
            at(later, lambda: waiting.offer_next(calendar.pk)),
        )
        at(later, lambda: waiting.offer_places())()

        active = Booking.objects.filter(place__slot=slot, state__in=ACTIVE)
        assert [(one.state, one.reference == mine.reference) for one in active] == [(State.HELD, False)]


def leaving_while_offers_end(
    monkeypatch: pytest.MonkeyPatch, lock: Callable[..., object] = waiting.locked_cases
) -> list[str]:
    """Somebody leaves the list, and holds the case, while a worker writes down that their offer has ended."""
    calendar = factories.calendar(mode="list")
    factories.slot(calendar, 1, SOON)
    (case,) = waits(calendar, 1)
    workers(calendar, 1)
    end = Offer.objects.get().until
    has_case, locked = Event(), appointments.locked

    def met(*given: object, **named: object) -> Case:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '20ms'")
        found = locked(*given, **named)
        has_case.set()
        until(is_waited_for)
        return found

    def settled() -> None:
        assert has_case.wait(90)
        waiting.settle(calendar.pk)

    monkeypatch.setattr(appointments, "locked", met)
    monkeypatch.setattr(waiting, "locked_cases", lock)
    ends = []
    with ThreadPoolExecutor(2) as pool:
        leaves = at(end, lambda: casework.leave(case.pk, actor=case.owner))
        for done in [pool.submit(closing, act) for act in (leaves, at(end, settled))]:
            try:
                done.result()
                ends.append("done")
            except OperationalError as error:
                ends.append(str(error).partition("\n")[0])
    return ends


def closing(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


def test_leaving_the_list_and_the_end_of_an_offer_wait_for_each_other_in_one_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert leaving_while_offers_end(monkeypatch) == ["done", "done"]

    assert list(Waiting.objects.values_list("state", "passes")) == [("left", 0)]


def test_without_the_case_before_the_row_of_the_list_they_wait_in_a_circle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sorted(leaving_while_offers_end(monkeypatch, lambda ids: {})) == ["deadlock detected", "done"]


def _late() -> tuple[Calendar, Booking, Case]:
    """An offer to the first of two, at the moment of its end."""
    calendar = factories.calendar(mode="list", passes_kept=0)
    factories.slot(calendar, 1, SOON)
    first, second = waits(calendar, 2)
    workers(calendar, 1)
    return calendar, Offer.objects.get(booking__case=first).booking, second


def test_acceptance_and_the_end_of_an_offer_in_one_moment_leave_one_of_the_two() -> None:
    calendar, held, second = _late()
    end = held.active_until

    together(
        at(
            end - timedelta(milliseconds=1),
            lambda: casework.confirm_booking(held.reference, actor=held.owner),
        ),
        at(end, waiting.offer_places),
    )
    at(end, lambda: waiting.offer_places())()

    active = list(Booking.objects.filter(state__in=ACTIVE, active_until__gt=end))
    assert len(active) == 1
    assert (active[0].state, active[0].case_id) in [(State.CONFIRMED, held.case_id), (State.HELD, second.pk)]


@pytest.mark.usefixtures("unguarded")
def test_without_judging_the_clock_a_lapsed_offer_is_accepted_beside_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calendar, held, _second = _late()
    end = held.active_until
    at(end, lambda: waiting.offer_places())()
    text = "AND state = 'held' AND active_until > %(now)s"
    alter(monkeypatch, sql, "CONFIRM", (text, ""))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    at(end, lambda: booking.confirm(held.reference, now=end))()

    assert Booking.objects.filter(state__in=ACTIVE).count() == 2
