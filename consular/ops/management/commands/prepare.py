"""`consular prepare`: bring the database and the files of an installation up to the code. Safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from consular import casework
from consular.decisions import keys
from consular.missions import loading
from consular.ops import demo, publication, static_files


class Command(BaseCommand):
    """Migrate, load the missions, publish the processes, collect the static files, open slots."""

    help = "Bring the database and the files up to the code: migrate, load missions, publish processes, static files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="seed the demo once (never in production)")
        parser.add_argument(
            "--static-only", action="store_true", help="only collect the static files, without a database"
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing when all goes well")

    def handle(self, *args: Any, **options: Any) -> None:
        static_files.collect()
        if options["static_only"]:
            return
        call_command("migrate", verbosity=0, interactive=False)
        loading.load()
        published = publication.publish_all()
        if not settings.PRODUCTION:
            keys.make_local()
        if options["demo"]:
            demo.seed()
        places = casework.open_calendars()
        if not options["quiet"]:
            self.stdout.write(f"Ready: {len(published)} processes newly published, {places} new places.")
            unread = publication.unread_partners() if published else []
            if unread:
                self.stdout.write(
                    f"Nobody can read requests to {', '.join(unread)} yet (docs/consultations.md)."
                )
