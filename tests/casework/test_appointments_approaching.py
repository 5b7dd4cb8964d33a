"""People are reminded of their appointment in good time, once, and of no other than the one they have."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail

from consular.accounts.models import User
from consular.appointments.models import Booking
from consular.cases.models import Case, Phase
from consular.casework import appointments, approaching
from consular.core import clock, jobs
from consular.core.models import Job
from consular.notifications import sending
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
START = NOW + 3 * WEEK


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def booked() -> Booking:
    """An appointment in three weeks; what was mailed about it has been sent."""
    slot = factories.slot(starts_at=START)
    case = factories.bookable_case(slot.calendar, owner=people.applicant(language="de"))
    held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
    done = appointments.confirm_booking(held.reference, actor=case.owner)
    Job.objects.all().delete()
    return done


def reminders() -> list[str]:
    """The days of the reminders that were promised."""
    found = Notification.objects.filter(kind="appointment_reminder").order_by("id")
    return [key.rpartition(":")[2] for key in found.values_list("key", flat=True)]


def looked(at: object) -> int:
    with clock.at(at):
        return approaching.remind_visitors()


def owner(booking: Booking) -> User:
    return User.objects.get(pk=booking.owner_id)


def test_an_appointment_is_reminded_of_a_week_and_a_day_before(booked: Booking) -> None:
    found = {hours: looked(START - timedelta(hours=hours)) for hours in (169, 168, 167, 25, 24, 23, 1)}

    assert found == {169: 0, 168: 1, 167: 0, 25: 0, 24: 1, 23: 0, 1: 0}
    assert reminders() == ["7", "1"]


def test_the_mail_is_in_the_language_of_the_person_and_without_content(booked: Booking) -> None:
    looked(START - WEEK)
    with clock.at(START - WEEK):
        jobs.work()

    sent = mail.outbox[-1]
    assert (sent.to, sent.extra_headers["Content-Language"]) == ([owner(booked).email], "de")
    case = Case.objects.get(pk=booked.case_id)
    for secret in (case.reference, case.applicant_name, "2027", "schengen"):
        assert secret not in sent.subject + sent.body


def test_who_was_away_is_reminded_once_and_of_what_is_next(booked: Booking) -> None:
    assert [looked(START - HOUR), looked(START - HOUR)] == [1, 0]
    assert reminders() == ["1"]
    assert looked(START) == 0


def test_who_booked_late_is_not_told_at_once_what_was_just_mailed(booked: Booking) -> None:
    Booking.objects.update(changed_at=START - WEEK + HOUR)

    assert looked(START - WEEK + 2 * HOUR) == 0
    assert looked(START - DAY) == 1


def test_of_a_closed_case_nobody_is_reminded(booked: Booking) -> None:
    Case.objects.filter(pk=booked.case_id).update(phase=Phase.CLOSED)

    assert looked(START - DAY) == 0


def test_a_moved_appointment_is_reminded_of_at_its_new_time(booked: Booking) -> None:
    looked(START - WEEK)
    calendar = booked.slot.calendar
    later = factories.slot(calendar, starts_at=START + 2 * WEEK)
    with clock.at(START - WEEK + HOUR):
        appointments.move_booking(booked.reference, later.pk, actor=owner(booked))

    assert looked(START - DAY) == 0
    assert looked(START + WEEK) == 1
    assert reminders() == ["7", "7"]


def test_what_is_moved_between_finding_and_reminding_is_left_for_its_own_time(
    booked: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look found it; before the case was locked, its owner moved it."""
    later = factories.slot(booked.slot.calendar, starts_at=START + DAY)
    find = approaching.all_rows

    def found(*arguments: object) -> list[object]:
        rows = find(*arguments)
        appointments.move_booking(booked.reference, later.pk, actor=owner(booked))
        return rows

    monkeypatch.setattr(approaching, "all_rows", found)

    assert looked(START - WEEK) == 0
    monkeypatch.undo()
    assert looked(START + DAY - WEEK) == 1


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_reminder_of_what_no_longer_stands_does_not_go_out(booked: Booking, is_cancelled: bool) -> None:
    """It was promised, and the mail server was away; meanwhile the person has cancelled or moved."""
    looked(START - WEEK)
    with clock.at(START - WEEK + HOUR):
        if is_cancelled:
            appointments.cancel_booking(booked.reference, actor=owner(booked))
        else:
            later = factories.slot(booked.slot.calendar, starts_at=START + DAY)
            appointments.move_booking(booked.reference, later.pk, actor=owner(booked))
        jobs.work()

    row = Notification.objects.get(kind="appointment_reminder")
    assert (row.sent_at, row.dropped_at) == (None, START - WEEK + HOUR)


def test_without_the_last_look_a_cancelled_appointment_would_be_reminded_of(
    booked: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(START - WEEK)
    monkeypatch.setattr(sending, "_last_words", {})
    with clock.at(START - WEEK + HOUR):
        appointments.cancel_booking(booked.reference, actor=owner(booked))
        jobs.work()

    assert Notification.objects.get(kind="appointment_reminder").sent_at is not None


def test_many_reminders_are_found_some_at_once(booked: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in (1, 2):
        slot = factories.slot(booked.slot.calendar, starts_at=START + timedelta(hours=hours))
        case = factories.bookable_case(slot.calendar)
        held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
        appointments.confirm_booking(held.reference, actor=case.owner)
    monkeypatch.setattr(approaching, "AT_ONCE", 2)

    assert looked(START - DAY + 3 * HOUR) == 3
