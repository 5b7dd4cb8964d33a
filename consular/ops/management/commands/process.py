"""`consular process`: check and play a process without a database; publish it, move cases to it, ask what if."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import BaseCommand, CommandError

from consular.ops import process_files, process_versions
from consular.ops.process_files import UNREADABLE, content, plain, unreadable
from consular.workflow import check, script
from consular.workflow.compile import NotInSubset
from consular.workflow.play import Outcome, play

FOUND_SOMETHING = 1
START = "2026-01-05T09:00:00Z"
"""When a play begins unless one says otherwise: always the same moment, so that the answers are, too."""
STIMULI = (
    '{"start": {data}, "calendar": {"zone": "Asia/Amman", "weekend": [5, 6], "holidays": ["2026-05-25"]}}, '
    '{"complete": "element", "data": {}, "by": "name"} (a task or a service step), {"finish": "element", "data": {}}, '
    '{"fail": "element", "code": "..."}, {"message": "name", "key": "...", "data": {}}, {"inform": {data}}, '
    '{"advance": "P7D"}; "round": 1 picks a round of a multi-instance element'
)


class Command(BaseCommand):
    """Look at a process before it counts (`check`, `play`), and rule which one does (see ops.process_versions)."""

    help = (
        "Check a BPMN file for publication, or play it: what is open, due and noted after each stimulus. Publish it "
        "with its tables, compare versions, move running cases, and ask what would have become of closed ones."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        checking = actions.add_parser(
            "check", help="say what is wrong; ends with 0 when sound, 1 with findings, 2 outside the subset"
        )
        playing = actions.add_parser(
            "play",
            help="play a script; ends with 1 when a stimulus was refused, 2 when a file cannot be read",
        )
        playing.add_argument(
            "--script",
            required=True,
            metavar="FILE.json",
            help=f"a list of stimuli, or - for standard input: {STIMULI}",
        )
        playing.add_argument(
            "--at", default=START, metavar="ISO", help=f"when it begins; {START} unless given"
        )
        playing.add_argument(
            "--zone", default="UTC", metavar="IANA", help="where days are counted; UTC unless given"
        )
        for action in (checking, playing):
            action.add_argument("file", type=Path, metavar="FILE.bpmn")
            action.add_argument("--json", action="store_true", help="answer in JSON")
        process_versions.add_arguments(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "check":
            self._check(options["file"], as_json=options["json"])
        elif options["action"] == "play":
            self._play(options)
        else:
            process_versions.handle(options, self.stdout.write)

    def _check(self, file: Path, *, as_json: bool) -> None:
        try:
            graph = process_files.graph(file)
        except NotInSubset as problem:
            if as_json:
                self.stdout.write(_findings(file, "", [_as_finding(problem)]))
            raise unreadable(file, problem) from problem
        findings = check.check(graph, process_files.known(file))
        if as_json:
            self.stdout.write(_findings(file, graph.id, findings))
        else:
            for finding in findings:
                self.stdout.write(plain(str(finding)))
            self.stdout.write(f"{len(graph.nodes)} elements checked, {len(findings)} findings.")
        if findings:
            raise CommandError("The process is not fit for publication.", returncode=FOUND_SOMETHING)

    def _play(self, options: Mapping[str, Any]) -> None:
        file = options["file"]
        try:
            graph = process_files.graph(file)
            entries = script.read(_script(options["script"]))
        except NotInSubset as problem:
            raise unreadable(file, problem) from problem
        except script.ScriptProblem as problem:
            raise CommandError(plain(str(problem)), returncode=UNREADABLE) from problem
        refused = False
        write = _as_json if options["json"] else _as_text
        for outcome in play(
            graph, entries, _moment(options["at"], options["zone"]), process_files.decide(graph, file)
        ):
            self.stdout.write(write(outcome))
            refused = refused or outcome.error is not None
        if refused:
            raise SystemExit(FOUND_SOMETHING)


def _script(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(script.MOST_BYTES + 1)
    return content(Path(name), script.MOST_BYTES)


def _moment(text: str, zone: str) -> datetime:
    """The moment of --at, in the time zone of --zone; it counts there unless it names an offset."""
    try:
        place: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as problem:
        raise CommandError(plain(f"There is no time zone {zone[:60]}."), returncode=UNREADABLE) from problem
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=place)).astimezone(UTC).astimezone(place)
    except (ValueError, OverflowError) as problem:
        reason = f"{text[:60]} is no moment in ISO 8601."
        raise CommandError(plain(reason), returncode=UNREADABLE) from problem


def _as_finding(problem: NotInSubset) -> check.Finding:
    return check.Finding("not_in_subset", problem.id, problem.name, problem.line, problem.reason)


def _findings(file: Path, process: str, findings: "tuple[check.Finding, ...] | list[check.Finding]") -> str:
    rows = [
        {"code": one.code, "line": one.line, "id": one.node, "name": one.name, "reason": one.reason}
        for one in findings
    ]
    return json.dumps({"file": str(file), "process": process, "sound": not rows, "findings": rows})


def _as_json(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), default=datetime.isoformat, allow_nan=False)


def _as_text(outcome: Outcome) -> str:
    """One stimulus in a few words: when, what, where it waits now."""
    waits = ", ".join(
        f"{one.id} ({one.kind}, due {one.due:%Y-%m-%d %H:%M})"
        if one.due
        else f"{one.id} ({one.kind}{', paused' if one.paused else ''})"
        for one in outcome.open
    )
    state = "ended" if outcome.ended else f"waits for {waits or 'nothing'}"
    refusal = f"refused: {outcome.error.detail} " if outcome.error else ""
    stimulus = json.dumps(outcome.stimulus, ensure_ascii=False)
    return plain(f"{outcome.now:%Y-%m-%d %H:%M} {stimulus}: {refusal}{outcome.phase or '-'}, {state}")
