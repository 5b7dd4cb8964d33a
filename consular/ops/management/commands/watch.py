"""`consular watch`: what should not be, for those who run the service and for their monitoring."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.cases import watch
from consular.cases.watch import Range
from consular.core import clock
from consular.decisions import expiry
from consular.missions.models import Mission

FOUND = 1
BAD_INPUT = 2


class Command(BaseCommand):
    """Show the cases that nobody has moved, overdue tasks, jobs that were given up, and a clock that strikes late."""

    help = (
        "List cases that nobody has moved, overdue tasks, jobs that were given up and timers that should have "
        "struck. Shows no personal data. Ends with 1 when there is any of them, with 2 for an unknown mission."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mission", metavar="CODE", help="only the cases and tasks of this mission")
        parser.add_argument("--limit", type=int, default=100, help="the most cases and tasks listed (100)")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = _found(options["mission"], max(1, min(options["limit"], 10_000)))
        self.stdout.write(json.dumps(found, default=str) if options["json"] else _as_text(found))
        if any(found.values()):
            raise SystemExit(FOUND)


def _found(code: str | None, limit: int) -> dict[str, Any]:
    now = clock.now()
    part = Range(missions=_mission(code) if code else None, size=limit)
    stalled, more_stalled = watch.stalled(now, part)
    overdue, more_overdue = watch.overdue(now, part)
    machinery = watch.machinery(now)
    return {
        "stalled_cases": [_plain(asdict(case), "case_id", "mission_id") for case in stalled],
        "more_stalled_cases": more_stalled is not None,
        "overdue_tasks": [
            _plain(asdict(task), "token_id", "mission_id", "definition_id", "assignee")
            | {"taken": bool(task.assignee)}
            for task in overdue
        ],
        "more_overdue_tasks": more_overdue is not None,
        "dead_jobs": machinery.dead_jobs,
        "late_timers": machinery.late_timers,
        "ending_certificates": [_plain(asdict(one)) for one in expiry.soon(now)],
    }


def _plain(row: dict[str, Any], *without: str) -> dict[str, Any]:
    """The row without numbers only the database knows and without names, with moments as ISO 8601."""
    kept = {name: value for name, value in row.items() if name not in without}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in kept.items()}


def _as_text(found: dict[str, Any]) -> str:
    lines = [
        f"case {row['reference']} at {row['mission']}: {row['phase']} since {row['since']}"
        for row in found["stalled_cases"]
    ]
    lines += [
        f"task {row['node']} of {row['reference']} at {row['mission']}: was due {row['due_at']}"
        for row in found["overdue_tasks"]
    ]
    if found["more_stalled_cases"] or found["more_overdue_tasks"]:
        lines.append("and more (--limit)")
    lines += [
        f"certificate of {row['name']}: ends on {row['ends_on']}" for row in found["ending_certificates"]
    ]
    lines += [f"jobs given up: {found['dead_jobs']}", f"timers late: {found['late_timers']}"]
    return "\n".join(lines)


def _mission(code: str) -> list[int]:
    found = list(Mission.objects.filter(code=code.upper()).values_list("pk", flat=True))
    if not found:
        raise CommandError(f"There is no mission {code[:20]!r}.", returncode=BAD_INPUT)
    return found
