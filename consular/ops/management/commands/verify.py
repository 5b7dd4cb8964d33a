"""`consular verify`: whether a PDF file is a letter of ours and still stands."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from consular.decisions import verification
from consular.decisions.verification import Status, Verdict

LARGEST_FILE = 50 * 1024 * 1024
NOT_VALID = 1
NO_FILE = 2

SENTENCES = {
    Status.VALID: "Valid: issued here, unchanged, still stands.",
    Status.CHANGED: "Changed: this is not the letter that was issued.",
    Status.SUPERSEDED: "Superseded: another letter has taken its place.",
    Status.REVOKED: "Revoked: issued here, but it no longer stands.",
    Status.UNKNOWN: "Unknown: no such letter was issued here.",
}


class Command(BaseCommand):
    """Check one file."""

    help = (
        "Say whether a PDF file is a letter that was issued here, unchanged, and still stands. "
        "Ends with 0 when it is, with 1 when it is not, with 2 when the file cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verification.check_file(_content(options["file"]))
        self.stdout.write(_as_json(verdict) if options["json"] else _as_text(verdict))
        if not verdict.is_valid:
            raise SystemExit(NOT_VALID)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=NO_FILE) from error
    if len(content) > LARGEST_FILE:
        raise CommandError("The file is larger than 50 MB.", returncode=NO_FILE)
    return content


def _as_text(verdict: Verdict) -> str:
    lines = [SENTENCES[verdict.status]]
    if verdict.kind:
        lines.append(f"{verdict.name} ({verdict.kind}), issued on {verdict.issued_on}")
    if verdict.ended_on:
        lines.append(f"No longer valid since {verdict.ended_on}")
    return "\n".join(lines)


def _as_json(verdict: Verdict) -> str:
    return json.dumps({"valid": verdict.is_valid, **asdict(verdict)}, default=str)
