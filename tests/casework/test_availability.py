"""What everybody is told about free appointments: the same, coarse, without small numbers, and from memory."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.appointments import availability as telling
from consular.appointments.distribution import Mode
from consular.appointments.figures import Count
from consular.appointments.models import Availability, Calendar
from consular.casework.availability import KEPT, forget
from consular.core import clock
from consular.portal import availability as shown_availability
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    forget()
    with clock.at(NOW):
        yield
    forget()


@pytest.fixture
def calendar() -> Calendar:
    """With seven free places in a week, and five appointments of last week."""
    found = factories.calendar()
    factories.slot(found, 7)
    past = NOW - timedelta(days=8)
    with clock.at(past):
        slot = factories.slot(found, 6, past + timedelta(days=1))
        for _ in range(5):
            case = factories.bookable_case(found)
            held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
            casework.confirm_booking(held.reference, actor=case.owner)
    return found


def test_everybody_is_told_the_same_without_a_statement_and_nobody_a_small_number(calendar: Calendar) -> None:
    code = calendar.mission.code
    feed, page = f"/api/v1/missions/{code}/availability/", f"/availability/{code}/"
    first = Client().get(feed)
    Client().get(page)
    drawn = shown_availability._figures.cache_info().misses

    with CaptureQueriesContext(connection) as queries:
        again = Client().get(feed, headers={"Accept-Language": "de", "Authorization": "Bearer nothing"})
        unchanged = Client().get(feed, headers={"If-None-Match": first["ETag"]})
        shown = Client().get(page)
    told = first.json()["calendars"][0]

    assert len(queries) == 0
    assert shown_availability._figures.cache_info().misses == drawn
    assert "As of" in Client().get(page, headers={"Accept-Language": "en"}).content.decode()
    german = Client().get(page, headers={"Accept-Language": "de"}).content.decode()
    assert "mindestens 5 Plätze" in german
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert first["Cache-Control"] == "public, max-age=60"
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert told["free"] == [{"day": "2027-03-08", "at_least": 5}]
    assert (told["days_until_free"], told["released"]) == (7, 6)
    assert told["figures"] == [
        {
            "service": "schengen_visa",
            "taken": 5,
            "median_seconds_until_taken": told["figures"][0]["median_seconds_until_taken"],
            "no_show_percent": None,
        }
    ]
    assert "at least 5 places" in shown.content.decode()
    assert Client().get("/availability/NONE/").status_code == 404


def test_it_is_written_anew_after_a_minute_by_one_for_all(calendar: Calendar) -> None:
    code = calendar.mission.code
    first = casework.availability_of(code)
    factories.slot(calendar, 20, NOW + timedelta(days=9))

    forget()  # another process
    other = casework.availability_of(code)
    with clock.at(NOW + KEPT):
        later = casework.availability_of(code)

    assert first is not None
    assert other is not None
    assert later is not None
    assert other.body == first.body
    assert later.tag != first.tag
    assert Availability.objects.count() == 1


def test_without_keeping_it_every_question_would_ask_the_database(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    casework.availability_of(calendar.mission.code)
    monkeypatch.setattr("consular.casework.availability._is_fresh", lambda *_when: False)

    with CaptureQueriesContext(connection) as queries:
        casework.availability_of(calendar.mission.code)

    assert len(queries) > 5


@pytest.mark.parametrize(
    ("taken", "came", "missed", "told"),
    [
        (4, 0, 0, (None, None)),
        (5, 0, 0, (5, None)),
        (30, 26, 4, (30, None)),
        (30, 4, 26, (30, None)),
        (30, 10, 5, (30, None)),
        (30, 20, 10, (30, 33)),
    ],
)
def test_small_numbers_of_people_are_not_told(
    taken: int, came: int, missed: int, told: tuple[int | None, int | None]
) -> None:
    found = telling._count(Count("schengen_visa", taken, 90, came, missed))

    assert (found["taken"], found["no_show_percent"]) == told
    assert (found["median_seconds_until_taken"] is None) == (taken < 5)


@pytest.mark.parametrize("mode", ["list", "draw"])
def test_no_day_is_free_where_nobody_can_take_it(calendar: Calendar, mode: str) -> None:
    Calendar.objects.update(mode=mode)
    code = calendar.mission.code
    told = Client().get(f"/api/v1/missions/{code.lower()}/availability/").json()["calendars"][0]
    page = Client().get(f"/availability/{code.lower()}/").content.decode()

    assert (told["mode"], told["free"], told["days_until_free"]) == (mode, [], None)
    assert str(Mode(mode).label) in page
    assert "free place" not in page


def test_without_the_least_number_one_person_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "FEWEST", 0)
    monkeypatch.setattr(telling, "KNOWN", 0)

    assert telling._count(Count("passport", 1, 90, 0, 1))["no_show_percent"] == 100


@pytest.mark.parametrize(
    ("places", "level"), [(0, 0), (1, 1), (4, 1), (5, 5), (9, 5), (10, 10), (49, 20), (50, 50), (900, 50)]
)
def test_free_places_are_told_in_steps(places: int, level: int) -> None:
    assert telling.at_least(places) == level
