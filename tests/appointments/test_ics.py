"""The calendar file says what it should to an independent reader, and nothing that somebody smuggled into a text."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from consular.appointments.ics import Entry, calendar_file

ENTRY = Entry(
    uid="7F3K-0Q9M-T2XD@consular.example",
    sequence=1,
    summary="Appointment at the mission in New Delhi",
    description="Code for the door: 7KM2-PX",
    location="6/50G Example Road, New Delhi",
    url="https://consular.example/cases/7F3K-0Q9M-T2XD/appointment/",
    time_zone="Asia/Kolkata",
    starts_at=datetime(2027, 3, 8, 3, 30, tzinfo=UTC),
    ends_at=datetime(2027, 3, 8, 4, 0, tzinfo=UTC),
    changed_at=datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
    cancelled=False,
)


def test_the_entry_stands_at_its_moment_on_the_clock_of_the_mission() -> None:
    calendar = Calendar.from_ical(calendar_file(ENTRY))
    (event,) = calendar.walk("VEVENT")

    assert event.start.isoformat() == "2027-03-08T09:00:00+05:30"
    assert event.end == ENTRY.ends_at
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Kolkata"]
    assert (event["UID"], event["SEQUENCE"], event["LOCATION"]) == (ENTRY.uid, 1, ENTRY.location)


@pytest.mark.parametrize(
    "zone",
    ["Africa/Casablanca", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"],
)
def test_who_knows_no_zones_but_that_of_the_file_reads_the_same_moment(zone: str) -> None:
    """Outlook goes by it. In Morocco clocks stand otherwise for one month of the year."""
    for week in range(52):
        moment = ENTRY.starts_at + timedelta(weeks=week)
        entry = replace(ENTRY, time_zone=zone, starts_at=moment, ends_at=moment + timedelta(minutes=30))
        text = calendar_file(entry).decode().replace("\r\n", "\n")
        written = Calendar.from_ical(text).walk("VEVENT")[0].start.replace(tzinfo=None)

        assert written.replace(tzinfo=tzical(io.StringIO(text)).get()) == moment


@pytest.mark.parametrize(
    ("cancelled", "method", "status"), [(False, "PUBLISH", "CONFIRMED"), (True, "CANCEL", "CANCELLED")]
)
def test_a_cancelled_entry_is_taken_away(cancelled: bool, method: str, status: str) -> None:
    calendar = Calendar.from_ical(calendar_file(replace(ENTRY, cancelled=cancelled)))
    (event,) = calendar.walk("VEVENT")

    assert (calendar["METHOD"], event["STATUS"]) == (method, status)
    assert event["ORGANIZER"] == "mailto:no-reply@consular.example"


@pytest.mark.parametrize(
    "text",
    [
        "x\r\nBEGIN:VEVENT\r\nSUMMARY:y\r\nEND:VEVENT",
        "x\nATTACH:https://evil.example/",
        "a;b,c\\d:e",
        "ö" * 200,
        "\u202eabc",
        "BEGIN:VALARM",
    ],
)
def test_a_text_stays_a_text(text: str) -> None:
    file = calendar_file(replace(ENTRY, summary=text, location=text))
    events = Calendar.from_ical(file).walk("VEVENT")

    assert [str(event["SUMMARY"]) for event in events] == [text.replace("\r\n", "\n")]
    assert str(events[0]["LOCATION"]) == text.replace("\r\n", "\n")
    assert "ATTACH" not in events[0]
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
