"""Somebody who stays through several slots is one person at the desk: in the list, at the door, on the sheet, in a
form; and how long services take is a setting of the calendar.
"""

import csv
import io
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import time_format

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import attendance, checkin
from consular.appointments import day as days
from consular.appointments.changes import Change
from consular.appointments.models import Booking, Calendar, Slot, VisitEntry
from consular.appointments.visits import Standing
from consular.casework import appointments
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.appointments.test_lengths import calendar as two_slots
from tests.appointments.test_together import HALF
from tests.casework.test_lengths import booked, long_case
from tests.desk.test_calendars import entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

HOME = "/desk/appointments/"


@pytest.fixture
def calendar() -> Calendar:
    """Four times of today, the third for two people; a gap, and one more."""
    made = two_slots(most_people=3)
    for nth, capacity in ((1, 2), (2, 2), (3, 1), (4, 1), (6, 1)):
        factories.slot(made, capacity, NOW + nth * HALF)
    return made


@pytest.fixture
def times(calendar: Calendar) -> list[Slot]:
    return list(calendar.slots.order_by("starts_at"))


@pytest.fixture
def mine(calendar: Calendar, times: list[Slot]) -> Booking:
    """Somebody who stays from the first time to the end of the second."""
    return booked(long_case(calendar), times[0])


@pytest.fixture
def clerk(calendar: Calendar) -> User:
    return people.official(Role.INTAKE_CLERK, mission=calendar.mission)


@pytest.fixture
def desk(clerk: User) -> Client:
    return people.signed_in(Client(), clerk)


def query(calendar: Calendar) -> dict[str, str]:
    return {"mission": calendar.mission.code, "day": "2027-03-01"}


def text(answer: Any) -> str:
    return answer.content.decode()


def offered(page: Any) -> list[str]:
    return [value for value, _name in page.context["form"].fields["slot"].choices]


def test_a_long_visit_is_one_line_from_its_start_to_its_end(
    mine: Booking, calendar: Calendar, times: list[Slot], desk: Client
) -> None:
    zone = ZoneInfo(calendar.mission.time_zone)
    (row,) = days.of_day(calendar.mission, NOW.date())
    assert (row.starts_at, row.ends_at) == (times[0].starts_at, times[1].ends_at)
    assert (row.party, row.slots) == ("", 2)

    (listed,) = desk.get(HOME, query(calendar)).context["lists"]
    assert [(len(one.lines), one.free) for one in listed.moments] == [
        (0, 1), (1, 0), (0, 1), (0, 1), (0, 1), (0, 1),
    ]  # fmt: skip
    assert [slot.time.room for one in listed.moments for slot in one.slots] == [4, 3, 2, 1, 1]
    shown = text(desk.get(HOME, query(calendar)))
    assert "Comes with:" not in shown
    assert shown.count('data-slots="2"') == 1
    assert 'data-room="4"' in shown
    week = text(desk.get(HOME + "week/", query(calendar)))
    assert week.count("1 taken, 1 free") == 2

    rows = list(
        csv.reader(io.StringIO(desk.get(HOME + "list.csv", query(calendar)).content.decode("utf-8-sig")))
    )
    assert [one[:2] for one in rows[1:]] == [
        [f"{times[0].starts_at.astimezone(zone):%H:%M}", f"{times[1].ends_at.astimezone(zone):%H:%M}"]
    ]


def test_at_the_door_whoever_stays_is_one_person(
    mine: Booking, calendar: Calendar, clerk: User, desk: Client
) -> None:
    further = Booking.objects.get(party=mine.party, part=1)
    assert desk.get(f"{HOME}bookings/{mine.reference}/together/").status_code == 404
    for code in (further.reference, checkin.code(further.reference)):
        assert "No appointment of today" in text(desk.post(HOME + "check-in/", {"code": code}, follow=True))
    attend = f"{HOME}bookings/{further.reference}/attend/?mission={calendar.mission.code}&day=2027-03-01"
    assert "There is no such appointment." in text(
        desk.post(attend, {"act": "late", "seen": "0"}, follow=True)
    )
    assert not VisitEntry.objects.exists()

    late = attend.replace(further.reference, mine.reference)
    assert "Entered: Comes later." in text(desk.post(late, {"act": "late", "seen": "0"}, follow=True))
    came = desk.post(HOME + "check-in/", {"code": checkin.code(mine.reference)}, follow=True)
    assert "Entered: Waits." in text(came)
    for seen, act in enumerate(("call", "serve"), 2):
        desk.post(late, {"act": act, "seen": str(seen)})
    assert attendance.of(mine).standing == Standing.SERVED
    assert set(VisitEntry.objects.values_list("booking", flat=True)) == {mine.pk}


def test_what_a_sheet_says_of_a_long_visit_is_entered_once(
    mine: Booking, calendar: Calendar, times: list[Slot], clerk: User
) -> None:
    page = f"{HOME}afterwards/?mission={calendar.mission.code}&day=2027-03-01"
    with clock.at(NOW + timedelta(days=1)):
        desk = people.signed_in(Client(), clerk)
        assert len(desk.get(page).context["asked"]) == 1
        done = desk.post(page, {f"{mine.reference}-outcome": "miss", f"{mine.reference}-seen": "0"})
    assert done.status_code == 302
    assert VisitEntry.objects.get().at == times[1].ends_at


def test_a_family_that_stays_is_asked_who_is_here(
    calendar: Calendar, times: list[Slot], desk: Client
) -> None:
    owner = people.applicant()
    family = [long_case(calendar, owner=owner), factories.bookable_case(calendar, owner=owner)]
    held = casework.hold_together([case.pk for case in family], times[0].pk, actor=owner)
    casework.confirm_together(held[0].party, actor=owner)

    found = desk.post(HOME + "check-in/", {"code": checkin.code(held[1].reference)})
    assert found["Location"] == f"{HOME}bookings/{held[1].reference}/together/"
    page = desk.get(found["Location"])
    assert len(page.context["form"].initial["came"]) == 2
    (listed,) = desk.get(HOME, query(calendar)).context["lists"]
    assert [len(one.others) for moment in listed.moments for one in moment.lines] == [1, 1]


def test_a_walk_in_is_offered_times_with_room_for_all_of_it(
    calendar: Calendar, times: list[Slot], desk: Client
) -> None:
    case = long_case(calendar)
    page = f"{HOME}walk-in/?mission={calendar.mission.code}&day=2027-03-01"
    assert offered(desk.get(page)) == []  # whose they are is asked first
    for wrong in ("0000", "1A2B-3C4D-5E6F"):
        shown = desk.post(page, {"case": wrong, "look": "yes"})
        assert (shown.status_code, set(shown.context["form"].errors)) == (422, {"case"})

    looked = desk.post(page, {"case": case.reference.lower(), "look": "yes"})
    assert (looked.status_code, looked.context["form"].errors) == (200, {})
    assert offered(looked) == [str(one.pk) for one in times[:3]]
    assert "takes 2 times that follow one another" in text(looked)
    assert case.reference.lower() in text(looked)
    drawn = text(desk.post(f"{page}&slot={times[1].pk}", {"case": case.reference, "look": "yes"}))
    assert drawn.count(" checked") == 1
    assert "no room for the whole appointment" not in drawn
    beside = factories.slot(factories.calendar(mission=calendar.mission, services=[]), 1, times[2].starts_at)
    twin = desk.post(f"{page}&slot={beside.pk}", {"case": case.reference, "look": "yes"})
    assert twin.context["form"]["slot"].value() == str(times[2].pk)
    assert text(desk.get(HOME, query(calendar))).count("free · ") > 0
    short = desk.post(f"{page}&slot={times[4].pk}", {"case": case.reference, "look": "yes"})
    assert "no room for the whole appointment" in text(short)
    another = desk.post(page, {"case": case.reference, "day": "2027-03-02", "look": "yes"})
    assert (offered(another), 'value="2027-03-02"' in text(another)) == ([], True)
    unread = desk.post(page, {"case": case.reference, "day": "tomorrow", "look": "yes"})
    assert (unread.status_code, set(unread.context["form"].errors)) == (422, {"day"})
    refused = desk.post(page, {"case": case.reference, "slot": times[3].pk})
    assert refused.status_code == 422
    assert "Choose a time that is free." in text(refused)
    assert desk.post(page, {"case": case.reference, "slot": times[2].pk}).status_code == 302
    mine = Booking.objects.get(case=case, part=0)
    assert mine.ends_at == times[3].ends_at
    again = desk.post(page, {"case": case.reference, "look": "yes"})
    assert (again.status_code, set(again.context["form"].errors)) == (422, {"case"})
    assert f"bookings/{mine.reference}/move/" in text(again)
    assert "Free times on" not in text(again)
    other = long_case(calendar)
    booked(long_case(calendar), times[0])
    booked(long_case(calendar), times[0])
    full = desk.post(page, {"case": other.reference, "look": "yes"})
    assert (full.status_code, offered(full)) == (200, [])
    assert "No place is free on this day." in text(full)


def test_a_long_visit_is_moved_where_all_of_it_has_room(
    mine: Booking, times: list[Slot], desk: Client
) -> None:
    page = f"{HOME}bookings/{mine.reference}/move/"
    shown = desk.get(page)
    assert offered(shown) == [str(one.pk) for one in times[1:3]]
    assert "no room for the whole appointment" not in text(shown)
    assert shown.context["booking"].ends_at == times[1].ends_at
    drawn = desk.get(page, {"slot": times[3].pk})
    assert "no room for the whole appointment" in text(drawn)
    assert "no room for the whole appointment" not in text(desk.get(page, {"slot": times[2].pk}))
    assert desk.post(page, {"slot": times[2].pk}).status_code == 302
    assert Booking.objects.get(pk=mine.pk).ends_at == times[3].ends_at


def test_how_long_a_service_takes_is_looked_at_saved_told_and_undone(
    mine: Booking, calendar: Calendar
) -> None:
    factories.rule(calendar, opens="00:00", closes="23:30")
    head = people.signed_in(Client(), people.official(Role.HEAD_OF_SECTION, mission=calendar.mission))
    address = reverse("desk:calendar", args=[calendar.pk])
    field = f"length_{LONG}"
    start = entries(head.get(address))
    assert (start[field], start["length_schengen_visa"]) == ("2", "1")
    for wrong in ("0", "9", "1.5", "x", ""):
        page = head.post(address, start | {field: wrong, "preview": "yes"})
        assert (page.status_code, set(page.context["form"].errors)) == (422, {field})
        assert f'href="#id_{field}"' in text(page)

    same = head.post(address, start | {"notice_hours": "5", "preview": "yes"}).context["looked"].preview
    assert (same.is_change, same.lasting) == (True, 0)
    wanted = start | {field: "1", "length_schengen_visa": "3"}
    page = head.post(address, wanted | {"preview": "yes"})
    looked = page.context["looked"].preview
    assert (looked.is_change, looked.touched, looked.lasting) == (True, 0, 1)
    assert [(one.booked.id, one.booked.slots_each, one.slots_then) for one in looked.plans[0].lasting] == [
        (mine.pk, 2, 1)
    ]
    assert "1 appointment keeps its place and as many times as it has" in text(page)
    assert not Change.objects.exists()
    saved = head.post(address, wanted | {"save": "yes", "fingerprint": looked.fingerprint})
    assert saved.status_code == 302
    assert Calendar.objects.get().lengths == {"schengen_visa": 3}
    assert Booking.objects.get(pk=mine.pk).slots_each == 2
    history = text(head.get(reverse("desk:calendar_history", args=[calendar.pk])))
    assert history.count("How long it takes, in times:") == 2

    undo = reverse("desk:calendar_undo", args=[Change.objects.get().pk])
    looked = head.get(undo).context["looked"].preview
    assert head.post(undo, {"save": "yes", "fingerprint": looked.fingerprint}).status_code == 302
    assert Calendar.objects.get().lengths == {LONG: 2}


def test_a_length_of_a_service_that_the_calendar_no_longer_has_stays(calendar: Calendar) -> None:
    Calendar.objects.update(services=["schengen_visa"])
    head = people.signed_in(Client(), people.official(Role.HEAD_OF_SECTION, mission=calendar.mission))
    address = reverse("desk:calendar", args=[calendar.pk])
    looked = head.post(address, entries(head.get(address)) | {"preview": "yes"})
    assert not looked.context["looked"].preview.is_change


def test_pages_of_the_person_say_until_when_and_how_long(calendar: Calendar, times: list[Slot]) -> None:
    case = long_case(calendar)
    owner = people.signed_in(Client(), case.owner)
    page = f"/cases/{case.reference}/appointment/"
    with clock.at(NOW - timedelta(days=2)):
        assert "The appointment takes 60 minutes." in text(owner.get(page))
        appointments.hold_slot(case.pk, times[2].pk, actor=case.owner)
        held = Booking.objects.get(case=case)
        ends = times[3].ends_at.astimezone(ZoneInfo(calendar.mission.time_zone))
        until = f"– {time_format(ends, 'TIME_FORMAT')}"
        shown = text(owner.get(page + "confirm/"))
        assert until in shown
        assert "(1\xa0hour)" in shown
        casework.confirm_appointment(held.reference, actor=case.owner)
        for where in (page, f"/cases/{case.reference}/"):
            assert until in text(owner.get(where))
