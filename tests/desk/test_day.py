"""The day to work in: check-in by code, buttons, a walk-in, a move, the sheet, and what is entered afterwards."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import attendance, checkin
from consular.appointments.models import Booking, State, VisitEntry
from consular.appointments.visits import Standing
from consular.cases.models import Case
from consular.core import clock
from consular.decisions import keys, signature
from consular.desk import tables
from consular.desk.attendance import _counter
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

HOME = "/desk/appointments/"


@pytest.fixture
def booked() -> Booking:
    """An appointment in half an hour, and free places an hour later."""
    slot = factories.slot(starts_at=NOW + timedelta(minutes=30))
    factories.slot(slot.calendar, 2, NOW + timedelta(minutes=90))
    case = factories.bookable_case(slot.calendar)
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_booking(held.reference, actor=case.owner)


@pytest.fixture
def clerk(booked: Booking) -> User:
    return people.official(Role.INTAKE_CLERK, mission=booked.case.mission)


@pytest.fixture
def desk(clerk: User) -> Client:
    return people.signed_in(Client(), clerk)


def query(booked: Booking) -> dict[str, str]:
    return {"mission": booked.case.mission.code, "day": "2027-03-01"}


def text(answer: object) -> str:
    return answer.content.decode()


def test_who_comes_is_found_by_code_called_by_a_button_and_every_step_is_shown(
    booked: Booking, desk: Client, clerk: User
) -> None:
    code = checkin.code(booked.reference)
    nobody = desk.post(HOME + "check-in/", {"code": "0000-00"}, follow=True)
    came = desk.post(HOME + "check-in/", {"code": code.lower().replace("-", "")}, follow=True)
    attend = f"{HOME}bookings/{booked.reference}/attend/?mission={booked.case.mission.code}&day=2027-03-01"
    called = desk.post(attend, {"act": "call", "seen": "1", "counter": "3"}, follow=True)
    stale = desk.post(attend, {"act": "miss", "seen": "1"}, follow=True)
    nonsense = desk.post(attend, {"act": "dance", "seen": "x" * 99})

    assert "No appointment of today has this code." in text(nobody)
    assert "Entered: Waits." in text(came)
    assert code in text(came)
    assert "counter 3" in text(called)
    assert f"{clerk.name} was faster: Called." in text(stale)
    assert nonsense.status_code == 302
    assert attendance.of(booked).standing == Standing.CALLED
    week = text(desk.get(HOME + "week/", query(booked)))
    assert "1 taken, 0 free" in week
    assert "0 taken, 2 free" in week


def test_the_mission_books_moves_and_cancels_by_forms_that_keep_what_was_typed(
    booked: Booking, desk: Client
) -> None:
    calendar = booked.slot.calendar
    other, later = factories.bookable_case(calendar), calendar.slots.latest("starts_at")
    address = f"{HOME}walk-in/?mission={calendar.mission.code}&day=2027-03-01"
    wrong = desk.post(address, {"case": "<b>nobody", "slot": later.pk})
    unknown = desk.post(address, {"case": booked.reference, "slot": later.pk})
    done = desk.post(address, {"case": other.reference.lower(), "slot": later.pk})
    move = f"{HOME}bookings/{booked.reference}/move/"
    offered = desk.get(move)
    nothing = desk.post(move, {})
    desk.post(move, {"slot": later.pk})
    empty = desk.post(f"{HOME}bookings/{booked.reference}/cancel/", {})
    booked.refresh_from_db()

    assert (wrong.status_code, unknown.status_code, done.status_code) == (422, 422, 302)
    assert "&lt;b&gt;nobody" in text(wrong)
    assert Booking.objects.get(case=other).slot == later
    assert f'value="{later.pk}"' in text(offered)
    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert booked.slot == later
    gone = desk.post(f"{HOME}bookings/{booked.reference}/cancel/", {"reason": "closed"}, follow=True)
    assert "The appointment was cancelled." in text(gone)
    assert Booking.objects.get(pk=booked.pk).state == State.CANCELLED
    owner = people.signed_in(Client(), booked.owner)
    told = text(owner.get(f"/cases/{booked.case.reference}/appointment/"))
    assert "The mission cannot serve anybody at this time." in told


def test_other_missions_and_roles_get_nothing(booked: Booking) -> None:
    abroad = people.signed_in(Client(), people.official(Role.INTAKE_CLERK, mission=people.mission()))
    steers = people.signed_in(Client(), people.official(Role.SLOT_MANAGER, mission=booked.case.mission))
    addresses = ["list.csv", "sheet.pdf", "week/", "afterwards/", "figures/", "walk-in/"]

    assert [abroad.get(HOME + page, query(booked)).status_code for page in addresses] == [404] * 6
    assert abroad.get(f"{HOME}bookings/{booked.reference}/move/").status_code == 404
    assert steers.get(HOME + "walk-in/", query(booked)).status_code == 403
    assert steers.get(HOME + "figures/", query(booked)).status_code == 200
    abroad.post(f"{HOME}bookings/{booked.reference}/attend/", {"act": "check_in", "seen": "0"})
    abroad.post(HOME + "check-in/", {"code": booked.reference})
    assert not VisitEntry.objects.exists()


def test_the_list_is_safe_in_a_spreadsheet(booked: Booking, desk: Client) -> None:
    Case.objects.filter(pk=booked.case_id).update(applicant_name='=HYPERLINK("http://example.org")')

    answer = desk.get(HOME + "list.csv", query(booked))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer["Cache-Control"] == "no-store"
    assert rows[1][2:5] == [
        checkin.code(booked.reference),
        '\'=HYPERLINK("http://example.org")',
        booked.case.reference,
    ]


@pytest.mark.parametrize(
    ("typed", "counter"),
    [("7", 7), ("007", 7), ("", None), ("0", None), ("99999", None), ("1" * 40, None), ("x", None)],
)
def test_a_counter_has_a_small_number_or_none(typed: str, counter: int | None) -> None:
    assert _counter(typed) == counter


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "  =1"])
def test_no_cell_begins_a_formula(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables.safe(cell) == f"'{cell}"
    assert tables.safe("Mensah, Ama") == "Mensah, Ama"

    monkeypatch.setattr(tables, "STARTS_A_FORMULA", ())
    assert tables.safe(cell) == cell


def test_the_sheet_is_signed_and_a_changed_one_shows(booked: Booking, desk: Client) -> None:
    with clock.at(datetime.now(UTC)):  # a key of the future is trusted by nobody
        keys.make_local()

    sheet = desk.get(HOME + "sheet.pdf", query(booked))

    assert sheet["Content-Type"] == "application/pdf"
    assert signature.check(sheet.content).good
    assert not signature.check(sheet.content.replace(b"/Producer", b"/Producet", 1) + b"\n").good


def test_what_the_sheet_says_is_entered_and_what_changed_meanwhile_is_shown(
    booked: Booking, clerk: User
) -> None:
    name, page = booked.reference, f"{HOME}afterwards/?mission={booked.case.mission.code}&day=2027-03-01"
    begins = booked.slot.starts_at.astimezone(ZoneInfo(booked.case.mission.time_zone))
    typed = {
        f"{name}-outcome": "serve",
        f"{name}-came_at": f"{begins:%H:%M}",
        f"{name}-done_at": f"{begins + timedelta(minutes=9):%H:%M}",
        f"{name}-seen": "0",
    }
    with clock.at(NOW + timedelta(days=1)):
        desk = people.signed_in(Client(), clerk)
        incomplete = desk.post(page, {**typed, f"{name}-done_at": ""})
        entered = desk.post(page, typed)
        conflict = desk.post(page, {**typed, f"{name}-outcome": "miss"})

    assert (incomplete.status_code, entered.status_code, conflict.status_code) == (422, 302, 409)
    assert "Enter when the person was served." in text(incomplete)
    assert f"{begins:%H:%M}" in text(incomplete)
    assert f"{clerk.name} was faster: Served." in text(conflict)
    assert attendance.of(booked).standing == Standing.SERVED
