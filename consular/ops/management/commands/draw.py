"""`consular draw verify FILE.json`: repeat a published draw; exit code 1 and the reason when anything does not fit."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from consular.appointments import lots


class Command(BaseCommand):
    """Check draws from their published files; no database is asked."""

    help = (
        "Draws. `verify FILE` repeats one from its published file: list, round of drand, signature and order."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = json.loads(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from None
        problem = lots.problem(file)
        listed = lots.listing(file) if problem is None else None
        if options["json"]:
            facts = (
                {"tickets": len(file["order"]), "winners": listed.winners, "round": listed.round}
                if listed
                else {}
            )
            self.stdout.write(json.dumps({"right": problem is None, "problem": problem, **facts}))
        if listed is None:
            raise CommandError(f"{options['file']}: {problem}.")
        if not options["json"]:
            self.stdout.write(
                f"{options['file']}: right. {len(file['order'])} tickets, {listed.winners} drawn first, by round "
                f"{listed.round} of drand, whose signature was checked."
            )
