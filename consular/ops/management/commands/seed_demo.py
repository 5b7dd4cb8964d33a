"""`consular seed-demo`: officers, calendars and cases to try the service with. Once, and never in production."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.core.errors import Refused
from consular.ops import demo


class Command(BaseCommand):
    """Seed the demo if there is none yet."""

    help = "Seed officers, calendars and cases to try the service with; does nothing when they are there already."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo.seed()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
