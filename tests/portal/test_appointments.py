"""The booking pages: a time is chosen, kept, confirmed, moved, cancelled; every state is said in plain words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from consular.appointments import booking, links
from consular.appointments.models import Booking, Slot, State
from consular.cases.models import Case, Phase
from consular.core import clock
from consular.missions.models import Detail
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def slot() -> Slot:
    """Half past two in the afternoon in New Delhi, next Monday."""
    return factories.slot(starts_at=datetime(2027, 3, 8, 9, 0, tzinfo=UTC))


@pytest.fixture
def case(slot: Slot) -> Case:
    return factories.bookable_case(slot.calendar)


@pytest.fixture
def page(client: Client, case: Case) -> "Page":
    return Page(people.signed_in(client, case.owner), case)


class Page:
    """The pages of one case in one browser."""

    def __init__(self, client: Client, case: Case) -> None:
        self.client, self.start = client, f"/cases/{case.reference}/appointment/"

    def get(self, path: str = "") -> "tuple[int, str]":
        answer = self.client.get(self.start + path)
        return answer.status_code, answer.content.decode()

    def post(self, path: str = "", **data: object) -> "tuple[int, str]":
        answer = self.client.post(self.start + path, data, follow=True)
        return answer.status_code, answer.content.decode()

    def book(self, slot: Slot, case: Case) -> Booking:
        self.post(slot=slot.pk)
        held = booking.current(case.pk, now=NOW)
        self.post("confirm/", booking=held.reference)
        return booking.get(held.reference)


def test_times_are_told_in_the_named_time_zone_of_the_mission(page: Page) -> None:
    status, text = page.get()

    assert status == 200
    assert "14:30" in text
    assert "Local time in New Delhi (Asia/Kolkata)" in text
    assert "8 March 2027" in text


def test_a_time_is_kept_then_confirmed(page: Page, slot: Slot, case: Case) -> None:
    status, text = page.post(slot=slot.pk, day="2027-03-08")
    assert (status, "This time is kept for you until 14:40 in New Delhi." in text) == (
        200,
        True,
    )
    held = booking.current(case.pk, now=NOW)

    status, text = page.post("confirm/", booking=held.reference)

    assert (status, "Your appointment is confirmed." in text, held.reference in text) == (200, True, True)
    assert booking.get(held.reference).state == State.CONFIRMED


def test_a_second_press_of_the_button_shows_the_appointment(page: Page, slot: Slot, case: Case) -> None:
    mine = page.book(slot, case)

    status, text = page.post("confirm/", booking=mine.reference)

    assert (status, "Your appointment is confirmed." in text) == (200, True)


def test_a_time_taken_meanwhile_is_refused_above_the_other_times(page: Page, slot: Slot) -> None:
    factories.slot(slot.calendar, starts_at=slot.starts_at + timedelta(hours=1))
    factories.confirmed(slot)

    status, text = page.post(slot=slot.pk, day="2027-03-08")

    assert status == 409
    assert "This time has no free place any more. Choose another one." in text
    assert "15:30" in text


def test_nothing_free_is_said_in_plain_words(page: Page, slot: Slot) -> None:
    factories.confirmed(slot)

    assert "There is no free appointment at the moment." in page.get()[1]


def test_a_mission_without_a_calendar_says_so(client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(mission=people.mission(city="Mumbai"))

    status, text = Page(people.signed_in(client, case.owner), case).get()

    assert (status, "The mission in Mumbai gives no appointments online" in text) == (200, True)


def test_an_ended_hold_is_refused_and_explained(page: Page, slot: Slot, case: Case) -> None:
    page.post(slot=slot.pk)
    held = booking.current(case.pk, now=NOW)

    with clock.at(NOW + booking.HOLD):
        status, text = page.post("confirm/", booking=held.reference)
        assert status == 409
        assert "The time was kept for you for some minutes, and they are over." in text
        assert "It was not booked. Choose a time again." in page.get()[1]


def test_who_is_booked_elsewhere_is_told_so(page: Page, slot: Slot, case: Case) -> None:
    other = factories.bookable_case(slot.calendar)
    other.answers.data = case.answers.data
    other.answers.save()
    booking.hold(
        factories.slot().pk,
        owner=other.owner,
        case_id=None,
        identity=factories.identity.fingerprint(
            case.answers.data["doc_number"], case.answers.data["birth_date"]
        ),
        now=NOW,
    )

    status, text = page.post(slot=slot.pk)

    assert (status, "There is already an appointment of this kind for this travel document." in text) == (
        409,
        True,
    )


def test_an_appointment_is_moved_by_post_only(page: Page, slot: Slot, case: Case) -> None:
    later = factories.slot(slot.calendar, starts_at=slot.starts_at + timedelta(days=1))
    mine = page.book(slot, case)
    assert "You keep it until the new one is certain." in page.get("move/?day=2027-03-09")[1]
    assert booking.get(mine.reference).slot == slot

    status, text = page.post("move/", slot=later.pk, day="2027-03-09")

    assert (status, "9 March 2027" in text, booking.get(mine.reference).slot) == (200, True, later)


def test_an_appointment_is_cancelled_by_post_only(page: Page, slot: Slot, case: Case) -> None:
    mine = page.book(slot, case)
    assert "Yes, cancel it" in page.get("cancel/")[1]
    assert booking.get(mine.reference).state == State.CONFIRMED

    status, text = page.post("cancel/", booking=mine.reference)

    assert (status, "Your appointment was cancelled." in text) == (200, True)
    assert booking.get(mine.reference).state == State.CANCELLED


def test_the_calendar_file_updates_and_takes_away_one_entry(page: Page, slot: Slot, case: Case) -> None:
    later = factories.slot(slot.calendar, starts_at=slot.starts_at + timedelta(days=1))
    mine = page.book(slot, case)

    def file() -> tuple[object, ...]:
        answer = page.client.get(page.start + "calendar.ics")
        assert answer["Content-Type"].startswith("text/calendar")
        found = Calendar.from_ical(answer.content)
        event = found.walk("VEVENT")[0]
        return str(found["METHOD"]), str(event["UID"]), event["SEQUENCE"], event["DTSTART"].dt

    uid = f"{mine.reference}@localhost"
    assert file() == ("PUBLISH", uid, 0, slot.starts_at)
    page.post("move/", slot=later.pk)
    assert file() == ("PUBLISH", uid, 1, later.starts_at)
    page.post("cancel/", booking=mine.reference)
    assert file() == ("CANCEL", uid, 2, later.starts_at)


def test_a_mission_that_moves_until_then_is_found_where_it_will_be(
    page: Page, slot: Slot, case: Case
) -> None:
    day = slot.starts_at.date()
    for since, address in ((day, "New street 1"), (day + timedelta(days=1), "Newer street 2")):
        Detail.objects.create(mission=case.mission, name="address", valid_from=since, value=address)
    mine = page.book(slot, case)
    event = Calendar.from_ical(page.client.get(page.start + "calendar.ics").content).walk("VEVENT")[0]

    assert str(event["LOCATION"]) == "Embassy in New Delhi\nNew street 1"
    for text in (page.get()[1], page.client.get(f"/appointments/{links.issue(mine)}/").content.decode()):
        assert ("New street 1" in text, "Newer" in text) == (True, False)


def test_a_hold_gives_no_calendar_file(page: Page, slot: Slot) -> None:
    page.post(slot=slot.pk)

    assert page.get("calendar.ics")[0] == 404


@pytest.mark.parametrize(
    "typed", ["", "x", "-1", "0", "9" * 30, "\x00", "\u202e12", "<b>1</b>", "1" * 10_000, "1.5", "²"]
)
def test_bad_input_is_a_field_error(page: Page, typed: str) -> None:
    status, text = page.post(slot=typed, day=typed)

    assert status == 422
    assert "Choose a time." in text
    assert not Booking.objects.exists()


@pytest.mark.parametrize("day", ["2027-13-99", "\x00", "<script>", "9" * 5_000, "2027-03-09"])
def test_a_day_that_is_not_free_shows_the_first_one_that_is(page: Page, day: str) -> None:
    answer = page.client.get(page.start, {"day": day})

    assert (answer.status_code, b"8 March 2027" in answer.content) == (200, True)


@pytest.mark.parametrize("path", ["confirm/", "cancel/"])
@pytest.mark.parametrize("typed", ["", "\x00", "nothing", "0000-0000-0000", "x" * 10_000])
def test_an_unknown_booking_is_refused_with_a_sentence(page: Page, path: str, typed: str) -> None:
    status, text = page.post(path, booking=typed)

    assert (status, "There is no such appointment" in text) == (404, True)


@pytest.mark.parametrize("path", ["", "confirm/", "move/", "cancel/", "calendar.ics"])
def test_the_pages_of_others_are_not_there(client: Client, slot: Slot, case: Case, path: str) -> None:
    stranger = Page(people.signed_in(client, people.applicant()), case)

    assert stranger.get(path)[0] == 404
    if path != "calendar.ics":
        assert stranger.post(path, slot=slot.pk)[0] == 404


def test_before_signing_in_the_pages_lead_to_the_sign_in(client: Client, case: Case) -> None:
    answer = client.get(f"/cases/{case.reference}/appointment/")

    assert (answer.status_code, answer["Location"].startswith("/sign-in/?next=")) == (302, True)


def test_a_decided_case_needs_no_appointment(page: Page, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(phase=Phase.DECIDED)

    assert "Your case needs no appointment any more." in page.get()[1]


def test_the_page_stays_small_and_asks_little_with_many_days(
    page: Page, slot: Slot, django_assert_max_num_queries: object
) -> None:
    for n in range(85):
        factories.slot(slot.calendar, starts_at=NOW + timedelta(days=n // 2 + 1, hours=n % 2 + 1), capacity=3)

    with django_assert_max_num_queries(12):
        status, text = page.get()

    assert (status, len(text.encode()) < 60_000) == (200, True)
