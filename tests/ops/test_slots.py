"""`consular slots generate` writes the slots of every calendar, as often as one likes."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consular.appointments.models import Slot
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    with clock.at(NOW):
        call_command("slots", "generate", *arguments, stdout=out)
    return out.getvalue()


def test_slots_are_written_further_ahead_than_one_can_book() -> None:
    """The Mondays 8 and 15 March: this one is over, Holi is on the 22nd, Easter Monday on the 29th."""
    calendar = factories.calendar(people.mission("DELH"), horizon_days=14)
    factories.rule(calendar, capacity=2)

    line = json.loads(run("--json"))

    assert line == {
        "mission": "DELH",
        "calendar": calendar.pk,
        "until": "2027-03-29",
        "slots": 8,
        "new_places": 16,
        "withdrawn": 0,
    }
    assert json.loads(run("--json"))["new_places"] == 0


def test_only_the_calendars_of_one_mission() -> None:
    mine, other = factories.calendar(people.mission("DELH")), factories.calendar()
    factories.rule(mine)
    factories.rule(other)

    assert run("--mission", "DELH").startswith("DELH visa_c: ")
    assert set(Slot.objects.values_list("calendar", flat=True)) == {mine.pk}


def test_a_mission_without_a_calendar_is_an_error() -> None:
    with pytest.raises(CommandError, match="has no calendar"):
        run("--mission", "NONE")
