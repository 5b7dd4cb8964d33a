"""The verbs of booking: who may, what is recorded, what the process learns, what is promised."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from consular.accounts.models import Role
from consular.appointments import booking
from consular.appointments.models import Booking, Place, State
from consular.cases.models import Answers, Case, Event, Phase
from consular.casework import appointments
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from consular.workflow.models import Instance, Token
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def kinds(case: Case) -> list[str]:
    found = Event.objects.filter(case=case, kind__startswith="appointment").order_by("id")
    return list(found.values_list("kind", flat=True))


def mails(case: Case) -> list[str]:
    found = Notification.objects.filter(case=case, kind__startswith="appointment").order_by("id")
    return list(found.values_list("kind", flat=True))


def booked(case: Case, slot: object) -> Booking:
    held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
    return appointments.confirm_booking(held.reference, actor=case.owner)


def test_a_booking_is_recorded_and_told() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)

    done = booked(case, slot)

    assert (done.state, done.case_id, done.owner_id) == (State.CONFIRMED, case.pk, case.owner_id)
    assert kinds(case) == ["appointment_held", "appointment_confirmed"]
    assert Event.objects.get(case=case, kind="appointment_confirmed").data == {
        "booking": done.reference,
        "starts_at": slot.starts_at.isoformat(),
    }
    assert mails(case) == ["appointment_confirmed"]


def test_a_process_that_waits_for_the_appointment_goes_on() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar, is_awaited=True)
    assert Token.objects.get(instance=case.instance).node == "await_appointment"

    booked(case, slot)

    case.refresh_from_db()
    assert Token.objects.get(instance=case.instance).node == "lodge"
    assert case.phase == Phase.IN_REVIEW
    assert Instance.objects.get(pk=case.instance_id).variables["booked"] is True


def test_a_process_that_does_not_wait_yet_finds_the_booking_later() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)

    done = booked(case, slot)
    assert Instance.objects.get(pk=case.instance_id).variables["booked"] is True

    appointments.cancel_booking(done.reference, actor=case.owner)
    assert Instance.objects.get(pk=case.instance_id).variables["booked"] is False


def test_confirming_and_cancelling_twice_tells_once() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    done = booked(case, slot)
    for _ in range(2):
        with clock.at(NOW + timedelta(minutes=1)):
            appointments.confirm_booking(done.reference, actor=case.owner)
    for minute in (2, 3):
        with clock.at(NOW + timedelta(minutes=minute)):
            appointments.cancel_booking(done.reference, actor=case.owner)

    assert kinds(case) == ["appointment_held", "appointment_confirmed", "appointment_cancelled"]
    assert mails(case) == ["appointment_confirmed", "appointment_cancelled"]


def test_choosing_another_time_gives_the_held_one_back() -> None:
    first = factories.slot()
    second = factories.slot(first.calendar, starts_at=NOW + timedelta(days=8))
    case = factories.bookable_case(first.calendar)
    appointments.hold_slot(case.pk, first.pk, actor=case.owner)

    appointments.hold_slot(case.pk, second.pk, actor=case.owner)

    assert booking.current(case.pk, now=NOW).slot == second
    assert Place.objects.get(slot=first).free_from == NOW


def test_choosing_a_full_time_keeps_the_held_one_and_writes_nothing() -> None:
    first = factories.slot()
    full = factories.slot(first.calendar, starts_at=NOW + timedelta(days=8))
    factories.confirmed(full)
    case = factories.bookable_case(first.calendar)
    appointments.hold_slot(case.pk, first.pk, actor=case.owner)

    with pytest.raises(Refused, match="no free place"):
        appointments.hold_slot(case.pk, full.pk, actor=case.owner)

    assert booking.current(case.pk, now=NOW).slot == first
    assert kinds(case) == ["appointment_held"]


def test_a_move_is_recorded_and_told() -> None:
    first = factories.slot()
    second = factories.slot(first.calendar, starts_at=NOW + timedelta(days=8))
    case = factories.bookable_case(first.calendar)
    done = booked(case, first)

    moved = appointments.move_booking(done.reference, second.pk, actor=case.owner)

    assert (moved.slot, moved.sequence) == (second, 1)
    assert kinds(case)[-1] == "appointment_moved"
    assert mails(case) == ["appointment_confirmed", "appointment_moved"]


def test_the_same_passport_in_another_account_gets_no_second_appointment() -> None:
    slot, elsewhere = factories.slot(), factories.slot(factories.calendar(people.mission(country="US")))
    case, other = factories.bookable_case(slot.calendar), factories.bookable_case(elsewhere.calendar)
    number = Answers.objects.get(case=case).data["doc_number"]
    typed = f" {number[:3].lower()}-{number[3:]} "
    Answers.objects.filter(case=other).update(data={"doc_number": typed, "birth_date": "1990-04-12"})
    booked(case, slot)

    with pytest.raises(Refused) as refusal:
        appointments.hold_slot(other.pk, elsewhere.pk, actor=other.owner)

    assert (refusal.value.code, refusal.value.status) == ("already_booked", 409)
    assert not kinds(other)


def test_without_a_document_number_nothing_is_held() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    Answers.objects.filter(case=case).update(data={"birth_date": "1990-04-12"})

    with pytest.raises(Refused) as refusal:
        appointments.hold_slot(case.pk, slot.pk, actor=case.owner)

    assert refusal.value.status == 422
    assert not Booking.objects.exists()


def test_a_slot_of_another_mission_or_service_is_refused() -> None:
    mine, foreign = factories.slot(), factories.slot()
    passports = factories.slot(factories.calendar(mine.calendar.mission, services=["passport"]))
    case = factories.bookable_case(mine.calendar)

    for slot in (foreign, passports):
        with pytest.raises(Refused, match="no free place"):
            appointments.hold_slot(case.pk, slot.pk, actor=case.owner)


def test_strangers_find_nothing() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    done = booked(case, slot)
    strangers = [
        people.applicant(),
        people.official(Role.INTAKE_CLERK, mission=people.mission()),
        people.official(Role.AUDITOR, mission=case.mission),
    ]

    for actor in strangers:
        for act in (
            lambda a: appointments.hold_slot(case.pk, slot.pk, actor=a),
            lambda a: appointments.confirm_booking(done.reference, actor=a),
            lambda a: appointments.move_booking(done.reference, slot.pk, actor=a),
            lambda a: appointments.cancel_booking(done.reference, actor=a),
        ):
            with pytest.raises(Refused) as refusal:
                act(actor)
            assert refusal.value.status == 404
    assert booking.get(done.reference).state == State.CONFIRMED


def test_a_clerk_of_the_mission_may_book_for_the_applicant() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    clerk = people.official(Role.INTAKE_CLERK, mission=case.mission)

    held = appointments.hold_slot(case.pk, slot.pk, actor=clerk)

    assert (held.owner_id, Event.objects.get(kind="appointment_held").actor) == (case.owner_id, clerk)


def test_a_decided_case_needs_no_appointment() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    Case.objects.filter(pk=case.pk).update(phase=Phase.DECIDED)

    with pytest.raises(Refused) as refusal:
        appointments.hold_slot(case.pk, slot.pk, actor=case.owner)

    assert refusal.value.code == "not_now"


def test_a_booking_takes_few_statements(django_assert_max_num_queries: object) -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar, is_awaited=True)
    with django_assert_max_num_queries(6):
        held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
    with django_assert_max_num_queries(7):
        appointments.confirm_booking(held.reference, actor=case.owner)
