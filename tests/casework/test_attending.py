"""The day of an appointment: came, called, served; one of two officers; undone; and what a sheet says afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import attendance
from consular.appointments.attendance import Entry
from consular.appointments.models import Booking, State, VisitEntry
from consular.appointments.visits import Act, Standing
from consular.cases.models import Event
from consular.casework.attending import Line
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

TODAY = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def booked() -> Booking:
    """An appointment in half an hour."""
    slot = factories.slot(starts_at=TODAY)
    case = factories.bookable_case(slot.calendar)
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_booking(held.reference, actor=case.owner)


@pytest.fixture
def clerk(booked: Booking) -> User:
    return people.official(Role.SLOT_MANAGER, mission=booked.case.mission)


def attend(booked: Booking, clerk: User, act: Act, seen: int, counter: int | None = None) -> VisitEntry:
    return casework.attend(booked.reference, Entry(act, seen, clock.now(), counter), actor=clerk)


def refusal(booked: Booking, clerk: User, act: Act, seen: int) -> str:
    with pytest.raises(Refused) as refused:
        attend(booked, clerk, act, seen)
    return refused.value.code


def test_somebody_comes_is_called_and_served_and_all_of_it_is_kept(booked: Booking, clerk: User) -> None:
    attend(booked, clerk, Act.CHECK_IN, 0)
    attend(booked, clerk, Act.CALL, 1, counter=3)
    attend(booked, clerk, Act.UNDO, 2)
    attend(booked, clerk, Act.CALL, 3, counter=4)
    with clock.at(TODAY):
        attend(booked, clerk, Act.SERVE, 4)

    visit = attendance.of(booked)
    told = Event.objects.filter(case=booked.case_id, kind__startswith="visit_").order_by("id")
    assert (visit.standing, visit.counter, visit.seen) == (Standing.SERVED, 4, 5)
    assert (visit.at(Act.CHECK_IN), visit.at(Act.SERVE)) == (NOW, TODAY)
    assert [event.kind for event in told] == [
        "visit_check_in", "visit_call", "visit_undo", "visit_call", "visit_serve",
    ]  # fmt: skip
    assert {event.actor_id for event in told} == {clerk.pk}


def test_of_two_officers_one_enters_and_the_other_is_told_who_was_faster(
    booked: Booking, clerk: User
) -> None:
    attend(booked, clerk, Act.CHECK_IN, 0)

    with pytest.raises(Refused) as refused:
        attend(booked, people.official(Role.INTAKE_CLERK, mission=booked.case.mission), Act.MISS, 0)

    assert refused.value.code == "changed"
    assert str(refused.value.message) == f"{clerk.name} was faster: Has come. Look again before you go on."
    assert VisitEntry.objects.count() == 1


def test_if_the_number_of_the_entry_were_not_compared_the_database_still_refuses_the_second(
    booked: Booking, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attend(booked, clerk, Act.CHECK_IN, 0)
    judge = attendance.of
    monkeypatch.setattr(attendance, "of", lambda one: attendance.Visit(judge(one).entries, seen=0))

    assert refusal(booked, clerk, Act.CALL, 0) == "changed"
    assert VisitEntry.objects.count() == 1


def test_what_cannot_be_is_refused(booked: Booking, clerk: User) -> None:
    stranger = people.official(Role.SLOT_MANAGER, mission=people.mission())

    assert refusal(booked, stranger, Act.CHECK_IN, 0) == "not_found"
    assert refusal(booked, booked.owner, Act.CHECK_IN, 0) == "not_found"
    assert refusal(booked, clerk, Act.MISS, 0) == "not_now"
    assert refusal(booked, clerk, Act.SERVE, 0) == "not_now"
    with clock.at(NOW - timedelta(days=1)):
        assert refusal(booked, clerk, Act.CHECK_IN, 0) == "invalid"
    attend(booked, clerk, Act.CHECK_IN, 0)
    with clock.at(NOW + timedelta(minutes=16)):
        assert refusal(booked, clerk, Act.UNDO, 1) == "too_late"


def test_who_cancelled_is_not_checked_in_and_who_has_come_does_not_cancel(
    booked: Booking, clerk: User
) -> None:
    attend(booked, clerk, Act.CHECK_IN, 0)
    with pytest.raises(Refused) as refused:
        casework.cancel_booking(booked.reference, actor=booked.owner)
    assert refused.value.code == "has_come"
    assert Booking.objects.get().state == State.CONFIRMED

    attend(booked, clerk, Act.UNDO, 1)
    casework.cancel_booking(booked.reference, actor=booked.owner)

    assert refusal(booked, clerk, Act.CHECK_IN, 2) == "no_appointment"


def test_what_a_sheet_says_is_entered_and_conflicts_are_shown(booked: Booking, clerk: User) -> None:
    served_at = TODAY + timedelta(minutes=5)
    line = Line(booked.reference, Act.SERVE, 0, came_at=TODAY, done_at=served_at)
    with clock.at(NOW + timedelta(days=3)):
        assert casework.reconcile([line], actor=clerk) == []
        assert casework.reconcile([line], actor=clerk) == []  # twice says nothing new
        missed = Line(booked.reference, Act.MISS, 0)
        (conflict,) = casework.reconcile([missed], actor=clerk)

    visit = attendance.of(booked)
    assert (visit.standing, visit.at(Act.CHECK_IN), visit.at(Act.SERVE)) == (
        Standing.SERVED,
        TODAY,
        served_at,
    )
    assert [entry.entered_at - entry.at > timedelta(days=2) for entry in visit.entries] == [True, True]
    assert "was faster: Served" in conflict.sentence
    with clock.at(NOW + timedelta(days=20)):
        (late,) = casework.reconcile([missed], actor=clerk)
    assert late.reference == booked.reference


def test_a_line_without_times_is_not_half_entered(booked: Booking, clerk: User) -> None:
    with clock.at(NOW + timedelta(days=1)):
        (conflict,) = casework.reconcile([Line(booked.reference, Act.SERVE, 0, came_at=TODAY)], actor=clerk)

    assert conflict.sentence == "A time is missing."
    assert not VisitEntry.objects.exists()
