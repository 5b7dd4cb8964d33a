"""`consular messages`: the catalogues of all languages, extracted, updated, compiled and checked."""

import io
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel.messages.pofile import write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consular.ops import catalogue, sources


class Command(BaseCommand):
    """Four things to do with the catalogues."""

    help = "Extract, update, compile or check the translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "action",
            choices=["extract", "update", "compile", "check"],
            help="extract: list every message of the sources · update: bring the catalogues up to them · "
            "compile: write the files the service reads · check: nothing missing, fuzzy, obsolete or broken",
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *, action: str, **options: Any) -> None:
        """Do one of the four; exit with 1 when the check finds something."""
        actions: dict[str, Callable[[], dict[str, Any]]] = {
            "extract": _extract,
            "update": _update,
            "compile": _compile,
            "check": _check,
        }
        answer = actions[action]()
        text = answer.pop("text")
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) if options["json"] else text)
        if answer.get("findings"):
            raise CommandError(f"{len(answer['findings'])} findings")


def _extract() -> dict[str, Any]:
    """Every message with the files it stands in, as a template for translators."""
    stream = io.BytesIO()
    template = catalogue.template(sources.found(settings.BASE_DIR))
    write_po(stream, template, width=110, sort_output=True, include_lineno=False, omit_header=True)
    return {"messages": len(template), "text": stream.getvalue().decode()}


def _update() -> dict[str, Any]:
    """Bring every catalogue up to the sources and say what is left to translate."""
    found = list(sources.found(settings.BASE_DIR))
    left: dict[str, int] = {}
    for language in _languages():
        fresh = catalogue.update(catalogue.path(_folder(), language), language, found)
        left[language] = sum(1 for message in fresh if message.id and not catalogue.is_translated(message))
    return {
        "to_translate": left,
        "text": "\n".join(f"{code}: {count} to translate" for code, count in left.items()),
    }


def _compile() -> dict[str, Any]:
    """Write one binary file per language."""
    files = [catalogue.path(_folder(), language) for language in _languages()]
    written = [catalogue.compile_one(file) for file in files if file.exists()]
    names = [str(file.relative_to(settings.BASE_DIR)) for file in written]
    return {"written": names, "text": "\n".join(names)}


def _check() -> dict[str, Any]:
    """Everything that is missing, fuzzy, obsolete or broken, in all languages."""
    found = catalogue.findings(_folder(), _languages(), sources.found(settings.BASE_DIR))
    lines = [f"{item.language}: {item.kind}: {item.message!r} {item.where}".strip() for item in found]
    text = "\n".join(lines) or "All messages are translated."
    return {"ok": not found, "findings": [item.as_json() for item in found], "text": text}


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != catalogue.SOURCE_LANGUAGE]


def _folder() -> Path:
    return Path(settings.LOCALE_PATHS[0])
