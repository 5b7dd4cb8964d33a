"""Calendars on the pages of the desk: look, save exactly that, undo; closed days, blocks, absences."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consular.accounts.models import Role
from consular.appointments import slots
from consular.appointments.changes import AtCounter, Block, Change, Displacement
from consular.appointments.distribution import Mode
from consular.appointments.models import Calendar, OpeningRule
from consular.casework import appointments
from consular.core import clock
from consular.desk import calendar_rows
from consular.missions.models import Absence, Closure
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.bad_text import CORPUS

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 15)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def calendar() -> Calendar:
    made = factories.calendar(counters=2, horizon_days=30)
    for weekday in range(5):
        factories.rule(made, weekday=weekday, capacity=2)
    appointments.generate_slots(made, MONDAY + timedelta(days=16))
    return made


@pytest.fixture
def manager(calendar: Calendar) -> Client:
    return _client(calendar, Role.SLOT_MANAGER)


def _client(calendar: Calendar, *roles: Role) -> Client:
    return people.signed_in(Client(), people.official(*roles, mission=calendar.mission))


def book(calendar: Calendar) -> None:
    case = factories.bookable_case(calendar)
    slot = slots.free(calendar, MONDAY, MONDAY, now=NOW)[0]
    held = appointments.hold_slot(case.pk, slot.id, actor=case.owner)
    appointments.confirm_booking(held.reference, actor=case.owner)


def entries(page: object) -> dict[str, object]:
    """What a browser would send of a form as it stands."""
    form = page.context["form"]
    sent: dict[str, object] = {"rows": form.rows}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            sent |= {field.html_name: "on"} if value else {}
        elif isinstance(value, list | tuple):
            sent[field.html_name] = [str(one) for one in value]
        else:
            sent[field.html_name] = "" if value is None else field.field.widget.format_value(value)
    return sent


def test_hours_are_changed_after_a_look_and_undone(calendar: Calendar, manager: Client) -> None:
    book(calendar)
    address = reverse("desk:calendar", args=[calendar.pk])
    page = manager.get(address)
    assert page.context["form"].rows == 1
    wanted = entries(page) | {"0_weekdays": ["1", "2", "3", "4"], "0_closes_at": "12:00", "mode": "list"}

    looked = manager.post(address, wanted | {"preview": "yes"})
    assert looked.status_code == 200
    assert b"1 appointment cannot stay" in looked.content
    assert OpeningRule.objects.filter(weekday=0).exists()

    saved = manager.post(
        address, wanted | {"save": "yes", "fingerprint": looked.context["looked"].preview.fingerprint}
    )
    assert (saved.status_code, saved["Location"]) == (302, address)
    assert sorted(OpeningRule.objects.values_list("weekday", flat=True)) == [1, 2, 3, 4]
    assert Displacement.objects.count() == 1
    assert Calendar.objects.get().mode == Mode.LIST

    history = manager.get(reverse("desk:calendar_history", args=[calendar.pk]))
    assert "Monday" in history.content.decode()
    assert str(Mode.LIST.label) in history.content.decode()
    undo = reverse("desk:calendar_undo", args=[Change.objects.get().pk])
    shown = manager.get(undo)
    done = manager.post(undo, {"save": "yes", "fingerprint": shown.context["looked"].preview.fingerprint})
    assert done.status_code == 302
    assert OpeningRule.objects.filter(weekday=0).count() == 1
    assert Calendar.objects.get().mode == Mode.DIRECT
    assert Displacement.objects.get().outcome == "stands"
    again = manager.get(undo)
    assert again.status_code == 409


def test_an_old_preview_is_shown_anew(calendar: Calendar, manager: Client) -> None:
    address = reverse("desk:calendar", args=[calendar.pk])
    wanted = entries(manager.get(address)) | {"counters": "1"}
    seen = manager.post(address, wanted | {"preview": "yes"}).context["looked"].preview
    other = manager.post(address, wanted | {"save": "yes", "fingerprint": seen.fingerprint, "counters": "3"})
    assert other.status_code == 409
    assert b"since the preview" in other.content
    assert Calendar.objects.get().counters == 2


def test_what_cannot_be_is_said_at_its_field_and_everything_stays(
    calendar: Calendar, manager: Client
) -> None:
    address = reverse("desk:calendar", args=[calendar.pk])
    page = manager.post(address, entries(manager.get(address)) | {"add": "yes"})
    assert (page.status_code, page.context["form"].rows, len(page.context["form"].errors)) == (200, 2, 0)
    wanted = entries(page) | {
        "1_rhythm": "day",
        "1_opens_at": "12:00",
        "1_closes_at": "11:00",
        "1_pause_from": "10:00",
        "1_internal": "9",
        "week_share": "80",
        "day_share": "40",
        "returns_after": "200",
    }
    form = manager.post(address, wanted | {"preview": "yes"}).context["form"]
    assert set(form.errors) == {
        "1_on_day", "1_closes_at", "1_pause_to", "1_internal", "day_share", "returns_before",
    }  # fmt: skip
    assert form["week_share"].value() == "80"
    twice = wanted | {**{name: wanted[name.replace("1_", "0_")] for name in wanted if name.startswith("1_")}}
    again = manager.post(address, twice | {"day_share": "0", "returns_after": "0", "preview": "yes"})
    assert (again.status_code, b"the same time twice" in again.content) == (422, True)


def test_nobody_but_slot_managers_and_heads_changes_anything(calendar: Calendar) -> None:
    for role, may in ((Role.HEAD_OF_SECTION, True), (Role.AUDITOR, False), (Role.INTAKE_CLERK, False)):
        client = _client(calendar, role)
        address = reverse("desk:calendar", args=[calendar.pk])
        page = client.get(address)
        assert (page.status_code, b'name="preview"' in page.content) == (200, may)
        answer = client.post(address, entries(page) | {"counters": "1", "preview": "yes"})
        assert answer.status_code == (200 if may else 403)
        closing = {"first": "2027-03-15", "last": "2027-03-15", "reason": "Flood", "preview": "yes"}
        closed = client.post(reverse("desk:closures", args=[calendar.mission.code]), closing)
        assert closed.status_code == (200 if may else 403)
    stranger = people.signed_in(Client(), people.official(Role.SLOT_MANAGER, mission=people.mission()))
    assert stranger.get(reverse("desk:calendar", args=[calendar.pk])).status_code == 404


def test_days_are_closed_and_opened_again(calendar: Calendar, manager: Client) -> None:
    book(calendar)
    address = reverse("desk:closures", args=[calendar.mission.code])
    given = {"first": "2027-03-15", "last": "2027-03-16", "reason": "Flood"}
    looked = manager.post(address, given | {"preview": "yes"})
    assert b"1 appointment cannot stay" in looked.content
    mark = looked.context["looked"].preview.fingerprint
    assert manager.post(address, given | {"save": "yes", "fingerprint": mark}).status_code == 302
    closure = Closure.objects.get()

    looked = manager.post(address, {"remove": closure.pk})
    mark = looked.context["looked"].preview.fingerprint
    assert (
        manager.post(address, {"remove": closure.pk, "save": "yes", "fingerprint": mark}).status_code == 302
    )
    assert not Closure.objects.exists()
    assert Change.objects.count() == 2
    for text in (CORPUS["control characters"], CORPUS["markup"]):
        assert manager.post(address, given | {"reason": text, "first": text}).status_code in {200, 422}
    assert manager.post(address, {"remove": "9" * 30}).status_code == 422


def test_an_absence_is_put_to_a_counter(calendar: Calendar, manager: Client) -> None:
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    away = Absence.objects.create(
        user=clerk, starts_on=MONDAY, ends_on=MONDAY, entered_by=clerk, entered_at=NOW
    )
    address = reverse("desk:calendar_absences", args=[calendar.pk])
    looked = manager.post(address, {"absences": [away.pk], "preview": "yes"})
    mark = looked.context["looked"].preview.fingerprint
    saved = manager.post(address, {"absences": [away.pk], "save": "yes", "fingerprint": mark})
    assert saved.status_code == 302
    assert AtCounter.objects.get().absence == away


def test_blocks_have_a_reason_and_an_end_and_stay_listed(calendar: Calendar, manager: Client) -> None:
    book(calendar)
    address = reverse("desk:calendar_blocks", args=[calendar.pk])
    given = {"day": "2027-03-15", "starts": "09:00", "ends": "11:00", "until": "3"}
    assert set(manager.post(address, given | {"reason": " "}).context["form"].errors) == {"reason"}
    assert set(manager.post(address, given | {"reason": "Move", "until": "30"}).context["form"].errors) == {
        "until"
    }
    assert manager.post(address, given | {"reason": "Move"}).status_code == 302
    assert slots.free(calendar, MONDAY, MONDAY, now=NOW) == ()

    auditor = _client(calendar, Role.AUDITOR)
    page = auditor.get(reverse("desk:blocks"))
    assert b"Move" in page.content
    assert b'name="lift"' not in page.content
    assert page.context["blocks"][0]["booked"] == 1
    block = Block.objects.get()
    assert auditor.post(reverse("desk:blocks"), {"lift": block.pk}).status_code == 403
    assert manager.post(reverse("desk:blocks"), {"lift": block.pk}).status_code == 302
    assert len(slots.free(calendar, MONDAY, MONDAY, now=NOW)) == 4
    assert b"Move" in auditor.get(reverse("desk:blocks")).content


def test_the_list_shows_how_calendars_stand(calendar: Calendar, manager: Client) -> None:
    book(calendar)
    page = manager.get(reverse("desk:calendars"))
    (group,) = page.context["groups"]
    figures = group.lines[0].figures
    assert (figures.booked, figures.places - figures.free, figures.displaced) == (1, 1, 0)
    assert len(page.content) < 100_000


def test_hours_beyond_the_rows_of_a_page_are_kept_and_what_would_drop_some_is_refused(
    calendar: Calendar, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_rows, "MOST_ROWS", 3)
    for n in range(3):
        day = date(2027, 5, 1) + timedelta(days=n)
        values = {"on_day": day, "valid_from": day, "valid_to": day + timedelta(days=1)}
        factories.rule(calendar, weekday=day.weekday(), **values)
    address = reverse("desk:calendar", args=[calendar.pk])

    page = manager.get(address)
    assert page.context["form"].rows == 4
    assert b'name="add"' not in page.content
    sent = entries(page)
    assert manager.post(address, {**sent, "counters": "3"}).context["looked"].preview.is_change
    assert manager.post(address, {**sent, "rows": "99"}).status_code == 422
    OpeningRule.objects.filter(on_day__gt=date(2027, 5, 1)).delete()
    fewer = manager.post(address, sent)  # written when there were more than the page would show now
    assert fewer.status_code == 422
    assert "Somebody else entered something meanwhile." in fewer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_clock_reaches_is_an_error_of_its_field(
    calendar: Calendar, manager: Client, day: str
) -> None:
    hours = reverse("desk:calendar", args=[calendar.pk])
    closures = reverse("desk:closures", args=[calendar.mission.code])
    blocks = reverse("desk:calendar_blocks", args=[calendar.pk])
    block = {"day": day, "starts": "10:00", "ends": "23:59", "reason": "x", "until": "3"}
    draw = {"do": "announce", "calendar": calendar.pk, "winners": "3"}
    sent = [
        (hours, {**entries(manager.get(hours)), "0_last_day": day}),
        (closures, {"first": day, "last": day, "reason": "x"}),
        (blocks, block),
        (reverse("desk:draws"), {**draw, "opens_at": f"{day}T10:00", "closes_at": f"{day}T11:00"}),
        (reverse("desk:waiting"), {"propose": "1", "reference": "X", "since": day, "reason": "x"}),
    ]

    answers = [manager.post(address, values) for address, values in sent]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("between the years 2000 and 2199" in answer.content.decode() for answer in answers)
