"""`consular search-names`: write down anew what cases are found by."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from consular import casework


class Command(BaseCommand):
    """Write down what sent cases are found by, such as for cases that were sent before there was a search."""

    help = (
        "Write down anew by which names, dates and documents each sent case is found. Needed once after an update that "
        "says so; can be stopped and started again with --after, and run while people work."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="go on after the case with this number (0)")

    def handle(self, *args: Any, **options: Any) -> None:
        after: int | None = options["after"]
        while after is not None:
            self.stdout.write(f"done up to case number {after}")
            after = casework.fill_names(after)
        self.stdout.write("All sent cases can be found.")
