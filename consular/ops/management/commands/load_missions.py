"""`consular load_missions`: missions, districts and representations from the data files into the database."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.missions import gazetteer, loading


class Command(BaseCommand):
    """Load the network of missions; a second run changes nothing."""

    help = "Load missions, districts and representations from TOML files; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=gazetteer.DATA,
            help="folder of TOML files; ours unless given",
        )
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options["folder"].glob("*.toml")):
            raise CommandError(f"There are no TOML files in {options['folder']}.", returncode=2)
        try:
            done = loading.load(options["folder"])
        except ValueError as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        elif done.is_nothing:
            self.stdout.write("Nothing to do: missions and districts are as the files say.")
        else:
            self.stdout.write(f"{done.created} rows made, {done.changed} changed, {done.removed} removed.")
