"""`consular mrz`: read the machine-readable zone of a travel document from standard input, without a database."""

import io
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management import BaseCommand

from consular.core import clock
from consular.ops import days
from consular.travel import mrz
from consular.travel.mrz import Reading
from consular.travel.wording import LABELS

NOT_VALID = 1
LONGEST = 10_000
"""Characters read; far more than a zone has, so that too much is noticed and not waited for."""


class Command(BaseCommand):
    """Answer about one document."""

    help = (
        "Read the two or three lines of one travel document (TD1, TD2, TD3, MRV-A, MRV-B) from standard input. "
        "Ends with 0 when everything is right, with 1 when it is not."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")
        parser.add_argument(
            "--on",
            type=days.day,
            metavar="DATE",
            help="the day by which years get their century; today unless given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on: date = options["on"] or clock.today()
        reading = mrz.read(_input(), on)
        self.stdout.write(_as_json(reading) if options["json"] else _as_text(reading))
        if not reading.valid:
            raise SystemExit(NOT_VALID)


def _input() -> str:
    """What stands on standard input; bytes that are no text become marks that no zone has."""
    source = getattr(sys.stdin, "buffer", None)
    text = io.TextIOWrapper(source, "utf-8", errors="replace") if source else sys.stdin
    return text.read(LONGEST)


def _as_json(reading: Reading) -> str:
    fields = reading.fields
    facts = asdict(fields) if fields else {}
    facts.pop("format", None)
    if fields:
        facts |= {
            "issuing_country": fields.issuing_country,
            "nationality_country": fields.nationality_country,
            "name_may_be_cut": reading.name_may_be_cut,
        }
    return json.dumps(
        {
            "valid": reading.valid,
            "format": reading.format or None,
            "fields": facts,
            "check_digits": [asdict(digit) for digit in reading.digits],
            "problems": [asdict(problem) | {"message": str(problem.message)} for problem in reading.problems],
            "doubts": [asdict(doubt) for doubt in reading.doubts],
            "suggestion": list(reading.suggestion) if reading.suggestion else None,
        },
        ensure_ascii=True,
    )


def _as_text(reading: Reading) -> str:
    lines = [f"{reading.format or 'No zone'}: {'everything is right' if reading.valid else 'not right'}"]
    if reading.fields:
        facts = asdict(reading.fields)
        lines += [f"  {name}: {value}" for name, value in facts.items() if value and name != "format"]
    for digit in reading.digits:
        state = "right" if digit.ok else f"wrong, should be {digit.expected}"
        lines.append(f"  check digit of {LABELS[digit.name]}: {digit.found} {state}")
    lines += [str(problem.message) for problem in reading.problems]
    lines += [str(doubt.message) for doubt in reading.doubts if doubt.message]
    if reading.suggestion:
        lines += ["Everything would be right with:", *(f"  {line}" for line in reading.suggestion)]
    return "\n".join(lines)
