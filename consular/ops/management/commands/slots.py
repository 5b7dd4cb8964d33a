"""`consular slots generate`: write the slots of all calendars far enough ahead; safe to run as often as one likes."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from consular.appointments.models import Calendar
from consular.casework import appointments
from consular.core import clock

MARGIN = timedelta(days=14)
"""How much further than one can book the slots are written, so that a night without generation does no harm."""


class Command(BaseCommand):
    """Generate slots from opening rules, holidays and closures."""

    help = "Slots of the calendars. `generate` writes them from opening rules, holidays and closures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["generate"])
        parser.add_argument("--mission", help="only the calendars of the mission with this code")
        parser.add_argument("--json", action="store_true", help="one JSON line per calendar")

    def handle(self, *args: Any, **options: Any) -> None:
        calendars = Calendar.objects.select_related("mission").order_by("pk")
        if options["mission"]:
            calendars = calendars.filter(mission__code=options["mission"])
            if not calendars:
                raise CommandError(f"The mission {options['mission']} has no calendar.")
        for calendar in calendars:
            self.stdout.write(_line(calendar, as_json=options["json"]))


def _line(calendar: Calendar, *, as_json: bool) -> str:
    until = clock.today(calendar.mission.time_zone) + timedelta(days=calendar.horizon_days) + MARGIN
    done = appointments.generate_slots(calendar, until)
    if as_json:
        facts = {"mission": calendar.mission.code, "calendar": calendar.pk, "until": until.isoformat()}
        return json.dumps(facts | dataclasses.asdict(done))
    return (
        f"{calendar.mission.code} {calendar.category}: {done.slots} slots until {until}, "
        f"{done.new_places} new places, {done.withdrawn} slots withdrawn"
    )
