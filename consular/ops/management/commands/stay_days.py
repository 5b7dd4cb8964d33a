"""`consular stay-days`: days used and left of 90 in 180, without a database."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.ops import days
from consular.travel.stays import ALLOWED, PERIOD, History, Stay

BAD_INPUT = 2


class Command(BaseCommand):
    """Answer one question about days of stay."""

    help = (
        "Count the days of short stays: how many of 90 in the 180 days that end on a day are used and left, "
        "and the first day on which a stay of some days may begin. Days of entry and exit count. "
        "Ends with 2 for bad input."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stay",
            dest="stays",
            action="append",
            type=days.stay,
            default=[],
            metavar="FIRST..LAST",
            help="an earlier stay, 2025-03-01..2025-03-30; as often as needed, overlaps count once",
        )
        parser.add_argument(
            "--on", required=True, type=days.day, metavar="DATE", help="the day that is asked about"
        )
        parser.add_argument(
            "--until", type=days.day, metavar="DATE", help="judge a stay from --on to this day"
        )
        parser.add_argument(
            "--days",
            type=int,
            metavar="N",
            help="how long the next stay shall be: 1 to 90 (1, or the one judged)",
        )
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        on, until = options["on"], options["until"]
        if until and until < on:
            raise CommandError(f"--until {until} comes before --on {on}", returncode=BAD_INPUT)
        if options["days"] is not None and not 1 <= options["days"] <= ALLOWED:
            raise CommandError(f"--days must be 1 to {ALLOWED}", returncode=BAD_INPUT)
        answer = _answer(History(options["stays"]), on, until, options["days"])
        self.stdout.write(json.dumps(answer, default=str) if options["json"] else _as_text(answer))


def _answer(history: History, on: date, until: date | None, wanted: int | None) -> dict[str, Any]:
    trip = Stay(on, until) if until else None
    length = wanted or (trip.days if trip else 1)
    answer: dict[str, Any] = {
        "on": on,
        "window": [date.fromordinal(max(1, on.toordinal() - PERIOD + 1)), on],
        "used": history.used(on),
        "left": history.left(on),
        "longest": history.longest(on),
        "days": length,
        "from": history.first_possible(length, on) if length <= ALLOWED else None,
        "stays": [[stay.first, stay.last] for stay in history.stays],
    }
    if trip:
        judged = history.judge(trip)
        answer["until"] = until
        answer |= {"fits": judged.fits, "used_until": judged.used, "overstay_from": judged.overstay}
    return answer


def _as_text(answer: dict[str, Any]) -> str:
    first, last = answer["window"]
    stay = f"A stay of {answer['days']} " + ("day" if answer["days"] == 1 else "days")
    lines = [
        f"{answer['used']} of {ALLOWED} days are used in the {PERIOD} days from {first} to {last}.",
        f"{answer['left']} days are left.",
        f"A stay that begins on {answer['on']} may last {answer['longest']} days.",
        f"{stay} may begin on {answer['from']}." if answer["from"] else f"{stay} is not possible.",
    ]
    if "fits" in answer:
        lines.append(_judged(answer))
    return "\n".join(lines)


def _judged(answer: dict[str, Any]) -> str:
    if answer["fits"]:
        return f"A stay until {answer['until']} is possible; {answer['used_until']} days are used then."
    return f"A stay until {answer['until']} is too long from {answer['overstay_from']} on."
