"""`consular rules`: evaluate decisions and expressions, and check decision files, without a database."""

import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular import rules
from consular.rules import check, dmn, feel
from consular.rules.feel import writing
from consular.rules.values import NUMBERS

UNFIT, UNREADABLE = 1, 2
LONGEST_LINE = 4_000_000
"""Characters of one question of a batch."""


class Command(BaseCommand):
    """Three ways to look at rules: `evaluate`, `feel` and `check`."""

    help = "Evaluate a decision of a DMN file or a FEEL expression, or check a DMN file for publication."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        evaluate = kinds.add_parser("evaluate", help="decide one decision")
        evaluate.add_argument("file", nargs="?", metavar="FILE.dmn")
        evaluate.add_argument("decision", nargs="?", metavar="DECISION", help="its id or name")
        expression = kinds.add_parser("feel", help="evaluate one expression")
        expression.add_argument("expression", nargs="?", metavar="EXPRESSION")
        for command in (evaluate, expression):
            command.add_argument("--context", default="{}", metavar="FEEL", help="a FEEL context: {age: 20}")
            command.add_argument(
                "--now",
                metavar="MOMENT",
                help="what now() and today() tell: 2026-03-01T10:00:00@Europe/Paris",
            )
            command.add_argument(
                "--batch",
                action="store_true",
                help='read JSON lines {"file", "decision", "expression", "context", "now"}, answer line by line',
            )
        checking = kinds.add_parser(
            "check", help="report what is wrong with a file; ends with 1 when it is unfit"
        )
        checking.add_argument("file", metavar="FILE.dmn")
        checking.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "check":
            self._check(options["file"], as_json=options["json"])
        elif options["batch"]:
            for line in _lines():
                self.stdout.write(writing.json_line(_answer_line(line)))
                self.stdout.flush()
        else:
            answer = _answer(options)
            self.stdout.write(writing.json_line(answer))
            if answer.get("unreadable"):
                raise CommandError("the question cannot be answered", returncode=UNREADABLE)

    def _check(self, file: str, *, as_json: bool) -> None:
        try:
            findings = check.check_file(Path(file))
        except (OSError, ValueError) as problem:
            raise CommandError(f"{file!r} cannot be read: {problem}", returncode=UNREADABLE) from None
        if as_json:
            self.stdout.write(json.dumps([_plain(finding) for finding in findings], ensure_ascii=False))
        for finding in () if as_json else findings:
            self.stdout.write(f"{file}: {finding}")
        if any(finding.is_error for finding in findings):
            raise CommandError(f"{file} is not fit for publication", returncode=UNFIT)


def _plain(finding: check.Finding) -> dict[str, Any]:
    example = {label: writing.write(value) for label, value in finding.example}
    return {**asdict(finding), "example": example}


def _lines() -> Iterator[str]:
    """The lines of the standard input that hold anything; bytes that are no text become question marks."""
    source = getattr(sys.stdin, "buffer", None)
    text = io.TextIOWrapper(source, "utf-8", errors="replace") if source else sys.stdin
    while line := text.readline(LONGEST_LINE):
        if line.strip():
            yield line


def _answer_line(line: str) -> dict[str, Any]:
    """The answer to one line of a batch; a line that cannot be read is answered, too."""
    try:
        question = json.loads(line, parse_float=NUMBERS.create_decimal)
    except (ValueError, RecursionError) as problem:
        return _nothing(f"not a line of JSON: {problem}")
    return _answer(question) if isinstance(question, dict) else _nothing("not a JSON object")


def _nothing(error: str) -> dict[str, Any]:
    return {"feel": "null", "json": None, "rules": [], "errors": [error], "unreadable": True}


def _answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a question, whatever it is: one bad line must not end a batch of thousands."""
    try:
        result = _result(question)
        return {
            "feel": writing.write(result.value),
            "json": writing.as_json(result.value),
            "rules": list(result.rules),
            "errors": list(result.errors),
        }
    except (rules.SyntaxProblem, rules.LimitReached, CommandError) as problem:
        return _nothing(str(problem))
    except Exception as problem:
        return _nothing(f"a fault of this program, please report it: {type(problem).__name__}: {problem}")


def _result(question: Mapping[str, Any]) -> dmn.Result:
    context, now = _context(question.get("context") or {}), _moment(question.get("now"))
    if question.get("expression") is not None:
        expression = feel.compile(str(question["expression"]), feel.known_in(context))
        outcome = expression.outcome(context, now=now)
        return dmn.Result(outcome.value, (), outcome.errors)
    if not question.get("file") or not question.get("decision"):
        raise CommandError("give a file and a decision, or an expression")
    file, decision = str(question["file"]), str(question["decision"])
    try:
        return _definitions(file).decide(decision, context, now=now)
    except KeyError:
        raise CommandError(f"{file} has no decision {decision!r}") from None


def _context(given: object) -> Mapping[str, Any]:
    """A context written in FEEL, or as a JSON object."""
    value = feel.evaluate(given, {}) if isinstance(given, str) else given
    if not isinstance(value, dict):
        raise CommandError("the context is not a context")
    return value


def _moment(given: object) -> datetime | None:
    """A moment with its time zone."""
    if given is None:
        return None
    moment = feel.compile("date and time(text)").evaluate({"text": given})
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise CommandError(f"{given!r} is not a date and time with a time zone")
    return moment


@lru_cache(maxsize=256)
def _definitions(file: str) -> dmn.Definitions:
    try:
        return dmn.load_file(Path(file), lenient=True)
    except (OSError, ValueError) as problem:
        raise CommandError(f"{file!r} cannot be read: {problem}") from None
