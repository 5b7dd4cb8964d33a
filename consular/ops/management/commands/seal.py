"""`consular seal`: prove the visible digital seal of a letter without a connection and without a database."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import BaseCommand, CommandError

from consular.decisions import seal, seal_reading
from consular.decisions.seal import NotProven

LARGEST_FILE = 50 * 1024 * 1024
NOT_VALID = 1
NO_FILE = 2


class Command(BaseCommand):
    """Verify one seal, or write the list of our certificates."""

    help = (
        "verify: say as JSON whether a seal is genuine and what it says; FILE is the letter (PDF), a picture of "
        "the seal, or its bytes as hexadecimal digits or base64, - is standard input. Ends with 0 when it is "
        "genuine, with 1 when it is not, with 2 when nothing can be read. certificates: write the list of our own."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser("verify", help="prove a seal")
        verify.add_argument("file", metavar="FILE")
        verify.add_argument(
            "--certificates",
            type=Path,
            metavar="LIST.pem",
            help="the certificates that count; those of this installation unless given",
        )
        actions.add_parser("certificates", help="our certificates, as PEM")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "certificates":
            self.stdout.write("".join(one.public_bytes(Encoding.PEM).decode() for one in _own()))
            return
        answer = _verified(_content(options["file"]), options["certificates"])
        self.stdout.write(json.dumps(answer, default=str, ensure_ascii=False))
        if not answer["valid"]:
            raise SystemExit(NOT_VALID)


def _verified(content: bytes, listed: Path | None) -> dict[str, Any]:
    """Whether a seal in this is genuine; of a letter also whether the facts in the file are those that were sealed."""
    certificates = _listed(listed) if listed else _own()
    try:
        seals = seal_reading.found(content)
    except seal_reading.Unreadable as reason:
        raise CommandError(str(reason), returncode=NO_FILE) from reason
    reason = ""
    for one in seals:
        try:
            proven = seal.prove(one, certificates)
        except NotProven as error:
            reason = error.reason
            continue
        inside = seal_reading.facts_inside(content) if b"%PDF-" in content[:1024] else None
        is_valid = inside is None or inside == proven.facts
        return {"valid": is_valid, "reason": "" if is_valid else "other_facts", **asdict(proven)}
    return {"valid": False, "reason": reason}


def _own() -> Any:
    try:
        return seal.own_certificates()
    except (OSError, ValueError) as error:
        raise CommandError(f"The key of the seal cannot be read: {error}", returncode=NO_FILE) from error


def _listed(file: Path) -> Any:
    try:
        return seal.read_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}", returncode=NO_FILE) from error


def _content(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}", returncode=NO_FILE) from error
    if len(content) > LARGEST_FILE:
        raise CommandError("The file is larger than 50 MB.", returncode=NO_FILE)
    return content
