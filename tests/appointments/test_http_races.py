"""Who is first over HTTP, in real processes that share nothing but the database; each safeguard also switched off."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from consular import casework
from consular.accounts.models import Role
from consular.appointments import attendance, booking, sql
from consular.appointments.models import ACTIVE, Booking, Calendar, VisitEntry
from consular.casework import attending
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.appointments.test_races import _many_connections, active_on, harm, without  # noqa: F401
from tests.harm import alter
from tests.meeting import is_waited_for
from tests.processes import until
from tests.serving import Answer, at_once, by_form, by_key, processes

pytestmark = pytest.mark.django_db(transaction=True)

Linger = Callable[[object, str, int], None]


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def lingering(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Linger:
    """Lets a function return only when so many processes have tried it, or one must wait for a lock of this one."""

    def linger(module: object, name: str, number: int) -> None:
        do: Callable[..., object] = getattr(module, name)

        def slow(*args: object, **more: object) -> object:
            try:
                found = do(*args, **more)
            finally:
                (tmp_path / str(os.getpid())).touch()
            until(lambda: len(os.listdir(tmp_path)) == number or is_waited_for())
            return found

        monkeypatch.setattr(module, name, slow)

    return linger


def statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)


def booked(calendar: Calendar, slot: object) -> Booking:
    case = factories.bookable_case(calendar)
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_booking(held.reference, actor=case.owner)


def moves_onto_the_last_place() -> tuple[list[int], int]:
    """Three people move to a place at once: what they were told, and how many sit there."""
    calendar = factories.calendar()
    old = factories.slot(calendar, capacity=3)
    new = factories.slot(calendar, capacity=1, starts_at=NOW + timedelta(days=9))
    movers = [booked(calendar, old) for _ in range(3)]
    with processes(3) as port:
        wanted = [by_key(port, m.owner, f"bookings/{m.reference}/move/", {"slot": new.pk}) for m in movers]
        answers = at_once(*wanted)
    return statuses(answers), active_on(new)


def test_three_people_move_onto_the_last_place_and_one_gets_it(lingering: Linger) -> None:
    lingering(booking, "move", 3)

    assert moves_onto_the_last_place() == ([200, 409, 409], 1)


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_moves_overfill_it(
    lingering: Linger, monkeypatch: pytest.MonkeyPatch
) -> None:
    lingering(booking, "move", 3)
    text = "FOR NO KEY UPDATE OF p SKIP LOCKED"
    without(monkeypatch, "one_active_booking_per_place", statement="MOVE", text=text)

    assert moves_onto_the_last_place()[1] > 1


def end_of_a_hold(send: Callable[..., list[Answer]]) -> tuple[list[Answer], object]:
    """A hold is confirmed a moment before its end by one process, and its place held anew at its end by another."""
    calendar = factories.calendar()
    slot = factories.slot(calendar)
    late, rival = factories.bookable_case(calendar), factories.bookable_case(calendar)
    held = casework.hold_slot(late.pk, slot.pk, actor=late.owner)
    just_before, end = held.active_until - timedelta(milliseconds=1), held.active_until
    with clock.at(just_before), processes(1) as before, clock.at(end), processes(1) as after:
        confirm = by_key(before, late.owner, f"bookings/{held.reference}/confirm/")
        take = by_key(after, rival.owner, "bookings/", {"case": rival.reference, "slot": slot.pk})
        return send(take, confirm), slot


def test_a_hold_is_confirmed_or_taken_by_the_next_one_and_never_both() -> None:
    answers, slot = end_of_a_hold(at_once)

    assert [one.status for one in answers] in ([201, 409], [409, 200])
    assert active_on(slot) == 1


@pytest.mark.usefixtures("harm")
def test_without_lock_and_constraint_a_hold_is_both(monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, sql, "CONFIRM", ("FOR NO KEY UPDATE OF p", ""))
    for text in ("FOR NO KEY UPDATE OF p SKIP LOCKED", "'expired'"):
        without(monkeypatch, statement="HOLD", text=text, instead="state" if "expired" in text else "")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_active_booking_per_place")

    answers, slot = end_of_a_hold(lambda *asked: [ask() for ask in asked])

    assert [one.status for one in answers] == [201, 200]
    assert active_on(slot) == 2


def block_against_holds() -> list[Answer]:
    """A manager blocks a time while two people hold places of it; and what somebody is told who comes afterwards."""
    calendar = factories.calendar(counters=8, horizon_days=8)
    factories.rule(calendar, capacity=8)
    casework.generate_slots(calendar, NOW.date() + timedelta(days=8))
    slot = calendar.slots.order_by("starts_at").last()
    cases = [factories.bookable_case(calendar) for _ in range(3)]
    manager = people.official(Role.SLOT_MANAGER, mission=calendar.mission)
    day = {"day": slot.starts_at.date(), "starts": "00:00", "ends": "23:59", "reason": "Flood", "until": 3}
    with processes(3) as port:
        holds = [
            by_key(port, case.owner, "bookings/", {"case": case.reference, "slot": slot.pk}) for case in cases
        ]
        block = by_form(port, manager, f"/desk/calendars/{calendar.pk}/blocks/", day)
        return [*at_once(block, *holds[:2]), holds[2]()]


def test_a_block_and_bookings_in_one_moment_leave_each_place_to_one_of_them() -> None:
    block, *holds, late = block_against_holds()

    assert block.status == 302
    assert {one.status for one in holds} <= {201, 409}
    assert (late.status, late.code) == (409, "gone")
    assert Booking.objects.filter(state__in=ACTIVE).count() == sum(one.status == 201 for one in holds)


def test_without_looking_at_the_opening_a_blocked_place_is_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, statement="HOLD", text="AND p.opens_at <= %(now)s")

    assert block_against_holds()[-1].status == 201


def check_ins() -> int:
    """Two officers check one person in at once; how many entries there are."""
    calendar = factories.calendar()
    mine = booked(calendar, factories.slot(calendar, starts_at=NOW + timedelta(hours=1)))
    officers = [people.official(Role.INTAKE_CLERK, mission=calendar.mission) for _ in range(2)]
    path = f"/desk/appointments/bookings/{mine.reference}/attend/"
    with processes(2) as port:
        answers = at_once(*(by_form(port, one, path, {"act": "check_in", "seen": 0}) for one in officers))
    assert statuses(answers) == [302] * 2
    return VisitEntry.objects.filter(booking=mine).count()


def test_two_officers_check_somebody_in_at_once_and_one_entry_is_written() -> None:
    assert check_ins() == 1


def test_without_the_lock_the_number_of_the_entry_alone_refuses_the_others(
    lingering: Linger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "_locked", lambda reference, _actor: booking.get(reference))
    lingering(attendance, "of", 2)

    assert check_ins() == 1
